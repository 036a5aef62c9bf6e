//! What a write makes doubtful: the ids of the reads whose answers it may change.
//!
//! Left out are counts of followers, tastes and the search: they follow in their own time, whatever is written.

/// Anything saved or followed, by URI.
pub(super) const LIBRARY: &[&str] = &[
    "check-library-contains",
    "get-users-saved-albums",
    "check-users-saved-albums",
    "get-users-saved-audiobooks",
    "check-users-saved-audiobooks",
    "get-users-saved-episodes",
    "check-users-saved-episodes",
    "get-users-saved-shows",
    "check-users-saved-shows",
    "get-users-saved-tracks",
    "check-users-saved-tracks",
    "get-followed",
    "check-current-user-follows",
    "get-a-list-of-current-users-playlists",
    "get-list-users-playlists",
    "check-if-user-follows-playlist",
];

/// The saved albums.
pub(super) const ALBUMS: &[&str] =
    &["get-users-saved-albums", "check-users-saved-albums", "check-library-contains"];

/// The saved audiobooks.
pub(super) const AUDIOBOOKS: &[&str] =
    &["get-users-saved-audiobooks", "check-users-saved-audiobooks", "check-library-contains"];

/// The saved episodes.
pub(super) const EPISODES: &[&str] =
    &["get-users-saved-episodes", "check-users-saved-episodes", "check-library-contains"];

/// The saved shows.
pub(super) const SHOWS: &[&str] =
    &["get-users-saved-shows", "check-users-saved-shows", "check-library-contains"];

/// The saved tracks.
pub(super) const TRACKS: &[&str] =
    &["get-users-saved-tracks", "check-users-saved-tracks", "check-library-contains"];

/// The artists and users that are followed.
pub(super) const FOLLOWED: &[&str] =
    &["get-followed", "check-current-user-follows", "check-library-contains"];

/// The playlists that are followed.
pub(super) const FOLLOWED_PLAYLISTS: &[&str] = &[
    "get-a-list-of-current-users-playlists",
    "get-list-users-playlists",
    "check-if-user-follows-playlist",
    "check-library-contains",
];

/// The user's lists of playlists.
pub(super) const PLAYLISTS: &[&str] = &["get-a-list-of-current-users-playlists", "get-list-users-playlists"];

/// A playlist, and its line in the lists.
pub(super) const PLAYLIST: &[&str] =
    &["get-playlist", "get-a-list-of-current-users-playlists", "get-list-users-playlists"];

/// A playlist, its items, and what is told of them elsewhere: their number, and a cover made of them.
pub(super) const ITEMS: &[&str] = &[
    "get-playlist",
    "get-playlists-items",
    "get-playlists-tracks",
    "get-playlist-cover",
    "get-a-list-of-current-users-playlists",
    "get-list-users-playlists",
];

/// A playlist's cover, wherever it is shown.
pub(super) const COVER: &[&str] = &[
    "get-playlist-cover",
    "get-playlist",
    "get-a-list-of-current-users-playlists",
    "get-list-users-playlists",
];

/// What plays, where and how.
pub(super) const PLAYER: &[&str] = &[
    "get-information-about-the-users-current-playback",
    "get-the-users-currently-playing-track",
    "get-queue",
    "get-a-users-available-devices",
];

/// What plays, and what has played: after another item has begun.
pub(super) const PLAYED: &[&str] = &[
    "get-information-about-the-users-current-playback",
    "get-the-users-currently-playing-track",
    "get-queue",
    "get-a-users-available-devices",
    "get-recently-played",
];
