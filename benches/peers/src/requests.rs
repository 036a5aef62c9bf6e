//! Building a request, beside what a user of `reqwest` and `url` writes.

use std::hint::black_box;

use http::header::{AUTHORIZATION, HeaderValue};
use spotify_proto::api::GetAlbumTracks;
use spotify_proto::{AlbumId, Endpoint, Market, Origin};
use url::Url;

use crate::allocations::{self, Taken};
use crate::measure::{self, Times};

/// What building the same request takes.
pub struct Building {
    pub name: &'static str,
    pub times: Times,
    pub taken: Taken,
}

/// `request()` alone, then with the header of a token that is at hand; then `url` and `reqwest`, in the same way.
pub const NAMES: [&str; 4] =
    ["request()", "request() and token", "Url and reqwest::Request", "the same and token"];

const ID: &str = "4aawyAB9vmqN3uQ7FjRGTy";
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
    let mut works: [Box<dyn FnMut()>; 4] = [
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
    let mut url = Url::parse("https://api.spotify.com/v1/").expect("an address");
    url.path_segments_mut().expect("it has a path").pop_if_empty().extend([
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

/// Prints what the ways take.
pub fn print(buildings: &[Building]) {
    println!("\nBuilding a request for the tracks of an album");
    println!("  {:26}{:>10} {:>12}", "", "ns", "allocations");
    for building in buildings {
        let (time, count) = (building.times.median(), building.taken.count);
        println!("  {:26}{time:>10.0} {count:>12}", building.name);
    }
}
