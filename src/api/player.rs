//! The player.
//!
//! Commands need Premium. Their success may have no body, or a few bytes that mean nothing; both are `()`. The order
//! in which the server carries out commands that follow each other closely is not guaranteed.

use serde::{Deserialize, Serialize};

use super::playlists::AdditionalType;
use crate::auth::scope::Scope;
use crate::bounded::{QueryText, Set, words};
use crate::endpoint::{Body, Endpoint, Operation, Paged, endpoint, next_cursor, setter};
use crate::error::DecodeError;
use crate::link::Uri;
use crate::market::Market;
use crate::model::{CurrentlyPlaying, CursorPage, Devices, PlayHistory, PlaybackState, Queue};
use crate::origin::Target;
use crate::response;

words! {
    /// What is played again.
    RepeatMode {
        /// The track.
        Track = "track",
        /// The album, playlist or artist.
        Context = "context",
        /// Nothing.
        Off = "off",
    }
}

endpoint! {
    /// What plays, where and how; `None` while nothing does.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-information-about-the-users-current-playback).
    /// Scopes: `user-read-playback-state`.
    "get-information-about-the-users-current-playback" GET "/v1/me/player" => Option<PlaybackState>,
        all(&[Scope::UserReadPlaybackState]);
    GetPlaybackState {} ? {
        /// Content as it is available in this country.
        market: Market,
        /// Which kinds of items are read; both unless set.
        additional_types: Set<AdditionalType> | AdditionalType::BOTH,
    }
}

endpoint! {
    /// Moves playback to another device.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/transfer-a-users-playback).
    /// Scopes: `user-modify-playback-state`.
    "transfer-a-users-playback" PUT "/v1/me/player" => (), all(&[Scope::UserModifyPlaybackState]);
    TransferPlayback {} json { device_ids: OneDevice } ? {
        /// Whether to play there at once; else it stays as it is.
        play: bool,
    }
}

/// The one device that the server takes where a list is described.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct OneDevice([Box<str>; 1]);

impl<T: Into<Box<str>>> From<T> for OneDevice {
    fn from(id: T) -> Self {
        Self([id.into()])
    }
}

endpoint! {
    /// The devices that can play now.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-users-available-devices).
    /// Scopes: `user-read-playback-state`.
    "get-a-users-available-devices" GET "/v1/me/player/devices" => Devices, all(&[Scope::UserReadPlaybackState]);
    GetDevices {}
}

endpoint! {
    /// What plays; `None` while nothing does.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-the-users-currently-playing-track).
    /// Scopes: `user-read-currently-playing`.
    "get-the-users-currently-playing-track" GET "/v1/me/player/currently-playing" => Option<CurrentlyPlaying>,
        all(&[Scope::UserReadCurrentlyPlaying]);
    GetCurrentlyPlaying {} ? {
        /// Content as it is available in this country.
        market: Market,
        /// Which kinds of items are read; both unless set.
        additional_types: Set<AdditionalType> | AdditionalType::BOTH,
    }
}

/// Starts playback of something, or goes on where it was paused.
///
/// [Reference](https://developer.spotify.com/documentation/web-api/reference/start-a-users-playback).
/// Scopes: `user-modify-playback-state`.
///
/// ```
/// use spotify_proto::{Body, Endpoint, Uri, api::{PlaybackOffset, StartPlayback}};
///
/// let album: Uri = "spotify:album:4aawyAB9vmqN3uQ7FjRGTy".parse()?;
/// let play = StartPlayback::context(album).offset(PlaybackOffset::Position(4));
/// assert_eq!(
///     play.body(),
///     Body::Json(br#"{"context_uri":"spotify:album:4aawyAB9vmqN3uQ7FjRGTy","offset":{"position":4}}"#.to_vec()),
/// );
/// assert_eq!(StartPlayback::resume().body(), Body::Empty);
/// # Ok::<(), spotify_proto::IdError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[must_use = "an endpoint does nothing until its request is sent"]
pub struct StartPlayback {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device_id: Option<QueryText>,
    #[serde(flatten)]
    what: What,
}

/// The body of [`StartPlayback`].
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq, Deserialize, Serialize)]
struct What {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    context_uri: Option<Uri>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uris: Option<Vec<Uri>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offset: Option<PlaybackOffset>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    position_ms: Option<u32>,
}

/// Where in an album or playlist to start.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PlaybackOffset {
    /// At this item, from 0.
    Position(u32),
    /// At the item with this URI.
    Uri(Uri),
}

impl StartPlayback {
    /// Goes on where playback was paused; sends no body, because `{}` would empty the queue.
    pub fn resume() -> Self {
        Self::default()
    }

    /// Plays an album, a playlist or an artist.
    pub fn context(context_uri: impl Into<Uri>) -> Self {
        Self { device_id: None, what: What { context_uri: Some(context_uri.into()), ..What::default() } }
    }

    /// Plays tracks and episodes in this order.
    pub fn uris(uris: impl IntoIterator<Item = Uri>) -> Self {
        Self { device_id: None, what: What { uris: Some(uris.into_iter().collect()), ..What::default() } }
    }

    setter! {
        /// The device to play on; the active one unless set.
        device_id QueryText
    }

    /// Where in the context to start; of albums and playlists only.
    pub fn offset(mut self, offset: PlaybackOffset) -> Self {
        self.what.offset = Some(offset);
        self
    }

    /// Where in the first item to start, in milliseconds.
    pub fn position_ms(mut self, position_ms: u32) -> Self {
        self.what.position_ms = Some(position_ms);
        self
    }
}

impl Endpoint for StartPlayback {
    type Output = ();

    const OPERATION: Operation =
        Operation::new("start-a-users-playback", http::Method::PUT, "/v1/me/player/play")
            .all(&[Scope::UserModifyPlaybackState]);

    fn target(&self, target: &mut Target) {
        target.path(Self::OPERATION.route, &[]);
        if let Some(device_id) = &self.device_id {
            target.query("device_id", device_id);
        }
    }

    fn body(&self) -> Body {
        Body::json(&self.what)
    }

    fn decode(status: http::StatusCode, body: &[u8]) -> Result<(), DecodeError> {
        response::decode(status, body)
    }
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident($number:ty);)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Deserialize, Serialize)]
        #[serde(transparent)]
        pub struct $name($number);

        impl From<$number> for $name {
            fn from(number: $number) -> Self {
                Self(number)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

numbers! {
    /// A place in an item, in milliseconds.
    PositionMs(u32);
    /// A volume, from 0 to 100.
    VolumePercent(u8);
}

/// The commands, which differ in their path and in what they need to know.
macro_rules! commands {
    ($( $(#[$doc:meta])* $id:literal $method:ident $route:literal; $name:ident $need:tt; )+) => {$(
        endpoint! {
            $(#[$doc])*
            ///
            #[doc = concat!("[Reference](https://developer.spotify.com/documentation/web-api/reference/", $id, ").")]
            /// Scopes: `user-modify-playback-state`.
            $id $method $route => (), all(&[Scope::UserModifyPlaybackState]);
            $name {} & $need ? {
                /// The device to command; the active one unless set.
                device_id: QueryText,
            }
        }
    )+};
}

commands! {
    /// Pauses playback.
    "pause-a-users-playback" PUT "/v1/me/player/pause";
    PausePlayback {};
    /// Skips to the next item.
    "skip-users-playback-to-next-track" POST "/v1/me/player/next";
    SkipToNext {};
    /// Skips to the item before.
    "skip-users-playback-to-previous-track" POST "/v1/me/player/previous";
    SkipToPrevious {};
    /// Goes to a place in the current item, in milliseconds; beyond its end the next one plays.
    "seek-to-position-in-currently-playing-track" PUT "/v1/me/player/seek";
    SeekToPosition { position_ms: PositionMs };
    /// Sets what is played again.
    "set-repeat-mode-on-users-playback" PUT "/v1/me/player/repeat";
    SetRepeatMode { state: RepeatMode };
    /// Sets the volume, from 0 to 100.
    "set-volume-for-users-playback" PUT "/v1/me/player/volume";
    SetVolume { volume_percent: VolumePercent };
    /// Sets whether items are played in random order.
    "toggle-shuffle-for-users-playback" PUT "/v1/me/player/shuffle";
    SetShuffle { state: bool };
    /// Adds a track or an episode to what plays next.
    "add-to-queue" POST "/v1/me/player/queue";
    AddToQueue { uri: Uri };
}

/// The tracks that the user played lately, by time; no episodes.
///
/// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-recently-played).
/// Scopes: `user-read-recently-played`.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, try_from = "RecentlyPlayed", into = "RecentlyPlayed")]
#[must_use = "an endpoint does nothing until its request is sent"]
pub struct GetRecentlyPlayed {
    limit: Option<u32>,
    side: Option<Side>,
}

/// One side of an instant in Unix milliseconds; the server takes one or the other.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Side {
    After(u64),
    Before(u64),
}

/// The same as its documented parameters.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct RecentlyPlayed {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<u64>,
}

impl TryFrom<RecentlyPlayed> for GetRecentlyPlayed {
    type Error = &'static str;

    fn try_from(from: RecentlyPlayed) -> Result<Self, Self::Error> {
        let side = match (from.after, from.before) {
            (Some(_), Some(_)) => return Err("expected `after` or `before`, found both"),
            (after, before) => after.map(Side::After).or(before.map(Side::Before)),
        };
        Ok(Self { limit: from.limit, side })
    }
}

impl From<GetRecentlyPlayed> for RecentlyPlayed {
    fn from(from: GetRecentlyPlayed) -> Self {
        let (after, before) = match from.side {
            Some(Side::After(at)) => (Some(at), None),
            Some(Side::Before(at)) => (None, Some(at)),
            None => (None, None),
        };
        Self { limit: from.limit, after, before }
    }
}

impl GetRecentlyPlayed {
    /// The last played tracks.
    pub fn new() -> Self {
        Self::default()
    }

    setter! {
        /// How many items, 1 to 50; 20 unless set.
        limit u32
    }

    /// Only what was played after this instant, in Unix milliseconds; takes the place of `before`.
    pub fn after(mut self, unix_millis: u64) -> Self {
        self.side = Some(Side::After(unix_millis));
        self
    }

    /// Only what was played before this instant, in Unix milliseconds; takes the place of `after`.
    pub fn before(mut self, unix_millis: u64) -> Self {
        self.side = Some(Side::Before(unix_millis));
        self
    }
}

impl Endpoint for GetRecentlyPlayed {
    type Output = CursorPage<PlayHistory>;

    const OPERATION: Operation =
        Operation::new("get-recently-played", http::Method::GET, "/v1/me/player/recently-played")
            .all(&[Scope::UserReadRecentlyPlayed]);

    fn target(&self, target: &mut Target) {
        target.path(Self::OPERATION.route, &[]);
        if let Some(limit) = self.limit {
            target.query("limit", limit);
        }
        match self.side {
            Some(Side::After(at)) => target.query("after", at),
            Some(Side::Before(at)) => target.query("before", at),
            None => {}
        }
    }

    fn decode(status: http::StatusCode, body: &[u8]) -> Result<Self::Output, DecodeError> {
        response::decode(status, body)
    }
}

impl Paged for GetRecentlyPlayed {
    /// Goes on in the direction of the question: forwards after an instant, else backwards in time.
    fn next(&self, page: &Self::Output) -> Option<Self> {
        let side = match self.side {
            Some(Side::After(_)) => Side::After(next_cursor(page, "after")?.parse().ok()?),
            _ => Side::Before(next_cursor(page, "before")?.parse().ok()?),
        };
        let advances = match (self.side, side) {
            (Some(Side::After(from)), Side::After(to)) => to > from,
            (Some(Side::Before(from)), Side::Before(to)) => to < from,
            _ => true,
        };
        advances.then(|| Self { side: Some(side), ..self.clone() })
    }
}

endpoint! {
    /// What plays now and what will play next.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-queue).
    /// Scopes: `user-read-currently-playing` and `user-read-playback-state`.
    "get-queue" GET "/v1/me/player/queue" => Queue,
        all(&[Scope::UserReadCurrentlyPlaying, Scope::UserReadPlaybackState]);
    GetQueue {}
}
