//! A reader of JSON text, as a serde deserializer: what `serde_json` accepts, with the same values, and faster.
//!
//! It is fast because it looks at each byte once and says nothing about errors: a [`Fault`] carries no place and no
//! words. Who has one asks `serde_json`, which finds the same fault and names it. Answers of the API are mostly
//! short texts without escapes and small numbers, so those have short ways of their own.
//!
//! Only the tolerant readers are read with it, which ask for any value; what a caller's own types ask for is left to
//! `serde_json`.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

/// The name under which a list of country codes asks for the short way: as a newtype struct of this name.
///
/// It may then come as bytes: 11 words of 64 bits, least significant byte first, a bit for each code from `AA` to `ZZ`.
pub(crate) const COUNTRY_CODES: &str = "spotify_proto::COUNTRY_CODES";

/// 26 × 26 codes, a bit each.
pub(crate) const COUNTRY_WORDS: usize = 11;

/// Deepest nesting, the same as that of `serde_json`.
const DEPTH_MAX: u32 = 127;

/// The text is no JSON, or nested too deeply.
#[derive(Debug)]
pub(crate) struct Fault;

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no JSON, or nested too deeply")
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// Reads a whole text.
pub(crate) fn read<'de, S: DeserializeSeed<'de>>(seed: S, text: &'de str) -> Result<S::Value, Fault> {
    let mut parser = Parser { text, at: 0, depth: 0, last_codes: None };
    let value = seed.deserialize(&mut parser)?;
    parser.skip_space();
    if parser.at == text.len() { Ok(value) } else { Err(Fault) }
}

struct Parser<'de> {
    text: &'de str,
    /// How far it is read; always between two characters.
    at: usize,
    depth: u32,
    /// The last list of country codes, as it was written and as it was read: most lists of an answer are the same.
    last_codes: Option<(&'de [u8], [[u8; 8]; COUNTRY_WORDS])>,
}

impl<'de> Parser<'de> {
    fn rest(&self) -> &'de [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The first byte of the next token, which is not passed yet.
    #[inline(always)]
    fn token(&mut self) -> Result<u8, Fault> {
        match self.byte() {
            Some(byte) if byte > b' ' => Ok(byte),
            _ => {
                self.skip_space();
                self.byte().ok_or(Fault)
            }
        }
    }

    /// Passes over white space: often a line's indentation.
    fn skip_space(&mut self) {
        loop {
            while self.rest().first_chunk() == Some(b"        ") {
                self.at += 8;
            }
            match self.byte() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                _ => return,
            }
        }
    }

    fn word(&mut self, word: &str) -> Result<(), Fault> {
        if !self.rest().starts_with(word.as_bytes()) {
            return Err(Fault);
        }
        self.at += word.len();
        Ok(())
    }

    fn enter(&mut self) -> Result<u32, Fault> {
        self.at += 1;
        self.depth += 1;
        if self.depth > DEPTH_MAX { Err(Fault) } else { Ok(self.depth) }
    }

    fn leave(&mut self) {
        self.at += 1;
        self.depth -= 1;
    }

    /// A string, from behind its quotation mark.
    #[inline(always)]
    fn string(&mut self) -> Result<Cow<'de, str>, Fault> {
        let start = self.at;
        let end = start + plain_len(self.rest());
        self.at = end + 1;
        match self.text.as_bytes().get(end) {
            Some(b'"') => self.text.get(start..end).map(Cow::Borrowed).ok_or(Fault),
            Some(b'\\') => self.escaped(start, end).map(Cow::Owned),
            _ => Err(Fault),
        }
    }

    /// A key, from behind its quotation mark, and the colon behind it.
    #[inline(always)]
    fn key(&mut self) -> Result<Cow<'de, str>, Fault> {
        let start = self.at;
        let end = start + plain_len(self.rest());
        if self.text.as_bytes().get(end..).is_some_and(|rest| rest.starts_with(b"\":")) {
            self.at = end + 2;
            return self.text.get(start..end).map(Cow::Borrowed).ok_or(Fault);
        }
        let key = self.string()?;
        if self.token()? != b':' {
            return Err(Fault);
        }
        self.at += 1;
        Ok(key)
    }

    /// A string with an escape at `end`.
    #[cold]
    fn escaped(&mut self, start: usize, end: usize) -> Result<String, Fault> {
        let mut text = self.text.get(start..end).ok_or(Fault)?.to_owned();
        loop {
            text.push(self.escape()?);
            let start = self.at;
            let end = start + plain_len(self.rest());
            self.at = end + 1;
            text.push_str(self.text.get(start..end).ok_or(Fault)?);
            match self.text.as_bytes().get(end) {
                Some(b'"') => return Ok(text),
                Some(b'\\') => {}
                _ => return Err(Fault),
            }
        }
    }

    /// What an escape stands for, from behind its backslash.
    fn escape(&mut self) -> Result<char, Fault> {
        let escape = self.byte().ok_or(Fault)?;
        self.at += 1;
        Ok(match escape {
            b'"' | b'\\' | b'/' => char::from(escape),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.four_hex()?;
                let units = match first {
                    0xd800..=0xdbff => {
                        self.word("\\u")?;
                        [Some(first), Some(self.four_hex()?)]
                    }
                    _ => [Some(first), None],
                };
                let mut chars = char::decode_utf16(units.into_iter().flatten());
                chars.next().and_then(Result::ok).filter(|_| chars.next().is_none()).ok_or(Fault)?
            }
            _ => return Err(Fault),
        })
    }

    fn four_hex(&mut self) -> Result<u16, Fault> {
        let digits = self.rest().first_chunk::<4>().ok_or(Fault)?;
        self.at += 4;
        digits.iter().try_fold(0, |number, digit| {
            let digit = char::from(*digit).to_digit(16).and_then(|digit| u16::try_from(digit).ok());
            Ok(number << 4 | digit.ok_or(Fault)?)
        })
    }

    fn number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Fault> {
        let start = self.at;
        let is_negative = self.byte() == Some(b'-');
        self.at += usize::from(is_negative);
        let (first, mut number) = (self.byte(), 0);
        let whole = self.digits(&mut number)?;
        if whole > 1 && first == Some(b'0') {
            return Err(Fault);
        }
        let mut fraction = 0;
        match self.byte() {
            Some(b'.') => {
                self.at += 1;
                fraction = self.digits(&mut number)?;
            }
            Some(b'e' | b'E') => {}
            // So many digits always fit.
            _ if !is_negative && whole < 19 => return visitor.visit_u64(number),
            _ => return integer(self.text.get(start..self.at).ok_or(Fault)?, visitor),
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits(&mut 0)?;
        } else if let (Some(power), true) = (POWERS.get(fraction), whole + fraction <= 15) {
            // The nearest float, as both are exact and division rounds to the nearest.
            #[allow(clippy::cast_precision_loss, reason = "15 digits are below 2^53")]
            let float = number as f64 / power;
            return visitor.visit_f64(if is_negative { -float } else { float });
        }
        float(self.text.get(start..self.at).ok_or(Fault)?, visitor)
    }

    /// Passes over at least one digit and puts it behind the number; tells how many there were.
    #[inline(always)]
    fn digits(&mut self, number: &mut u64) -> Result<usize, Fault> {
        let (mut count, mut longer) = (0, *number);
        for digit in self.rest().iter().map(|byte| byte.wrapping_sub(b'0')).take_while(|digit| *digit < 10) {
            longer = longer.wrapping_mul(10).wrapping_add(u64::from(digit));
            count += 1;
        }
        *number = longer;
        self.at += count;
        if count == 0 { Err(Fault) } else { Ok(count) }
    }

    /// A list of nothing but two capital letters each, as bits; `None`, and nothing passed, for any other.
    fn country_codes(&mut self) -> Option<[[u8; 8]; COUNTRY_WORDS]> {
        let list = self.rest();
        if let Some((written, codes)) = self.last_codes.filter(|(written, _)| list.starts_with(written)) {
            self.at += written.len();
            return Some(codes);
        }
        let start = self.at;
        let codes = self.new_country_codes();
        match (codes, list.get(..self.at - start)) {
            (Some(codes), Some(written)) => self.last_codes = Some((written, codes)),
            _ => self.at = start,
        }
        codes
    }

    fn new_country_codes(&mut self) -> Option<[[u8; 8]; COUNTRY_WORDS]> {
        let mut codes = [0_u64; COUNTRY_WORDS];
        self.at += 1;
        loop {
            self.token().ok()?;
            let &[b'"', a @ b'A'..=b'Z', b @ b'A'..=b'Z', b'"'] = self.rest().first_chunk()? else {
                return None;
            };
            let (word, bit) = country_place([a, b]);
            *codes.get_mut(word)? |= bit;
            self.at += 4;
            let next = self.token().ok()?;
            self.at += 1;
            match next {
                b',' => {}
                b']' => return Some(codes.map(u64::to_le_bytes)),
                _ => return None,
            }
        }
    }
}

/// The word and the bit of a code of two capital letters.
pub(crate) fn country_place([a, b]: [u8; 2]) -> (usize, u64) {
    let index = usize::from(a - b'A') * 26 + usize::from(b - b'A');
    (index / 64, 1 << (index % 64))
}

/// Powers of ten that are exact as floats, as many as are of use.
const POWERS: [f64; 16] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// Whole numbers that do not fit are floats, and so is the negative zero.
fn integer<'de, V: Visitor<'de>>(text: &str, visitor: V) -> Result<V::Value, Fault> {
    match (text.parse(), text.parse()) {
        (Ok(number), _) => visitor.visit_u64(number),
        (_, Ok(number)) if number != 0 => visitor.visit_i64(number),
        _ => float(text, visitor),
    }
}

fn float<'de, V: Visitor<'de>>(text: &str, visitor: V) -> Result<V::Value, Fault> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite());
    visitor.visit_f64(number.ok_or(Fault)?)
}

/// How many bytes stand for themselves: up to a quotation mark, a backslash or a control character.
#[inline(always)]
fn plain_len(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((eight, after)) = rest.split_first_chunk() {
        let ends = ends_in(u64::from_le_bytes(*eight));
        if ends != 0 {
            return bytes.len() - rest.len() + ends.trailing_zeros() as usize / 8;
        }
        rest = after;
    }
    let is_end = |byte: &u8| matches!(byte, b'"' | b'\\' | ..b' ');
    bytes.len() - rest.len() + rest.iter().position(is_end).unwrap_or(rest.len())
}

/// Eight bytes at once: the high bit of the first that ends a plain text is the lowest that is set.
///
/// A byte below `n` borrows from the high bit of `byte - n` unless it has that bit itself; a borrow may reach bytes
/// behind it, never those before.
#[inline(always)]
fn ends_in(eight: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    let has_below = |bytes: u64, bound: u8| bytes.wrapping_sub(u64::from(bound) * EACH) & !bytes;
    // With this bit turned over, the quotation mark and the space change places, and so do control characters among
    // themselves: then the mark is next to them.
    const TURN: u8 = b'"' ^ b' ';
    let is_mark_or_control = has_below(eight ^ (u64::from(TURN) * EACH), b' ' + 1);
    let is_backslash = has_below(eight ^ (u64::from(b'\\') * EACH), 1);
    (is_mark_or_control | is_backslash) & HIGH
}

impl<'de> Deserializer<'de> for &mut Parser<'de> {
    type Error = Fault;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.token()? {
            b'"' => {
                self.at += 1;
                match self.string()? {
                    Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
                    Cow::Owned(text) => visitor.visit_string(text),
                }
            }
            b'{' => {
                let depth = self.enter()?;
                let value = visitor.visit_map(Parts { parser: self, is_first: true })?;
                if self.depth < depth { Ok(value) } else { Err(Fault) }
            }
            b'[' => {
                let depth = self.enter()?;
                let value = visitor.visit_seq(Parts { parser: self, is_first: true })?;
                if self.depth < depth { Ok(value) } else { Err(Fault) }
            }
            b'-' | b'0'..=b'9' => self.number(visitor),
            b't' => self.word("true").and_then(|()| visitor.visit_bool(true)),
            b'f' => self.word("false").and_then(|()| visitor.visit_bool(false)),
            b'n' => self.word("null").and_then(|()| visitor.visit_unit()),
            _ => Err(Fault),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if name == COUNTRY_CODES && self.token()? == b'[' {
            if let Some(codes) = self.country_codes() {
                return visitor.visit_bytes(codes.as_flattened());
            }
        }
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The members of an object, or the elements of an array, from behind its bracket.
struct Parts<'a, 'de> {
    parser: &'a mut Parser<'de>,
    is_first: bool,
}

impl Parts<'_, '_> {
    /// The first byte of the next part; `None` at the closing bracket, which is passed.
    #[inline(always)]
    fn next(&mut self, close: u8) -> Result<Option<u8>, Fault> {
        let mut byte = self.parser.token()?;
        if byte == close {
            self.parser.leave();
            return Ok(None);
        }
        if !self.is_first {
            if byte != b',' {
                return Err(Fault);
            }
            self.parser.at += 1;
            byte = self.parser.token()?;
        }
        self.is_first = false;
        Ok(Some(byte))
    }
}

impl<'de> MapAccess<'de> for Parts<'_, 'de> {
    type Error = Fault;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        // Almost always, and one step instead of three.
        if !self.is_first && self.parser.rest().starts_with(b",\"") {
            self.parser.at += 2;
        } else {
            match self.next(b'}')? {
                None => return Ok(None),
                Some(b'"') => self.parser.at += 1,
                Some(_) => return Err(Fault),
            }
        }
        match self.parser.key()? {
            Cow::Borrowed(key) => seed.deserialize(BorrowedStrDeserializer::new(key)),
            Cow::Owned(key) => seed.deserialize(StrDeserializer::new(&key)),
        }
        .map(Some)
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        seed.deserialize(&mut *self.parser)
    }
}

impl<'de> SeqAccess<'de> for Parts<'_, 'de> {
    type Error = Fault;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        match self.next(b']')? {
            None => Ok(None),
            // What is no value is found where the value is read: a bracket too.
            Some(_) => seed.deserialize(&mut *self.parser).map(Some),
        }
    }
}

#[cfg(test)]
mod tests;
