//! The player: devices, what plays, what played and what comes next.

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
    /// The kind of a device.
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
        /// A video receiver of Chromecast.
        CastVideo = "CastVideo",
        /// An audio receiver of Chromecast.
        CastAudio = "CastAudio",
        /// A car.
        Automobile = "Automobile",
        /// Said to be unknown.
        Unknown = "Unknown",
    }

    /// What is repeated.
    RepeatState {
        /// Nothing.
        Off = "off",
        /// The track.
        Track = "track",
        /// The album, playlist or other context.
        Context = "context",
    }

    /// What kind of item plays.
    CurrentlyPlayingType {
        /// A track.
        Track = "track",
        /// An episode.
        Episode = "episode",
        /// An advertisement; there is no item then.
        Ad = "ad",
        /// Said to be unknown; there is no item then.
        Unknown = "unknown",
    }

    /// What kind of thing the playback goes through.
    ContextType {
        /// An album.
        Album = "album",
        /// An artist.
        Artist = "artist",
        /// A playlist.
        Playlist = "playlist",
        /// A show.
        Show = "show",
        /// The user's saved tracks; not documented.
        Collection = "collection",
        /// The user's saved episodes; not documented.
        CollectionYourEpisodes = "collectionyourepisodes",
    }
}

model! {
    /// A device that plays.
    Device {
        /// Its id, which may change with time; absent for some devices.
        id: Option<Text>,
        /// Whether it is the one that plays.
        is_active: Option<bool>,
        /// Whether it is in a private session.
        is_private_session: Option<bool>,
        /// Whether it takes no commands from the Web API.
        is_restricted: Option<bool>,
        /// Its name.
        name: Text,
        /// Its kind.
        r#type: Option<DeviceType> = "type",
        /// The volume, from 0 to 100; absent where it is not known.
        volume_percent: Option<u32>,
        /// Whether its volume can be set.
        supports_volume: Option<bool>,
    }

    /// The user's devices.
    Devices, without_content {
        /// The devices; those that are asleep are left out.
        devices: Vec<Device>,
    }

    /// What plays, where and how.
    PlaybackState {
        /// The device that plays.
        device: Option<Device>,
        /// What is repeated.
        repeat_state: Option<RepeatState>,
        /// Whether the order is shuffled.
        shuffle_state: Option<bool>,
        /// Whether suggestions are mixed in; not documented.
        smart_shuffle: Option<bool>,
        /// What the playback goes through; absent for a single item.
        context: Option<PlaybackContext>,
        /// When the state last changed, in milliseconds of Unix time; 0 in some answers.
        timestamp: Option<u64>,
        /// The position in the item, in milliseconds.
        progress_ms: Option<u64>,
        /// Whether it plays; `Some(false)` is paused.
        is_playing: Option<bool>,
        /// What plays; absent for advertisements, between two items and in private sessions.
        item: Option<Playable>,
        /// What kind of item plays.
        currently_playing_type: Option<CurrentlyPlayingType>,
        /// Which commands make no sense now.
        actions: Option<Actions>,
    }

    /// What plays.
    CurrentlyPlaying {
        /// The device that plays; usually absent, [`PlaybackState`] has it.
        device: Option<Device>,
        /// What is repeated; usually absent, [`PlaybackState`] has it.
        repeat_state: Option<RepeatState>,
        /// Whether the order is shuffled; usually absent, [`PlaybackState`] has it.
        shuffle_state: Option<bool>,
        /// What the playback goes through; absent for a single item.
        context: Option<PlaybackContext>,
        /// When the state last changed, in milliseconds of Unix time; 0 in some answers.
        timestamp: Option<u64>,
        /// The position in the item, in milliseconds.
        progress_ms: Option<u64>,
        /// Whether it plays; `Some(false)` is paused.
        is_playing: Option<bool>,
        /// What plays; absent for advertisements, between two items and in private sessions.
        item: Option<Playable>,
        /// What kind of item plays.
        currently_playing_type: Option<CurrentlyPlayingType>,
        /// Which commands make no sense now.
        actions: Option<Actions>,
    }

    /// What the playback goes through: an album, a playlist, an artist, a show.
    PlaybackContext {
        /// What it is.
        r#type: Option<ContextType> = "type",
        /// Its address in the API.
        href: Option<Href>,
        /// Where to look at it.
        external_urls: Option<ExternalUrls>,
        /// Its URI.
        uri: Option<SpotifyUri>,
    }

    /// What plays and what comes next.
    Queue, without_content {
        /// What plays; absent when nothing does.
        currently_playing: Option<Playable>,
        /// What comes next, up to 20 items.
        queue: Vec<Option<Playable>>,
    }

    /// A track that the user heard.
    PlayHistory {
        /// The track.
        track: Option<Box<Track>>,
        /// When it ended.
        played_at: Option<Timestamp>,
        /// What it was heard from.
        context: Option<PlaybackContext>,
    }
}
