//! The closed sets of words that requests may hold.

use crate::endpoint::Measured;
use crate::types::query::words;

words! {
    /// What an artist's discography may hold.
    IncludeGroup {
        /// Albums of the artist.
        Album = "album",
        /// Singles of the artist.
        Single = "single",
        /// Albums of others on which the artist appears.
        AppearsOn = "appears_on",
        /// Compilations with the artist.
        Compilation = "compilation",
    }

    /// What to search for.
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

    /// Content from outside that a search may show as playable.
    IncludeExternal {
        /// Audio that is hosted elsewhere.
        Audio = "audio",
    }

    /// What can be played, besides advertisements.
    PlayableType {
        /// Tracks.
        Track = "track",
        /// Episodes.
        Episode = "episode",
    }

    /// Time over which top artists and tracks are counted.
    TimeRange {
        /// About a year.
        LongTerm = "long_term",
        /// About six months.
        MediumTerm = "medium_term",
        /// About four weeks.
        ShortTerm = "short_term",
    }

    /// What a user's top items are.
    TopType {
        /// Artists.
        Artists = "artists",
        /// Tracks.
        Tracks = "tracks",
    }

    /// What is repeated.
    RepeatMode {
        /// The current track.
        Track = "track",
        /// The current context.
        Context = "context",
        /// Nothing.
        Off = "off",
    }
}

/// A word has no other rule than to be one of its set.
macro_rules! unbounded {
    ($($name:ident),+) => {$(
        impl Measured for $name {}
    )+};
}
unbounded!(IncludeGroup, ItemType, IncludeExternal, PlayableType, TimeRange, TopType, RepeatMode);
