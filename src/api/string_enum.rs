//! Closed sets of values for the parameters of requests.

use crate::endpoint::Measured;
use crate::types::query::words;

words! {
    /// Group of an artist's albums.
    IncludeGroup {
        /// Albums of the artist.
        Album = "album",
        /// Singles of the artist.
        Single = "single",
        /// Albums of other artists on which the artist appears.
        AppearsOn = "appears_on",
        /// Compilations with the artist.
        Compilation = "compilation",
    }

    /// Type of the results of a search.
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

    /// Externally hosted content that a search marks as playable.
    IncludeExternal {
        /// Audio that is hosted outside of Spotify.
        Audio = "audio",
    }

    /// Type of an item that can be played.
    PlayableType {
        /// Tracks.
        Track = "track",
        /// Episodes.
        Episode = "episode",
    }

    /// Period of listening from which top artists and tracks are computed.
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

/// These values have no rule apart from their type.
macro_rules! unbounded {
    ($($name:ident),+) => {$(
        impl Measured for $name {}
    )+};
}
unbounded!(IncludeGroup, ItemType, IncludeExternal, PlayableType, TimeRange, TopType, RepeatMode);
