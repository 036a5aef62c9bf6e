//! What most programs use, in one line: `use spotify_proto::prelude::*;`.
//!
//! The operations are those that every application may call; the deprecated ones stay in [`api`](crate::api).
//!
//! ```
//! use spotify_proto::prelude::*;
//!
//! let track: TrackId = "6rqhFgbbKwnb9MLmUQDhG6".parse()?;
//! let request = GetTrack::new(track).request(&Origin::api());
//! assert_eq!(request.uri().path(), "/v1/tracks/6rqhFgbbKwnb9MLmUQDhG6");
//! # Ok::<(), spotify_proto::IdError>(())
//! ```

#![deny(deprecated)]

pub use crate::api::{
    AddPlaylistItems, AddToQueue, ChangePlaylistDetails, CheckLibraryItems, CreatePlaylist, GetAlbum,
    GetAlbumTracks, GetArtist, GetArtistAlbums, GetAudiobook, GetAudiobookChapters, GetChapter,
    GetCurrentUserPlaylists, GetCurrentUserProfile, GetCurrentlyPlaying, GetDevices, GetEpisode,
    GetFollowedArtists, GetPlaybackState, GetPlaylist, GetPlaylistCover, GetPlaylistItems, GetQueue,
    GetRecentlyPlayed, GetSavedAlbums, GetSavedAudiobooks, GetSavedEpisodes, GetSavedShows, GetSavedTracks,
    GetShow, GetShowEpisodes, GetTopArtists, GetTopItems, GetTopTracks, GetTrack, ItemType, PausePlayback,
    RemoveLibraryItems, RemovePlaylistItems, SaveLibraryItems, Search, SeekToPosition, SetRepeatMode,
    SetVolume, SkipToNext, SkipToPrevious, StartPlayback, ToggleShuffle, TransferPlayback,
    UpdatePlaylistItems, UploadPlaylistCover,
};
pub use crate::{
    AlbumId, App, ArtistId, AudiobookId, Call, ChapterId, Endpoint, EpisodeId, Error, List, Market,
    OffsetPaged, Origin, Paged, PlaylistId, QueryText, Reply, Session, Set, ShowId, Source, Step, TrackId,
    Uri, UserId,
};
