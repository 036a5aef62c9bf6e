//! The player: what plays, where, and commands for it.
//!
//! Commands need Premium. Spotify does not promise to run successive commands in their order, and an endpoint's
//! success is no proof that a device obeyed.

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
    /// What plays, where and how; `None` when nothing is active.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-information-about-the-users-current-playback).
    /// Scopes: `user-read-playback-state`.
    "get-information-about-the-users-current-playback" GET "/v1/me/player" => Option<PlaybackState>, all(READ);
    GetPlaybackState {} ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
    } ! {
        /// Sets the types of items that the program understands; the default is both.
        additional_types: CommaSet<PlayableType> = "track,episode",
    }
}

endpoint! {
    /// Moves playback to a device: `TransferPlayback::new([device])`.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/transfer-a-users-playback).
    /// Scopes: `user-modify-playback-state`. The response is empty.
    "transfer-a-users-playback" PUT "/v1/me/player" => (), all(CONTROL);
    TransferPlayback {} + { device_ids: [QueryText; 1] } +? {
        /// Whether it must play there; as it was before unless set.
        play: bool,
    }
}

endpoint! {
    /// The devices on which the user could play; not all of them are shown.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-a-users-available-devices).
    /// Scopes: `user-read-playback-state`.
    "get-a-users-available-devices" GET "/v1/me/player/devices" => Devices, all(READ);
    GetDevices {}
}

endpoint! {
    /// The track or episode that plays; `None` when nothing does.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-the-users-currently-playing-track).
    /// Scopes: `user-read-currently-playing`.
    "get-the-users-currently-playing-track" GET "/v1/me/player/currently-playing" => Option<CurrentlyPlaying>,
        all(READ_CURRENT);
    GetCurrentlyPlaying {} ? {
        /// Sets the market, an ISO 3166-1 alpha-2 country code.
        market: Market,
    } ! {
        /// Sets the types of items that the program understands; the default is both.
        additional_types: CommaSet<PlayableType> = "track,episode",
    }
}

endpoint! {
    /// Pauses.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/pause-a-users-playback).
    /// Scopes: `user-modify-playback-state`. The response is empty.
    "pause-a-users-playback" PUT "/v1/me/player/pause" => (), all(CONTROL);
    PausePlayback {} ? {
        /// Sets the device; the default is the active one.
        device_id: QueryText,
    }
}

endpoint! {
    /// Skips to the next item.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/skip-users-playback-to-next-track).
    /// Scopes: `user-modify-playback-state`. The response is empty.
    "skip-users-playback-to-next-track" POST "/v1/me/player/next" => (), all(CONTROL);
    SkipToNext {} ? {
        /// Sets the device; the default is the active one.
        device_id: QueryText,
    }
}

endpoint! {
    /// Skips to the item before.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/skip-users-playback-to-previous-track).
    /// Scopes: `user-modify-playback-state`. The response is empty.
    "skip-users-playback-to-previous-track" POST "/v1/me/player/previous" => (), all(CONTROL);
    SkipToPrevious {} ? {
        /// Sets the device; the default is the active one.
        device_id: QueryText,
    }
}

endpoint! {
    /// Sets what is repeated.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/set-repeat-mode-on-users-playback).
    /// Scopes: `user-modify-playback-state`. The response is empty.
    "set-repeat-mode-on-users-playback" PUT "/v1/me/player/repeat" => (), all(CONTROL);
    SetRepeatMode {} & { state: RepeatMode } ? {
        /// Sets the device; the default is the active one.
        device_id: QueryText,
    }
}

endpoint! {
    /// Plays in random order, or no longer.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/toggle-shuffle-for-users-playback).
    /// Scopes: `user-modify-playback-state`. The response is empty.
    "toggle-shuffle-for-users-playback" PUT "/v1/me/player/shuffle" => (), all(CONTROL);
    ToggleShuffle {} & { state: bool } ? {
        /// Sets the device; the default is the active one.
        device_id: QueryText,
    }
}

endpoint! {
    /// What plays and what comes next.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-queue).
    /// Scopes: `user-read-currently-playing` and `user-read-playback-state`.
    "get-queue" GET "/v1/me/player/queue" => Queue, all(READ_BOTH);
    GetQueue {}
}

endpoint! {
    /// Adds a track or an episode to what comes next.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/add-to-queue).
    /// Scopes: `user-modify-playback-state`. The response is empty.
    "add-to-queue" POST "/v1/me/player/queue" => (), all(CONTROL);
    AddToQueue {} & { uri: SpotifyUri } ? {
        /// Sets the device; the default is the active one.
        device_id: QueryText,
    }
}
