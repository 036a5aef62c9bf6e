//! Response bodies of realistic size and shape. They are the same on every machine, and all names are invented.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Value, json};

/// Response body of an operation.
pub struct Body {
    pub name: String,
    pub operation: String,
    pub json: Vec<u8>,
}

/// Generated bodies, followed by the largest recorded ones if `../shared/fixtures` exists.
pub static BODIES: LazyLock<Vec<Body>> = LazyLock::new(|| {
    let mut bodies = vec![
        body("playlist items ×100", "get-playlists-items", |seeded| playlist_items(seeded, None)),
        body("playlist items ×100, 184 markets", "get-playlists-items", |seeded| {
            let markets = markets();
            playlist_items(seeded, Some(&markets))
        }),
        body("saved tracks ×50", "get-users-saved-tracks", |seeded| {
            let saved = (0..50).map(|_| json!({"added_at": time(seeded), "track": track(seeded, None)}));
            let items = saved.collect();
            page("me/tracks", items, 50, 2345)
        }),
        body("album", "get-an-album", album),
        body("search ×50 of 3 types", "search", |seeded| {
            json!({
                "tracks": page("search", (0..50).map(|_| track(seeded, None)).collect(), 50, 1000),
                "albums": page("search", (0..50).map(|_| simplified_album(seeded, None)).collect(), 50, 1000),
                "artists": page("search", (0..50).map(|_| artist(seeded)).collect(), 50, 1000),
            })
        }),
    ];
    for (name, operation) in CORPUS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures").join(name);
        if let Ok(json) = fs::read(path) {
            bodies.push(Body { name: (*name).to_owned(), operation: (*operation).to_owned(), json });
        }
    }
    bodies
});

const CORPUS: &[(&str, &str)] = &[
    ("joostlek-2025/051-search.json", "search"),
    ("guilhermesad-rspotify/078-get-playlists-playlist-id-200.json", "get-playlist"),
    ("jmperez-js/043-track-audio-analysis.json", "get-audio-analysis"),
];

fn body(name: &str, operation: &str, make: impl FnOnce(&mut Seeded) -> Value) -> Body {
    let json = make(&mut Seeded(0x5eed)).to_string().into_bytes();
    Body { name: name.to_owned(), operation: operation.to_owned(), json }
}

/// Generator of pseudo-random numbers (splitmix64).
pub struct Seeded(pub u64);

impl Seeded {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }

    pub fn id(&mut self) -> String {
        const DIGITS: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        (0..22).map(|_| char::from(DIGITS[self.below(62) as usize])).collect()
    }

    /// Returns a name of two to five words. One name in ten is not ASCII.
    pub fn name(&mut self) -> String {
        const WORDS: &[&str] = &[
            "night",
            "ferry",
            "paper",
            "lanterns",
            "low",
            "tide",
            "harbour",
            "breakwater",
            "slow",
            "mornings",
            "signal",
            "quiet",
            "the",
            "of",
            "winter",
            "glass",
            "orchard",
            "drift",
            "north",
            "evening",
        ];
        let count = 2 + self.below(4);
        let mut words: Vec<_> = (0..count).map(|_| WORDS[self.below(WORDS.len() as u64) as usize]).collect();
        if self.below(10) == 0 {
            words.push("(frühe Aufnahme)");
        }
        words.join(" ")
    }
}

/// Returns 184 two-letter codes in alphabetical order.
fn markets() -> Value {
    let codes =
        (b'A'..=b'Z').flat_map(|a| (b'A'..=b'Z').map(move |b| format!("{}{}", char::from(a), char::from(b))));
    codes.step_by(3).take(184).collect()
}

pub fn time(seeded: &mut Seeded) -> String {
    let (month, day, hour) = (1 + seeded.below(12), 1 + seeded.below(28), seeded.below(24));
    format!("20{}-{month:02}-{day:02}T{hour:02}:14:37Z", 14 + seeded.below(13))
}

pub fn images(seeded: &mut Seeded) -> Value {
    let name = seeded.below(u64::MAX);
    [640, 300, 64]
        .map(|size| json!({"height": size, "url": format!("https://i.scdn.co/image/ab67616d0000{size:04}{name:024x}"), "width": size}))
        .into_iter()
        .collect()
}

pub fn object(kind: &str, id: &str) -> Value {
    json!({
        "external_urls": {"spotify": format!("https://open.spotify.com/{kind}/{id}")},
        "href": format!("https://api.spotify.com/v1/{kind}s/{id}"),
        "id": id,
        "type": kind,
        "uri": format!("spotify:{kind}:{id}"),
    })
}

pub fn with(mut object: Value, more: Value) -> Value {
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
    }
    object
}

fn simplified_artist(seeded: &mut Seeded) -> Value {
    with(object("artist", &seeded.id()), json!({"name": seeded.name()}))
}

pub fn artist(seeded: &mut Seeded) -> Value {
    let more = json!({"images": images(seeded), "genres": ["chamber folk"], "popularity": seeded.below(100)});
    with(
        with(simplified_artist(seeded), more),
        json!({"followers": {"href": null, "total": seeded.below(9_000_000)}}),
    )
}

fn artists(seeded: &mut Seeded) -> Value {
    (0..1 + seeded.below(3)).map(|_| simplified_artist(seeded)).collect()
}

pub fn simplified_album(seeded: &mut Seeded, markets: Option<&Value>) -> Value {
    let more = json!({
        "album_type": "album",
        "artists": artists(seeded),
        "images": images(seeded),
        "name": seeded.name(),
        "release_date": "2019-03-08",
        "release_date_precision": "day",
        "total_tracks": 1 + seeded.below(20),
    });
    with(with(object("album", &seeded.id()), more), available(markets))
}

fn simplified_track(seeded: &mut Seeded, markets: Option<&Value>) -> Value {
    let more = json!({
        "artists": artists(seeded),
        "disc_number": 1,
        "duration_ms": 120_000 + seeded.below(200_000),
        "explicit": seeded.below(5) == 0,
        "is_local": false,
        "name": seeded.name(),
        "preview_url": null,
        "track_number": 1 + seeded.below(20),
    });
    with(with(object("track", &seeded.id()), more), available(markets))
}

pub fn track(seeded: &mut Seeded, markets: Option<&Value>) -> Value {
    let album = simplified_album(seeded, markets);
    let isrc = format!("QZES7{:07}", seeded.below(10_000_000));
    with(simplified_track(seeded, markets), json!({"album": album, "external_ids": {"isrc": isrc}}))
}

fn available(markets: Option<&Value>) -> Value {
    markets.map_or_else(|| json!({}), |markets| json!({"available_markets": markets}))
}

fn album(seeded: &mut Seeded) -> Value {
    let album = simplified_album(seeded, None);
    let tracks = page("albums/x/tracks", (0..18).map(|_| simplified_track(seeded, None)).collect(), 50, 18);
    let copyrights = json!([{"text": "2019 Low Tide Records", "type": "C"}, {"text": "2019 Low Tide Records", "type": "P"}]);
    with(album, json!({"tracks": tracks, "copyrights": copyrights, "external_ids": {"upc": "0190000012345"}}))
}

pub fn playlist_items(seeded: &mut Seeded, markets: Option<&Value>) -> Value {
    let user = json!({"display_name": "Maren Holt"});
    let mut item = || {
        let added_by = with(object("user", "maren.holt"), user.clone());
        json!({
            "added_at": time(seeded),
            "added_by": added_by,
            "is_local": false,
            "item": track(seeded, markets),
            "primary_color": null,
            "video_thumbnail": {"url": null},
        })
    };
    page("playlists/x/items", (0..100).map(|_| item()).collect(), 100, 731)
}

pub fn page(path: &str, items: Vec<Value>, limit: u32, total: u32) -> Value {
    let href = |offset: u32| format!("https://api.spotify.com/v1/{path}?offset={offset}&limit={limit}");
    let next = (limit < total).then(|| href(limit));
    json!({
        "href": href(0), "limit": limit, "next": next, "offset": 0, "previous": null, "total": total,
        "items": items,
    })
}
