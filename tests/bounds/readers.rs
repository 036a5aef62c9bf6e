//! Table of all readers, each with the inputs that are most expensive for it.
//!
//! `tests/bounds.rs` measures the allocations of each case, and `benches/instructions.rs` measures the instructions. Both
//! include this file by path.

pub mod bodies;
mod cache;
mod fields;
pub mod responses;
mod stored;
mod texts;
mod tools;

use std::any::Any;

use http::{HeaderMap, Request, Response};

/// One reader with one kind of input.
pub struct Case {
    /// Name of the input, or of the function that reads it.
    pub reader: &'static str,
    /// Description of the input.
    pub input: &'static str,
    /// Approximate size of the smaller of two inputs, in bytes. The other one is [`GROWTH`] times as large.
    pub len: usize,
    /// Memory that a value may take regardless of the length of its input, in bytes.
    pub constant: usize,
    prepare: Box<dyn Fn(usize) -> Prepared>,
}

/// Ratio of the lengths of the two inputs of a case.
pub const GROWTH: usize = 8;

/// Greatest exponent of the growth of the work.
pub const EXPONENT_MAX: f64 = 1.3;

/// Greatest memory of a value beyond the constant, in bytes for each byte of the input.
pub const FACTOR_MAX: f64 = 8.0;

/// Default length of the shorter input, in bytes.
const LEN: usize = 8 * 1024;

/// Default of [`Case::constant`]: a few tables and the value itself.
const CONSTANT: usize = 16 * 1024;

/// [`Case::constant`] of responses: one mebibyte for lists, and 64 KiB for the rest.
pub const RESPONSE_CONSTANT: usize = 1024 * 1024 + 64 * 1024;

/// An input that is ready to be read.
pub struct Prepared {
    /// Length of the input in bytes.
    pub bytes: usize,
    /// Reads the input and returns the value, which retains its memory.
    pub read: Box<dyn Fn() -> Box<dyn Any>>,
}

impl Case {
    /// Returns an input of about `len` bytes.
    pub fn prepare(&self, len: usize) -> Prepared {
        (self.prepare)(len)
    }

    /// Sets the length of the shorter input, for readers that are slow.
    fn of_len(mut self, len: usize) -> Self {
        self.len = len;
        self
    }

    /// Sets the memory that a value may take regardless of the length of its input.
    fn with_constant(mut self, constant: usize) -> Self {
        self.constant = constant;
        self
    }
}

/// Cost of reading an input.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Length of the input in bytes.
    pub bytes: usize,
    /// Bytes that were allocated.
    allocated: u64,
    /// Bytes that the value retains.
    retained: u64,
}

impl Cost {
    /// Returns an estimate of the work: the bytes of the input, which are read once, and the allocated bytes.
    pub fn work(&self) -> u64 {
        u64::try_from(self.bytes).unwrap_or(u64::MAX).saturating_add(self.allocated)
    }
}

/// Reads an input once and counts the allocations.
pub fn cost<T>(bytes: usize, read: impl FnOnce() -> T) -> Cost {
    let mut value = None;
    let info = allocation_counter::measure(|| value = Some(read()));
    let retained = u64::try_from(info.bytes_current).expect("a value that frees no other memory");
    Cost { bytes, allocated: info.bytes_total, retained }
}

/// Returns the exponent of the growth of the work from a shorter to a longer input: 1 if the growth is linear, 2 if it is
/// quadratic.
#[allow(clippy::cast_precision_loss, reason = "far below 2^53")]
pub fn exponent(costs: [(usize, u64); 2]) -> f64 {
    let [(less, little), (more, much)] =
        costs.map(|(bytes, work)| ((bytes as f64).log2(), (work as f64).log2()));
    (much - little) / (more - less)
}

/// Returns the greatest memory of a value beyond the constant, in bytes for each byte of the input.
#[allow(clippy::cast_precision_loss, reason = "far below 2^53")]
pub fn factor(costs: &[Cost], constant: usize) -> f64 {
    let constant = u64::try_from(constant).unwrap_or(u64::MAX);
    let factors = costs.iter().map(|cost| cost.retained.saturating_sub(constant) as f64 / cost.bytes as f64);
    factors.fold(0.0, f64::max)
}

/// Builds a case from a function that writes an input of about the given length, and one that reads it.
fn case<I: Bytes + 'static, O: 'static>(
    reader: &'static str,
    input: &'static str,
    write: impl Fn(usize) -> I + 'static,
    read: impl Fn(&I) -> O + Copy + 'static,
) -> Case {
    let prepare = move |len| {
        let input = write(len);
        let bytes = input.bytes();
        Prepared { bytes, read: Box::new(move || Box::new(read(&input))) }
    };
    Case { reader, input, len: LEN, constant: CONSTANT, prepare: Box::new(prepare) }
}

/// Returns all cases, grouped by reader.
pub fn cases() -> Vec<Case> {
    [responses::cases(), fields::cases(), cache::cases(), stored::cases(), texts::cases(), tools::cases()]
        .into_iter()
        .flatten()
        .collect()
}

/// An input whose size in bytes is known.
trait Bytes {
    fn bytes(&self) -> usize;
}

impl Bytes for String {
    fn bytes(&self) -> usize {
        self.len()
    }
}

impl Bytes for Vec<u8> {
    fn bytes(&self) -> usize {
        self.len()
    }
}

/// Size of a field section (RFC 9113 §6.5.2): 32 bytes for each field in addition to its name and its value. A
/// `HeaderMap` takes about a hundred bytes for a field, regardless of its length.
impl Bytes for HeaderMap {
    fn bytes(&self) -> usize {
        self.iter().map(|(name, value)| name.as_str().len() + value.len() + FIELD).sum()
    }
}

/// Size of a header field without its name and its value, in bytes.
const FIELD: usize = 32;

impl<B: Bytes> Bytes for Request<B> {
    fn bytes(&self) -> usize {
        self.uri().to_string().len() + self.headers().bytes() + self.body().bytes()
    }
}

impl<B: Bytes> Bytes for Response<B> {
    fn bytes(&self) -> usize {
        self.headers().bytes() + self.body().bytes()
    }
}

impl<A: Bytes> Bytes for Vec<(String, A)> {
    fn bytes(&self) -> usize {
        self.iter().map(|(name, value)| name.len() + value.bytes()).sum()
    }
}

/// A text that contains header fields, which are counted as in a field section.
struct Fields {
    text: String,
    count: usize,
}

impl Bytes for Fields {
    fn bytes(&self) -> usize {
        self.text.len() + FIELD * self.count
    }
}

impl Bytes for () {
    fn bytes(&self) -> usize {
        0
    }
}

/// A value that is not part of the input, such as the login of a callback.
struct Fixed<T>(T);

impl<T> Bytes for Fixed<T> {
    fn bytes(&self) -> usize {
        0
    }
}

impl<A: Bytes, B: Bytes> Bytes for (A, B) {
    fn bytes(&self) -> usize {
        self.0.bytes() + self.1.bytes()
    }
}

/// Joins parts with `separator` up to about `len` bytes.
fn joined(len: usize, separator: &str, part: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(len + 64);
    let mut number = 0;
    while text.len() < len {
        if number > 0 {
            text.push_str(separator);
        }
        text.push_str(&part(number));
        number += 1;
    }
    text
}

/// Repeats a text up to about `len` bytes.
fn repeated(len: usize, text: &str) -> String {
    text.repeat(len.div_ceil(text.len()))
}
