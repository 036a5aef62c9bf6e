//! Starting playback: resuming it, or playing a context or a list. The types rule out mutually exclusive parameters.

use http::Method;
use serde::{Deserialize, Serialize};

use super::CONTROL;
use crate::endpoint::{Body, Check, Endpoint, JsonBody, setters};
use crate::error::{DecodeError, RequestError};
use crate::response::{FromResponse, ResponseRef};
use crate::types::operation::Operation;
use crate::types::origin::{Route, Target};
use crate::types::query::QueryText;
use crate::types::uri::SpotifyUri;

/// Plays an album, an artist, a playlist or a list of tracks, or resumes playback.
///
/// Fails with 404 and [`Reason::NoActiveDevice`](crate::Reason::NoActiveDevice) if no device is active, and with 403
/// and [`Reason::PremiumRequired`](crate::Reason::PremiumRequired) if the user has no Premium subscription. The
/// response body is empty.
///
/// ```
/// use spotify_proto::api::{Play, PlayFrom, StartPlayback};
/// use spotify_proto::SpotifyUri;
///
/// let resume = StartPlayback::resume();
/// let album: SpotifyUri = "spotify:album:5ht7ItJgpBH7W6vJ5BqpPr".parse()?;
/// let third_track = StartPlayback::new(Play::context(album).offset(PlayFrom::Position(2)));
/// # Ok::<(), spotify_proto::IdError>(())
/// ```
///
/// * [Reference](https://developer.spotify.com/documentation/web-api/reference/start-a-users-playback).
/// * Scopes: `user-modify-playback-state`.
/// * Quota mode: any.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(try_from = "Flat", into = "Flat")]
#[must_use = "an endpoint does nothing until its request is sent"]
#[non_exhaustive]
pub struct StartPlayback {
    /// Query parameter, set by [`device_id`](method@Self::device_id).
    pub device_id: Option<QueryText>,
    /// Context or list to play; `None` resumes playback.
    pub play: Option<Play>,
    /// Field of the body, set by [`position_ms`](method@Self::position_ms).
    pub position_ms: Option<u64>,
}

impl StartPlayback {
    /// Resumes playback.
    ///
    /// No body is sent, because the server has been observed to clear the queue if the body is an empty JSON object.
    /// Fails with 403 if playback is not paused.
    pub fn resume() -> Self {
        Self { device_id: None, play: None, position_ms: None }
    }

    /// Plays a context or a list, starting with the first item unless an offset is set.
    pub fn new(play: impl Into<Play>) -> Self {
        Self { play: Some(play.into()), ..Self::resume() }
    }

    setters! {
        RULES []
        /// Sets the id of the target device; the default is the active device.
        device_id: QueryText,
        /// Sets the start position in the first item, in milliseconds; the default is 0.
        position_ms: u64,
    }
}

/// A context or a list to play, and the item to start with.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[must_use = "this value does nothing until it is sent as part of a request"]
#[non_exhaustive]
pub struct Play {
    /// Context or list to play.
    pub source: PlaySource,
    /// Field of the body, set by [`offset`](method@Self::offset).
    pub offset: Option<PlayFrom>,
}

/// A context, or a list of tracks and episodes.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum PlaySource {
    /// An album, an artist or a playlist.
    Context(SpotifyUri),
    /// Tracks and episodes, in playback order; the list must not be empty.
    Uris(Vec<SpotifyUri>),
}

impl Play {
    /// Plays an album, an artist or a playlist.
    pub fn context(context_uri: impl Into<SpotifyUri>) -> Self {
        Self { source: PlaySource::Context(context_uri.into()), offset: None }
    }

    /// Plays tracks and episodes, in the given order.
    pub fn uris(uris: impl Into<Vec<SpotifyUri>>) -> Self {
        Self { source: PlaySource::Uris(uris.into()), offset: None }
    }

    setters! {
        /// Sets the item to start with; the default is the first item.
        ///
        /// An offset for an artist fails with 400, because an artist's items have no order.
        offset: PlayFrom,
    }
}

/// Item to start with.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[non_exhaustive]
pub enum PlayFrom {
    /// Zero-based position of the item.
    #[serde(rename = "position")]
    Position(u32),
    /// URI of the item.
    #[serde(rename = "uri")]
    Uri(SpotifyUri),
}

impl Endpoint for StartPlayback {
    type Output = ();

    const OPERATION: Operation =
        Operation::new("start-a-users-playback", Method::PUT, "/v1/me/player/play").all(CONTROL);

    fn target(&self, target: &mut Target) {
        target.route(const { &Route::of(Self::OPERATION) }, []);
        if let Some(device_id) = &self.device_id {
            target.query("device_id", device_id);
        }
    }

    fn body(&self) -> Body {
        let mut body = JsonBody::new();
        if let Some(play) = &self.play {
            body = match &play.source {
                PlaySource::Context(uri) => body.field("context_uri", uri),
                PlaySource::Uris(uris) => body.field("uris", uris),
            };
            body = body.option("offset", play.offset.as_ref());
        }
        body.option("position_ms", self.position_ms.as_ref()).finish()
    }

    fn check(&self) -> Result<(), RequestError> {
        let check = Check::new(Self::OPERATION.id, Self::RULES);
        check.option("device_id", self.device_id.as_ref())?;
        match self.play.as_ref().map(|play| &play.source) {
            Some(PlaySource::Uris(uris)) => check.parameter("uris", uris),
            Some(PlaySource::Context(uri)) => check.parameter("context_uri", uri),
            None => Ok(()),
        }
    }

    fn decode(&self, response: ResponseRef<'_>) -> Result<(), DecodeError> {
        FromResponse::from_response(response)
    }
}

/// Parameters, with their names on the wire.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Flat {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device_id: Option<QueryText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    context_uri: Option<SpotifyUri>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uris: Option<Vec<SpotifyUri>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offset: Option<PlayFrom>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    position_ms: Option<u64>,
}

impl TryFrom<Flat> for StartPlayback {
    type Error = &'static str;

    fn try_from(flat: Flat) -> Result<Self, &'static str> {
        let Flat { device_id, context_uri, uris, offset, position_ms } = flat;
        let source = match (context_uri, uris) {
            (Some(_), Some(_)) => return Err("`context_uri` and `uris` are mutually exclusive"),
            (None, None) if offset.is_some() => return Err("`offset` requires `context_uri` or `uris`"),
            (None, None) => None,
            (Some(uri), None) => Some(PlaySource::Context(uri)),
            (None, Some(uris)) => Some(PlaySource::Uris(uris)),
        };
        Ok(Self { device_id, play: source.map(|source| Play { source, offset }), position_ms })
    }
}

impl From<StartPlayback> for Flat {
    fn from(start: StartPlayback) -> Self {
        let StartPlayback { device_id, play, position_ms } = start;
        let mut flat = Self { device_id, context_uri: None, uris: None, offset: None, position_ms };
        if let Some(play) = play {
            flat.offset = play.offset;
            match play.source {
                PlaySource::Context(uri) => flat.context_uri = Some(uri),
                PlaySource::Uris(uris) => flat.uris = Some(uris),
            }
        }
        flat
    }
}
