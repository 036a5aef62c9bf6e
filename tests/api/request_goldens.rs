//! Golden table of the requests of every operation, written from the reference: one row per value.

#![allow(deprecated, reason = "deprecated operations are tested too")]

mod catalogue;
mod user;

use std::collections::BTreeSet;
use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use spotify_proto::api::{Fields, GetAlbumTracks, OPERATIONS};
use spotify_proto::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use spotify_proto::*;

/// A value of an operation with its actual and expected request.
pub(crate) struct Row {
    pub(crate) id: &'static str,
    /// `METHOD /path?query body`
    pub(crate) sent: String,
    pub(crate) expected: &'static str,
    /// The parameters as JSON.
    pub(crate) json: Value,
    /// Error of the JSON round trip; `None` if the result is equal to the value.
    error: Option<String>,
}

fn row<E>(endpoint: E, expected: &'static str) -> Row
where
    E: Endpoint + Serialize + DeserializeOwned + PartialEq + Debug,
{
    let request = endpoint.request(&Origin::api());
    let body = String::from_utf8(request.body().clone()).unwrap();
    let content_type = request.headers().get(CONTENT_TYPE).map(|it| it.to_str().unwrap());
    let length = request.headers().get(CONTENT_LENGTH).map(|it| it.to_str().unwrap());
    let uri = request.uri().to_string();
    let mut sent = format!("{} {}", request.method(), uri.strip_prefix("https://api.spotify.com").unwrap());
    match content_type {
        Some("application/json") => sent.push_str(&format!(" {body}")),
        Some(other) => sent.push_str(&format!(" {other} {body}")),
        None => {
            let is_write = matches!(request.method().as_str(), "PUT" | "POST");
            assert!(
                body.is_empty() && length.is_some() == is_write,
                "{sent}: unexpected body or content length"
            );
        }
    }
    let json = serde_json::to_value(&endpoint).unwrap();
    let error = match serde_json::from_value::<E>(json.clone()) {
        Ok(again) if again == endpoint => None,
        Ok(again) => Some(format!("{json} is read as {again:?}")),
        Err(error) => Some(format!("{json}: {error}")),
    };
    Row { id: E::OPERATION.id, sent, expected, json, error }
}

fn album(n: u8) -> AlbumId {
    format!("Album0000000000000000{n}").parse().unwrap()
}

fn artist(n: u8) -> ArtistId {
    format!("Artist000000000000000{n}").parse().unwrap()
}

fn audiobook(n: u8) -> AudiobookId {
    format!("Audiobook000000000000{n}").parse().unwrap()
}

fn chapter(n: u8) -> ChapterId {
    format!("Chapter00000000000000{n}").parse().unwrap()
}

fn episode(n: u8) -> EpisodeId {
    format!("Episode00000000000000{n}").parse().unwrap()
}

fn playlist() -> PlaylistId {
    "Playlist00000000000001".parse().unwrap()
}

fn show(n: u8) -> ShowId {
    format!("Show00000000000000000{n}").parse().unwrap()
}

fn track(n: u8) -> TrackId {
    format!("Track0000000000000000{n}").parse().unwrap()
}

fn user_id(text: &str) -> UserId {
    text.parse().unwrap()
}

fn category(text: &str) -> CategoryId {
    text.parse().unwrap()
}

fn list<T: std::fmt::Display>(items: impl IntoIterator<Item = T>) -> CommaList<T> {
    CommaList::new(items).unwrap()
}

fn text(text: &str) -> QueryText {
    QueryText::new(text).unwrap()
}

fn uri(text: &str) -> SpotifyUri {
    text.parse().unwrap()
}

fn se() -> Market {
    "SE".parse().unwrap()
}

fn fields() -> Fields {
    Fields::from(text("name,items(item(name,!album))"))
}

pub(crate) fn rows() -> Vec<Row> {
    catalogue::rows().into_iter().chain(user::rows()).collect()
}

#[test]
fn every_request_matches_the_reference() {
    let wrong: Vec<_> = rows()
        .into_iter()
        .filter(|row| row.sent != row.expected)
        .map(|row| format!("{}\n  sent     {}\n  expected {}", row.id, row.sent, row.expected))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_operation_has_a_golden_row() {
    let covered: BTreeSet<_> = rows().iter().map(|row| row.id).collect();
    let missing: Vec<_> = OPERATIONS.iter().filter(|it| !covered.contains(it.id)).map(|it| it.id).collect();
    assert_eq!(missing, [""; 0]);
    assert_eq!(OPERATIONS.len(), 96);
}

#[test]
fn every_endpoint_survives_a_json_round_trip() {
    let errors: Vec<_> = rows().into_iter().filter_map(|row| Some((row.id, row.error?))).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn an_unknown_parameter_in_the_json_is_an_error() {
    for row in rows() {
        let mut json = row.json.clone();
        json.as_object_mut().unwrap().insert("surprise".to_owned(), Value::from(1));
        let known = with_endpoint!(row.id, E => serde_json::from_value::<E>(json.clone()).is_ok(), else true);
        assert!(!known, "{} accepts {json}", row.id);
    }
}

#[test]
fn mutually_exclusive_parameters_are_rejected_in_json_too() {
    for (id, json) in [
        ("start-a-users-playback", r#"{"offset":{"position":1}}"#),
        ("start-a-users-playback", r#"{"context_uri":"spotify:album:Album00000000000000001","uris":[]}"#),
        ("get-recently-played", r#"{"after":1,"before":2}"#),
        ("get-recommendations", "{}"),
        ("get-recommendations", r#"{"seed_genres":["a","b","c","d","e","f"]}"#),
        ("get-recommendations", r#"{"seed_genres":["a"],"min_joy":1}"#),
        ("transfer-a-users-playback", r#"{"device_ids":["a","b"]}"#),
        ("get-followed", r#"{"type":"user"}"#),
        (
            "reorder-or-replace-playlists-items",
            r#"{"playlist_id":"Playlist00000000000001","uris":[],"range_start":1,"insert_before":2}"#,
        ),
        (
            "upload-custom-playlist-cover",
            r#"{"playlist_id":"Playlist00000000000001","image":"data:image/jpeg;base64,AAAA"}"#,
        ),
    ] {
        let taken = with_endpoint!(id, E => serde_json::from_str::<E>(json).is_ok(), else true);
        assert!(!taken, "{id} accepts {json}");
    }
}

/// A manual implementation of an endpoint that the library declares with `endpoint!`.
struct Manual {
    id: AlbumId,
    limit: Option<u32>,
}

impl Endpoint for Manual {
    type Output = model::Page<model::SimplifiedTrack>;

    const OPERATION: Operation =
        Operation::new("get-an-albums-tracks", http::Method::GET, "/v1/albums/{id}/tracks");

    fn target(&self, target: &mut Target) {
        target.path("/v1/albums/{id}/tracks", &[self.id.as_str()]);
        if let Some(limit) = self.limit {
            target.query("limit", limit);
        }
    }

    fn decode(&self, response: ResponseRef<'_>) -> Result<Self::Output, DecodeError> {
        from_json(response.body())
    }
}

#[test]
fn a_manual_endpoint_sends_the_same_request_as_a_declared_one() {
    let get = GetAlbumTracks::new(album(1)).limit(7);
    let manual = Manual { id: album(1), limit: Some(7) };
    assert_eq!(Manual::OPERATION, GetAlbumTracks::OPERATION);
    let (ours, theirs) = (get.request(&Origin::api()), manual.request(&Origin::api()));
    assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
    let response = http::Response::new(r#"{"items":[{"name":"Night Ferry"}],"total":1}"#);
    assert_eq!(get.parse(&response).unwrap(), manual.parse(&response).unwrap());
}
