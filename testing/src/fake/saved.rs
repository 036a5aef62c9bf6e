//! Operations on the library and on followed artists, users and playlists that are available only in extended quota
//! mode.

use http::StatusCode;
use serde_json::{Value, json};

use super::Fake;
use super::api_request::{ApiRequest, base62, member};
use super::api_response::{ApiResponse, Caching};
use super::library::{Item, done};

/// Maximum number of ids per request for albums.
const ALBUMS_MAX: usize = 20;

/// Maximum number of ids per request for other objects.
const IDS_MAX: usize = 50;

macro_rules! family {
    ($($family:ident: $kind:literal, $max:expr;)*) => {$(
        /// Operations that save, remove and check one kind of object.
        pub(super) mod $family {
            use super::*;

            pub(in crate::fake) fn save(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
                super::save(fake, ask, $kind, $max)
            }

            pub(in crate::fake) fn remove(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
                super::remove(fake, ask, $kind, $max)
            }

            pub(in crate::fake) fn contains(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
                super::contains(fake, ask, $kind, $max)
            }
        }
    )*};
}

family! {
    albums: "album", ALBUMS_MAX;
    audiobooks: "audiobook", IDS_MAX;
    episodes: "episode", IDS_MAX;
    shows: "show", IDS_MAX;
    tracks: "track", IDS_MAX;
}

fn save(
    fake: &mut Fake,
    ask: &ApiRequest<'_>,
    kind: &'static str,
    max: usize,
) -> Result<ApiResponse, ApiResponse> {
    let items = named(ask, kind, max)?;
    if !items.iter().all(|item| fake.exists(item)) {
        return Err(ApiResponse::not_found());
    }
    items.into_iter().for_each(|item| fake.library.save(item, ask.now));
    Ok(done())
}

fn remove(
    fake: &mut Fake,
    ask: &ApiRequest<'_>,
    kind: &'static str,
    max: usize,
) -> Result<ApiResponse, ApiResponse> {
    named(ask, kind, max)?.iter().for_each(|item| fake.library.remove(item));
    Ok(done())
}

fn contains(
    fake: &mut Fake,
    ask: &ApiRequest<'_>,
    kind: &'static str,
    max: usize,
) -> Result<ApiResponse, ApiResponse> {
    let saved: Vec<bool> = named(ask, kind, max)?.iter().map(|item| fake.library.has(item)).collect();
    Ok(ApiResponse::ok(Caching::Library, &json!(saved)))
}

/// `follow-artists-users`
pub(super) fn follow(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    save(fake, ask, followee(ask)?, IDS_MAX)?;
    Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
}

/// `unfollow-artists-users`
pub(super) fn unfollow(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    remove(fake, ask, followee(ask)?, IDS_MAX)?;
    Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
}

/// `check-current-user-follows`
pub(super) fn follows(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    contains(fake, ask, followee(ask)?, IDS_MAX)
}

fn followee(ask: &ApiRequest<'_>) -> Result<&'static str, ApiResponse> {
    let kind = ["artist", "user"].into_iter().find(|kind| ask.query("type") == Some(kind));
    kind.ok_or_else(|| ApiResponse::bad_request("Invalid type"))
}

/// `follow-playlist`
pub(super) fn follow_playlist(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let body = ask.json()?;
    // By default, the playlist is shown on the user's profile.
    let is_public = member(&body, "public").as_bool().unwrap_or(true);
    ask.need_any(&[if is_public { "playlist-modify-public" } else { "playlist-modify-private" }])?;
    let item = playlist(fake, ask)?;
    fake.library.save(item, ask.now);
    Ok(done())
}

/// `unfollow-playlist`
pub(super) fn unfollow_playlist(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let item = playlist(fake, ask)?;
    fake.library.remove(&item);
    Ok(done())
}

/// `check-if-user-follows-playlist`: checks the current user and ignores `ids`.
pub(super) fn follows_playlist(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let item = playlist(fake, ask)?;
    Ok(ApiResponse::ok(Caching::Never, &json!([fake.library.has(&item)])))
}

fn playlist(fake: &Fake, ask: &ApiRequest<'_>) -> Result<Item, ApiResponse> {
    let item = Item { kind: "playlist", id: ask.id()?.to_owned() };
    if fake.exists(&item) { Ok(item) } else { Err(ApiResponse::not_found()) }
}

/// Returns the objects listed in `ids` in the query, or in `ids` or `timestamped_ids` in a JSON body.
fn named(ask: &ApiRequest<'_>, kind: &'static str, max: usize) -> Result<Vec<Item>, ApiResponse> {
    let missing = || ApiResponse::bad_request("Missing required field: ids");
    let ids: Vec<String> = match ask.list("ids") {
        Some(ids) => ids.into_iter().map(str::to_owned).collect(),
        None => in_body(&ask.json_or_list()?).ok_or_else(missing)?,
    };
    if ids.is_empty() {
        return Err(missing());
    }
    if ids.len() > max {
        return Err(ApiResponse::bad_request("Too many ids requested"));
    }
    let items = ids.into_iter().map(|id| {
        if kind != "user" {
            base62(&id)?;
        }
        Ok(Item { kind, id })
    });
    items.collect()
}

/// Returns the ids in a body. Refuses a plain list, as Spotify has done since October 2024.
fn in_body(body: &Value) -> Option<Vec<String>> {
    let text = |id: &Value| id.as_str().map(str::to_owned);
    match (member(body, "ids").as_array(), member(body, "timestamped_ids").as_array()) {
        (Some(ids), _) => ids.iter().map(text).collect(),
        (None, Some(ids)) => ids.iter().map(|entry| text(member(entry, "id"))).collect(),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use http::{Method, StatusCode};
    use serde_json::json;

    use super::super::tests::{Client, message};
    use super::super::{Scope, ids};

    fn client() -> Client {
        let mut client = Client::user();
        client.fake.extended(true);
        client
    }

    #[test]
    fn objects_of_each_kind_can_be_removed_saved_and_checked() {
        let mut client = client();
        for (family, id) in [
            ("albums", ids::ALBUM),
            ("audiobooks", ids::AUDIOBOOK),
            ("episodes", ids::EPISODE),
            ("shows", ids::SHOW),
            ("tracks", ids::TRACK),
        ] {
            let target = format!("/v1/me/{family}?ids={id}");
            let contains = format!("/v1/me/{family}/contains?ids={id},{}", ids::UNKNOWN);
            assert_eq!(client.json(&contains), json!([true, false]), "{family}");
            assert_eq!(client.send(Method::DELETE, &target, b"").status(), StatusCode::OK);
            assert_eq!(client.json(&contains), json!([false, false]), "{family}");
            assert_eq!(client.send(Method::PUT, &target, b"").status(), StatusCode::OK);
            assert_eq!(client.json(&contains), json!([true, false]), "{family}");
        }
    }

    #[test]
    fn a_request_may_contain_at_most_twenty_albums_or_fifty_other_objects() {
        let mut client = client();
        for (family, id, max) in
            [("albums", ids::ALBUM, 20), ("tracks", ids::TRACK, 50), ("shows", ids::SHOW, 50)]
        {
            for (count, status) in [(max, StatusCode::OK), (max + 1, StatusCode::BAD_REQUEST)] {
                let target = format!("/v1/me/{family}/contains?ids={}", vec![id; count].join(","));
                assert_eq!(client.get(&target).status(), status, "{family}: {count}");
            }
        }
        let none = client.send(Method::PUT, "/v1/me/albums?ids=", b"");
        assert_eq!(message(&none), "Missing required field: ids");
    }

    #[test]
    fn ids_are_read_from_an_object_in_the_body_but_not_from_a_plain_list() {
        let mut client = client();
        let bare = format!(r#"["{}"]"#, ids::TRACK);
        let refused = client.send(Method::PUT, "/v1/me/tracks", bare.as_bytes());
        assert_eq!(message(&refused), "Missing required field: ids");
        let other = client.fake.catalogue.tracks.get(1).map(|track| track.id.clone()).expect("a track");
        for body in [json!({"ids": [other]}), json!({"timestamped_ids": [{"id": other}]})] {
            client.send(Method::DELETE, &format!("/v1/me/tracks?ids={other}"), b"");
            let saved = client.send(Method::PUT, "/v1/me/tracks", body.to_string().as_bytes());
            assert_eq!(saved.status(), StatusCode::OK);
            assert_eq!(client.fake.saved_tracks().next(), Some(other.as_str()));
        }
    }

    #[test]
    fn following_artists_or_users_returns_204() {
        let mut client = client();
        for (kind, id) in [("artist", ids::ARTIST), ("user", "harbour%23keeper")] {
            let target = format!("/v1/me/following?type={kind}&ids={id}");
            let contains = format!("/v1/me/following/contains?type={kind}&ids={id}");
            for (method, follows) in [(Method::PUT, true), (Method::DELETE, false)] {
                assert_eq!(client.send(method, &target, b"").status(), StatusCode::NO_CONTENT);
                assert_eq!(client.json(&contains), json!([follows]));
            }
        }
        let wrong = client.get(&format!("/v1/me/following/contains?type=album&ids={}", ids::ALBUM));
        assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);
    }

    #[test]
    fn a_playlist_can_be_followed_and_unfollowed() {
        let mut client = client();
        let followers = format!("/v1/playlists/{}/followers", ids::FOREIGN_PLAYLIST);
        let contains = format!("{followers}/contains");
        client.send(Method::DELETE, &followers, b"");
        assert_eq!(client.json(&contains), json!([false]));
        client.send(Method::PUT, &followers, br#"{"public": false}"#);
        assert_eq!(client.json(&contains), json!([true]));
        let mut client = Client::with_scopes(&[Scope::PlaylistModifyPublic]);
        client.fake.extended(true);
        let refused = client.send(Method::PUT, &followers, br#"{"public": false}"#);
        assert_eq!(message(&refused), "Insufficient client scope");
    }
}
