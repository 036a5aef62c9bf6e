//! Measures all readers with all bodies.

use crate::allocations::{self, Taken};
use crate::bodies::Body;
use crate::measure::{self, Times};
use crate::readers::{READERS, Read, Reader, Role};

/// Results of all readers for one body, in the order of [`READERS`].
pub struct Row {
    pub body: Body,
    pub outcomes: Vec<Result<Reading, String>>,
}

/// Times and allocations of one reader for one body.
pub struct Reading {
    pub times: Times,
    pub taken: Taken,
}

impl Row {
    pub fn of(body: Body) -> Self {
        let witness = body.witness();
        let able: Vec<_> = READERS.iter().map(|reader| able(reader, &body, witness.as_deref())).collect();
        let mut contenders: Vec<Box<dyn FnMut()>> = Vec::new();
        for read in able.iter().flatten() {
            let (read, json) = (*read, &body.json);
            contenders.push(Box::new(move || {
                read(json, &mut |_| ()).expect("a body that the reader has decoded before")
            }));
        }
        let mut times = measure::measure(&mut contenders).into_iter();
        drop(contenders);
        let outcomes = able.into_iter().map(|able| {
            let read = able?;
            let taken = allocations::count(|hold| {
                read(&body.json, &mut |_| hold()).expect("a body that the reader has decoded before")
            });
            Ok(Reading { times: times.next().expect("a time for each reader that decodes the body"), taken })
        });
        let outcomes = outcomes.collect();
        Self { body, outcomes }
    }

    /// Returns the reading of the reader with this name; `None` if the reader cannot decode the body.
    pub fn by(&self, name: &str) -> Option<&Reading> {
        self.all().find(|(reader, _)| reader.name == name)?.1.as_ref().ok()
    }

    /// Returns every reader with its outcome.
    pub fn all(&self) -> impl Iterator<Item = (&'static Reader, &Result<Reading, String>)> {
        READERS.iter().zip(&self.outcomes)
    }

    /// Returns the speed in megabytes per second.
    pub fn speed(&self, reading: &Reading) -> f64 {
        self.body.json.len() as f64 / reading.times.median() * 1e3
    }
}

/// Returns the function that decodes the body with this reader.
///
/// # Errors
///
/// Returns a short reason if the reader cannot decode the body, or if it is a library and the decoded value does not
/// contain the witness.
pub fn able(reader: &Reader, body: &Body, witness: Option<&str>) -> Result<Read, String> {
    let read = (reader.of)(body.kind).ok_or("has no type for this body")?;
    let mut shown = String::new();
    read(&body.json, &mut |value| shown = format!("{value:?}"))
        .map_err(|error| format!("cannot decode: {}", short(&error)))?;
    let has_to_hold = matches!(reader.role, Role::Own | Role::Peer);
    match witness {
        Some(witness) if has_to_hold && !shown.contains(witness) => {
            Err("cannot decode: loses the items".to_owned())
        }
        _ => Ok(read),
    }
}

/// Returns the error without the position in the body, shortened to 60 characters.
fn short(error: &str) -> String {
    let text = error.rsplit_once(" at line").map_or(error, |(text, _)| text);
    if text.chars().count() <= 60 { text.to_owned() } else { text.chars().take(59).chain(['…']).collect() }
}

/// Prints the results of all readers for a body.
pub fn print(row: &Row) {
    println!("\n{} ({} bytes)", row.body.name, row.body.json.len());
    println!(
        "  {:26}{:>10} {:>9} {:>7} {:>12} {:>12}",
        "", "µs", "MB/s", "ratio", "allocations", "retained KB"
    );
    let own = &row.outcomes[0].as_ref().expect("the library decodes every body").times;
    for (reader, outcome) in row.all() {
        match outcome {
            Ok(reading) => println!(
                "  {:26}{:>10.1} {:>9.0} {:>7.2} {:>12} {:>12.1}",
                reader.name,
                reading.times.median() / 1e3,
                row.speed(reading),
                reading.times.over(own),
                reading.taken.count,
                reading.taken.retained as f64 / 1e3,
            ),
            Err(reason) => println!("  {:26}    {reason}", reader.name),
        }
    }
}
