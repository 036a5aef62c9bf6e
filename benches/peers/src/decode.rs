//! All readers on all bodies.

use crate::allocations::{self, Taken};
use crate::bodies::Body;
use crate::measure::{self, Times};
use crate::readers::{READERS, Read, Reader, Role};

/// What all readers made of one body, in the order of [`READERS`].
pub struct Row {
    pub body: Body,
    pub outcomes: Vec<Result<Reading, String>>,
}

/// What one reader took for one body.
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
            contenders.push(Box::new(move || read(json, &mut |_| ()).expect("it has read it before")));
        }
        let mut times = measure::measure(&mut contenders).into_iter();
        drop(contenders);
        let outcomes = able.into_iter().map(|able| {
            let read = able?;
            let taken =
                allocations::count(|hold| read(&body.json, &mut |_| hold()).expect("it has read it before"));
            Ok(Reading { times: times.next().expect("one for each that reads"), taken })
        });
        let outcomes = outcomes.collect();
        Self { body, outcomes }
    }

    /// What the reader of this name took.
    pub fn by(&self, name: &str) -> Option<&Reading> {
        self.all().find(|(reader, _)| reader.name == name)?.1.as_ref().ok()
    }

    /// Every reader with what became of it.
    pub fn all(&self) -> impl Iterator<Item = (&'static Reader, &Result<Reading, String>)> {
        READERS.iter().zip(&self.outcomes)
    }

    /// Megabytes a second.
    pub fn speed(&self, reading: &Reading) -> f64 {
        self.body.json.len() as f64 / reading.times.median() * 1e3
    }
}

/// How the reader reads the body; else why it does not.
///
/// # Errors
///
/// Why not, in a few words. A reader that takes the body and holds nothing of what it is about has not read it.
pub fn able(reader: &Reader, body: &Body, witness: Option<&str>) -> Result<Read, String> {
    let read = (reader.of)(body.kind).ok_or("has no type for it")?;
    let mut shown = String::new();
    read(&body.json, &mut |value| shown = format!("{value:?}"))
        .map_err(|error| format!("cannot read: {}", short(&error)))?;
    let has_to_hold = matches!(reader.role, Role::Own | Role::Peer);
    match witness {
        Some(witness) if has_to_hold && !shown.contains(witness) => {
            Err("cannot read: loses the items".to_owned())
        }
        _ => Ok(read),
    }
}

/// An error without its place in the body, and no longer than a line.
fn short(error: &str) -> String {
    let text = error.rsplit_once(" at line").map_or(error, |(text, _)| text);
    if text.chars().count() <= 60 { text.to_owned() } else { text.chars().take(59).chain(['…']).collect() }
}

/// Prints a body's readers.
pub fn print(row: &Row) {
    println!("\n{} ({} bytes)", row.body.name, row.body.json.len());
    println!(
        "  {:26}{:>10} {:>9} {:>7} {:>12} {:>12}",
        "", "µs", "MB/s", "times", "allocations", "retained KB"
    );
    let own = &row.outcomes[0].as_ref().expect("the library reads every body").times;
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
