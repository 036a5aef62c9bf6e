//! Player commands.

use std::str::FromStr;
use std::time::Duration;

use http::StatusCode;
use serde_json::Value;

use super::Fake;
use super::api_request::{ApiRequest, base62, member};
use super::api_response::{ApiResponse, Caching};
use super::data::{Track, pseudo_random};
use super::player::{Player, playable};

/// `transfer-a-users-playback`
pub(super) fn transfer(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let body = ask.json()?;
    let devices = member(&body, "device_ids").as_array();
    let devices = devices.ok_or_else(|| ApiResponse::bad_request("Missing required field: device_ids"))?;
    let [device] = devices.as_slice() else { return Err(ApiResponse::bad_request("Bad request.")) };
    let device = device.as_str().ok_or_else(|| ApiResponse::bad_request("Malformed json"))?;
    let play = member(&body, "play").as_bool().unwrap_or(false);
    command_on(fake, Some(device), |player, _| {
        if play && !player.is_playing {
            player.begin(player.progress, ask.now);
        }
        Ok(())
    })
}

/// `start-a-users-playback`: plays a context or a list of items, or resumes playback.
pub(super) fn play(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let body = ask.json()?;
    let malformed = || ApiResponse::bad_request("Malformed json");
    let offset = match member(&body, "offset") {
        Value::Null => None,
        Value::Object(offset) if offset.contains_key("uri") || offset.contains_key("position") => {
            Some(member(&body, "offset"))
        }
        Value::Object(_) => {
            return Err(ApiResponse::bad_request(
                "At least one of \"uri\" or \"position\" should be specified",
            ));
        }
        _ => return Err(malformed()),
    };
    let started = match (member(&body, "context_uri"), member(&body, "uris")) {
        (Value::Null, Value::Null) => None,
        (Value::Null, uris) => {
            let uris = uris.as_array().ok_or_else(malformed)?;
            let uris = uris.iter().map(|uri| checked(fake, uri.as_str().ok_or_else(malformed)?));
            Some((None, uris.collect::<Result<Vec<_>, _>>()?))
        }
        (uri, _) => {
            let (kind, id, list) = context_list(fake, uri.as_str().ok_or_else(malformed)?)?;
            if offset.is_some() && kind == "artist" {
                return Err(ApiResponse::bad_request("Can't have offset for context type: ARTIST"));
            }
            Some((Some((kind, id)), list))
        }
    };
    let progress = Duration::from_millis(member(&body, "position_ms").as_u64().unwrap_or(0));
    command(fake, ask, |player, _| {
        match started {
            None if player.is_playing => return Err(restricted()),
            None => player.begin(player.progress, ask.now),
            Some((context, list)) => {
                player.position = offset.map_or(Ok(0), |offset| start_of(&list, offset))?;
                (player.context, player.list, player.queued) = (context, list, None);
                player.begin(progress, ask.now);
            }
        }
        Ok(())
    })
}

/// Returns the index to which an offset refers.
fn start_of(list: &[String], offset: &Value) -> Result<usize, ApiResponse> {
    let by_uri = member(offset, "uri").as_str().and_then(|uri| list.iter().position(|item| item == uri));
    let by_position = member(offset, "position").as_u64().and_then(|position| usize::try_from(position).ok());
    let start = by_uri.or(by_position).filter(|start| *start < list.len());
    start.ok_or_else(|| ApiResponse::bad_request("Bad request."))
}

/// Returns the kind, the id and the items of a context.
fn context_list(fake: &Fake, uri: &str) -> Result<(&'static str, String, Vec<String>), ApiResponse> {
    let unsupported = || ApiResponse::bad_request("Non supported context uri");
    let parts = uri.strip_prefix("spotify:").and_then(|rest| rest.split_once(':'));
    let (kind, id) = parts.ok_or_else(unsupported)?;
    if ["album", "artist", "playlist", "show"].contains(&kind) {
        base62(id)?;
    }
    let catalogue = &fake.catalogue;
    let tracks = |tracks: Vec<_>| tracks.iter().map(|it: &&Track| track_uri(&it.id)).collect();
    let (kind, list): (_, Vec<_>) = match kind {
        "album" => ("album", tracks(catalogue.album_tracks(id))),
        "artist" => {
            let is_theirs = |it: &&Track| it.artists.iter().any(|artist| artist == id);
            ("artist", tracks(catalogue.tracks.iter().filter(is_theirs).take(50).collect()))
        }
        "playlist" => {
            let playlist = fake.playlists.find(id).ok_or_else(ApiResponse::not_found)?;
            let uris = playlist.entries.iter().filter_map(|entry| entry.item.uri());
            ("playlist", uris.filter(|uri| !uri.starts_with("spotify:local:")).collect())
        }
        "show" => {
            let episodes = catalogue.show_episodes(id).into_iter();
            ("show", episodes.map(|it| format!("spotify:episode:{}", it.id)).collect())
        }
        _ => return Err(unsupported()),
    };
    if list.is_empty() { Err(ApiResponse::not_found()) } else { Ok((kind, id.to_owned(), list)) }
}

/// `pause-a-users-playback`
pub(super) fn pause(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    command(fake, ask, |player, _| {
        if !player.is_playing {
            return Err(restricted());
        }
        player.hold(ask.now);
        player.is_playing = false;
        Ok(())
    })
}

/// `skip-users-playback-to-next-track`
pub(super) fn next(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    command(fake, ask, |player, _| {
        player.next(ask.now);
        Ok(())
    })
}

/// `skip-users-playback-to-previous-track`
pub(super) fn previous(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    command(fake, ask, |player, _| {
        player.previous(ask.now);
        Ok(())
    })
}

/// `seek-to-position-in-currently-playing-track`: a position past the end skips to the next item.
pub(super) fn seek(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let position: u64 = number(ask, "position_ms")?;
    let view = fake.view(ask)?;
    let length = fake.player.current().map(|uri| playable(view, uri));
    let length = length.and_then(|item| member(&item, "duration_ms").as_u64()).unwrap_or(u64::MAX);
    command(fake, ask, |player, _| {
        if position >= length {
            player.next(ask.now);
        } else {
            (player.progress, player.since) = (Duration::from_millis(position), ask.now);
        }
        Ok(())
    })
}

/// `set-repeat-mode-on-users-playback`
pub(super) fn repeat(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let state =
        ask.query("state").and_then(|state| ["track", "context", "off"].into_iter().find(|it| *it == state));
    let state = state.ok_or_else(|| ApiResponse::bad_request("Invalid repeat state"))?;
    command(fake, ask, |player, _| {
        player.repeat = state;
        Ok(())
    })
}

/// `toggle-shuffle-for-users-playback`
pub(super) fn shuffle(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let state: bool = number(ask, "state")?;
    command(fake, ask, |player, _| {
        player.is_shuffled = state;
        Ok(())
    })
}

/// `set-volume-for-users-playback`
pub(super) fn volume(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let percent = number(ask, "volume_percent")?;
    if percent > 100 {
        return Err(ApiResponse::bad_request("Invalid volume_percent"));
    }
    command(fake, ask, |player, device| {
        let device = player.devices.iter_mut().find(|it| it.id == device && it.volume.is_some());
        let device = device.ok_or_else(|| {
            let message = "Player command failed: Cannot control device volume";
            ApiResponse::error_with_reason(StatusCode::FORBIDDEN, message, "VOLUME_CONTROL_DISALLOW")
        })?;
        device.volume = Some(percent);
        Ok(())
    })
}

/// `add-to-queue`
pub(super) fn enqueue(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let uri = ask.query("uri").ok_or_else(|| ApiResponse::bad_request("Missing required field: uri"))?;
    let uri = checked(fake, uri)?;
    command(fake, ask, |player, _| {
        player.queue.push(uri);
        Ok(())
    })
}

/// Returns the URI of a track or an episode, or a refusal if it does not exist.
fn checked(fake: &Fake, uri: &str) -> Result<String, ApiResponse> {
    let is_there = match uri.rsplit_once(':') {
        Some(("spotify:track", id)) => fake.catalogue.track(id).is_some(),
        Some(("spotify:episode", id)) => fake.catalogue.episode(id).is_some(),
        _ => false,
    };
    if is_there {
        Ok(uri.to_owned())
    } else {
        Err(ApiResponse::bad_request(&format!("Invalid track uri: {uri}")))
    }
}

fn track_uri(id: &str) -> String {
    format!("spotify:track:{id}")
}

fn number<T: FromStr>(ask: &ApiRequest<'_>, name: &str) -> Result<T, ApiResponse> {
    let text = ask
        .query(name)
        .ok_or_else(|| ApiResponse::bad_request(&format!("Missing required field: {name}")))?;
    text.parse().map_err(|_| ApiResponse::bad_request(&format!("Invalid {name}")))
}

fn restricted() -> ApiResponse {
    let message = "Player command failed: Restriction violated";
    ApiResponse::error_with_reason(StatusCode::FORBIDDEN, message, "UNKNOWN")
}

/// Executes a command on the device specified in the query, or else on the active device.
fn command(
    fake: &mut Fake,
    ask: &ApiRequest<'_>,
    act: impl FnOnce(&mut Player, &str) -> Result<(), ApiResponse>,
) -> Result<ApiResponse, ApiResponse> {
    command_on(fake, ask.query("device_id"), act)
}

fn command_on(
    fake: &mut Fake,
    device: Option<&str>,
    act: impl FnOnce(&mut Player, &str) -> Result<(), ApiResponse>,
) -> Result<ApiResponse, ApiResponse> {
    let player = &mut fake.player;
    if !player.is_premium {
        let message = "Player command failed: Premium required";
        return Err(ApiResponse::error_with_reason(StatusCode::FORBIDDEN, message, "PREMIUM_REQUIRED"));
    }
    let target = match device {
        Some(id) => {
            let known = player.devices.iter().find(|device| device.id == id);
            known.ok_or_else(|| ApiResponse::error(StatusCode::NOT_FOUND, "Device not found"))?.id
        }
        None => {
            let message = "Player command failed: No active device found";
            let active = player.devices.iter().find(|device| device.is_active);
            active
                .ok_or_else(|| {
                    ApiResponse::error_with_reason(StatusCode::NOT_FOUND, message, "NO_ACTIVE_DEVICE")
                })?
                .id
        }
    };
    act(player, target)?;
    player.devices.iter_mut().for_each(|device| device.is_active = device.id == target);
    player.commands += 1;
    if !player.is_chatty {
        return Ok(ApiResponse::empty(StatusCode::NO_CONTENT));
    }
    const LETTERS: &[u8; 16] = b"9hEXfBOvTJweMy-_";
    let letters = pseudo_random("junk", player.commands).take(27);
    let junk = letters.map(|n| LETTERS.get(usize::from(n % 16)).copied().map_or('9', char::from));
    Ok(ApiResponse::text(StatusCode::OK, Caching::Never, junk.collect::<String>()))
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may panic")]
mod tests {
    use http::{Method, StatusCode};
    use serde_json::json;

    use super::super::tests::{Client, NOW, message, value};
    use super::super::{Fake, ids};

    fn put(client: &mut Client, command: &str, body: &str) -> StatusCode {
        client.send(Method::PUT, &format!("/v1/me/player{command}"), body.as_bytes()).status()
    }

    #[test]
    fn commands_change_the_playback_state() {
        let mut client = Client::user();
        let play =
            json!({"context_uri": format!("spotify:playlist:{}", ids::PLAYLIST), "offset": {"position": 1}});
        assert_eq!(put(&mut client, "/play", &play.to_string()), StatusCode::NO_CONTENT);
        for command in [
            "/volume?volume_percent=7",
            "/repeat?state=context",
            "/shuffle?state=true",
            "/seek?position_ms=5",
        ] {
            assert_eq!(put(&mut client, command, ""), StatusCode::NO_CONTENT, "{command}");
        }
        let state = client.json("/v1/me/player?additional_types=track,episode");
        assert_eq!(state["item"]["id"], ids::EPISODE);
        assert_eq!(state["device"]["volume_percent"], 7);
        assert_eq!((&state["repeat_state"], &state["shuffle_state"]), (&json!("context"), &json!(true)));
        assert_eq!((&state["progress_ms"], &state["is_playing"]), (&json!(5), &json!(true)));
        // The item is `null` because the request does not include episodes.
        assert_eq!(client.json("/v1/me/player/currently-playing")["item"], json!(null));
    }

    #[test]
    fn queued_items_are_played_before_the_remaining_items_of_the_list() {
        let mut client = Client::user();
        let uri = format!("spotify:episode:{}", ids::EPISODE);
        client.send(Method::POST, &format!("/v1/me/player/queue?uri={uri}"), b"");
        assert_eq!(client.json("/v1/me/player/queue")["queue"][0]["uri"], uri);
        client.send(Method::POST, "/v1/me/player/next", b"");
        assert_eq!(client.fake.playing(), Some(uri.as_str()));
        client.send(Method::POST, "/v1/me/player/previous", b"");
        assert_eq!(client.fake.playing(), Some(format!("spotify:track:{}", ids::TRACK).as_str()));
    }

    #[test]
    fn commands_fail_if_no_device_is_active() {
        let mut client = Client::user();
        client.fake.deactivate_devices(NOW);
        assert_eq!(client.get("/v1/me/player").status(), StatusCode::NO_CONTENT);
        assert_eq!(client.get("/v1/me/player/currently-playing").status(), StatusCode::NO_CONTENT);
        let refused = client.send(Method::PUT, "/v1/me/player/play", b"");
        assert_eq!(refused.status(), StatusCode::NOT_FOUND);
        assert_eq!(value(&refused)["error"]["reason"], "NO_ACTIVE_DEVICE");
        assert_eq!(put(&mut client, &format!("/play?device_id={}", ids::DEVICE), ""), StatusCode::NO_CONTENT);
        assert_eq!(client.json("/v1/me/player")["device"]["id"], ids::DEVICE);
    }

    #[test]
    fn playback_can_be_transferred_to_only_one_device() {
        let mut client = Client::user();
        let to = |devices: &[&str]| json!({"device_ids": devices}).to_string();
        assert_eq!(put(&mut client, "", &to(&[ids::DEVICE, ids::OTHER_DEVICE])), StatusCode::BAD_REQUEST);
        assert_eq!(put(&mut client, "", &to(&[ids::OTHER_DEVICE])), StatusCode::NO_CONTENT);
        let devices = client.json("/v1/me/player/devices");
        assert_eq!(
            (&devices["devices"][0]["is_active"], &devices["devices"][1]["is_active"]),
            (&json!(false), &json!(true))
        );
        let refused = client.send(Method::PUT, "/v1/me/player/volume?volume_percent=1", b"");
        assert_eq!(value(&refused)["error"]["reason"], "VOLUME_CONTROL_DISALLOW");
    }

    #[test]
    fn commands_require_premium() {
        let mut client = Client::user();
        client.fake.premium(false);
        let refused = client.send(Method::POST, "/v1/me/player/next", b"");
        assert_eq!(
            (refused.status(), message(&refused).as_str()),
            (StatusCode::FORBIDDEN, "Player command failed: Premium required")
        );
    }

    #[test]
    fn a_chatty_player_responds_with_a_meaningless_body() {
        let mut client = Client::user();
        client.fake.chatty_player(true);
        let response = client.send(Method::POST, "/v1/me/player/next", b"");
        assert_eq!((response.status(), response.body().len()), (StatusCode::OK, 27));
        assert!(response.headers().get("content-type").is_none());
    }

    #[test]
    fn invalid_bodies_have_specific_messages() {
        let mut client = Client::user();
        let artist =
            format!(r#"{{"context_uri": "spotify:artist:{}", "offset": {{"position": 0}}}}"#, ids::ARTIST);
        for (body, text) in [
            ("\"\"", "Malformed json"),
            (r#"{"offset": 1}"#, "Malformed json"),
            (r#"{"offset": {}}"#, "At least one of \"uri\" or \"position\" should be specified"),
            (artist.as_str(), "Can't have offset for context type: ARTIST"),
            (r#"{"context_uri": "spotify:user:x"}"#, "Non supported context uri"),
        ] {
            let refused = client.send(Method::PUT, "/v1/me/player/play", body.as_bytes());
            assert_eq!((refused.status(), message(&refused).as_str()), (StatusCode::BAD_REQUEST, text));
        }
        assert_eq!(Fake::new().playing(), client.fake.playing());
    }
}
