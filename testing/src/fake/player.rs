//! The player: devices and playback.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::StatusCode;
use serde_json::{Value, json};

use super::Fake;
use super::api_request::{ApiRequest, member};
use super::api_response::{ApiResponse, Caching};
use super::data::Catalogue;
use super::ids;
use super::json::{View, context};
use crate::time;

/// Maximum number of items in the queue response.
const QUEUE_MAX: usize = 20;

/// The user's devices and playback state.
#[derive(Clone, Debug)]
pub(super) struct Player {
    pub(super) is_premium: bool,
    /// `true` if commands succeed with 200 and a meaningless body, as observed since July 2024.
    pub(super) is_chatty: bool,
    pub(super) devices: Vec<Device>,
    /// Kind and id of the album, artist, playlist or show that is being played.
    pub(super) context: Option<(&'static str, String)>,
    /// URIs of the items, in the order in which they are played.
    pub(super) list: Vec<String>,
    pub(super) position: usize,
    /// URIs of queued items, which are played before the remaining items of the list.
    pub(super) queue: Vec<String>,
    /// URI of the queued item that is being played instead of the item at `position`.
    pub(super) queued: Option<String>,
    pub(super) progress: Duration,
    /// Time at which `progress` was measured.
    pub(super) since: SystemTime,
    pub(super) is_playing: bool,
    pub(super) repeat: &'static str,
    pub(super) is_shuffled: bool,
    pub(super) commands: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Device {
    pub(super) id: &'static str,
    name: &'static str,
    kind: &'static str,
    pub(super) is_active: bool,
    pub(super) volume: Option<usize>,
}

impl Player {
    /// Creates the player, which has a speaker that is paused one minute into an album, and an inactive television.
    pub(super) fn new(catalogue: &Catalogue) -> Self {
        let list =
            catalogue.album_tracks(ids::ALBUM).iter().map(|it| format!("spotify:track:{}", it.id)).collect();
        Self {
            is_premium: true,
            is_chatty: false,
            devices: vec![
                Device {
                    id: ids::DEVICE,
                    name: "Kitchen",
                    kind: "Speaker",
                    is_active: true,
                    volume: Some(40),
                },
                Device {
                    id: ids::OTHER_DEVICE,
                    name: "Attic screen",
                    kind: "TV",
                    is_active: false,
                    volume: None,
                },
            ],
            context: Some(("album", ids::ALBUM.to_owned())),
            list,
            position: 0,
            queue: Vec::new(),
            queued: None,
            progress: Duration::from_millis(64_012),
            since: UNIX_EPOCH,
            is_playing: false,
            repeat: "off",
            is_shuffled: false,
            commands: 0,
        }
    }

    /// Deactivates all devices.
    pub(super) fn deactivate(&mut self, now: SystemTime) {
        self.hold(now);
        self.is_playing = false;
        self.devices.iter_mut().for_each(|device| device.is_active = false);
    }

    /// Returns the URI of the currently playing or paused item.
    pub(super) fn current(&self) -> Option<&str> {
        self.queued.as_deref().or_else(|| self.list.get(self.position).map(String::as_str))
    }

    fn elapsed(&self, now: SystemTime) -> Duration {
        let running = if self.is_playing { time::until(now, self.since) } else { Duration::ZERO };
        self.progress.saturating_add(running)
    }

    /// Updates the progress of the current item.
    pub(super) fn hold(&mut self, now: SystemTime) {
        (self.progress, self.since) = (self.elapsed(now), now);
    }

    /// Starts the item at `progress`.
    pub(super) fn begin(&mut self, progress: Duration, now: SystemTime) {
        (self.progress, self.since, self.is_playing) = (progress, now, true);
    }

    pub(super) fn next(&mut self, now: SystemTime) {
        if self.queue.is_empty() {
            self.queued = None;
            self.position += 1;
        } else {
            self.queued = Some(self.queue.remove(0));
        }
        self.begin(Duration::ZERO, now);
        if self.current().is_none() {
            // At the end of the list, playback returns to the start of the list, and stops unless the context is
            // repeated.
            self.position = 0;
            self.is_playing = self.repeat == "context";
        }
    }

    pub(super) fn previous(&mut self, now: SystemTime) {
        if self.queued.take().is_none() {
            self.position = self.position.saturating_sub(1);
        }
        self.begin(Duration::ZERO, now);
    }

    fn upcoming(&self) -> impl Iterator<Item = &str> {
        let rest = self.list.iter().skip(self.position.saturating_add(1));
        self.queue.iter().chain(rest).take(QUEUE_MAX).map(String::as_str)
    }
}

/// `get-information-about-the-users-current-playback`
pub(super) fn state(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let player = &fake.player;
    let Some(device) = player.devices.iter().find(|device| device.is_active) else {
        return Ok(ApiResponse::empty(StatusCode::NO_CONTENT));
    };
    let mut body = playing(fake, ask)?;
    if let Some(members) = body.as_object_mut() {
        members.insert("device".to_owned(), device_json(device));
        members.insert("repeat_state".to_owned(), player.repeat.into());
        members.insert("shuffle_state".to_owned(), player.is_shuffled.into());
        members.insert("smart_shuffle".to_owned(), false.into());
    }
    Ok(ApiResponse::ok(Caching::Never, &body))
}

/// `get-the-users-currently-playing-track`
pub(super) fn currently_playing(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let is_idle = !fake.player.devices.iter().any(|device| device.is_active);
    if is_idle || fake.player.current().is_none() {
        return Ok(ApiResponse::empty(StatusCode::NO_CONTENT));
    }
    Ok(ApiResponse::ok(Caching::Never, &playing(fake, ask)?))
}

fn playing(fake: &Fake, ask: &ApiRequest<'_>) -> Result<Value, ApiResponse> {
    let (player, view) = (&fake.player, fake.view(ask)?);
    let current = player.current();
    let is_episode = current.is_some_and(|uri| uri.starts_with("spotify:episode:"));
    let knows_episodes = ask.list("additional_types").is_some_and(|types| types.contains(&"episode"));
    let item = current.filter(|_| !is_episode || knows_episodes).map(|uri| playable(view, uri));
    let item = item.unwrap_or(Value::Null);
    let length = member(&item, "duration_ms").as_u64().unwrap_or(u64::MAX);
    let progress = millis(player.elapsed(ask.now)).min(length);
    let kind = match current {
        None => "unknown",
        Some(_) if is_episode => "episode",
        Some(_) => "track",
    };
    let disallows = if player.is_playing { json!({"resuming": true}) } else { json!({"pausing": true}) };
    Ok(json!({
        "actions": {"disallows": disallows},
        "context": player.context.as_ref().map(|(kind, id)| context(kind, id)),
        "currently_playing_type": kind,
        "is_playing": player.is_playing,
        "item": item,
        "progress_ms": current.map(|_| progress),
        "timestamp": millis(time::until(player.since, UNIX_EPOCH)),
    }))
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Returns the track or episode with the given URI.
pub(super) fn playable(view: View<'_>, uri: &str) -> Value {
    match uri.rsplit_once(':') {
        Some(("spotify:track", id)) => view.catalogue.track(id).map(|it| view.track(it)),
        Some(("spotify:episode", id)) => view.catalogue.episode(id).map(|it| view.episode(it)),
        _ => None,
    }
    .unwrap_or(Value::Null)
}

/// `get-a-users-available-devices`
pub(super) fn devices(fake: &mut Fake, _: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let devices: Vec<_> = fake.player.devices.iter().map(device_json).collect();
    Ok(ApiResponse::ok(Caching::Never, &json!({"devices": devices})))
}

fn device_json(device: &Device) -> Value {
    json!({
        "id": device.id,
        "is_active": device.is_active,
        "is_private_session": false,
        "is_restricted": false,
        "name": device.name,
        "supports_volume": device.volume.is_some(),
        "type": device.kind,
        "volume_percent": device.volume,
    })
}

/// `get-queue`
pub(super) fn queue(fake: &mut Fake, ask: &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse> {
    let (player, view) = (&fake.player, fake.view(ask)?);
    let is_idle = !player.devices.iter().any(|device| device.is_active);
    let current = player.current().filter(|_| !is_idle).map(|uri| playable(view, uri));
    let queue: Vec<_> = player.upcoming().filter(|_| !is_idle).map(|uri| playable(view, uri)).collect();
    Ok(ApiResponse::ok(Caching::Never, &json!({"currently_playing": current, "queue": queue})))
}
