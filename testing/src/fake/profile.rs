//! The user's profile, top items and recently played tracks.

use serde_json::{Value, json};

use super::Fake;
use super::api_request::ApiRequest;
use super::api_response::{ApiResponse, Caching};
use super::ids;
use super::json::{MARKETS, context, link, with};
use spotify_proto::Timestamp;

/// Returns a user in the form of a playlist owner.
pub(super) fn owner(id: &str) -> Value {
    let name = if id == ids::USER { "Orla Lantern" } else { "The Harbour Keeper" };
    with(link("user", id), json!({"display_name": name}))
}

/// `get-current-users-profile`
pub(super) fn profile(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let image = |size: usize| {
        let url = "https://i.scdn.co/image/ab67757000003b82a3f5c1e97d204b68";
        json!({"height": size, "url": url, "width": size})
    };
    let images = json!([image(64), image(300)]);
    let mut body = with(owner(ids::USER), json!({"account_id": "kQ7vT2mX9c", "images": images}));
    if fake.is_extended {
        body = with(body, json!({"followers": {"href": null, "total": 12}}));
        if ask.has_scope("user-read-private") {
            let product = if fake.player.is_premium { "premium" } else { "free" };
            let filter = json!({"filter_enabled": false, "filter_locked": false});
            body = with(body, json!({"country": "IE", "explicit_content": filter, "product": product}));
        }
        if ask.has_scope("user-read-email") {
            body = with(body, json!({"email": "orla@lantern.example"}));
        }
    }
    Ok(ApiResponse::ok(Caching::Never, &body))
}

/// `get-users-top-artists-and-tracks`
pub(super) fn top(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let view = fake.view(ask)?;
    // Each time range begins with a different top item.
    let first = match ask.query("time_range").unwrap_or("medium_term") {
        "short_term" => 2,
        "medium_term" => 1,
        "long_term" => 0,
        _ => return Err(ApiResponse::bad_request("Invalid time range")),
    };
    let window = ask.window(20, 50)?;
    let items: Vec<Value> = match ask.param() {
        "artists" => view.catalogue.artists.iter().skip(first).map(|it| view.artist(it)).collect(),
        "tracks" => {
            let tracks = view.catalogue.tracks.iter().skip(first).step_by(3).take(70);
            tracks.map(|it| with_markets(view.track(it), fake.is_extended)).collect()
        }
        _ => return Err(ApiResponse::bad_request("Invalid type")),
    };
    let address = ask.address(format!("me/top/{}", ask.param()), &["time_range"]);
    let page = address.page(window, items.len(), window.of(&items).cloned().collect());
    Ok(ApiResponse::ok(Caching::Never, &page))
}

/// Adds `available_markets` to a track with `is_playable`: top tracks have had both since November 2024.
fn with_markets(track: Value, is_extended: bool) -> Value {
    if is_extended { with(track, json!({"available_markets": MARKETS})) } else { track }
}

/// `get-recently-played`: a cursor-paginated list without a total. The cursors are times.
///
/// The user played one of the saved tracks every five minutes.
pub(super) fn recently_played(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    /// End of the last track, in November 2026, as a Unix timestamp in milliseconds.
    const LAST: i64 = 1_795_390_000_721;
    let view = fake.view(ask)?;
    let limit = ask.limit(20, 50)?;
    let cursor = |name: &str| match ask.query(name).map(str::parse::<i64>) {
        None => Ok(None),
        Some(Ok(millis)) => Ok(Some(millis)),
        Some(Err(_)) => Err(ApiResponse::bad_request("Bad request.")),
    };
    let (after, before) = (cursor("after")?, cursor("before")?);
    if after.is_some() && before.is_some() {
        return Err(ApiResponse::bad_request("Only one of after and before may be given"));
    }

    let tracks = fake.library.ids("track").filter_map(|id| view.catalogue.track(id));
    let played: Vec<_> = (0_i64..).map(|n| LAST - n * 300_000).zip(tracks).collect();
    let chosen: Vec<_> = match after {
        // The tracks played directly after the cursor, newest first.
        Some(after) => {
            let newer: Vec<_> = played.iter().filter(|(at, _)| *at > after).collect();
            newer.iter().skip(newer.len().saturating_sub(limit)).copied().collect()
        }
        None => {
            played.iter().filter(|(at, _)| before.is_none_or(|before| *at < before)).take(limit).collect()
        }
    };

    let items = chosen.iter().map(|(at, track)| {
        json!({
            "context": context("album", &track.album),
            "played_at": Timestamp::from_unix_millis(*at).to_string(),
            "track": view.track(track),
        })
    });
    let address = ask.address("me/player/recently-played", &[]);
    let at = |cursor: Option<(&str, i64)>| {
        let cursor = cursor.map(|(name, millis)| (name, millis.to_string()));
        address.with(&cursor.into_iter().chain([("limit", limit.to_string())]).collect::<Vec<_>>())
    };
    let ends = chosen.first().zip(chosen.last()).map(|((newest, _), (oldest, _))| (*newest, *oldest));
    let next = ends.map(|(newest, oldest)| match after {
        Some(_) => at(Some(("after", newest))),
        None => at(Some(("before", oldest))),
    });
    let body = json!({
        "cursors": ends.map(|(newest, oldest)| json!({"after": newest.to_string(), "before": oldest.to_string()})),
        "href": at(after.map(|at| ("after", at)).or(before.map(|at| ("before", at)))),
        "items": items.collect::<Vec<_>>(),
        "limit": limit,
        "next": next,
    });
    Ok(ApiResponse::ok(Caching::Never, &body))
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may panic")]
mod tests {
    use http::StatusCode;
    use serde_json::json;

    use super::super::tests::{Client, walk};
    use super::super::{Scope, ids};

    #[test]
    fn the_fields_of_a_profile_depend_on_the_quota_mode_and_the_scopes() {
        let mut client = Client::with_scopes(&[Scope::UserReadEmail]);
        let dev = client.json("/v1/me");
        assert_eq!((&dev["id"], dev.get("email"), dev.get("product")), (&json!(ids::USER), None, None));
        client.fake.extended(true);
        let extended = client.json("/v1/me");
        assert!(extended.get("email").is_some() && extended.get("product").is_none());
    }

    #[test]
    fn top_items_depend_on_the_time_range() {
        let mut client = Client::user();
        let (tracks, _) = walk(&mut client, "/v1/me/top/tracks?time_range=long_term&limit=50");
        assert_eq!(tracks.len(), 61);
        let short = client.json("/v1/me/top/artists?time_range=short_term");
        assert_ne!(short["items"][0]["id"], client.json("/v1/me/top/artists")["items"][0]["id"]);
        assert_eq!(client.get("/v1/me/top/genres").status(), StatusCode::BAD_REQUEST);
    }

    #[test]
    fn top_tracks_have_available_markets_and_is_playable_in_extended_quota_mode() {
        let mut client = Client::user();
        assert_eq!(client.json("/v1/me/top/tracks")["items"][0].get("available_markets"), None);
        client.fake.extended(true);
        let track = &client.json("/v1/me/top/tracks")["items"][0];
        assert!(track["available_markets"].is_array() && track["is_playable"] == true);
    }

    #[test]
    fn recently_played_tracks_are_paginated_in_both_directions() {
        let mut client = Client::user();
        let mut count = |first: &str| {
            let (mut path, mut count) = (first.to_owned(), 0);
            loop {
                let page = client.json(&path);
                assert_eq!(page.get("total"), None);
                count += page["items"].as_array().map_or(0, Vec::len);
                match page["next"].as_str() {
                    Some(next) => {
                        path = next.strip_prefix("https://api.spotify.com").expect("absolute").to_owned()
                    }
                    None => {
                        assert_eq!(page["cursors"], json!(null));
                        return count;
                    }
                }
            }
        };
        assert_eq!(count("/v1/me/player/recently-played"), 63);
        assert_eq!(count("/v1/me/player/recently-played?after=0&limit=50"), 63);
    }
}
