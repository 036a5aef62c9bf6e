//! Figures with their goals and results.

use crate::bodies::{ALBUMS, ANALYSIS, PLAYLIST, PLAYLIST_MARKETS, SAVED, SEARCH};
use crate::decode::Row;
use crate::measure::Times;
use crate::readers::{IGNORED, OWN, RSPOTIFY, Role, STRICT, TOLERANT};
use crate::requests::Building;
use std::time::Duration;

/// A figure with its goal.
pub struct Figure {
    what: String,
    goal: Goal,
    reached: f64,
    unit: &'static str,
}

#[derive(Clone, Copy)]
pub enum Goal {
    AtLeast(f64),
    AtMost(f64),
}
use Goal::{AtLeast, AtMost};

impl Figure {
    pub fn new(what: impl Into<String>, goal: Goal, reached: f64, unit: &'static str) -> Self {
        Self { what: what.into(), goal, reached, unit }
    }

    fn is_met(&self) -> bool {
        match self.goal {
            AtLeast(goal) => self.reached >= goal,
            AtMost(goal) => self.reached <= goal,
        }
    }
}

/// All measurements.
pub struct Measured<'a> {
    pub rows: &'a [Row],
    pub buildings: &'a [Building],
    pub call: &'a Times,
    pub call_allocations: usize,
    pub prefetch: &'a [Duration],
}

pub fn figures(measured: &Measured<'_>) -> Vec<Figure> {
    let row = |name| measured.rows.iter().find(|row| row.body.name == name).expect("a generated body");
    let mut figures = pages(measured.rows);
    figures.extend([over_fastest(row(SAVED)), over_fastest(row(ALBUMS)), over_fastest(row(SEARCH))]);
    figures.push(worst(measured.rows));
    for name in [PLAYLIST, PLAYLIST_MARKETS] {
        figures.push(tolerance(row(name)));
    }
    figures.extend(requests(measured.buildings));
    let (call, allocations) = (measured.call.median() / 1e3, measured.call_allocations as f64);
    figures.push(Figure::new("complete call without decoding", AtMost(2.0), call, " µs"));
    figures.push(Figure::new("complete call without decoding: allocations", AtMost(8.0), allocations, ""));
    let faster = measured.prefetch[0].as_secs_f64() / measured.prefetch[1].as_secs_f64();
    figures.push(Figure::new("100 pages: speedup with 8 in flight", AtLeast(7.0), faster, "×"));
    figures
}

/// Returns the figures for the page of a playlist, with and without markets, and for the audio analysis.
pub fn pages(rows: &[Row]) -> Vec<Figure> {
    let row = |name| rows.iter().find(|row| row.body.name == name).expect("a generated body");
    let mut figures = vec![over(row(PLAYLIST), RSPOTIFY, 2.8), over(row(PLAYLIST_MARKETS), RSPOTIFY, 6.0)];
    for (name, allocations, kilobytes) in [(PLAYLIST, 695.0, 183.0), (PLAYLIST_MARKETS, 895.0, 200.0)] {
        let taken = own(row(name)).taken;
        figures.push(Figure::new(
            format!("{name}: allocations"),
            AtMost(allocations),
            taken.count as f64,
            "",
        ));
        let retained = taken.retained as f64 / 1e3;
        figures.push(Figure::new(format!("{name}: retained memory"), AtMost(kilobytes), retained, " KB"));
    }
    let analysis = row(ANALYSIS);
    let allocations = own(analysis).taken.count as f64 / (analysis.body.json.len() as f64 / 1e3);
    figures.push(Figure::new("audio analysis: allocations per KB", AtMost(8.0), allocations, " "));
    figures
}

/// Returns the speedup over another reader.
fn over(row: &Row, name: &'static str, goal: f64) -> Figure {
    let what = format!("{}: speedup over {name}", row.body.name);
    let other = row.by(name).map(|other| other.times.over(&own(row).times));
    Figure::new(what, AtLeast(goal), other.unwrap_or(f64::NAN), "×")
}

fn over_fastest(row: &Row) -> Figure {
    let peers = row.all().filter(|(reader, _)| reader.role == Role::Peer);
    let able = peers.filter_map(|(reader, outcome)| Some((reader, outcome.as_ref().ok()?)));
    let fastest = able.min_by(|(_, a), (_, b)| a.times.median().total_cmp(&b.times.median()));
    over(row, fastest.expect("a peer decodes the body").0.name, 1.4)
}

/// Returns the greatest ratio of the library's time to that of `IgnoredAny`, which retains nothing.
fn worst(rows: &[Row]) -> Figure {
    let ratio = |row: &Row| own(row).times.over(&row.by(IGNORED).expect("every body is JSON").times);
    let worst = rows.iter().map(|row| (row, ratio(row))).max_by(|(_, a), (_, b)| a.total_cmp(b));
    let (row, ratio) = worst.expect("there are bodies");
    Figure::new(format!("{}: greatest time relative to IgnoredAny", row.body.name), AtMost(3.4), ratio, "×")
}

/// Returns the ratio of tolerant to strict decoding with the same parser.
fn tolerance(row: &Row) -> Figure {
    let [tolerant, strict] =
        [TOLERANT, STRICT].map(|name| &row.by(name).expect("both readers decode the body").times);
    Figure::new(
        format!("{}: tolerant relative to strict decoding", row.body.name),
        AtMost(1.1),
        tolerant.over(strict),
        "×",
    )
}

pub fn requests(buildings: &[Building]) -> [Figure; 5] {
    let [alone, with_token, by_hand, by_hand_with_token, post, post_by_hand] = buildings else {
        panic!("six kinds of requests")
    };
    let ratio = |slow: &Building, fast: &Building| slow.times.over(&fast.times);
    [
        Figure::new("request(): speedup over Url and reqwest", AtLeast(3.0), ratio(by_hand, alone), "×"),
        Figure::new(
            "request() with a token: speedup over Url and reqwest",
            AtLeast(3.0),
            ratio(by_hand_with_token, with_token),
            "×",
        ),
        Figure::new("request(): allocations", AtMost(3.0), alone.taken.count as f64, ""),
        Figure::new(
            "POST of 10 URIs: time relative to http and to_vec",
            AtMost(0.9),
            ratio(post, post_by_hand),
            "×",
        ),
        Figure::new("POST of 10 URIs: allocations", AtMost(7.0), post.taken.count as f64, ""),
    ]
}

fn own(row: &Row) -> &crate::decode::Reading {
    row.by(OWN).expect("the library decodes every body")
}

/// Prints the figures and returns whether all goals were met.
pub fn print(figures: &[Figure]) -> bool {
    println!("\n| figure | goal | reached | |\n|---|---:|---:|---|");
    for figure in figures {
        let goal = match figure.goal {
            AtLeast(goal) => format!("≥ {goal}{}", figure.unit),
            AtMost(goal) => format!("≤ {goal}{}", figure.unit),
        };
        let reached = if figure.unit.is_empty() {
            format!("{:.0}", figure.reached)
        } else {
            format!("{:.2}{}", figure.reached, figure.unit)
        };
        println!(
            "| {} | {goal} | {reached} | {} |",
            figure.what,
            if figure.is_met() { "ok" } else { "missed" }
        );
    }
    figures.iter().all(Figure::is_met)
}
