//! Tests that call every operation of the fake, in both quota modes.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::StatusCode;
use serde_json::{Value, json};
use spotify_proto::api::OPERATIONS;
use spotify_proto::{Call, Error, ForbiddenReason, Scope, Step, with_endpoint};
use spotify_proto_testing::fake::{Fake, ids};

use crate::support::World;

/// Executes a call in memory; the clock advances only by the delays of the call.
fn drive<T>(call: Call<T>, world: &mut World, spotify: &mut Fake, now: &mut SystemTime) -> Result<T, Error> {
    let mut step = world.start(call, *now);
    loop {
        step = match step {
            Step::Send(request, exchange) => {
                let response = spotify
                    .respond(&request, *now)
                    .expect("the fake should respond, because no failure is scripted");
                world.receive(exchange, response, *now)
            }
            Step::Wait(delay, waiting) => {
                *now += delay.duration;
                world.resume(waiting, *now)
            }
            Step::Authorize(..) => panic!("unexpected token step of a session without a refresh token"),
            Step::Done(result) => return result.map(|reply| reply.value),
        }
    }
}

fn uri(kind: &str, id: &str) -> String {
    format!("spotify:{kind}:{id}")
}

/// Returns the parameters of each current operation, in an order in which all calls can succeed.
fn parameters() -> Vec<(&'static str, Value)> {
    let playlist = |more: Value| {
        let mut all = json!({ "playlist_id": ids::PLAYLIST });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let track = uri("track", ids::TRACK);
    vec![
        ("get-an-album", json!({ "id": ids::ALBUM, "market": "SE" })),
        ("get-an-albums-tracks", json!({ "id": ids::LONG_ALBUM, "limit": 50, "offset": 50 })),
        ("get-an-artist", json!({ "id": ids::ARTIST })),
        ("get-an-artists-albums", json!({ "id": ids::ARTIST, "include_groups": ["album", "single"] })),
        ("get-a-show", json!({ "id": ids::SHOW })),
        ("get-a-shows-episodes", json!({ "id": ids::SHOW })),
        ("get-an-episode", json!({ "id": ids::EPISODE })),
        ("get-an-audiobook", json!({ "id": ids::AUDIOBOOK })),
        ("get-audiobook-chapters", json!({ "id": ids::AUDIOBOOK })),
        ("get-users-saved-audiobooks", json!({})),
        ("get-a-chapter", json!({ "id": ids::CHAPTER })),
        ("get-track", json!({ "id": ids::TRACK })),
        (
            "search",
            json!({ "q": "a", "type": ["album", "artist", "playlist", "track", "show", "episode", "audiobook"] }),
        ),
        ("get-current-users-profile", json!({})),
        ("get-playlist", playlist(json!({}))),
        ("change-playlist-details", playlist(json!({ "name": "Renamed" }))),
        ("get-playlists-items", playlist(json!({ "limit": 50 }))),
        ("add-items-to-playlist", playlist(json!({ "uris": [track], "position": 0 }))),
        ("reorder-or-replace-playlists-items", playlist(json!({ "range_start": 0, "insert_before": 3 }))),
        ("remove-items-playlist", playlist(json!({ "items": [{ "uri": track }] }))),
        ("get-a-list-of-current-users-playlists", json!({})),
        ("create-playlist", json!({ "name": "New", "public": false })),
        ("save-library-items", json!({ "uris": [track, uri("album", ids::ALBUM)] })),
        ("check-library-contains", json!({ "uris": [track] })),
        ("remove-library-items", json!({ "uris": [track] })),
        ("get-users-saved-albums", json!({})),
        ("get-users-saved-tracks", json!({})),
        ("get-users-saved-episodes", json!({})),
        ("get-users-saved-shows", json!({})),
        ("get-users-top-artists-and-tracks", json!({ "type": "artists" })),
        ("get-playlist-cover", playlist(json!({}))),
        ("upload-custom-playlist-cover", playlist(json!({ "image": "/9j/AA==" }))),
        ("get-followed", json!({ "type": "artist" })),
        ("get-information-about-the-users-current-playback", json!({})),
        ("transfer-a-users-playback", json!({ "device_ids": [ids::OTHER_DEVICE], "play": true })),
        ("get-a-users-available-devices", json!({})),
        ("get-the-users-currently-playing-track", json!({})),
        (
            "start-a-users-playback",
            json!({ "context_uri": uri("album", ids::ALBUM), "offset": { "position": 1 } }),
        ),
        ("pause-a-users-playback", json!({})),
        ("skip-users-playback-to-next-track", json!({})),
        ("skip-users-playback-to-previous-track", json!({})),
        ("seek-to-position-in-currently-playing-track", json!({ "position_ms": 1000 })),
        ("set-repeat-mode-on-users-playback", json!({ "state": "context" })),
        ("set-volume-for-users-playback", json!({ "volume_percent": 30, "device_id": ids::DEVICE })),
        ("toggle-shuffle-for-users-playback", json!({ "state": true })),
        ("get-recently-played", json!({})),
        ("get-queue", json!({})),
        ("add-to-queue", json!({ "uri": track })),
    ]
}

/// Returns the parameters of each operation that is available only in extended quota mode.
fn extended_parameters() -> Vec<(&'static str, Value)> {
    let track = uri("track", ids::TRACK);
    let playlist = json!({ "playlist_id": ids::PRIVATE_PLAYLIST });
    let mut rows = vec![
        ("get-an-artists-top-tracks", json!({ "id": ids::ARTIST, "market": "SE" })),
        ("get-an-artists-related-artists", json!({ "id": ids::ARTIST })),
        ("get-playlists-tracks", playlist.clone()),
        (
            "add-tracks-to-playlist",
            json!({ "playlist_id": ids::PRIVATE_PLAYLIST, "uris": [track], "position": 0 }),
        ),
        (
            "reorder-or-replace-playlists-tracks",
            json!({ "playlist_id": ids::PRIVATE_PLAYLIST, "range_start": 0, "insert_before": 3 }),
        ),
        (
            "remove-tracks-playlist",
            json!({ "playlist_id": ids::PRIVATE_PLAYLIST, "tracks": [{ "uri": track }] }),
        ),
        ("get-users-profile", json!({ "user_id": ids::OTHER_USER })),
        ("get-list-users-playlists", json!({ "user_id": ids::OTHER_USER })),
        ("create-playlist-for-user", json!({ "user_id": ids::USER, "name": "New" })),
        ("follow-playlist", playlist.clone()),
        (
            "check-if-user-follows-playlist",
            json!({ "playlist_id": ids::PRIVATE_PLAYLIST, "ids": [ids::USER] }),
        ),
        ("unfollow-playlist", playlist),
        ("get-featured-playlists", json!({})),
        ("get-categories", json!({})),
        ("get-a-category", json!({ "category_id": "party" })),
        ("get-a-categories-playlists", json!({ "category_id": "party" })),
        ("get-new-releases", json!({ "limit": 50 })),
        ("get-audio-features", json!({ "id": ids::TRACK })),
        ("get-audio-analysis", json!({ "id": ids::TRACK })),
        ("get-recommendations", json!({ "seed_tracks": [ids::TRACK], "limit": 100 })),
        ("get-recommendation-genres", json!({})),
        ("get-available-markets", json!({})),
    ];
    for (operations, id) in [
        (
            &["get-multiple-albums", "save-albums-user", "remove-albums-user", "check-users-saved-albums"][..],
            ids::ALBUM,
        ),
        (&["get-multiple-artists"], ids::ARTIST),
        (
            &["get-multiple-shows", "save-shows-user", "remove-shows-user", "check-users-saved-shows"],
            ids::SHOW,
        ),
        (
            &[
                "get-multiple-episodes",
                "save-episodes-user",
                "remove-episodes-user",
                "check-users-saved-episodes",
            ],
            ids::EPISODE,
        ),
        (
            &[
                "get-multiple-audiobooks",
                "save-audiobooks-user",
                "remove-audiobooks-user",
                "check-users-saved-audiobooks",
            ],
            ids::AUDIOBOOK,
        ),
        (&["get-several-chapters"], ids::CHAPTER),
        (
            &[
                "get-several-tracks",
                "save-tracks-user",
                "remove-tracks-user",
                "check-users-saved-tracks",
                "get-several-audio-features",
            ],
            ids::TRACK,
        ),
    ] {
        rows.extend(operations.iter().map(|operation| (*operation, json!({ "ids": [id] }))));
    }
    let artists = json!({ "type": "artist", "ids": [ids::ARTIST] });
    let follows = ["follow-artists-users", "unfollow-artists-users", "check-current-user-follows"];
    rows.extend(follows.map(|operation| (operation, artists.clone())));
    rows
}

/// Calls the operation in each row; returns the sorted ids of the operations.
fn call_all(spotify: &mut Fake, rows: Vec<(&'static str, Value)>) -> Vec<&'static str> {
    let mut now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
    let token = spotify.user_token(Scope::ALL, now);
    let mut world = World::fixed(&token);
    let mut called = Vec::new();
    for (id, parameters) in rows {
        with_endpoint!(id, E => {
            let endpoint: E = serde_json::from_value(parameters).unwrap_or_else(|error| panic!("{id}: {error}"));
            let result = drive(Call::new(endpoint.clone()), &mut world, spotify, &mut now);
            result.unwrap_or_else(|error| panic!("{id}: {error:?}"));
        }, else panic!("unknown operation {id}"));
        called.push(id);
    }
    called.sort_unstable();
    called
}

#[test]
fn every_current_operation_succeeds_against_the_fake() {
    let called = call_all(&mut Fake::new(), parameters());
    let mut current: Vec<_> = OPERATIONS.iter().filter(|it| !it.is_deprecated()).map(|it| it.id).collect();
    assert_eq!(current.len(), 48);
    current.sort_unstable();
    assert_eq!(called, current);
}

#[test]
#[allow(deprecated, reason = "operations that are not available in development mode are tested too")]
fn every_operation_succeeds_in_extended_quota_mode() {
    let mut spotify = Fake::new();
    spotify.extended(true);
    let called = call_all(&mut spotify, parameters().into_iter().chain(extended_parameters()).collect());
    let mut all: Vec<_> = OPERATIONS.iter().map(|it| it.id).collect();
    assert_eq!(all.len(), 96);
    all.sort_unstable();
    assert_eq!(called, all);
}

#[test]
#[allow(deprecated, reason = "the test calls removed operations")]
fn operations_that_are_not_available_in_development_mode_are_reported_as_removed() {
    let (mut spotify, mut now) = (Fake::new(), UNIX_EPOCH + Duration::from_secs(1_790_000_000));
    let mut world = World::fixed(&spotify.user_token(Scope::ALL, now));
    let rows = extended_parameters();
    assert_eq!(rows.len(), 48);
    for (id, parameters) in rows {
        let result = with_endpoint!(id, E => {
            let endpoint: E = serde_json::from_value(parameters).unwrap_or_else(|error| panic!("{id}: {error}"));
            drive(Call::new(endpoint.clone()), &mut world, &mut spotify, &mut now).map(drop)
        }, else panic!("unknown operation {id}"));
        let Err(Error::Api(error)) = result else { panic!("{id}: {result:?}") };
        match id {
            "get-recommendations" => assert_eq!(error.status(), StatusCode::NOT_FOUND),
            _ => assert_eq!(error.forbidden(), Some(ForbiddenReason::OperationRemoved), "{id}"),
        }
    }
}
