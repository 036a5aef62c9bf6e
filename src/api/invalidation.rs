//! Read operations whose stored responses a write makes stale.
//!
//! Follower counts, top items and search results are not listed, because the server updates them only some time after a
//! write.

#![allow(
    deprecated,
    reason = "operations that are not available in development mode also make responses stale"
)]

use super::{
    AddPlaylistItems, AddPlaylistTracks, AddToQueue, ChangePlaylistDetails, CheckFollowing,
    CheckFollowsPlaylist, CheckLibraryItems, CheckSavedAlbums, CheckSavedAudiobooks, CheckSavedEpisodes,
    CheckSavedShows, CheckSavedTracks, CreatePlaylist, CreatePlaylistForUser, FollowArtistsOrUsers,
    FollowPlaylist, GetCurrentUserPlaylists, GetCurrentlyPlaying, GetDevices, GetFollowedArtists,
    GetPlaybackState, GetPlaylist, GetPlaylistCover, GetPlaylistItems, GetPlaylistTracks, GetQueue,
    GetRecentlyPlayed, GetSavedAlbums, GetSavedAudiobooks, GetSavedEpisodes, GetSavedShows, GetSavedTracks,
    GetUserPlaylists, PausePlayback, RemoveLibraryItems, RemovePlaylistItems, RemovePlaylistTracks,
    RemoveSavedAlbums, RemoveSavedAudiobooks, RemoveSavedEpisodes, RemoveSavedShows, RemoveSavedTracks,
    SaveAlbums, SaveAudiobooks, SaveEpisodes, SaveLibraryItems, SaveShows, SaveTracks, SeekToPosition,
    SetRepeatMode, SetVolume, SkipToNext, SkipToPrevious, StartPlayback, ToggleShuffle, TransferPlayback,
    UnfollowArtistsOrUsers, UnfollowPlaylist, UpdatePlaylistItems, UpdatePlaylistTracks, UploadPlaylistCover,
};
use crate::endpoint::Endpoint;
use crate::types::operation::Operation;

impl Operation {
    /// Returns the read operations whose stored responses may be stale after this operation; empty for a read.
    ///
    /// Only responses for the same user are affected. If the write is for one playlist, only responses about that
    /// playlist and the lists of playlists are affected. It is always correct to remove all stored responses to these
    /// operations. To find these responses, store [`Key::operation`](crate::cache::Key::operation) with each entry.
    ///
    /// ```
    /// use spotify_proto::{Endpoint, api::{GetAlbum, GetSavedTracks, SaveLibraryItems}};
    ///
    /// let outdated = SaveLibraryItems::OPERATION.invalidated();
    /// assert!(outdated.contains(&&GetSavedTracks::OPERATION));
    /// assert!(!outdated.contains(&&GetAlbum::OPERATION));
    /// ```
    ///
    /// For a custom endpoint, declare the operations with [`invalidates`](Self::invalidates).
    #[must_use]
    pub fn invalidated(&self) -> &'static [&'static Self] {
        let row = TABLE.iter().find(|(writes, _)| writes.iter().any(|write| write.id == self.id));
        row.map_or(self.invalidates, |(_, reads)| reads)
    }
}

/// Groups of write operations, each with the read operations whose responses it makes stale.
const TABLE: &[(&[&Operation], &[&Operation])] = &[
    (&[&SaveLibraryItems::OPERATION, &RemoveLibraryItems::OPERATION], LIBRARY),
    (&[&SaveAlbums::OPERATION, &RemoveSavedAlbums::OPERATION], ALBUMS),
    (&[&SaveAudiobooks::OPERATION, &RemoveSavedAudiobooks::OPERATION], AUDIOBOOKS),
    (&[&SaveEpisodes::OPERATION, &RemoveSavedEpisodes::OPERATION], EPISODES),
    (&[&SaveShows::OPERATION, &RemoveSavedShows::OPERATION], SHOWS),
    (&[&SaveTracks::OPERATION, &RemoveSavedTracks::OPERATION], TRACKS),
    (&[&FollowArtistsOrUsers::OPERATION, &UnfollowArtistsOrUsers::OPERATION], FOLLOWED),
    (&[&FollowPlaylist::OPERATION, &UnfollowPlaylist::OPERATION], FOLLOWED_PLAYLISTS),
    (&[&CreatePlaylist::OPERATION, &CreatePlaylistForUser::OPERATION], PLAYLISTS),
    (&[&ChangePlaylistDetails::OPERATION], PLAYLIST),
    (
        &[
            &AddPlaylistTracks::OPERATION,
            &UpdatePlaylistTracks::OPERATION,
            &RemovePlaylistTracks::OPERATION,
            &AddPlaylistItems::OPERATION,
            &UpdatePlaylistItems::OPERATION,
            &RemovePlaylistItems::OPERATION,
        ],
        ITEMS,
    ),
    (&[&UploadPlaylistCover::OPERATION], COVER),
    (
        &[
            &TransferPlayback::OPERATION,
            &PausePlayback::OPERATION,
            &SeekToPosition::OPERATION,
            &SetRepeatMode::OPERATION,
            &SetVolume::OPERATION,
            &ToggleShuffle::OPERATION,
            &AddToQueue::OPERATION,
        ],
        PLAYER,
    ),
    (&[&StartPlayback::OPERATION, &SkipToNext::OPERATION, &SkipToPrevious::OPERATION], PLAYED),
];

/// Reads of items that can be saved or followed by URI.
const LIBRARY: &[&Operation] = &[
    &CheckLibraryItems::OPERATION,
    &GetSavedAlbums::OPERATION,
    &CheckSavedAlbums::OPERATION,
    &GetSavedAudiobooks::OPERATION,
    &CheckSavedAudiobooks::OPERATION,
    &GetSavedEpisodes::OPERATION,
    &CheckSavedEpisodes::OPERATION,
    &GetSavedShows::OPERATION,
    &CheckSavedShows::OPERATION,
    &GetSavedTracks::OPERATION,
    &CheckSavedTracks::OPERATION,
    &GetFollowedArtists::OPERATION,
    &CheckFollowing::OPERATION,
    &GetCurrentUserPlaylists::OPERATION,
    &GetUserPlaylists::OPERATION,
    &CheckFollowsPlaylist::OPERATION,
];

/// Saved albums.
const ALBUMS: &[&Operation] =
    &[&GetSavedAlbums::OPERATION, &CheckSavedAlbums::OPERATION, &CheckLibraryItems::OPERATION];

/// Saved audiobooks.
const AUDIOBOOKS: &[&Operation] =
    &[&GetSavedAudiobooks::OPERATION, &CheckSavedAudiobooks::OPERATION, &CheckLibraryItems::OPERATION];

/// Saved episodes.
const EPISODES: &[&Operation] =
    &[&GetSavedEpisodes::OPERATION, &CheckSavedEpisodes::OPERATION, &CheckLibraryItems::OPERATION];

/// Saved shows.
const SHOWS: &[&Operation] =
    &[&GetSavedShows::OPERATION, &CheckSavedShows::OPERATION, &CheckLibraryItems::OPERATION];

/// Saved tracks.
const TRACKS: &[&Operation] =
    &[&GetSavedTracks::OPERATION, &CheckSavedTracks::OPERATION, &CheckLibraryItems::OPERATION];

/// Followed artists and users.
const FOLLOWED: &[&Operation] =
    &[&GetFollowedArtists::OPERATION, &CheckFollowing::OPERATION, &CheckLibraryItems::OPERATION];

/// Followed playlists.
const FOLLOWED_PLAYLISTS: &[&Operation] = &[
    &GetCurrentUserPlaylists::OPERATION,
    &GetUserPlaylists::OPERATION,
    &CheckFollowsPlaylist::OPERATION,
    &CheckLibraryItems::OPERATION,
];

/// The user's lists of playlists.
const PLAYLISTS: &[&Operation] = &[&GetCurrentUserPlaylists::OPERATION, &GetUserPlaylists::OPERATION];

/// A playlist, and its entry in the user's lists of playlists.
const PLAYLIST: &[&Operation] =
    &[&GetPlaylist::OPERATION, &GetCurrentUserPlaylists::OPERATION, &GetUserPlaylists::OPERATION];

/// The items of a playlist, the number of items, and the cover that is generated from the items.
const ITEMS: &[&Operation] = &[
    &GetPlaylist::OPERATION,
    &GetPlaylistItems::OPERATION,
    &GetPlaylistTracks::OPERATION,
    &GetPlaylistCover::OPERATION,
    &GetCurrentUserPlaylists::OPERATION,
    &GetUserPlaylists::OPERATION,
];

/// The cover of a playlist, in all responses that contain the cover.
const COVER: &[&Operation] = &[
    &GetPlaylistCover::OPERATION,
    &GetPlaylist::OPERATION,
    &GetCurrentUserPlaylists::OPERATION,
    &GetUserPlaylists::OPERATION,
];

/// The state of the player.
const PLAYER: &[&Operation] = &[
    &GetPlaybackState::OPERATION,
    &GetCurrentlyPlaying::OPERATION,
    &GetQueue::OPERATION,
    &GetDevices::OPERATION,
];

/// The state of the player and the playback history, for commands that start another item.
const PLAYED: &[&Operation] = &[
    &GetPlaybackState::OPERATION,
    &GetCurrentlyPlaying::OPERATION,
    &GetQueue::OPERATION,
    &GetDevices::OPERATION,
    &GetRecentlyPlayed::OPERATION,
];
