//! Measures building a request, compared with the code of a user of `reqwest` and `url`.

use std::hint::black_box;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use spotify_proto::api::{AddPlaylistItems, GetAlbumTracks};
use spotify_proto::{AlbumId, Endpoint, Market, Origin, PlaylistId, SpotifyUri};
use url::Url;

use crate::allocations::{self, Taken};
use crate::measure::{self, Times};

/// Time and allocations of building a request in one way.
pub struct Building {
    pub name: &'static str,
    pub times: Times,
    pub taken: Taken,
}

/// Names of the measured requests: `request()` without and with the header of an available token, the same with `url` and
/// `reqwest`, and a POST of ten URIs with `request()` and with the builder of `http` and `serde_json`.
pub const NAMES: [&str; 6] = [
    "request()",
    "request() and token",
    "Url and reqwest::Request",
    "Url, reqwest and token",
    "request(), POST of 10 URIs",
    "http::Builder and to_vec",
];

const ID: &str = "4aawyAB9vmqN3uQ7FjRGTy";
const PLAYLIST: &str = "3cEYpjA9oz9GiPac4AsH4n";
const TOKEN: &str = "BQDaccessTokenOfTheUsualLengthIsAboutTwoHundredCharactersButThatIsCopiedOnlyByOne";

pub fn measure() -> Vec<Building> {
    let origin = Origin::api();
    let id: AlbumId = ID.parse().expect("an id");
    let market: Market = "SE".parse().expect("a market");
    let mut token = HeaderValue::from_str(&format!("Bearer {TOKEN}")).expect("a header");
    token.set_sensitive(true);
    let request = || {
        let endpoint = GetAlbumTracks::new(black_box(id.clone())).market(market).limit(50).offset(100);
        endpoint.request(black_box(&origin))
    };
    let texts: Vec<String> =
        (0..10).map(|digit| format!("spotify:track:6rqhFgbbKwnb9MLmUQDhG{digit}")).collect();
    let uris: Vec<SpotifyUri> = texts.iter().map(|text| text.parse().expect("a URI")).collect();
    let playlist: PlaylistId = PLAYLIST.parse().expect("an id");
    let add = AddPlaylistItems::new(playlist, uris);
    let mut works: [Box<dyn FnMut()>; 6] = [
        Box::new(|| drop(black_box(request()))),
        Box::new(|| {
            let mut request = request();
            request.headers_mut().insert(AUTHORIZATION, token.clone());
            drop(black_box(request));
        }),
        Box::new(|| drop(black_box(by_hand()))),
        Box::new(|| {
            let mut request = by_hand();
            let mut header =
                HeaderValue::from_str(&format!("Bearer {}", black_box(TOKEN))).expect("a header");
            header.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, header);
            drop(black_box(request));
        }),
        Box::new(|| drop(black_box(black_box(&add).request(black_box(&origin))))),
        Box::new(|| drop(black_box(post_by_hand(black_box(&texts))))),
    ];
    let times = measure::measure(&mut works);
    let taken = works.iter_mut().map(|work| {
        allocations::count(|hold| {
            work();
            hold();
        })
    });
    let all = NAMES.iter().zip(times).zip(taken.collect::<Vec<_>>());
    all.map(|((name, times), taken)| Building { name, times, taken }).collect()
}

fn by_hand() -> reqwest::Request {
    let mut url = Url::parse("https://api.spotify.com/v1/").expect("a URL");
    url.path_segments_mut().expect("a URL with a path").pop_if_empty().extend([
        "albums",
        black_box(ID),
        "tracks",
    ]);
    url.query_pairs_mut()
        .append_pair("market", black_box("SE"))
        .append_pair("limit", &black_box(50_u32).to_string())
        .append_pair("offset", &black_box(100_u32).to_string());
    reqwest::Request::new(reqwest::Method::GET, url)
}

fn post_by_hand(uris: &[String]) -> http::Request<Vec<u8>> {
    #[derive(serde::Serialize)]
    struct Body<'a> {
        uris: &'a [String],
    }
    http::Request::post(format!("https://api.spotify.com/v1/playlists/{}/items", black_box(PLAYLIST)))
        .header(CONTENT_TYPE, "application/json")
        .body(serde_json::to_vec(&Body { uris }).expect("a list of strings"))
        .expect("a request")
}

/// Prints the time and allocations of all requests.
pub fn print(buildings: &[Building]) {
    println!("\nBuilding a request for the tracks of an album, and a POST to a playlist");
    println!("  {:26}{:>10} {:>12}", "", "ns", "allocations");
    for building in buildings {
        let (time, count) = (building.times.median(), building.taken.count);
        println!("  {:26}{time:>10.0} {count:>12}", building.name);
    }
}
