//! Measures the decoding of the recorded responses in `../../../shared/fixtures`, grouped by family, both minified (as
//! the API sends them) and as recorded.

use std::fs;
use std::hint::black_box;
use std::path::Path;

use http::{Response, StatusCode};
use serde::de::IgnoredAny;
use serde_json::Value;
use spotify_proto::api::GetAlbum;
use spotify_proto::{AlbumId, Endpoint};

use crate::families::{COUNT, IGNORED, NAMES, OWN, Operation, RSPOTIFY, Read, STRICT, operations};
use crate::measure::{self, Times};

/// A recorded response with the readers that can decode it.
struct Recording {
    operation: usize,
    body: Vec<u8>,
    readers: [Option<Read>; COUNT],
}

/// Time of a reader for the recordings of a family that it can decode, and time of the library for the same recordings.
pub struct Compared {
    /// Number of recordings.
    pub count: usize,
    pub bytes: usize,
    pub times: Times,
    pub own: Times,
}

/// Results for one family, or for all of them.
pub struct Family {
    pub name: &'static str,
    pub readers: [Option<Compared>; COUNT],
}

impl Family {
    pub fn by(&self, name: &str) -> Option<&Compared> {
        let place = NAMES.iter().position(|it| *it == name)?;
        self.readers[place].as_ref()
    }
}

/// Measures all families, followed by all recordings together. Returns an empty list if there are no recordings.
pub fn measure(is_minified: bool) -> Vec<Family> {
    let operations = operations();
    let Some(recordings) = recordings(&operations, is_minified) else { return Vec::new() };
    let mut names: Vec<&str> = Vec::new();
    for operation in &operations {
        if !names.contains(&operation.family) {
            names.push(operation.family);
        }
    }
    let mut families: Vec<Family> = names
        .into_iter()
        .map(|name| {
            let of_family = recordings.iter().filter(|it| operations[it.operation].family == name);
            Family { name, readers: compare(&of_family.collect::<Vec<_>>()) }
        })
        .collect();
    let all = std::array::from_fn(|place| {
        let compared = families.iter().filter_map(|family| family.readers[place].as_ref());
        compared.fold(None, |sum: Option<Compared>, one| {
            Some(match sum {
                None => Compared {
                    count: one.count,
                    bytes: one.bytes,
                    times: one.times.clone(),
                    own: one.own.clone(),
                },
                Some(sum) => Compared {
                    count: sum.count + one.count,
                    bytes: sum.bytes + one.bytes,
                    times: sum.times.plus(&one.times),
                    own: sum.own.plus(&one.own),
                },
            })
        })
    });
    families.push(Family { name: "all", readers: all });
    families
}

fn compare(recordings: &[&Recording]) -> [Option<Compared>; COUNT] {
    let subsets: [Vec<(Read, Read, &[u8])>; COUNT] = std::array::from_fn(|place| {
        let able =
            recordings.iter().filter_map(|it| Some((it.readers[place]?, it.readers[0]?, it.body.as_slice())));
        able.collect()
    });
    let mut works: Vec<Box<dyn FnMut() + '_>> = Vec::new();
    for subset in subsets.iter().filter(|subset| !subset.is_empty()) {
        works.push(Box::new(move || subset.iter().for_each(|(read, _, body)| run(*read, body))));
        works.push(Box::new(move || subset.iter().for_each(|(_, own, body)| run(*own, body))));
    }
    let mut times = measure::measure(&mut works).into_iter();
    drop(works);
    std::array::from_fn(|place| {
        let subset = &subsets[place];
        (!subset.is_empty()).then(|| Compared {
            count: subset.len(),
            bytes: subset.iter().map(|(_, _, body)| body.len()).sum(),
            times: times.next().expect("a time for each reader"),
            own: times.next().expect("a time for each reader"),
        })
    })
}

fn run(read: Read, body: &[u8]) {
    read(body, &mut |_| ()).expect("a body that the reader has decoded before");
}

/// Reads the minified recordings of a family a number of times, for tools that count instructions.
///
/// # Errors
///
/// Returns an error if the family or the reader is unknown, or if there are no recordings.
pub fn read(family: &str, reader: &str, times: u32) -> Result<(), String> {
    if family == ERRORS {
        let [own, ignored] = &mut error_works(error_bodies().ok_or("no recordings")?);
        let work = match reader {
            OWN => own,
            IGNORED => ignored,
            _ => return Err("no such reader".to_owned()),
        };
        (0..times).for_each(|_| work());
        return Ok(());
    }
    let operations = operations();
    let place = NAMES.iter().position(|name| *name == reader).ok_or("no such reader")?;
    let recordings = recordings(&operations, true).ok_or("no recordings")?;
    let of_family = recordings.iter().filter(|it| operations[it.operation].family == family);
    let able: Vec<(Read, &[u8])> =
        of_family.filter_map(|it| Some((it.readers[place]?, it.body.as_slice()))).collect();
    if able.is_empty() {
        return Err("no such family".to_owned());
    }
    (0..times).for_each(|_| able.iter().for_each(|(read, body)| run(*read, body)));
    Ok(())
}

/// Name of the recorded errors among the families.
const ERRORS: &str = "errors";

/// Returns the times of decoding the recorded errors with the library and with `IgnoredAny`; `None` if there are no
/// recordings.
pub fn errors() -> Option<[Times; 2]> {
    measure::measure(&mut error_works(error_bodies()?)).try_into().ok()
}

/// Loads the recorded errors whose bodies are JSON, minified; `None` if there are no recordings.
fn error_bodies() -> Option<Vec<(StatusCode, Vec<u8>)>> {
    let errors = rows()?.filter_map(|row| {
        let status = row
            .status
            .parse::<StatusCode>()
            .ok()
            .filter(|it| it.is_client_error() || it.is_server_error())?;
        serde_json::from_slice::<IgnoredAny>(&row.body).is_ok().then_some((status, minified(&row.body)))
    });
    Some(errors.collect())
}

/// Returns functions that decode the errors with the library and with `IgnoredAny`.
fn error_works(bodies: Vec<(StatusCode, Vec<u8>)>) -> [Box<dyn FnMut()>; 2] {
    let endpoint = GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("an id"));
    let responses: Vec<Response<Vec<u8>>> = bodies
        .into_iter()
        .map(|(status, body)| {
            let mut response = Response::new(body);
            *response.status_mut() = status;
            response
        })
        .collect();
    let bodies: Vec<Vec<u8>> = responses.iter().map(|response| response.body().clone()).collect();
    let own = move || {
        responses.iter().for_each(|response| assert!(black_box(endpoint.parse(response)).is_err()));
    };
    let ignored = move || {
        for body in &bodies {
            assert!(black_box(serde_json::from_slice::<IgnoredAny>(body)).is_ok());
        }
    };
    [Box::new(own), Box::new(ignored)]
}

/// A row of the list of recordings.
struct Row {
    operation: String,
    status: String,
    provenance: String,
    body: Vec<u8>,
}

/// Reads the list of recordings; `None` if it does not exist.
fn rows() -> Option<impl Iterator<Item = Row>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures");
    let manifest = fs::read_to_string(folder.join("MANIFEST.tsv")).ok()?;
    let rows: Vec<Vec<String>> =
        manifest.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    let column = |name: &str| rows[0].iter().position(|it| it == name).expect("a column");
    let [path, operation, status, provenance] = ["path", "operationId", "status", "provenance"].map(column);
    Some(rows.into_iter().skip(1).map(move |row| Row {
        operation: row[operation].clone(),
        status: row[status].clone(),
        provenance: row[provenance].clone(),
        body: fs::read(folder.join(&row[path])).expect("a recording"),
    }))
}

/// Loads the recorded successful responses that the library decodes; `None` if the list of recordings does not exist.
fn recordings(operations: &[Operation], is_minified: bool) -> Option<Vec<Recording>> {
    let mut recordings = Vec::new();
    for row in rows()?.filter(|row| row.status.starts_with('2') && row.provenance.starts_with("recorded")) {
        let Some(place) = operations.iter().position(|it| it.id == row.operation) else { continue };
        let mut body = row.body;
        let Ok(value) = serde_json::from_slice::<Value>(&body) else { continue };
        if is_minified {
            body = minified(&body);
        }
        let witness = last_name(&value).map(|name| format!("{name:?}"));
        let readers: [Option<Read>; COUNT] = std::array::from_fn(|reader| {
            operations[place].readers[reader].filter(|read| is_able(*read, &body, witness.as_deref(), reader))
        });
        if readers[0].is_some() {
            recordings.push(Recording { operation: place, body, readers });
        }
    }
    Some(recordings)
}

/// Returns whether a reader decodes the body and, unless it is untyped, its value contains the last name of the body.
fn is_able(read: Read, body: &[u8], witness: Option<&str>, reader: usize) -> bool {
    let mut shown = String::new();
    let is_read = read(body, &mut |value| shown = format!("{value:?}")).is_ok();
    let is_untyped = NAMES[reader].starts_with("Value") || NAMES[reader] == IGNORED;
    is_read && (is_untyped || witness.is_none_or(|witness| shown.contains(witness)))
}

/// Returns the last non-empty value of a key `name`.
fn last_name(value: &Value) -> Option<&str> {
    match value {
        Value::Array(values) => values.iter().rev().find_map(last_name),
        Value::Object(object) => {
            let own = object.get("name").and_then(Value::as_str).filter(|name| !name.is_empty());
            own.or_else(|| object.values().rev().find_map(last_name))
        }
        _ => None,
    }
}

/// Removes the white space between tokens.
fn minified(body: &[u8]) -> Vec<u8> {
    let (mut is_text, mut is_escaped) = (false, false);
    let is_kept = |byte: &u8| {
        if is_text {
            is_text = is_escaped || *byte != b'"';
            is_escaped = !is_escaped && *byte == b'\\';
            return true;
        }
        is_text = *byte == b'"';
        !byte.is_ascii_whitespace()
    };
    body.iter().copied().filter(is_kept).collect()
}

/// Prints the ratio of each reader's time to the library's, by family.
pub fn print(title: &str, families: &[Family]) {
    println!("\nRecorded responses, {title}: time relative to that of the library for the same responses");
    print!("| {:26} |", "");
    for family in families {
        print!(" {:>10} |", family.name);
    }
    print!("\n|---|{}", "---:|".repeat(families.len()));
    for (place, name) in NAMES.iter().enumerate() {
        print!("\n| {name:26} |");
        for family in families {
            let Some(it) = &family.readers[place] else {
                print!(" {:>10} |", "–");
                continue;
            };
            let all = family.readers[0].as_ref().map_or(0, |own| own.count);
            let share = if it.count < all { format!(" ({})", it.count) } else { String::new() };
            print!(" {:>10} |", format!("{:.2}{share}", it.times.over(&it.own)));
        }
    }
    print!("\n| {:26} |", "responses");
    for family in families {
        print!(" {:>10} |", family.readers[0].as_ref().map_or(0, |own| own.count));
    }
    print!("\n| {:26} |", "kilobytes");
    for family in families {
        print!(" {:>10} |", family.readers[0].as_ref().map_or(0, |own| own.bytes / 1000));
    }
    println!();
}

/// Returns the ratios for which the project has set goals.
pub fn figures(families: &[Family], errors: &[Times; 2]) -> Vec<crate::report::Figure> {
    use crate::report::{Figure, Goal};
    let Some((all, each)) = families.split_last() else { return Vec::new() };
    let ratio = |family: &Family, name: &str| family.by(name).map(|it| it.times.over(&it.own));
    let mut figures = vec![
        Figure::new(
            "recorded: speedup over rspotify-model",
            Goal::AtLeast(2.8),
            ratio(all, RSPOTIFY).unwrap_or(f64::NAN),
            "×",
        ),
        Figure::new(
            "recorded: speedup over the strict derive",
            Goal::AtLeast(1.9),
            ratio(all, STRICT).unwrap_or(f64::NAN),
            "×",
        ),
    ];
    for family in each {
        let peers = [RSPOTIFY, crate::families::ASPOTIFY]
            .iter()
            .filter_map(|name| Some((*name, ratio(family, name)?)));
        if let Some((name, ratio)) = peers.min_by(|(_, a), (_, b)| a.total_cmp(b)) {
            let goal = if family.name == "shows" { 1.2 } else { 1.5 };
            let what = format!("recorded {}: speedup over {name}, the fastest peer", family.name);
            figures.push(Figure::new(what, Goal::AtLeast(goal), ratio, "×"));
        }
    }
    let over_ignored = |family: &Family| ratio(family, IGNORED).map(|ratio| 1.0 / ratio);
    let worst = each.iter().filter_map(|family| Some((family.name, over_ignored(family)?)));
    let worst = worst.max_by(|(_, a), (_, b)| a.total_cmp(b));
    figures.push(Figure::new(
        "recorded: time relative to IgnoredAny",
        Goal::AtMost(2.4),
        over_ignored(all).unwrap_or(f64::NAN),
        "×",
    ));
    if let Some((name, ratio)) = worst {
        figures.push(Figure::new(
            format!("recorded {name}: greatest time relative to IgnoredAny"),
            Goal::AtMost(2.8),
            ratio,
            "×",
        ));
    }
    let [own, ignored] = errors;
    figures.push(Figure::new(
        "recorded errors: time relative to IgnoredAny",
        Goal::AtMost(3.0),
        own.over(ignored),
        "×",
    ));
    figures
}
