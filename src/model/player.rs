//! The player: devices, playback states, the queue and the history.

use super::actions::Actions;
use super::common::ExternalUrls;
use super::playable::Playable;
use super::track::Track;
use crate::types::text::Text;
use crate::types::time::Timestamp;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// Type of a device.
    DeviceType {
        /// A computer.
        Computer = "Computer",
        /// A tablet.
        Tablet = "Tablet",
        /// A smartphone.
        Smartphone = "Smartphone",
        /// A smartwatch.
        Smartwatch = "Smartwatch",
        /// A speaker.
        Speaker = "Speaker",
        /// A television set.
        Tv = "TV",
        /// An audio/video receiver.
        Avr = "AVR",
        /// A set-top box.
        Stb = "STB",
        /// An audio dongle.
        AudioDongle = "AudioDongle",
        /// A game console.
        GameConsole = "GameConsole",
        /// A Chromecast device with video.
        CastVideo = "CastVideo",
        /// A Chromecast device without video.
        CastAudio = "CastAudio",
        /// A car.
        Automobile = "Automobile",
        /// A device whose type is unknown to the server.
        Unknown = "Unknown",
    }

    /// Repeat mode.
    RepeatState {
        /// Nothing is repeated.
        Off = "off",
        /// The currently playing item is repeated.
        Track = "track",
        /// The context, such as an album or a playlist, is repeated.
        Context = "context",
    }

    /// Type of the currently playing item.
    CurrentlyPlayingType {
        /// A track.
        Track = "track",
        /// An episode.
        Episode = "episode",
        /// An advertisement. The response has no item.
        Ad = "ad",
        /// An item whose type is unknown to the server. The response has no item.
        Unknown = "unknown",
    }

    /// Type of a playback context.
    ContextType {
        /// An album.
        Album = "album",
        /// An artist.
        Artist = "artist",
        /// A playlist.
        Playlist = "playlist",
        /// A show.
        Show = "show",
        /// The user's saved tracks. Undocumented.
        Collection = "collection",
        /// The user's saved episodes. Undocumented.
        CollectionYourEpisodes = "collectionyourepisodes",
    }
}

model! {
    /// A playback device of the user.
    ///
    /// Reference:
    /// [Get Available Devices](https://developer.spotify.com/documentation/web-api/reference/get-a-users-available-devices).
    Device {
        /// ID of the device, for the parameter `device_id` of commands; `None` for some devices. The ID can change, so
        /// do not store it permanently.
        id: Option<Text>,
        /// True if the device is the active device, on which playback is playing or paused.
        is_active: Option<bool>,
        /// True if the device is in a private session.
        is_private_session: Option<bool>,
        /// True if the device does not accept commands from the Web API.
        is_restricted: Option<bool>,
        /// Name of the device, such as the name of its model or a name chosen by the user; empty if the response has
        /// none.
        name: Text,
        /// Type of the device.
        r#type: Option<DeviceType> = "type",
        /// Volume from 0 to 100; `None` if unknown.
        volume_percent: Option<u32>,
        /// True if commands can set the volume.
        supports_volume: Option<bool>,
    }

    /// Available devices: the response to [`GetDevices`](crate::api::GetDevices).
    ///
    /// Reference:
    /// [Get Available Devices](https://developer.spotify.com/documentation/web-api/reference/get-a-users-available-devices).
    Devices, without_content {
        /// Available devices; empty if there are none. Devices that are asleep are not listed.
        devices: Vec<Device>,
    }

    /// The playback state: device, item, position and modes.
    ///
    /// Response to [`GetPlaybackState`](crate::api::GetPlaybackState), which is `None` if no device is active.
    ///
    /// Reference:
    /// [Get Playback State](https://developer.spotify.com/documentation/web-api/reference/get-information-about-the-users-current-playback).
    PlaybackState {
        /// Active device.
        device: Option<Device>,
        /// Repeat mode.
        repeat_state: Option<RepeatState>,
        /// True if shuffle is on.
        shuffle_state: Option<bool>,
        /// True if recommended tracks are mixed into a shuffled playlist. Undocumented.
        smart_shuffle: Option<bool>,
        /// Context of the playback, such as an album; `None` if a single item is playing.
        context: Option<PlaybackContext>,
        /// Unix timestamp of the last change to the state, in milliseconds; 0 in some responses.
        timestamp: Option<u64>,
        /// Position in the item, in milliseconds from its start.
        progress_ms: Option<u64>,
        /// True if the item is playing, false if it is paused.
        is_playing: Option<bool>,
        /// Item that is playing or paused; `None` for advertisements, between two items and in private sessions.
        item: Option<Playable>,
        /// Type of the item.
        currently_playing_type: Option<CurrentlyPlayingType>,
        /// Commands that the player does not currently accept.
        actions: Option<Actions>,
    }

    /// The currently playing item, its context and its position.
    ///
    /// Response to [`GetCurrentlyPlaying`](crate::api::GetCurrentlyPlaying), which is `None` if nothing is playing.
    /// [`PlaybackState`] also has the device and the modes.
    ///
    /// Reference:
    /// [Get Currently Playing Track](https://developer.spotify.com/documentation/web-api/reference/get-the-users-currently-playing-track).
    CurrentlyPlaying {
        /// Active device; usually `None`.
        device: Option<Device>,
        /// Repeat mode; usually `None`.
        repeat_state: Option<RepeatState>,
        /// True if shuffle is on; usually `None`.
        shuffle_state: Option<bool>,
        /// Context of the playback, such as an album; `None` if a single item is playing.
        context: Option<PlaybackContext>,
        /// Unix timestamp of the last change to the state, in milliseconds; 0 in some responses.
        timestamp: Option<u64>,
        /// Position in the item, in milliseconds from its start.
        progress_ms: Option<u64>,
        /// True if the item is playing, false if it is paused.
        is_playing: Option<bool>,
        /// Item that is playing or paused; `None` for advertisements, between two items and in private sessions.
        item: Option<Playable>,
        /// Type of the item.
        currently_playing_type: Option<CurrentlyPlayingType>,
        /// Commands that the player does not currently accept.
        actions: Option<Actions>,
    }

    /// Playback context: the album, artist, playlist, show or collection from which items are played.
    ///
    /// Reference:
    /// [Get Playback State](https://developer.spotify.com/documentation/web-api/reference/get-information-about-the-users-current-playback).
    PlaybackContext {
        /// Type of the context.
        r#type: Option<ContextType> = "type",
        /// Web API URL of the context.
        href: Option<Href>,
        /// Public URLs of the context, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Spotify URI of the context.
        uri: Option<SpotifyUri>,
    }

    /// The currently playing item and the queue: the response to [`GetQueue`](crate::api::GetQueue).
    ///
    /// Reference: [Get the User's Queue](https://developer.spotify.com/documentation/web-api/reference/get-queue).
    Queue, without_content {
        /// Currently playing item; `None` if nothing is playing.
        currently_playing: Option<Playable>,
        /// Next items, usually at most 20; empty if nothing is queued. A slot is `None` if its item is absent.
        queue: Vec<Option<Playable>>,
    }

    /// A track that the user has played.
    ///
    /// Item of the response to [`GetRecentlyPlayed`](crate::api::GetRecentlyPlayed), which does not list episodes.
    ///
    /// Reference:
    /// [Get Recently Played Tracks](https://developer.spotify.com/documentation/web-api/reference/get-recently-played).
    PlayHistory {
        /// Track that was played.
        track: Option<Box<Track>>,
        /// Time at which the track was played, in UTC, usually with milliseconds.
        played_at: Option<Timestamp>,
        /// Context from which the track was played; `None` for a single track.
        context: Option<PlaybackContext>,
    }
}
