//! Profiles and playlists of users by id, which are available only in extended quota mode.

use http::StatusCode;
use serde_json::{Value, json};

use super::Fake;
use super::api_request::ApiRequest;
use super::api_response::{ApiResponse, Caching};
use super::ids;
use super::json::with;
use super::playlist_edits;
use super::profile::owner;

/// `get-users-profile`
pub(super) fn profile(_: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let body = with(owner(user(ask)?), json!({"followers": {"href": null, "total": 12}, "images": []}));
    Ok(ApiResponse::ok(Caching::Public, &body))
}

/// `get-list-users-playlists`: the public playlists of the user, and the private playlists if it is the current user.
pub(super) fn playlists(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let user = user(ask)?;
    let window = ask.window(20, 50)?;
    let sees_private = ask.has_scope("playlist-read-private");
    let is_listed = |playlist: &&super::playlists::Playlist| {
        playlist.owner == user && (playlist.is_public || sees_private && playlist.is_own(ask))
    };
    let all: Vec<_> = fake.playlists.0.iter().filter(is_listed).collect();
    let items: Vec<Value> = window.of(&all).map(|playlist| playlist.brief()).collect();
    let path = super::page::escaped(&["users", user, "playlists"]);
    let page = ask.address(path, &[]).page(window, all.len(), items);
    Ok(ApiResponse::ok(Caching::PublicByUser, &page))
}

/// `create-playlist-for-user`
pub(super) fn create_playlist(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    if user(ask)? != ids::USER {
        return Err(ApiResponse::error(
            StatusCode::FORBIDDEN,
            "You cannot create a playlist for another user",
        ));
    }
    playlist_edits::create(fake, ask)
}

/// Returns the user specified in the path.
fn user(ask: &ApiRequest<'_>) -> Result<&'static str, ApiResponse> {
    [ids::USER, ids::OTHER_USER].into_iter().find(|id| *id == ask.param()).ok_or_else(ApiResponse::not_found)
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may panic")]
mod tests {
    use http::{Method, StatusCode};

    use super::super::tests::{Client, message};
    use super::super::{Scope, ids};

    #[test]
    fn a_profile_requested_by_id_has_only_public_fields() {
        let mut client = Client::user();
        client.fake.extended(true);
        let other = client.json("/v1/users/harbour%23keeper");
        assert_eq!((&other["id"], other.get("email")), (&ids::OTHER_USER.into(), None));
        assert_eq!(client.get("/v1/users/stranger").status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn private_playlists_are_listed_only_for_their_owner() {
        let target = format!("/v1/users/{}/playlists", ids::USER);
        for (scopes, total) in [(&[Scope::PlaylistReadPrivate][..], 2), (&[], 1)] {
            let mut client = Client::with_scopes(scopes);
            client.fake.extended(true);
            assert_eq!(client.json(&target)["total"], total);
        }
        let mut client = Client::user();
        client.fake.extended(true);
        let others = client.json("/v1/users/harbour%23keeper/playlists?limit=1");
        let href = "https://api.spotify.com/v1/users/harbour%23keeper/playlists?offset=0&limit=1";
        assert_eq!((&others["total"], &others["href"]), (&1.into(), &href.into()));
    }

    #[test]
    fn a_playlist_cannot_be_created_for_another_user() {
        let mut client = Client::user();
        client.fake.extended(true);
        let mut create = |user: &str| {
            client.send(Method::POST, &format!("/v1/users/{user}/playlists"), br#"{"name": "Ferry"}"#)
        };
        assert_eq!(create(ids::USER).status(), StatusCode::CREATED);
        let refused = create("harbour%23keeper");
        assert_eq!(message(&refused), "You cannot create a playlist for another user");
    }
}
