//! Commands with a numeric parameter, which `new` accepts without a conversion. The `endpoint!` macro cannot declare
//! such a parameter.

use http::Method;
use serde::{Deserialize, Serialize};

use super::CONTROL;
use crate::endpoint::{Check, Endpoint, setters};
use crate::error::{DecodeError, RequestError};
use crate::response::{FromResponse, ResponseRef};
use crate::types::operation::Operation;
use crate::types::origin::{Route, Target, Value};
use crate::types::query::QueryText;

/// Seeks to a position in the currently playing item.
///
/// A position past the end of the item starts the next item. Fails with 404 and
/// [`Reason::NoActiveDevice`](crate::Reason::NoActiveDevice) if no device is active, and with 403 and
/// [`Reason::PremiumRequired`](crate::Reason::PremiumRequired) if the user has no Premium subscription. The response
/// body is empty.
///
/// * [Reference](https://developer.spotify.com/documentation/web-api/reference/seek-to-position-in-currently-playing-track).
/// * Scopes: `user-modify-playback-state`.
/// * Quota mode: any.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
#[must_use = "an endpoint does nothing until its request is sent"]
#[non_exhaustive]
pub struct SeekToPosition {
    /// Required query parameter `position_ms`: position in milliseconds from the start of the item.
    pub position_ms: u64,
    /// Query parameter, set by [`device_id`](method@Self::device_id).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<QueryText>,
}

impl SeekToPosition {
    /// Seeks to a position, in milliseconds from the start of the item.
    pub fn new(position_ms: u64) -> Self {
        Self { position_ms, device_id: None }
    }

    setters! {
        RULES []
        /// Sets the id of the target device; the default is the active device.
        device_id: QueryText,
    }
}

impl Endpoint for SeekToPosition {
    type Output = ();

    const OPERATION: Operation =
        Operation::new("seek-to-position-in-currently-playing-track", Method::PUT, "/v1/me/player/seek")
            .all(CONTROL);

    fn target(&self, target: &mut Target) {
        target.route(const { &Route::of(Self::OPERATION) }, []);
        Value(&self.position_ms).add("position_ms", target);
        if let Some(device_id) = &self.device_id {
            target.query("device_id", device_id);
        }
    }

    fn check(&self) -> Result<(), RequestError> {
        let check = Check::new(Self::OPERATION.id, Self::RULES);
        check.parameter("position_ms", &self.position_ms)?;
        check.option("device_id", self.device_id.as_ref())
    }

    fn decode(&self, response: ResponseRef<'_>) -> Result<(), DecodeError> {
        FromResponse::from_response(response)
    }
}

/// Sets the volume of a device.
///
/// Fails with [`Reason::VolumeControlDisallow`](crate::Reason::VolumeControlDisallow) if the volume of the device
/// cannot be set. Fails with 404 and [`Reason::NoActiveDevice`](crate::Reason::NoActiveDevice) if no device is active,
/// and with 403 and [`Reason::PremiumRequired`](crate::Reason::PremiumRequired) if the user has no Premium
/// subscription. The response body is empty.
///
/// * [Reference](https://developer.spotify.com/documentation/web-api/reference/set-volume-for-users-playback).
/// * Scopes: `user-modify-playback-state`.
/// * Quota mode: any.
/// * Limits: 0 to 100 percent.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
#[must_use = "an endpoint does nothing until its request is sent"]
#[non_exhaustive]
pub struct SetVolume {
    /// Required query parameter `volume_percent`: volume in percent.
    ///
    /// Range: 0 to 100.
    pub volume_percent: u32,
    /// Query parameter, set by [`device_id`](method@Self::device_id).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<QueryText>,
}

impl SetVolume {
    /// Sets the volume, in percent.
    ///
    /// Range: 0 to 100.
    pub fn new(volume_percent: u32) -> Self {
        Self { volume_percent, device_id: None }
    }

    setters! {
        RULES [volume_percent range(0..=100)]
        /// Sets the id of the target device; the default is the active device.
        device_id: QueryText,
    }
}

impl Endpoint for SetVolume {
    type Output = ();

    const OPERATION: Operation =
        Operation::new("set-volume-for-users-playback", Method::PUT, "/v1/me/player/volume").all(CONTROL);

    fn target(&self, target: &mut Target) {
        target.route(const { &Route::of(Self::OPERATION) }, []);
        Value(&self.volume_percent).add("volume_percent", target);
        if let Some(device_id) = &self.device_id {
            target.query("device_id", device_id);
        }
    }

    fn check(&self) -> Result<(), RequestError> {
        let check = Check::new(Self::OPERATION.id, Self::RULES);
        check.parameter("volume_percent", &self.volume_percent)?;
        check.option("device_id", self.device_id.as_ref())
    }

    fn decode(&self, response: ResponseRef<'_>) -> Result<(), DecodeError> {
        FromResponse::from_response(response)
    }
}
