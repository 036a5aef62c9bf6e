//! Response bodies: generated ones, which are the same on every machine and contain only invented names, and larger
//! recorded ones if they are available.

#[path = "../../bodies.rs"]
#[allow(dead_code, reason = "the benches of the library use the rest")]
mod shapes;

mod analysis;
mod podcasts;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use shapes::{Seeded, artist, page, playlist_items, simplified_album, time, track};

impl Body {
    /// Returns a name that every decoded value must contain; `None` if the body has no names.
    pub fn witness(&self) -> Option<String> {
        let paths: &[&str] = match self.kind {
            Kind::Albums => &["/items/1/name"],
            Kind::Analysis => &[],
            Kind::Playlist => &["/tracks/items/1/track/name", "/items/items/1/item/name"],
            Kind::PlaylistItems => &["/items/1/item/name", "/items/1/track/name"],
            Kind::SavedTracks => &["/items/1/track/name"],
            Kind::Search => &["/tracks/items/1/name"],
            Kind::Track => &["/name"],
        };
        let value: Value = serde_json::from_slice(&self.json).expect("a body is JSON");
        let name = paths.iter().find_map(|path| value.pointer(path));
        assert_eq!(name.is_none(), paths.is_empty(), "{}: the path of a name", self.name);
        name.map(|name| name.as_str().expect("a name is text").to_owned())
    }
}

/// Kind of a response body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    Albums,
    Analysis,
    Playlist,
    PlaylistItems,
    SavedTracks,
    Search,
    Track,
}

/// A response body.
pub struct Body {
    pub name: String,
    pub kind: Kind,
    pub json: Vec<u8>,
    /// `true` if the body was generated, `false` if it was recorded.
    pub is_generated: bool,
}

pub const PLAYLIST: &str = "playlist 2026";
pub const PLAYLIST_MARKETS: &str = "playlist 2026, 184 markets";
pub const SAVED: &str = "saved tracks";
pub const ALBUMS: &str = "artist's albums";
pub const SEARCH: &str = "search";
pub const ANALYSIS: &str = "audio analysis";

/// Returns the generated bodies: first as the server sends them, and then with line breaks and indentation.
pub fn generated() -> Vec<Body> {
    let values: Vec<_> = values();
    let compact = values.iter().map(|(name, kind, value)| body(name, *kind, value.to_string().into_bytes()));
    let pretty = values.iter().map(|(name, kind, value)| {
        let json = serde_json::to_vec_pretty(value).expect("a value is JSON");
        body(&format!("{name}, pretty"), *kind, json)
    });
    compact.chain(pretty).collect()
}

fn body(name: &str, kind: Kind, json: Vec<u8>) -> Body {
    Body { name: name.to_owned(), kind, json, is_generated: true }
}

/// Returns playlists in the form since February 2026 and in the earlier form, and other responses in the form for
/// applications in extended quota mode.
fn values() -> Vec<(&'static str, Kind, Value)> {
    let markets = markets();
    let plain = playlist_items(&mut Seeded(1), None);
    let with_markets = playlist_items(&mut Seeded(1), Some(&markets));
    let mixed = podcasts::with_episodes(playlist_items(&mut Seeded(1), None), &mut Seeded(2));
    let seeded = &mut Seeded(3);
    let saved = (0..50).map(|_| json!({"added_at": time(seeded), "track": track(seeded, None)})).collect();
    let albums = (0..50).map(|_| simplified_album(seeded, None)).collect();
    let search = json!({
        "tracks": page("search", (0..50).map(|_| track(seeded, None)).collect(), 50, 1000),
        "albums": page("search", (0..50).map(|_| simplified_album(seeded, None)).collect(), 50, 1000),
        "artists": page("search", (0..50).map(|_| artist(seeded)).collect(), 50, 1000),
    });
    let track = track(seeded, None);
    vec![
        (PLAYLIST, Kind::PlaylistItems, plain.clone()),
        (PLAYLIST_MARKETS, Kind::PlaylistItems, with_markets.clone()),
        ("playlist 2026, with episodes", Kind::PlaylistItems, mixed.clone()),
        ("playlist before 2026", Kind::PlaylistItems, before_2026(plain)),
        ("playlist before 2026, 184 markets", Kind::PlaylistItems, before_2026(with_markets)),
        ("playlist before 2026, with episodes", Kind::PlaylistItems, before_2026(mixed)),
        (SAVED, Kind::SavedTracks, before_2026(page("me/tracks", saved, 50, 2345))),
        (ALBUMS, Kind::Albums, before_2026(page("artists/x/albums", albums, 50, 81))),
        (SEARCH, Kind::Search, before_2026(search)),
        (ANALYSIS, Kind::Analysis, analysis::analysis(seeded)),
        ("a track", Kind::Track, before_2026(track)),
    ]
}

/// Returns the codes of 184 markets, in the form in which tracks that are available everywhere list them.
fn markets() -> Value {
    const CODES: &str = "AD AE AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CG \
        CH CI CL CM CO CR CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW \
        GY HK HN HR HT HU ID IE IL IN IQ IS IT JM JO JP KE KG KH KI KM KN KR KW KZ LA LB LC LI LK LR LS LT LU LV LY \
        MA MC MD ME MG MH MK ML MN MO MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PS PT \
        PW PY QA RO RS RW SA SB SC SE SG SI SK SL SM SN SR ST SV SZ TD TG TH TJ TL TN TO TR TT TV TW TZ UA UG US UY \
        UZ VC VE VN VU WS XK ZA ZM ZW";
    let codes: Vec<_> = CODES.split_whitespace().collect();
    assert_eq!(codes.len(), 184);
    codes.into()
}

/// Returns the value with the fields that were renamed or removed in February 2026.
fn before_2026(mut value: Value) -> Value {
    age(&mut value);
    value
}

fn age(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(age),
        Value::Object(object) => {
            object.values_mut().for_each(age);
            if object.contains_key("added_by") {
                let item = object.remove("item").expect("a playlist item");
                object.insert("track".into(), item);
            }
            let more = match object.get("type").and_then(Value::as_str) {
                Some("track") => json!({"popularity": 47}),
                Some("album") => json!({"album_group": "album"}),
                _ => return,
            };
            object.extend(more.as_object().expect("an object").clone());
        }
        _ => {}
    }
}

/// Returns the recorded bodies of `../shared/fixtures`, and the names of the missing ones.
pub fn recorded() -> (Vec<Body>, Vec<&'static str>) {
    let (mut bodies, mut missing) = (Vec::new(), Vec::new());
    for (name, kind) in RECORDED {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures").join(name);
        match fs::read(path) {
            Ok(json) => {
                bodies.push(Body { name: (*name).to_owned(), kind: *kind, json, is_generated: false })
            }
            Err(_) => missing.push(*name),
        }
    }
    (bodies, missing)
}

const RECORDED: &[(&str, Kind)] = &[
    ("guilhermesad-rspotify/064-get-playlists-playlist-id-tracks-200.json", Kind::PlaylistItems),
    ("guilhermesad-rspotify/078-get-playlists-playlist-id-200.json", Kind::Playlist),
    ("joostlek-2025/050-saved-tracks.json", Kind::SavedTracks),
    ("joostlek-2025/051-search.json", Kind::Search),
    ("jmperez-js/043-track-audio-analysis.json", Kind::Analysis),
];
