//! The player: state, history, queue and commands.

mod position_and_volume;
mod recent;
mod start;

pub use position_and_volume::{SeekToPosition, SetVolume};
pub use recent::{GetRecentlyPlayed, HistoryStart};
pub use start::{Play, PlayFrom, PlaySource, StartPlayback};

use super::string_enum::{PlayableType, RepeatMode};
use crate::endpoint::endpoint;
use crate::model::{CurrentlyPlaying, Devices, PlaybackState, Queue};
use crate::types::market::Market;
use crate::types::query::{CommaSet, QueryText};
use crate::types::scope::Scope;
use crate::types::uri::SpotifyUri;

const READ: &[Scope] = &[Scope::UserReadPlaybackState];
const READ_CURRENT: &[Scope] = &[Scope::UserReadCurrentlyPlaying];
const READ_BOTH: &[Scope] = &[Scope::UserReadCurrentlyPlaying, Scope::UserReadPlaybackState];
const CONTROL: &[Scope] = &[Scope::UserModifyPlaybackState];

endpoint! {
    /// Gets the playback state: the device, the item, the position, and the repeat and shuffle modes.
    ///
    /// The output is `None` if no device is active. For some accounts, the server responds with an error instead: 404
    /// `non existing id` if no device is active, or 400 `invalid id` while a local file is playing.
    /// [`ApiError::playback_state_absent`](crate::ApiError::playback_state_absent) detects both errors.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-information-about-the-users-current-playback).
    /// * Scopes: `user-read-playback-state`.
    /// * Quota mode: any.
    "get-information-about-the-users-current-playback" GET "/v1/me/player" => Option<PlaybackState>, all(READ);
    GetPlaybackState {} ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// The default is the country of the user's account, which also takes precedence over this value.
        market: Market,
    } ! {
        /// Sets the types of items that the application supports; the default is tracks and episodes.
        ///
        /// The parameter is always sent, because the server otherwise returns episodes as malformed tracks or as
        /// `null`.
        additional_types: CommaSet<PlayableType> = "track,episode",
    }
}

endpoint! {
    /// Transfers playback to another device: `TransferPlayback::new([device])`.
    ///
    /// Fails with 403 and [`Reason::PremiumRequired`](crate::Reason::PremiumRequired) if the user has no Premium
    /// subscription. The response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/transfer-a-users-playback).
    /// * Scopes: `user-modify-playback-state`.
    /// * Quota mode: any.
    "transfer-a-users-playback" PUT "/v1/me/player" => (), all(CONTROL);
    TransferPlayback {} + { device_ids: [QueryText; 1] } +? {
        /// Sets whether to start playback on the new device.
        ///
        /// The default is `false`, which keeps the current playback state.
        play: bool,
    }
}

endpoint! {
    /// Gets the user's available devices.
    ///
    /// The list is empty if no device is online. The server omits devices that are asleep and some device models.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-users-available-devices).
    /// * Scopes: `user-read-playback-state`.
    /// * Quota mode: any.
    "get-a-users-available-devices" GET "/v1/me/player/devices" => Devices, all(READ);
    GetDevices {}
}

endpoint! {
    /// Gets the currently playing track or episode.
    ///
    /// The output is `None` if nothing is playing. Unlike the output of [`GetPlaybackState`], it usually does not
    /// include the device.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-the-users-currently-playing-track).
    /// * Scopes: `user-read-currently-playing`.
    /// * Quota mode: any.
    "get-the-users-currently-playing-track" GET "/v1/me/player/currently-playing" => Option<CurrentlyPlaying>,
        all(READ_CURRENT);
    GetCurrentlyPlaying {} ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        ///
        /// The default is the country of the user's account, which also takes precedence over this value.
        market: Market,
    } ! {
        /// Sets the types of items that the application supports; the default is tracks and episodes.
        ///
        /// The parameter is always sent, because the server otherwise returns episodes as malformed tracks or as
        /// `null`.
        additional_types: CommaSet<PlayableType> = "track,episode",
    }
}

endpoint! {
    /// Pauses playback.
    ///
    /// Fails with 403 if playback is already paused. Fails with 404 and
    /// [`Reason::NoActiveDevice`](crate::Reason::NoActiveDevice) if no device is active, and with 403 and
    /// [`Reason::PremiumRequired`](crate::Reason::PremiumRequired) if the user has no Premium subscription. The
    /// response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/pause-a-users-playback).
    /// * Scopes: `user-modify-playback-state`.
    /// * Quota mode: any.
    "pause-a-users-playback" PUT "/v1/me/player/pause" => (), all(CONTROL);
    PausePlayback {} ? {
        /// Sets the id of the target device; the default is the active device.
        device_id: QueryText,
    }
}

endpoint! {
    /// Skips to the next item in the queue.
    ///
    /// The request is not idempotent, so it is not sent again after a lost response unless the retry policy allows it.
    /// Fails with 404 and [`Reason::NoActiveDevice`](crate::Reason::NoActiveDevice) if no device is active, and with
    /// 403 and [`Reason::PremiumRequired`](crate::Reason::PremiumRequired) if the user has no Premium subscription. The
    /// response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/skip-users-playback-to-next-track).
    /// * Scopes: `user-modify-playback-state`.
    /// * Quota mode: any.
    "skip-users-playback-to-next-track" POST "/v1/me/player/next" => (), all(CONTROL);
    SkipToNext {} ? {
        /// Sets the id of the target device; the default is the active device.
        device_id: QueryText,
    }
}

endpoint! {
    /// Skips to the previous item.
    ///
    /// The request is not idempotent, so it is not sent again after a lost response unless the retry policy allows it.
    /// Fails with 404 and [`Reason::NoActiveDevice`](crate::Reason::NoActiveDevice) if no device is active, and with
    /// 403 and [`Reason::PremiumRequired`](crate::Reason::PremiumRequired) if the user has no Premium subscription. The
    /// response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/skip-users-playback-to-previous-track).
    /// * Scopes: `user-modify-playback-state`.
    /// * Quota mode: any.
    "skip-users-playback-to-previous-track" POST "/v1/me/player/previous" => (), all(CONTROL);
    SkipToPrevious {} ? {
        /// Sets the id of the target device; the default is the active device.
        device_id: QueryText,
    }
}

endpoint! {
    /// Sets the repeat mode: track, context or off.
    ///
    /// Fails with 404 and [`Reason::NoActiveDevice`](crate::Reason::NoActiveDevice) if no device is active, and with
    /// 403 and [`Reason::PremiumRequired`](crate::Reason::PremiumRequired) if the user has no Premium subscription. The
    /// response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/set-repeat-mode-on-users-playback).
    /// * Scopes: `user-modify-playback-state`.
    /// * Quota mode: any.
    "set-repeat-mode-on-users-playback" PUT "/v1/me/player/repeat" => (), all(CONTROL);
    SetRepeatMode {} & { state: RepeatMode } ? {
        /// Sets the id of the target device; the default is the active device.
        device_id: QueryText,
    }
}

endpoint! {
    /// Turns shuffle on or off.
    ///
    /// Fails with 404 and [`Reason::NoActiveDevice`](crate::Reason::NoActiveDevice) if no device is active, and with
    /// 403 and [`Reason::PremiumRequired`](crate::Reason::PremiumRequired) if the user has no Premium subscription. The
    /// response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/toggle-shuffle-for-users-playback).
    /// * Scopes: `user-modify-playback-state`.
    /// * Quota mode: any.
    "toggle-shuffle-for-users-playback" PUT "/v1/me/player/shuffle" => (), all(CONTROL);
    ToggleShuffle {} & { state: bool } ? {
        /// Sets the id of the target device; the default is the active device.
        device_id: QueryText,
    }
}

endpoint! {
    /// Gets the currently playing item and the queue.
    ///
    /// The currently playing item is absent if nothing is playing.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-queue).
    /// * Scopes: `user-read-currently-playing` and `user-read-playback-state`.
    /// * Quota mode: any.
    "get-queue" GET "/v1/me/player/queue" => Queue, all(READ_BOTH);
    GetQueue {}
}

endpoint! {
    /// Adds a track or an episode to the queue of items to be played next.
    ///
    /// The request is not idempotent, so it is not sent again after a lost response unless the retry policy allows it.
    /// Fails with 404 and [`Reason::NoActiveDevice`](crate::Reason::NoActiveDevice) if no device is active, and with
    /// 403 and [`Reason::PremiumRequired`](crate::Reason::PremiumRequired) if the user has no Premium subscription. The
    /// response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/add-to-queue).
    /// * Scopes: `user-modify-playback-state`.
    /// * Quota mode: any.
    "add-to-queue" POST "/v1/me/player/queue" => (), all(CONTROL);
    AddToQueue {} & { uri: SpotifyUri } ? {
        /// Sets the id of the target device; the default is the active device.
        device_id: QueryText,
    }
}
