//! Checks properties of calls, of `parse_as` and of pagination that hold for every response.
//!
//! The fuzz target `response` includes this file and `parse_properties.rs` by path.

#![allow(deprecated, reason = "operations that are not available in development mode are decoded too")]

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt::Debug;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::Response;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use spotify_proto::api::{
    GetAlbum, GetAlbumTracks, GetArtist, GetArtistAlbums, GetAudioAnalysis, GetAudiobook,
    GetAudiobookChapters, GetCategories, GetCategoryPlaylists, GetChapter, GetCurrentUserPlaylists,
    GetCurrentUserProfile, GetEpisode, GetFeaturedPlaylists, GetFollowedArtists, GetNewReleases, GetPlaylist,
    GetPlaylistItems, GetPlaylistTracks, GetQueue, GetRecentlyPlayed, GetSavedAlbums, GetSavedAudiobooks,
    GetSavedEpisodes, GetSavedShows, GetSavedTracks, GetShow, GetShowEpisodes, GetTopArtists, GetTopItems,
    GetTopTracks, GetTrack, GetUserPlaylists, Search,
};
use spotify_proto::model::{Album, Audiobook, Playlist, Show};
use spotify_proto::{
    App, Call, DecodeError, Endpoint, Error, FromResponse, OffsetPaged, Origin, Paged, Session, Source, Step,
    from_json, with_endpoint,
};

use super::parse_properties::{self, Reading};

/// Checks a response in the input format of `parse_properties::with_response`.
pub fn check_bytes(bytes: &[u8]) {
    parse_properties::with_response(bytes, |id, response| {
        parse_properties::check(id, response);
        check(id, response);
    });
}

/// Checks properties in addition to `parse_properties::check`.
fn check(id: &str, response: &Response<&[u8]>) {
    let called = with_endpoint!(id, E => call(Reading::<E>::new(), response), else None);
    let called = called.expect("the operation should exist");
    let parsed = parse_properties::parse(id, response).expect("the operation should exist");
    match (&called, &parsed) {
        (Ok(shown), Ok(decoded)) => assert_eq!(*shown, decoded.shown(), "{id}: a call returns another value"),
        (Err(error), Err(_)) => parse_properties::is_bounded(id, error),
        _ => panic!("{id}: the result of a call is different: {called:?}"),
    }
    with_endpoint!(id, E => as_serde_json::<E>(id, response.body()), else panic!("the operation exists"));
    same_values(id, response.body());
    of_the_caller(response);
    pages(id, response);
}

/// Checks that the library rejects the same bodies as `serde_json` and reports the same position, except for strings
/// that the library repairs.
fn as_serde_json<E: Endpoint>(id: &str, body: &[u8])
where
    E::Output: Debug + FromResponse,
{
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let says_nothing = text.trim_ascii().is_empty() || size_of::<E::Output>() == 0;
    let is_shape = |error: &DecodeError| {
        error.line() == 0 && mentions(error, &["does not match the response", "expected true or false"])
    };
    let is_string = |error: &DecodeError| mentions(error, &["control character", "surrogate", "hex escape"]);
    match (E::Output::from_response((&Response::new(body)).into()), from_json::<Value>(body)) {
        (Ok(_), Ok(_)) => {}
        (Ok(value), Err(error)) => {
            assert!(says_nothing || is_string(&error), "{id}: {value:?}, serde_json: {error}");
        }
        (Err(error), Ok(_)) => {
            assert!(is_shape(&error), "{id}: {error}, but serde_json accepts the body");
        }
        (Err(error), Err(same)) if is_shape(&error) && is_string(&same) => {}
        (Err(error), Err(same)) => {
            assert_eq!((error.line(), error.column()), (same.line(), same.column()), "{id}: {error}, {same}");
        }
    }
}

/// Returns whether the message of the error contains one of the texts.
fn mentions(error: &DecodeError, texts: &[&str]) -> bool {
    let message = error.to_string();
    texts.iter().any(|text| message.contains(text))
}

/// Checks that the library decodes the same values as `serde_json`.
fn same_values(id: &str, body: &[u8]) {
    macro_rules! models {
        ($($endpoint:ident),+) => {
            $(if id == $endpoint::OPERATION.id {
                if let (Ok(value), Ok(same)) = (read::<$endpoint>(body), from_json(body)) {
                    assert_eq!(value, same, "{id}: serde_json decodes a different value");
                }
            })+
        };
    }
    models!(
        GetAlbum,
        GetArtist,
        GetAudioAnalysis,
        GetAudiobook,
        GetChapter,
        GetCurrentUserProfile,
        GetEpisode,
        GetPlaylist,
        GetPlaylistItems,
        GetQueue,
        GetSavedAudiobooks,
        GetSavedTracks,
        GetShow,
        GetTrack,
        Search
    );
}

fn read<E: Endpoint<Output: FromResponse>>(body: &[u8]) -> Result<E::Output, DecodeError> {
    E::Output::from_response((&Response::new(body)).into())
}

/// Upper bound for the number of steps of a call that always receives the same response: at most 300 delays, each
/// followed by a request.
const STEPS_MAX: u32 = 1000;

/// Executes a call and returns the result, with the `Debug` output in place of the value.
fn call<E: Endpoint>(endpoint: E, response: &Response<&[u8]>) -> Option<Result<String, Error>>
where
    E::Output: Debug,
{
    let (mut app, mut session) = (App::without_credentials(), Session::from_access_token("token"));
    let mut now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
    let mut step = Call::new(endpoint).start(&mut app, &mut session, now);
    for _ in 0..STEPS_MAX {
        step = match step {
            Step::Send(_, exchange) => {
                let received = exchange.receive(Ok::<_, Infallible>(response.clone()), now);
                match received.apply(&mut app, &mut session, now) {
                    Ok(step) => step,
                    Err(never) => match never {},
                }
            }
            Step::Wait(delay, waiting) => {
                now = later(now, delay.duration);
                waiting.resume(&mut app, &mut session, now)
            }
            Step::Authorize(..) => panic!("unexpected token step of a session without a refresh token"),
            Step::Done(Ok(reply)) => {
                assert_eq!(reply.source, Source::Server);
                return Some(Ok(format!("{:?}", reply.value)));
            }
            Step::Done(Err(error)) => return Some(Err(error)),
        };
    }
    panic!("{}: the call has not ended after {STEPS_MAX} steps: {response:?}", E::OPERATION.id)
}

fn later(now: SystemTime, delay: Duration) -> SystemTime {
    now.checked_add(delay).unwrap_or_else(|| panic!("a delay of {delay:?} overflows the clock"))
}

/// Checks that `parse_as` decodes only the JSON bodies of successful responses.
fn of_the_caller(response: &Response<&[u8]>) {
    let endpoint = GetCategories::new();
    match endpoint.parse_as::<Value, _>(response) {
        Ok(value) => {
            assert!(response.status().is_success());
            assert!(value == from_json::<Value>(response.body()).expect("expected a body that was decoded"));
        }
        Err(error) => {
            parse_properties::is_bounded("parse_as", &error);
            let is_json = from_json::<Value>(response.body()).is_ok();
            assert!(!(is_json && response.status().is_success()), "{error}");
        }
    }
}

/// Checks that pagination does not send the same request twice, even if all responses are equal.
fn pages(id: &str, response: &Response<&[u8]>) {
    macro_rules! lists {
        ($($next:ident),+; $($offset:ident),+) => {
            $(if id == $next::OPERATION.id {
                next::<$next>(response);
            })+
            $(if id == $offset::OPERATION.id {
                next::<$offset>(response);
                rest::<$offset>(response);
            })+
        };
    }
    lists!(GetFollowedArtists, GetRecentlyPlayed, GetTopItems;
        GetAlbumTracks, GetArtistAlbums, GetAudiobookChapters, GetCategories, GetCategoryPlaylists,
        GetCurrentUserPlaylists, GetFeaturedPlaylists, GetNewReleases, GetPlaylistItems, GetPlaylistTracks,
        GetSavedAlbums, GetSavedAudiobooks, GetSavedEpisodes, GetSavedShows, GetSavedTracks, GetShowEpisodes,
        GetTopArtists, GetTopTracks, GetUserPlaylists, Search);
    embedded(response.body());
}

/// Maximum number of pages to check; a list may have more pages.
const PAGES: usize = 50;

/// Returns a list endpoint with only the required parameters.
fn plain<E: DeserializeOwned>() -> E {
    let id = "Some000000000000000001";
    [
        json!({}),
        json!({ "id": id }),
        json!({ "playlist_id": id }),
        json!({ "user_id": id }),
        json!({ "category_id": id }),
        json!({ "q": id, "type": ["track", "album"] }),
        json!({ "type": "tracks" }),
    ]
    .into_iter()
    .find_map(|parameters| serde_json::from_value(parameters).ok())
    .expect("parameters of the endpoint")
}

fn next<E: Paged + DeserializeOwned>(response: &Response<&[u8]>) {
    let first: E = plain();
    let Ok(page) = first.parse(response) else { return };
    let all = std::iter::successors(Some(first), |last| last.next(&page)).take(PAGES);
    are_different(all);
}

fn rest<E: OffsetPaged + DeserializeOwned + Serialize>(response: &Response<&[u8]>) {
    let first: E = plain();
    let Ok(page) = first.parse(response) else { return };
    let rest: Vec<E> = first.remaining(&page).take(PAGES).collect();
    let offset = |list: &E| serde_json::to_value(list).ok().and_then(|it| it["offset"].as_u64());
    let offsets: Vec<u64> = rest.iter().map(|list| offset(list).expect("expected an offset")).collect();
    assert!(offsets.iter().zip(offsets.iter().skip(1)).all(|(one, other)| one < other), "{offsets:?}");
    assert!(rest.is_empty() || first.next(&page).is_some(), "remaining pages after the end of the list");
    are_different(std::iter::once(first).chain(rest));
}

/// Checks the pages after a first page that is part of another object.
fn embedded(body: &[u8]) {
    macro_rules! inside {
        ($($object:ident $read:ident: $($list:ident),+;)+) => {$(
            if let Ok(object) = from_json::<$object>(body) {
                let read: $read = plain();
                $(
                    are_different($list::next_after(&read, &object).into_iter());
                    are_different($list::remaining_after(&read, &object).take(PAGES));
                )+
            }
        )+};
    }
    inside! {
        Album GetAlbum: GetAlbumTracks;
        Audiobook GetAudiobook: GetAudiobookChapters;
        Playlist GetPlaylist: GetPlaylistItems, GetPlaylistTracks;
        Show GetShow: GetShowEpisodes;
    }
}

fn are_different<E: Endpoint>(endpoints: impl Iterator<Item = E>) {
    let mut seen = BTreeSet::new();
    for endpoint in endpoints {
        let uri = endpoint.request(&Origin::api()).uri().to_string();
        assert!(seen.insert(uri.clone()), "the same request is sent twice: {uri}");
    }
}
