//! Compares the caching headers in the fake's responses with recordings since 2024, by family of operations.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use spotify_proto::Scope;
use spotify_proto::api::OPERATIONS;
use spotify_proto::http::header::{AUTHORIZATION, CONTENT_LENGTH, IF_NONE_MATCH};
use spotify_proto::http::{Method, Request, Response};
use spotify_proto_testing::fake::{Fake, InjectedFault, ids};

use crate::responses::fixtures;

const NOW: SystemTime = UNIX_EPOCH;

/// The value of `Cache-Control`, whether there is an entity tag, and the value of `Vary`.
type Family = (Option<&'static str>, bool, Option<&'static str>);

/// Headers of music, audiobooks, playlists and search results.
const CATALOGUE: Family = (Some("public, max-age=0"), true, None);
/// Headers of shows and episodes.
const SPOKEN: Family = (Some("public, max-age=60"), true, None);
/// Headers of the user's saved items and followed artists.
const LIBRARY: Family = (Some("private, max-age=0"), true, Some("Authorization"));
/// Headers of the user's playlists, which the server marks as public.
const OWN_PLAYLISTS: Family = (Some("public, max-age=0"), true, Some("Authorization"));
/// Headers of the player, the user's profile and top items, writes, and errors.
const PLAIN: Family = (Some("private, max-age=0"), false, None);
/// Responses that do not have caching headers in the recordings.
const SILENT: Family = (None, false, None);

/// Returns every read operation that is available in development mode.
fn reads() -> Vec<(&'static str, String, Family)> {
    let (album, artist, show, playlist) = (ids::ALBUM, ids::ARTIST, ids::SHOW, ids::PLAYLIST);
    let uri = format!("spotify:track:{}", ids::TRACK);
    vec![
        ("get-an-album", format!("albums/{album}"), CATALOGUE),
        ("get-an-albums-tracks", format!("albums/{album}/tracks"), CATALOGUE),
        ("get-an-artist", format!("artists/{artist}"), CATALOGUE),
        ("get-an-artists-albums", format!("artists/{artist}/albums"), CATALOGUE),
        ("get-track", format!("tracks/{}", ids::TRACK), CATALOGUE),
        ("get-an-audiobook", format!("audiobooks/{}", ids::AUDIOBOOK), CATALOGUE),
        ("get-audiobook-chapters", format!("audiobooks/{}/chapters", ids::AUDIOBOOK), CATALOGUE),
        ("get-a-chapter", format!("chapters/{}", ids::CHAPTER), CATALOGUE),
        ("search", "search?q=a&type=album".into(), CATALOGUE),
        ("get-a-show", format!("shows/{show}"), SPOKEN),
        ("get-a-shows-episodes", format!("shows/{show}/episodes"), SPOKEN),
        ("get-an-episode", format!("episodes/{}", ids::EPISODE), SPOKEN),
        ("get-playlist", format!("playlists/{playlist}"), CATALOGUE),
        ("get-playlists-items", format!("playlists/{playlist}/items"), CATALOGUE),
        ("get-playlist-cover", format!("playlists/{playlist}/images"), CATALOGUE),
        ("get-a-list-of-current-users-playlists", "me/playlists".into(), OWN_PLAYLISTS),
        ("get-users-saved-albums", "me/albums".into(), LIBRARY),
        ("get-users-saved-audiobooks", "me/audiobooks".into(), LIBRARY),
        ("get-users-saved-episodes", "me/episodes".into(), LIBRARY),
        ("get-users-saved-shows", "me/shows".into(), LIBRARY),
        ("get-users-saved-tracks", "me/tracks".into(), LIBRARY),
        ("check-library-contains", format!("me/library/contains?uris={uri}"), LIBRARY),
        ("get-followed", "me/following?type=artist".into(), LIBRARY),
        ("get-current-users-profile", "me".into(), PLAIN),
        ("get-users-top-artists-and-tracks", "me/top/artists".into(), PLAIN),
        ("get-information-about-the-users-current-playback", "me/player".into(), PLAIN),
        ("get-the-users-currently-playing-track", "me/player/currently-playing".into(), PLAIN),
        ("get-a-users-available-devices", "me/player/devices".into(), PLAIN),
        ("get-queue", "me/player/queue".into(), PLAIN),
        ("get-recently-played", "me/player/recently-played".into(), PLAIN),
    ]
}

struct Client {
    spotify: Fake,
    token: String,
}

impl Client {
    fn new() -> Self {
        let mut spotify = Fake::new();
        let token = spotify.user_token(Scope::ALL, NOW);
        Self { spotify, token }
    }

    fn send(&mut self, method: Method, target: &str, body: &str, known: Option<&str>) -> Response<Vec<u8>> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("https://api.spotify.com/v1/{target}"))
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .header(CONTENT_LENGTH, body.len());
        if let Some(known) = known {
            request = request.header(IF_NONE_MATCH, known);
        }
        let request = request.body(body.as_bytes().to_vec()).unwrap();
        self.spotify.respond(&request, NOW).expect("the fake should respond without a scripted failure")
    }

    fn get(&mut self, target: &str, known: Option<&str>) -> Response<Vec<u8>> {
        self.send(Method::GET, target, "", known)
    }
}

fn header<'a>(response: &'a Response<Vec<u8>>, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

/// Returns the caching headers of a response, and checks the form of the entity tag.
fn family(response: &Response<Vec<u8>>) -> (Option<&str>, bool, Option<&str>) {
    let tag = header(response, "etag");
    if let Some(tag) = tag {
        assert!(tag.starts_with("\"MC-") && tag.ends_with('"') && tag.len() == 53, "{tag}");
    }
    (header(response, "cache-control"), tag.is_some(), header(response, "vary"))
}

#[test]
fn every_read_has_the_caching_headers_of_its_family() {
    let mut client = Client::new();
    for (id, target, expected) in reads() {
        let response = client.get(&target, None);
        assert_eq!((response.status().as_u16(), family(&response)), (200, expected), "{id}");
    }
    let listed: BTreeSet<_> = reads().iter().map(|(id, ..)| *id).collect();
    let current = OPERATIONS.iter().filter(|it| it.method == Method::GET && !it.is_deprecated());
    assert_eq!(listed, current.map(|it| it.id).collect(), "wrong number of operations in the table");
}

#[test]
fn only_responses_with_a_tag_are_revalidated_with_a_304() {
    let mut client = Client::new();
    for (id, target, expected) in reads() {
        let first = client.get(&target, None);
        let before = client.spotify.stats();
        let again = client.get(&target, Some(header(&first, "etag").unwrap_or("\"MC-unknown\"")));
        let after = client.spotify.stats();
        assert_eq!(family(&again), expected, "{id}: the 304 should have the caching headers of the 200");
        assert_eq!(header(&again, "etag"), header(&first, "etag"), "{id}");
        let counts = (
            again.status().as_u16(),
            after.not_modified - before.not_modified,
            after.body_bytes - before.body_bytes,
            after.saved_bytes - before.saved_bytes,
        );
        let len = first.body().len();
        let expected = if expected.1 { (304, 1, 0, len) } else { (200, 0, len, 0) };
        assert_eq!(counts, expected, "{id}");
        assert_eq!(header(&again, "content-type").is_some(), again.status() != 304, "{id}");
    }
}

/// Some responses recorded before 2024 do not have the tags of current responses, so families with tags are compared
/// only with recordings that have a tag.
#[test]
fn recordings_have_the_caching_headers_of_their_operation_family() {
    // The recordings in this repository are skipped, because their headers are invented.
    let Some(recordings) = fixtures::corpus() else { return };
    let mut count = 0;
    for it in recordings {
        let reads = reads();
        let Some((.., expected)) = reads.iter().find(|(id, ..)| *id == it.operation) else { continue };
        let control = header(&it.response, "cache-control");
        let has_tag = header(&it.response, "etag").is_some();
        if it.response.status() != 200 || control.is_none() || (expected.1 && !has_tag) {
            continue;
        }
        // The fake does not compress responses, so they do not vary by `Accept-Encoding`.
        let vary = header(&it.response, "vary").map(|vary| vary.trim_end_matches("Accept-Encoding"));
        let vary = vary.map(|vary| vary.trim_end_matches(", ")).filter(|vary| !vary.is_empty());
        assert_eq!((control, has_tag, vary), *expected, "{}", it.name);
        count += 1;
    }
    fixtures::say(&format!("{count} recordings have the caching headers of the fake's responses"));
    assert!(count > 30, "only {count} recordings have caching headers");
}

#[test]
fn item_lists_of_extended_quota_mode_have_the_caching_headers_of_playlists() {
    let mut client = Client::new();
    client.spotify.extended(true);
    let response = client.get(&format!("playlists/{}/tracks", ids::PLAYLIST), None);
    assert_eq!((response.status().as_u16(), family(&response)), (200, CATALOGUE));
}

#[test]
fn writes_have_no_entity_tag() {
    let mut client = Client::new();
    let (playlist, uri) = (ids::PLAYLIST, format!("spotify:track:{}", ids::TRACK));
    let add = format!("{{\"uris\":[\"{uri}\"]}}");
    for (method, target, body, status) in [
        (Method::PUT, format!("me/library?uris={uri}"), "", 200),
        (Method::DELETE, format!("me/library?uris={uri}"), "", 200),
        (Method::PUT, format!("playlists/{playlist}"), "{\"name\":\"Renamed\"}", 200),
        (Method::POST, format!("playlists/{playlist}/items"), &*add, 201),
        (Method::POST, "me/playlists".into(), "{\"name\":\"New\"}", 201),
        (Method::PUT, format!("playlists/{playlist}/images"), "/9j/2Q==", 202),
        (Method::PUT, "me/player/play".into(), "", 204),
        (Method::POST, "me/player/next".into(), "", 204),
    ] {
        let response = client.send(method, &target, body, Some("*"));
        assert_eq!((response.status().as_u16(), family(&response)), (status, PLAIN), "{target}");
    }
}

#[test]
fn errors_have_no_tag_and_token_and_limit_errors_have_no_caching_headers() {
    let mut client = Client::new();
    let (album, unknown) = (format!("albums/{}", ids::ALBUM), format!("albums/{}", ids::UNKNOWN));
    for (fault, target, status, expected) in [
        (None, "albums/short", 400, PLAIN),
        (None, "albums?ids=x", 403, PLAIN),
        (None, &*unknown, 404, PLAIN),
        (None, "no/such/operation", 404, PLAIN),
        (Some(InjectedFault::ExpiredToken), &album, 401, SILENT),
        (Some(InjectedFault::rate_limited(3)), &album, 429, SILENT),
        (Some(InjectedFault::quota_exceeded(3)), &album, 429, SILENT),
        (Some(InjectedFault::BadGatewayHtml), &album, 502, SILENT),
    ] {
        let status = (status, expected);
        // Each request uses a new token, because one of the injected errors invalidates the token.
        client.token = client.spotify.user_token(Scope::ALL, NOW);
        client.spotify.script(fault);
        let response = client.get(target, Some("*"));
        assert_eq!((response.status().as_u16(), family(&response)), status, "{target}");
    }
    assert_eq!((client.spotify.stats().not_modified, client.spotify.stats().saved_bytes), (0, 0));
}
