//! The user's library: saved and followed objects.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::StatusCode;
use http::header::CONTENT_LENGTH;
use serde_json::{Value, json};

use super::Fake;
use super::api_request::{ApiRequest, base62};
use super::api_response::{ApiResponse, Caching};
use super::data::Catalogue;
use super::ids;
use super::page::Window;
use crate::time;
use spotify_proto::Timestamp;

/// Maximum number of URIs per request.
const URIS_MAX: usize = 40;

/// The saved and followed objects, newest first.
#[derive(Clone, Debug)]
pub(super) struct Library(Vec<Saved>);

/// An object in the library, with the time at which it was added.
#[derive(Clone, Debug)]
struct Saved {
    item: Item,
    at: SystemTime,
}

/// Type and id of an object.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Item {
    pub(super) kind: &'static str,
    pub(super) id: String,
}

impl Library {
    /// Creates the library, which contains 63 tracks, 3 albums, 2 shows, 2 episodes, an audiobook, 22 followed artists,
    /// and a followed playlist.
    pub(super) fn new(catalogue: &Catalogue) -> Self {
        let mut library = Self(Vec::new());
        let tracks = catalogue.tracks.iter().step_by(2).take(63).map(|it| ("track", it.id.as_str()));
        let albums =
            [ids::ALBUM, ids::LONG_ALBUM].into_iter().chain(catalogue.albums.last().map(|it| it.id.as_str()));
        let all = tracks
            .chain(albums.map(|id| ("album", id)))
            .chain(catalogue.shows.iter().map(|it| ("show", it.id.as_str())))
            .chain(catalogue.episodes.iter().take(2).map(|it| ("episode", it.id.as_str())))
            .chain([("audiobook", ids::AUDIOBOOK)])
            .chain(catalogue.artists.iter().take(22).map(|it| ("artist", it.id.as_str())))
            .chain([("playlist", ids::FOREIGN_PLAYLIST)]);
        for (n, (kind, id)) in (0_u64..).zip(all) {
            // One object was added per day, starting on 1 January 2026.
            let at = time::after(UNIX_EPOCH, Duration::from_secs(1_767_225_600 + n * 86_400));
            library.save(Item { kind, id: id.to_owned() }, at);
        }
        library
    }

    /// Returns the ids of a kind, newest first.
    pub(super) fn ids(&self, kind: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |saved| saved.item.kind == kind).map(|saved| saved.item.id.as_str())
    }

    /// Saves an object. Does nothing if the object has already been saved.
    pub(super) fn save(&mut self, item: Item, at: SystemTime) {
        if !self.has(&item) {
            self.0.insert(0, Saved { item, at });
        }
    }

    pub(super) fn remove(&mut self, item: &Item) {
        self.0.retain(|saved| saved.item != *item);
    }

    pub(super) fn has(&self, item: &Item) -> bool {
        self.0.iter().any(|saved| saved.item == *item)
    }
}

/// Formats an instant in the same way as Spotify.
pub(super) fn timestamp(at: SystemTime) -> String {
    let millis = i64::try_from(time::until(at, UNIX_EPOCH).as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_unix_millis(millis - millis % 1000).to_string()
}

/// `save-library-items`
pub(super) fn save(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let items = named(fake, ask)?;
    need_scopes(ask, &items, "modify")?;
    if !items.iter().all(|item| fake.exists(item)) {
        return Err(ApiResponse::not_found());
    }
    items.into_iter().for_each(|item| fake.library.save(item, ask.now));
    Ok(done())
}

/// `remove-library-items`
pub(super) fn remove(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let items = named(fake, ask)?;
    need_scopes(ask, &items, "modify")?;
    items.iter().for_each(|item| fake.library.remove(item));
    Ok(done())
}

/// `check-library-contains`
pub(super) fn contains(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let items = named(fake, ask)?;
    need_scopes(ask, &items, "read")?;
    let known: Vec<bool> = items.iter().map(|item| fake.library.has(item)).collect();
    Ok(ApiResponse::ok(Caching::Library, &json!(known)))
}

/// Returns the response to a library write: a 200 with an empty body.
pub(super) fn done() -> ApiResponse {
    ApiResponse::empty(StatusCode::OK).header(CONTENT_LENGTH, "0")
}

/// Returns the objects in the `uris` query parameter. Ignores a JSON body.
fn named(fake: &Fake, ask: &ApiRequest<'_>) -> Result<Vec<Item>, ApiResponse> {
    let uris = ask.list("uris").ok_or_else(|| ApiResponse::bad_request("Missing required field: uris"))?;
    if uris.is_empty() || uris.len() > URIS_MAX {
        return Err(ApiResponse::bad_request("Too many uris requested"));
    }
    uris.into_iter().map(|uri| item(fake, uri)).collect()
}

fn item(fake: &Fake, uri: &str) -> Result<Item, ApiResponse> {
    const KINDS: &[&str] = &["track", "album", "episode", "show", "audiobook", "artist", "user", "playlist"];
    let parts = uri.strip_prefix("spotify:").and_then(|rest| rest.split_once(':'));
    let (kind, id) = parts.ok_or_else(|| ApiResponse::bad_request(&format!("Invalid uri: {uri}")))?;
    let kind = KINDS.iter().find(|known| **known == kind);
    let kind = *kind.ok_or_else(|| ApiResponse::bad_request("Unsupported uri type"))?;
    if kind != "user" {
        base62(id)?;
    }
    // The URI of an audiobook has the type `show`.
    let is_book = kind == "show" && fake.catalogue.audiobook(id).is_some();
    Ok(Item { kind: if is_book { "audiobook" } else { kind }, id: id.to_owned() })
}

impl Fake {
    /// Returns whether an object exists in the catalogue or among the playlists. All users exist.
    pub(super) fn exists(&self, item: &Item) -> bool {
        let id = item.id.as_str();
        match item.kind {
            "track" => self.catalogue.track(id).is_some(),
            "album" => self.catalogue.album(id).is_some(),
            "episode" => self.catalogue.episode(id).is_some(),
            "show" => self.catalogue.show(id).is_some(),
            "audiobook" => self.catalogue.audiobook(id).is_some(),
            "artist" => self.catalogue.artist(id).is_some(),
            "playlist" => self.playlists.find(id).is_some(),
            _ => true,
        }
    }
}

/// Refuses the request if its token lacks a scope required for these kinds of objects.
fn need_scopes(ask: &ApiRequest<'_>, items: &[Item], verb: &str) -> Result<(), ApiResponse> {
    items.iter().try_for_each(|item| match (item.kind, verb) {
        ("artist" | "user", verb) => ask.need_any(&[&format!("user-follow-{verb}")]),
        ("playlist", "modify") => ask.need_any(&["playlist-modify-public"]),
        ("playlist", _) => ask.need_any(&["playlist-read-private"]),
        (_, verb) => ask.need_any(&[&format!("user-library-{verb}")]),
    })
}

/// `get-users-saved-tracks`
pub(super) fn tracks(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    saved(fake, ask, "track", |id, at| {
        let track = view.catalogue.track(id).map(|it| view.track(it));
        json!({"added_at": at, "track": track})
    })
}

/// `get-users-saved-albums`
pub(super) fn albums(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    saved(fake, ask, "album", |id, at| {
        let tracks = ask.address(format!("albums/{id}/tracks"), &["market"]);
        let album = view.catalogue.album(id).map(|it| view.album(it, &tracks));
        json!({"added_at": at, "album": album})
    })
}

/// `get-users-saved-shows`
pub(super) fn shows(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    saved(fake, ask, "show", |id, at| {
        let show = view.catalogue.show(id).map(|it| view.show_brief(it));
        json!({"added_at": at, "show": show})
    })
}

/// `get-users-saved-episodes`
pub(super) fn episodes(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    saved(fake, ask, "episode", |id, at| {
        let episode = view.catalogue.episode(id).map(|it| view.episode(it));
        json!({"added_at": at, "episode": episode})
    })
}

/// `get-users-saved-audiobooks`: the only list of saved objects whose elements have no `added_at`.
pub(super) fn audiobooks(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    saved(fake, ask, "audiobook", |id, _| {
        view.catalogue.audiobook(id).map_or(Value::Null, |it| view.audiobook_brief(it))
    })
}

fn saved(
    fake: &Fake,
    ask: &ApiRequest<'_>,
    kind: &'static str,
    shape: impl Fn(&str, String) -> Value,
) -> Result<ApiResponse, ApiResponse> {
    let window = ask.window(20, 50)?;
    let all: Vec<_> = fake.library.0.iter().filter(|saved| saved.item.kind == kind).collect();
    let items = window.of(&all).map(|saved| shape(&saved.item.id, timestamp(saved.at)));
    let page = ask.address(format!("me/{kind}s"), &["market"]).page(window, all.len(), items.collect());
    Ok(ApiResponse::ok(Caching::Library, &page))
}

/// `get-followed`: returns a cursor-paginated page nested in an object.
pub(super) fn followed(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    if ask.query("type") != Some("artist") {
        return Err(ApiResponse::bad_request("Invalid type"));
    }
    let limit = ask.limit(20, 50)?;
    let all: Vec<_> = fake.library.ids("artist").collect();
    let offset = match ask.query("after") {
        None => 0,
        Some(after) => {
            base62(after)?;
            all.iter().position(|id| *id == after).map_or(all.len(), |at| at + 1)
        }
    };
    let ids: Vec<_> = Window { offset, limit }.of(&all).copied().collect();
    let after = ids.last().copied().filter(|_| offset + limit < all.len());
    let address = ask.address("me/following", &[]);
    let at = |after: Option<&str>| {
        let after = after.map(|after| ("after", after.to_owned()));
        let fixed = [("type", "artist".to_owned()), ("limit", limit.to_string())];
        address.with(&fixed.into_iter().chain(after).collect::<Vec<_>>())
    };
    let items: Vec<_> =
        ids.iter().filter_map(|id| view.catalogue.artist(id)).map(|it| view.artist(it)).collect();
    let page = json!({
        "cursors": {"after": after},
        "href": at(ask.query("after")),
        "items": items,
        "limit": limit,
        "next": after.map(|after| at(Some(after))),
        "total": all.len(),
    });
    Ok(ApiResponse::ok(Caching::Library, &json!({"artists": page})))
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may panic")]
mod tests {
    use http::{Method, StatusCode};
    use serde_json::json;

    use super::super::tests::{Client, header, message, value, walk};
    use super::super::{Scope, ids};

    #[test]
    fn saved_tracks_are_paginated() {
        let mut client = Client::user();
        let (items, pages) = walk(&mut client, "/v1/me/tracks?limit=50");
        assert_eq!((items.len(), pages), (63, 2));
        let ids: Vec<_> = items.iter().filter_map(|item| item["track"]["id"].as_str()).collect();
        assert!(ids.into_iter().eq(client.fake.saved_tracks()));
        let response = client.get("/v1/me/tracks");
        assert_eq!(header(&response, "cache-control"), Some("private, max-age=0"));
        assert_eq!(header(&response, "vary"), Some("Authorization"));
        assert!(header(&response, "etag").is_some());
    }

    #[test]
    fn uris_are_read_only_from_the_query() {
        let mut client = Client::user();
        let id = client.fake.catalogue.tracks[1].id.clone();
        let uri = format!("spotify:track:{id}");
        let body = json!({"uris": [uri]}).to_string();
        let refused = client.send(Method::PUT, "/v1/me/library", body.as_bytes());
        assert_eq!(
            (refused.status(), message(&refused).as_str()),
            (StatusCode::BAD_REQUEST, "Missing required field: uris")
        );
        let contains = format!("/v1/me/library/contains?uris={uri},spotify:artist:{}", ids::ARTIST);
        assert_eq!(client.json(&contains), json!([false, true]));
        let path = format!("/v1/me/library?uris={}", uri.replace(':', "%3A"));
        let saved = client.send(Method::PUT, &path, b"");
        assert_eq!((saved.status(), saved.body().len()), (StatusCode::OK, 0));
        assert_eq!(client.fake.saved_tracks().next(), Some(id.as_str()));
        assert_eq!(client.json(&contains), json!([true, true]));
        client.send(Method::DELETE, &path, b"");
        assert_eq!(client.json(&contains), json!([false, true]));
    }

    #[test]
    fn a_request_with_more_than_forty_uris_is_refused() {
        let mut client = Client::user();
        let uri = format!("spotify:track:{}", ids::TRACK);
        for (count, status) in [(40, StatusCode::OK), (41, StatusCode::BAD_REQUEST)] {
            let path = format!("/v1/me/library?uris={}", vec![uri.as_str(); count].join(","));
            assert_eq!(client.send(Method::PUT, &path, b"").status(), status);
        }
    }

    #[test]
    fn the_required_scope_depends_on_the_kind_of_object() {
        let mut client = Client::with_scopes(&[Scope::UserLibraryModify]);
        let album = format!("/v1/me/library?uris=spotify:album:{}", ids::ALBUM);
        assert_eq!(client.send(Method::PUT, &album, b"").status(), StatusCode::OK);
        let user = "/v1/me/library?uris=spotify:user:x";
        assert_eq!(message(&client.send(Method::PUT, user, b"")), "Insufficient client scope");
    }

    #[test]
    fn every_kind_of_object_can_be_listed() {
        let mut client = Client::user();
        for (path, total, key) in
            [("/v1/me/albums", 3, "album"), ("/v1/me/shows", 2, "show"), ("/v1/me/episodes", 2, "episode")]
        {
            let page = client.json(path);
            assert_eq!((&page["total"], page["items"][0][key]["type"].as_str()), (&json!(total), Some(key)));
        }
        assert_eq!(client.json("/v1/me/audiobooks")["items"][0]["id"], ids::AUDIOBOOK);
    }

    #[test]
    fn followed_artists_are_cursor_paginated() {
        let mut client = Client::user();
        let (mut seen, mut path) = (0, "/v1/me/following?type=artist&limit=9".to_owned());
        loop {
            let page = value(&client.get(&path));
            let page = &page["artists"];
            seen += page["items"].as_array().map_or(0, Vec::len);
            assert_eq!(page["total"], 22);
            let Some(next) = page["next"].as_str() else { break };
            assert_eq!(page["cursors"]["after"], page["items"][8]["id"]);
            path = next.strip_prefix("https://api.spotify.com").expect("absolute").to_owned();
        }
        assert_eq!(seen, 22);
    }
}
