//! Draws the speeds as a bar chart with one group of bars for each body.

use svg::Document;
use svg::node::element::{Rectangle, Style, Text};

use crate::decode::{Reading, Row};
use crate::readers::{Reader, Role, VALUE};

const WIDTH: f64 = 760.0;
const NAMES: f64 = 170.0;
/// Horizontal position of the end of the longest bar; its number is to the right of it.
const END: f64 = 640.0;
const TOP: f64 = 46.0;
const HEADING: f64 = 26.0;
const BAR: f64 = 15.0;
const GAP: f64 = 12.0;

/// Colours for light and dark backgrounds.
const STYLE: &str = "
text { font: 12px system-ui, sans-serif; fill: #57606a }
.title { font-size: 15px; font-weight: 600; fill: #24292f }
.heading { font-weight: 600; fill: #24292f }
.own { fill: #1a7f37 } .peer { fill: #8c959f } .floor { fill: #d0d7de }
.none { font-style: italic }
@media (prefers-color-scheme: dark) {
  text { fill: #9da7b3 } .title, .heading { fill: #e6edf3 }
  .own { fill: #3fb950 } .peer { fill: #6e7681 } .floor { fill: #3d444d }
}";

/// Draws the speeds for the generated bodies in compact form.
pub fn draw(rows: &[Row]) -> Document {
    let rows: Vec<_> = rows.iter().filter(|row| is_drawn(row)).collect();
    let fastest = rows.iter().flat_map(|row| drawn(row).filter_map(|(_, it)| Some(row.speed(it.ok()?))));
    let scale = (END - NAMES) / fastest.fold(1.0, f64::max);
    let mut document = Document::new().add(Style::new(STYLE)).add(text(
        "title",
        0.0,
        18.0,
        "Megabytes of JSON decoded per second (longer is better)",
    ));
    let mut y = TOP;
    for row in rows {
        let heading = format!("{}, {} KB", row.body.name, row.body.json.len() / 1000);
        document = document.add(text("heading", 0.0, y, &heading));
        for (number, (reader, outcome)) in drawn(row).enumerate() {
            document = bar(document, y + HEADING - 10.0 + BAR * number as f64, reader, outcome, row, scale);
        }
        y += HEADING + BAR * drawn(row).count() as f64 + GAP;
    }
    document.set("viewBox", (0, 0, WIDTH, y)).set("width", WIDTH).set("height", y).set("role", "img")
}

fn is_drawn(row: &Row) -> bool {
    row.body.is_generated && !row.body.name.ends_with("pretty") && !row.body.name.contains("with episodes")
}

/// Returns the readers whose results can be inspected; the bars of the others would be much longer.
fn drawn(row: &Row) -> impl Iterator<Item = (&'static Reader, Result<&Reading, &String>)> {
    let all = row.all().map(|(reader, outcome)| (reader, outcome.as_ref()));
    all.filter(|(reader, _)| matches!(reader.role, Role::Own | Role::Peer) || reader.name == VALUE)
}

fn bar(
    document: Document,
    y: f64,
    reader: &Reader,
    outcome: Result<&Reading, &String>,
    row: &Row,
    scale: f64,
) -> Document {
    let base = y + BAR - 4.0;
    let document = document.add(text("", 8.0, base, reader.name));
    let reading = match outcome {
        Ok(reading) => reading,
        Err(reason) => return document.add(text("none", NAMES, base, reason)),
    };
    let class = match reader.role {
        Role::Own => "own",
        Role::Peer | Role::Way => "peer",
        Role::Floor => "floor",
    };
    let speed = row.speed(reading);
    let rectangle = Rectangle::new()
        .set("class", class)
        .set("x", NAMES)
        .set("y", y + 1.0)
        .set("width", format!("{:.1}", speed * scale))
        .set("height", BAR - 3.0);
    document.add(rectangle).add(text("", NAMES + speed * scale + 6.0, base, &format!("{speed:.0}")))
}

fn text(class: &str, x: f64, y: f64, content: &str) -> Text {
    Text::new(content).set("class", class).set("x", format!("{x:.1}")).set("y", format!("{y:.1}"))
}
