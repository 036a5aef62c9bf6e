//! The closed sets of words that requests may hold.

use crate::bounded::words;

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
}
