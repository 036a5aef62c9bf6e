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

    /// Repeat mode.
    RepeatState {
        /// Nothing.
        Off = "off",
        /// The track.
        Track = "track",
        /// The album, playlist or other context.
        Context = "context",
    }

    /// Type of the item that plays.
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
        /// True for the active device.
        is_active: Option<bool>,
        /// True in a private session.
        is_private_session: Option<bool>,
        /// True if it accepts no commands from the Web API.
        is_restricted: Option<bool>,
        /// Name.
        name: Text,
        /// Type.
        r#type: Option<DeviceType> = "type",
        /// The volume, from 0 to 100; absent where it is not known.
        volume_percent: Option<u32>,
        /// True if its volume can be set.
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
        /// Repeat mode.
        repeat_state: Option<RepeatState>,
        /// True if the order is shuffled.
        shuffle_state: Option<bool>,
        /// True if suggestions are mixed in; undocumented.
        smart_shuffle: Option<bool>,
        /// Context of the playback, such as an album; absent for a single item.
        context: Option<PlaybackContext>,
        /// Time of the last change of the state, in milliseconds of Unix time; 0 in some responses.
        timestamp: Option<u64>,
        /// Position in the item, in milliseconds.
        progress_ms: Option<u64>,
        /// True if it plays; `Some(false)` if it is paused.
        is_playing: Option<bool>,
        /// Item that plays; absent for advertisements, between two items and in private sessions.
        item: Option<Playable>,
        /// Type of the item that plays.
        currently_playing_type: Option<CurrentlyPlayingType>,
        /// Commands that the player does not allow now.
        actions: Option<Actions>,
    }

    /// What plays.
    CurrentlyPlaying {
        /// The device that plays; usually absent, [`PlaybackState`] has it.
        device: Option<Device>,
        /// What is repeated; usually absent, [`PlaybackState`] has it.
        repeat_state: Option<RepeatState>,
        /// True if the order is shuffled; usually absent here, see [`PlaybackState`].
        shuffle_state: Option<bool>,
        /// Context of the playback, such as an album; absent for a single item.
        context: Option<PlaybackContext>,
        /// Time of the last change of the state, in milliseconds of Unix time; 0 in some responses.
        timestamp: Option<u64>,
        /// Position in the item, in milliseconds.
        progress_ms: Option<u64>,
        /// True if it plays; `Some(false)` if it is paused.
        is_playing: Option<bool>,
        /// Item that plays; absent for advertisements, between two items and in private sessions.
        item: Option<Playable>,
        /// Type of the item that plays.
        currently_playing_type: Option<CurrentlyPlayingType>,
        /// Commands that the player does not allow now.
        actions: Option<Actions>,
    }

    /// What the playback goes through: an album, a playlist, an artist, a show.
    PlaybackContext {
        /// Type.
        r#type: Option<ContextType> = "type",
        /// Address in the Web API.
        href: Option<Href>,
        /// Public web pages, by site.
        external_urls: Option<ExternalUrls>,
        /// Spotify URI.
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
