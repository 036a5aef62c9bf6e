//! Tests of the documented bounds of every operation, with values at the bounds and beyond them.

#![allow(deprecated, reason = "deprecated operations are tested too")]

use std::time::UNIX_EPOCH;

use serde_json::{Map, Value, json};

use spotify_proto::PlaylistId;
use spotify_proto::SpotifyUri;
use spotify_proto::api::*;
use spotify_proto::model::Playlist;
use spotify_proto::{App, Call, Error, Session, Step};
use spotify_proto::{CommaList, QueryText};
use spotify_proto::{Endpoint, Operation, Origin, with_endpoint};
use spotify_proto::{ParameterRule, RequestError, RequestRule};

const URI: &str = "spotify:track:6rqhFgbbKwnb9MLmUQDhG6";
const ID: &str = "4aawyAB9vmqN3uQ7FjRGTy";

const PAGE: RequestRule = RequestRule::Range { min: 1, max: 50 };

/// The bounds from the reference. For `limit` of `search` and `get-an-artists-albums`, the bounds of extended quota
/// mode apply.
const TABLE: &[(&str, RequestRule, &[&str])] = &[
    (
        "limit",
        PAGE,
        &[
            "search",
            "get-a-categories-playlists",
            "get-a-list-of-current-users-playlists",
            "get-a-shows-episodes",
            "get-an-albums-tracks",
            "get-an-artists-albums",
            "get-audiobook-chapters",
            "get-categories",
            "get-featured-playlists",
            "get-followed",
            "get-list-users-playlists",
            "get-new-releases",
            "get-playlists-items",
            "get-playlists-tracks",
            "get-recently-played",
            "get-users-saved-albums",
            "get-users-saved-audiobooks",
            "get-users-saved-episodes",
            "get-users-saved-shows",
            "get-users-saved-tracks",
            "get-users-top-artists-and-tracks",
        ],
    ),
    ("limit", RequestRule::Range { min: 1, max: 100 }, &["get-recommendations"]),
    ("offset", RequestRule::Range { min: 0, max: 1000 }, &["search"]),
    (
        "offset",
        RequestRule::Range { min: 0, max: 100_000 },
        &["get-a-list-of-current-users-playlists", "get-list-users-playlists"],
    ),
    ("q", RequestRule::TooLong { max: 250 }, &["search"]),
    ("volume_percent", RequestRule::Range { min: 0, max: 100 }, &["set-volume-for-users-playback"]),
    (
        "ids",
        RequestRule::TooMany { max: 20 },
        &["get-multiple-albums", "save-albums-user", "remove-albums-user", "check-users-saved-albums"],
    ),
    (
        "ids",
        RequestRule::TooMany { max: 50 },
        &[
            "get-multiple-artists",
            "get-multiple-audiobooks",
            "save-audiobooks-user",
            "remove-audiobooks-user",
            "check-users-saved-audiobooks",
            "get-several-chapters",
            "get-multiple-episodes",
            "save-episodes-user",
            "remove-episodes-user",
            "check-users-saved-episodes",
            "get-multiple-shows",
            "save-shows-user",
            "remove-shows-user",
            "check-users-saved-shows",
            "get-several-tracks",
            "save-tracks-user",
            "remove-tracks-user",
            "check-users-saved-tracks",
            "follow-artists-users",
            "unfollow-artists-users",
            "check-current-user-follows",
        ],
    ),
    ("timestamped_ids", RequestRule::TooMany { max: 50 }, &["save-tracks-user"]),
    ("ids", RequestRule::TooMany { max: 100 }, &["get-several-audio-features"]),
    ("ids", RequestRule::TooMany { max: 1 }, &["check-if-user-follows-playlist"]),
    (
        "uris",
        RequestRule::TooMany { max: 40 },
        &["save-library-items", "remove-library-items", "check-library-contains"],
    ),
    (
        "uris",
        RequestRule::TooMany { max: 100 },
        &[
            "add-tracks-to-playlist",
            "add-items-to-playlist",
            "reorder-or-replace-playlists-tracks",
            "reorder-or-replace-playlists-items",
        ],
    ),
    ("tracks", RequestRule::TooMany { max: 100 }, &["remove-tracks-playlist"]),
    ("items", RequestRule::TooMany { max: 100 }, &["remove-items-playlist"]),
];

fn expected(id: &str) -> Vec<(&'static str, RequestRule)> {
    let rows = TABLE.iter().filter(|(_, _, ids)| ids.contains(&id));
    let mut rows: Vec<_> = rows.map(|(name, rule, _)| (*name, *rule)).collect();
    rows.sort_by_key(|(name, _)| *name);
    rows
}

fn declared(id: &str) -> Vec<(&'static str, RequestRule)> {
    let rules: &[ParameterRule] = with_endpoint!(id, E => E::RULES, else panic!("{id} is not an operation"));
    let mut rows: Vec<_> = rules.iter().map(|it| (it.parameter, it.rule)).collect();
    rows.sort_by_key(|(name, _)| *name);
    rows
}

/// Checks an operation with the given JSON parameters.
fn checked(id: &str, parameters: &Map<String, Value>) -> Result<(), RequestError> {
    let json = Value::Object(parameters.clone());
    with_endpoint!(
        id,
        E => serde_json::from_value::<E>(json).unwrap_or_else(|error| panic!("{id}: {error}: {parameters:?}")).check(),
        else panic!("{id} is not an operation")
    )
}

/// Returns valid values for an operation's required parameters, whose names are in the deserialization errors.
fn usual(id: &str) -> Map<String, Value> {
    let mut parameters = Map::new();
    loop {
        let json = Value::Object(parameters.clone());
        let error = with_endpoint!(id, E => serde_json::from_value::<E>(json).err(), else None);
        let Some(error) = error.map(|it| it.to_string()) else { return parameters };
        let missing = error.strip_prefix("missing field `").and_then(|it| it.split('`').next());
        let name = missing.unwrap_or_else(|| panic!("{id}: {error}"));
        let value = match name {
            "uris" => json!([URI]),
            "uri" => json!(URI),
            "items" | "tracks" => json!([{ "uri": URI }]),
            "ids" | "seed_artists" | "device_ids" => json!([ID]),
            "position_ms" | "volume_percent" => json!(0),
            "state" if id.starts_with("toggle") => json!(true),
            "state" => json!("off"),
            "type" if id == "search" => json!(["track"]),
            "type" if id.contains("top") => json!("tracks"),
            "type" => json!("artist"),
            "image" => json!("/9j/"),
            _ => json!(ID),
        };
        assert_eq!(parameters.insert(name.to_owned(), value), None, "{id}: {error}");
    }
}

/// Returns a parameter value of the given size.
fn sized(name: &str, rule: RequestRule, size: u64) -> Value {
    let item = match name {
        "uris" => json!(URI),
        "items" | "tracks" => json!({ "uri": URI }),
        "timestamped_ids" => json!({ "id": ID, "added_at": "2024-01-01T00:00:00Z" }),
        _ => json!(ID),
    };
    let size_of_list = usize::try_from(size).expect("the list should be within the limit");
    match rule {
        RequestRule::TooMany { .. } => Value::Array(vec![item; size_of_list]),
        RequestRule::TooLong { .. } => Value::from("é".repeat(size_of_list)),
        _ => Value::from(size),
    }
}

#[test]
fn every_operation_has_the_documented_bounds() {
    assert_eq!(OPERATIONS.len(), 96);
    for operation in OPERATIONS {
        assert_eq!(declared(operation.id), expected(operation.id), "{}", operation.id);
    }
}

#[test]
fn every_bound_is_enforced_exactly() {
    for operation in OPERATIONS {
        let id = operation.id;
        let usual = usual(id);
        assert_eq!(checked(id, &usual), Ok(()), "{id} {usual:?}");
        for (name, rule) in declared(id) {
            let with = |size: u64| {
                let mut parameters = usual.clone();
                if name == "timestamped_ids" {
                    parameters.remove("ids");
                }
                parameters.insert(name.to_owned(), sized(name, rule, size));
                checked(id, &parameters).map_err(|error| {
                    assert_eq!((error.operation(), error.parameter()), (id, name));
                    (error.value().to_owned(), error.rule())
                })
            };
            let (min, max) = match rule {
                RequestRule::Range { min, max } => (min, max),
                RequestRule::TooMany { max } | RequestRule::TooLong { max } => (1, max),
                other => panic!("{other:?} is not a bound"),
            };
            assert_eq!((with(min), with(max)), (Ok(()), Ok(())), "{id} {name}");
            assert_eq!(with(max + 1), Err(((max + 1).to_string(), rule)), "{id} {name}");
            let is_range = matches!(rule, RequestRule::Range { .. });
            let is_replacement = id.starts_with("reorder-or-replace");
            match min.checked_sub(1) {
                Some(below) if is_range => {
                    assert_eq!(with(below), Err((below.to_string(), rule)), "{id} {name}")
                }
                Some(_) if is_replacement => {
                    assert_eq!(with(0), Ok(()), "{id}: an empty list clears the playlist")
                }
                Some(_) => assert_eq!(with(0), Err(("0".to_owned(), RequestRule::Empty)), "{id} {name}"),
                None => {}
            }
        }
    }
}

#[test]
fn an_empty_optional_string_or_list_is_rejected() {
    let mut checks = 0;
    for operation in OPERATIONS {
        let id = operation.id;
        for (name, value) in [
            ("device_id", json!("")),
            ("locale", json!("")),
            ("fields", json!("")),
            ("snapshot_id", json!("")),
            ("additional_types", json!([])),
            ("include_groups", json!([])),
            ("type", json!([])),
        ] {
            let mut parameters = usual(id);
            parameters.insert(name.to_owned(), value);
            let json = Value::Object(parameters);
            let error = with_endpoint!(
                id,
                E => serde_json::from_value::<E>(json).ok().map(|endpoint| endpoint.check()),
                else None
            );
            let Some(outcome) = error else { continue };
            let error = outcome.expect_err(id);
            assert_eq!((error.parameter(), error.rule()), (name, RequestRule::Empty), "{id}");
            checks += 1;
        }
    }
    assert_eq!(checks, 24, "wrong number of optional strings and lists");
}

#[test]
fn a_list_with_an_empty_item_is_rejected() {
    let genres = ["", "ambient"].map(|genre| Seed::Genre(QueryText::new(genre).expect("short")));
    let error = GetRecommendations::new(genres).check().expect_err("an empty genre should be refused");
    assert_eq!((error.parameter(), error.rule()), ("seed_genres", RequestRule::EmptyItem));
    let error = TransferPlayback::new([QueryText::new("").expect("short")])
        .check()
        .expect_err("an empty id should be refused");
    assert_eq!((error.parameter(), error.rule()), ("device_ids", RequestRule::EmptyItem));
}

/// `DELETE /v1/playlists//followers` would name a different resource.
#[test]
fn an_empty_id_from_a_response_is_not_sent() {
    let playlist: Playlist =
        serde_json::from_value(json!({"id": "", "name": "p"})).expect("expected a playlist");
    // If the model omits the empty id, there is no request to check.
    if let Some(id) = playlist.id {
        let error = UnfollowPlaylist::new(id).check().expect_err("an empty id should be refused");
        assert_eq!((error.parameter(), error.rule()), ("playlist_id", RequestRule::Empty));
    }
}

#[test]
fn requests_that_the_server_would_reject_with_400_are_not_sent() {
    let message =
        |outcome: Result<(), RequestError>| outcome.expect_err("the request should be refused").to_string();
    let text = |len: usize| QueryText::new("a".repeat(len)).expect("the text should fit in a query");
    assert_eq!(
        message(Search::new(text(300), [ItemType::Track]).check()),
        "invalid request search: `q` has 300 characters, expected at most 250"
    );
    assert_eq!(message(Search::new(text(5), []).check()), "invalid request search: `type` is empty");
    assert_eq!(
        message(GetSavedTracks::new().limit(0).check()),
        "invalid request get-users-saved-tracks: `limit` is 0, expected 1 to 50"
    );
    assert_eq!(
        message(GetSavedTracks::new().limit(51).check()),
        "invalid request get-users-saved-tracks: `limit` is 51, expected 1 to 50"
    );
    let none: CommaList<SpotifyUri> = CommaList::new([]).expect("expected an empty list");
    assert_eq!(
        message(SaveLibraryItems::new(none).check()),
        "invalid request save-library-items: `uris` is empty"
    );
    assert_eq!(
        message(StartPlayback::new(Play::uris([])).check()),
        "invalid request start-a-users-playback: `uris` is empty"
    );
    assert_eq!(StartPlayback::resume().check(), Ok(()));
}

#[test]
fn a_cover_that_is_not_a_jpeg_file_is_rejected() {
    let playlist: PlaylistId = ID.parse().expect("expected an id");
    let check = |bytes: &[u8]| {
        let image = CoverImage::from_jpeg(bytes).expect("short enough");
        UploadPlaylistCover::new(&playlist, image).check().map_err(|error| error.rule())
    };
    assert_eq!(check(b"\xff\xd8\xff\xe0more"), Ok(()));
    assert_eq!(check(b"\xff\xd8\xff"), Ok(()));
    for other in [&b"\xff\xd8"[..], b"\x89PNG\r\n", b"GIF89a", b"RIFF", b"\xff\xd8\xfe\xff"] {
        assert_eq!(check(other), Err(RequestRule::NotJpeg), "{other:?}");
    }
    assert_eq!(check(b""), Err(RequestRule::Empty));
}

#[test]
fn attributes_of_recommendations_are_checked_against_their_ranges() {
    let seed = || Seed::Track("6rqhFgbbKwnb9MLmUQDhG6".parse().expect("expected an id"));
    for (attribute, max) in [(Attribute::Energy, 1), (Attribute::Key, 11), (Attribute::Popularity, 100)] {
        let get = |value| GetRecommendations::new(seed()).target(attribute, value).check();
        let rule = Err(RequestRule::Range { min: 0, max });
        assert_eq!((get(0.0), get(max as f64)), (Ok(()), Ok(())), "{attribute}");
        assert_eq!(get(-0.01).map_err(|error| error.rule()), rule, "{attribute}");
        assert_eq!(get(max as f64 + 0.01).map_err(|error| error.rule()), rule, "{attribute}");
    }
    let loud = GetRecommendations::new(seed()).min(Attribute::Loudness, -60.0);
    assert_eq!(loud.check(), Ok(()), "the reference does not specify a range");
}

#[test]
fn the_batches_of_a_list_above_the_limit_are_valid() {
    let playlist: PlaylistId = ID.parse().expect("expected an id");
    let uri: SpotifyUri = URI.parse().expect("expected a URI");
    let mut add = AddPlaylistItems::new(&playlist, vec![uri; 101]);
    assert!(add.check().is_err());
    assert_eq!(add.clone().batches().expect("expected a batch").check(), Ok(()));
    add.playlist_id = playlist;
    assert_eq!(add.uris.len(), 101, "parameters must be accessible");
}

/// A custom endpoint with any route, path values and query length.
struct Custom(&'static str, &'static [&'static str], usize);

impl Endpoint for Custom {
    type Output = ();

    const OPERATION: Operation = Operation::new("custom", http::Method::GET, "/v1/custom");

    fn target(&self, target: &mut spotify_proto::Target) {
        target.path(self.0, self.1);
        target.query("text", "x".repeat(self.2));
    }

    fn decode(&self, _: spotify_proto::ResponseRef<'_>) -> Result<(), spotify_proto::DecodeError> {
        Ok(())
    }
}

#[test]
fn a_custom_endpoint_with_an_invalid_target_is_rejected() {
    let check = |route, values, len| {
        let outcome = Custom(route, values, len).try_request(&Origin::api()).map(drop);
        outcome.map_err(|error| (error.operation(), error.parameter().to_owned(), error.rule()))
    };
    let route = "/v1/users/{name}/x";
    let refused = |parameter: &str, rule| Err(("custom", parameter.to_owned(), rule));
    assert_eq!(check(route, &["anna"], 9), Ok(()));
    assert_eq!(check(route, &[], 9), refused("name", RequestRule::Missing));
    assert_eq!(check(route, &[""], 9), refused("name", RequestRule::Empty));
    assert_eq!(check(route, &["."], 9), refused("name", RequestRule::DotSegment));
    assert_eq!(check(route, &[".."], 9), refused("name", RequestRule::DotSegment));
    assert_eq!(check(route, &["a", "b"], 9), refused(route, RequestRule::Unplaced));
    assert_eq!(check(route, &["anna"], 60_001), refused("text", RequestRule::TooLarge { max: 60_000 }));
}

#[test]
fn a_call_with_an_invalid_target_is_not_sent_even_without_checks() {
    let start = |call: Call<()>| {
        let (mut app, mut session) = (App::without_credentials(), Session::from_access_token("BQDaccess"));
        call.start(&mut app, &mut session, UNIX_EPOCH)
    };
    let invalid = || Custom("/v1/users/{name}/x", &[".."], 9);
    for call in [Call::new(invalid()), Call::new(invalid()).unchecked()] {
        assert!(call.key(&App::without_credentials(), "app").is_none());
        let step = start(call);
        let Step::Done(Err(Error::Request(error))) = step else { panic!("expected an error, got {step:?}") };
        assert_eq!((error.operation(), error.rule()), ("custom", RequestRule::DotSegment));
    }
    assert!(matches!(start(Call::new(Custom("/v1/users/{name}/x", &["anna"], 9))), Step::Send(..)));
}
