//! Enums for request parameters that accept only a fixed set of values.

use crate::endpoint::Measured;
use crate::types::query::words;

words! {
    /// Group of albums in an artist's discography.
    IncludeGroup {
        /// Albums of the artist.
        Album = "album",
        /// Singles of the artist.
        Single = "single",
        /// Albums of other artists on which the artist appears.
        AppearsOn = "appears_on",
        /// Compilations that include the artist.
        Compilation = "compilation",
    }

    /// Type of search results.
    ItemType {
        /// Albums.
        Album = "album",
        /// Artists.
        Artist = "artist",
        /// Playlists.
        Playlist = "playlist",
        /// Tracks.
        Track = "track",
        /// Shows.
        Show = "show",
        /// Episodes.
        Episode = "episode",
        /// Audiobooks.
        Audiobook = "audiobook",
    }

    /// Type of externally hosted content that a search marks as playable.
    IncludeExternal {
        /// Audio that is hosted outside Spotify.
        Audio = "audio",
    }

    /// Type of a playable item.
    PlayableType {
        /// Tracks.
        Track = "track",
        /// Episodes.
        Episode = "episode",
    }

    /// Period over which top artists and tracks are computed.
    TimeRange {
        /// About a year.
        LongTerm = "long_term",
        /// About six months.
        MediumTerm = "medium_term",
        /// About four weeks.
        ShortTerm = "short_term",
    }

    /// Type of a user's top items.
    TopType {
        /// Artists.
        Artists = "artists",
        /// Tracks.
        Tracks = "tracks",
    }

    /// Repeat mode to set.
    RepeatMode {
        /// The current track.
        Track = "track",
        /// The current album, playlist or other context.
        Context = "context",
        /// Nothing.
        Off = "off",
    }
}

/// Implements [`Measured`] for types whose values are always valid.
macro_rules! unbounded {
    ($($name:ident),+) => {$(
        impl Measured for $name {}
    )+};
}
unbounded!(IncludeGroup, ItemType, IncludeExternal, PlayableType, TimeRange, TopType, RepeatMode);
