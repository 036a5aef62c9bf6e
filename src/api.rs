//! The operations of the reference, one struct each, grouped and ordered as there.
//!
//! An operation is a value with its parameters: required ones in `new`, one setter for each option, named as on the
//! wire. It is plain serde data too, with the documented names, so it can wait in a queue. The 48 operations that
//! applications in development mode lost in 2026 or before are marked as deprecated and name their replacement.

#![allow(deprecated, reason = "the operations that development mode lost are offered all the same")]

use crate::endpoint::{Endpoint, Operation};

mod albums;
mod artists;
mod audiobooks;
mod categories;
mod chapters;
mod episodes;
mod fields;
mod genres;
mod library;
mod markets;
mod player;
mod playlist_items;
mod playlists;
mod recommendations;
mod search;
mod shows;
mod tracks;
mod users;

pub use albums::*;
pub use artists::*;
pub use audiobooks::*;
pub use categories::*;
pub use chapters::*;
pub use episodes::*;
pub use fields::{Field, Fields};
pub use genres::*;
pub use library::*;
pub use markets::*;
pub use player::*;
pub use playlist_items::*;
pub use playlists::*;
pub use recommendations::*;
pub use search::*;
pub use shows::*;
pub use tracks::*;
pub use users::*;

/// Lists the operations once, for [`OPERATIONS`] and for [`with_endpoint!`](crate::with_endpoint).
macro_rules! operations {
    ($dollar:tt $($name:ident),+ $(,)?) => {
        /// Every operation, in the reference's order.
        pub const OPERATIONS: &[Operation] = &[$($name::OPERATION),+];

        /// Runs code with the endpoint type of an operation that is only known by its id: for tools.
        ///
        /// `with_endpoint!(id, E => expression, else expression)`: in the first expression `E` is the type.
        ///
        /// ```
        /// use spotify_proto::{Endpoint, with_endpoint};
        /// let route = with_endpoint!("get-an-album", E => Some(E::OPERATION.route), else None);
        /// assert_eq!(route, Some("/v1/albums/{id}"));
        /// ```
        #[macro_export]
        macro_rules! with_endpoint {
            ($dollar id:expr, $dollar endpoint:ident => $dollar run:expr, else $dollar otherwise:expr $dollar(,)?) => {{
                let id: &str = $dollar id;
                #[allow(deprecated)]
                {
                    $(if id == <$crate::api::$name as $crate::Endpoint>::OPERATION.id {
                        type $dollar endpoint = $crate::api::$name;
                        $dollar run
                    } else)+ {
                        $dollar otherwise
                    }
                }
            }};
        }
    };
}

operations! { $
    GetAlbum, GetAlbums, GetAlbumTracks, GetArtist, GetArtists, GetArtistAlbums, GetArtistTopTracks,
    GetRelatedArtists, GetShow, GetShows, GetShowEpisodes, GetEpisode, GetEpisodes, GetAudiobook, GetAudiobooks,
    GetAudiobookChapters, GetSavedAudiobooks, SaveAudiobooks, RemoveAudiobooks, CheckSavedAudiobooks, GetChapter,
    GetChapters, GetTrack, GetTracks, Search, GetCurrentUserProfile, GetPlaylist, ChangePlaylistDetails,
    GetPlaylistTracks, AddPlaylistTracks, UpdatePlaylistTracks, RemovePlaylistTracks, GetPlaylistItems,
    AddPlaylistItems, UpdatePlaylistItems, RemovePlaylistItems, GetCurrentUserPlaylists, CreatePlaylist,
    SaveLibraryItems, RemoveLibraryItems, CheckLibraryContains, GetSavedAlbums, SaveAlbums, RemoveAlbums,
    CheckSavedAlbums, GetSavedTracks, SaveTracks, RemoveTracks, CheckSavedTracks, GetSavedEpisodes, SaveEpisodes,
    RemoveEpisodes, CheckSavedEpisodes, GetSavedShows, SaveShows, RemoveShows, CheckSavedShows, GetTopItems,
    GetUserProfile, GetUserPlaylists, CreatePlaylistForUser, FollowPlaylist, UnfollowPlaylist,
    GetFeaturedPlaylists, GetCategories, GetCategory, GetCategoryPlaylists, GetPlaylistCover, UploadPlaylistCover,
    GetNewReleases, GetFollowed, FollowArtistsOrUsers, UnfollowArtistsOrUsers, CheckFollowing,
    CheckFollowsPlaylist, GetSeveralAudioFeatures, GetAudioFeatures, GetAudioAnalysis, GetRecommendations,
    GetRecommendationGenres, GetPlaybackState, TransferPlayback, GetDevices, GetCurrentlyPlaying, StartPlayback,
    PausePlayback, SkipToNext, SkipToPrevious, SeekToPosition, SetRepeatMode, SetVolume, SetShuffle,
    GetRecentlyPlayed, GetQueue, AddToQueue, GetAvailableMarkets,
}
