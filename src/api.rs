//! The operations of the reference, one struct each, grouped and ordered as there.
//!
//! * Required parameters are those of `new`, every other one is a method of its name on the wire.
//! * Values are plain serde data under the names of the wire: `{"id": "4aaw…", "limit": 50}`.
//! * Every parameter is a public field, so that logs and queues can read it: `GetAlbum { id, market, .. }`.
//! * `RULES` lists the documented bounds of the parameters, and [`check`](crate::Endpoint::check) applies them. It also
//!   refuses empty ids, texts, lists and sets.
//! * Lists: [`next`](crate::Paged::next) is the endpoint of the next page, `next_after(&request, &object)` the one after
//!   the first page inside an object, `batches` splits what is too much for one request.
//! * Writes answer `()` whatever the body says; where nothing may be there to answer, the output is an `Option`.
//! * Operations that applications in development mode lost are deprecated, and name their replacement.

#![allow(deprecated, reason = "operations that development mode lost are declared and listed here too")]

use crate::endpoint::Endpoint;
use crate::types::operation::Operation;

mod albums;
mod artists;
mod audiobooks;
mod categories;
mod chapters;
mod episodes;
mod fields;
mod genres;
mod invalidation;
mod library;
mod markets;
mod player;
mod playlists;
mod search;
mod shows;
mod string_enum;
mod tracks;
mod users;

pub use albums::{
    CheckSavedAlbums, GetAlbum, GetAlbumTracks, GetAlbums, GetNewReleases, GetSavedAlbums, RemoveSavedAlbums,
    SaveAlbums,
};
pub use artists::{GetArtist, GetArtistAlbums, GetArtistTopTracks, GetArtists, GetRelatedArtists};
pub use audiobooks::{
    CheckSavedAudiobooks, GetAudiobook, GetAudiobookChapters, GetAudiobooks, GetSavedAudiobooks,
    RemoveSavedAudiobooks, SaveAudiobooks,
};
pub use categories::{GetCategories, GetCategory};
pub use chapters::{GetChapter, GetChapters};
pub use episodes::{
    CheckSavedEpisodes, GetEpisode, GetEpisodes, GetSavedEpisodes, RemoveSavedEpisodes, SaveEpisodes,
};
pub use fields::{Field, Fields};
pub use genres::GetRecommendationGenres;
pub use library::{CheckLibraryItems, RemoveLibraryItems, SaveLibraryItems};
pub use markets::GetAvailableMarkets;
pub use player::{
    AddToQueue, GetCurrentlyPlaying, GetDevices, GetPlaybackState, GetQueue, GetRecentlyPlayed, HistoryStart,
    PausePlayback, Play, PlayFrom, PlaySource, SeekToPosition, SetRepeatMode, SetVolume, SkipToNext,
    SkipToPrevious, StartPlayback, ToggleShuffle, TransferPlayback,
};
pub use playlists::{
    AddPlaylistItems, AddPlaylistTracks, Batches, ChangePlaylistDetails, CoverError, CoverImage,
    CreatePlaylist, CreatePlaylistForUser, GetCategoryPlaylists, GetCurrentUserPlaylists,
    GetFeaturedPlaylists, GetPlaylist, GetPlaylistCover, GetPlaylistItems, GetPlaylistTracks,
    GetUserPlaylists, PlaylistChange, RemovePlaylistItems, RemovePlaylistTracks, Reorder,
    UpdatePlaylistItems, UpdatePlaylistTracks, UploadPlaylistCover, UriItems,
};
pub use search::Search;
pub use shows::{
    CheckSavedShows, GetSavedShows, GetShow, GetShowEpisodes, GetShows, RemoveSavedShows, SaveShows,
};
pub use string_enum::{
    IncludeExternal, IncludeGroup, ItemType, PlayableType, RepeatMode, TimeRange, TopType,
};
pub use tracks::{
    Attribute, CheckSavedTracks, GetAudioAnalysis, GetAudioFeatures, GetRecommendations, GetSavedTracks,
    GetSeveralAudioFeatures, GetTrack, GetTracks, RemoveSavedTracks, SaveTracks, Seed, SeedCount, Seeds,
    TimestampedId, TracksToSave,
};
pub use users::{
    CheckFollowing, CheckFollowsPlaylist, FollowArtistsOrUsers, FollowPlaylist, FollowedType, Followees,
    GetCurrentUserProfile, GetFollowedArtists, GetTopArtists, GetTopItems, GetTopTracks, GetUserProfile,
    TopItems, UnfollowArtistsOrUsers, UnfollowPlaylist,
};

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
                $(if id == {
                    #[allow(deprecated)]
                    let known = <$crate::api::$name as $crate::Endpoint>::OPERATION.id;
                    known
                } {
                    #[allow(deprecated)]
                    type $dollar endpoint = $crate::api::$name;
                    $dollar run
                } else)+ {
                    $dollar otherwise
                }
            }};
        }
    };
}

operations! { $
    GetAlbum, GetAlbums, GetAlbumTracks, GetArtist, GetArtists, GetArtistAlbums, GetArtistTopTracks,
    GetRelatedArtists, GetShow, GetShows, GetShowEpisodes, GetEpisode, GetEpisodes, GetAudiobook,
    GetAudiobooks, GetAudiobookChapters, GetSavedAudiobooks, SaveAudiobooks, RemoveSavedAudiobooks,
    CheckSavedAudiobooks, GetChapter, GetChapters, GetTrack, GetTracks, Search, GetCurrentUserProfile,
    GetPlaylist, ChangePlaylistDetails, GetPlaylistTracks, AddPlaylistTracks, UpdatePlaylistTracks,
    RemovePlaylistTracks, GetPlaylistItems, AddPlaylistItems, UpdatePlaylistItems, RemovePlaylistItems,
    GetCurrentUserPlaylists, CreatePlaylist, SaveLibraryItems, RemoveLibraryItems, CheckLibraryItems,
    GetSavedAlbums, SaveAlbums, RemoveSavedAlbums, CheckSavedAlbums, GetSavedTracks, SaveTracks,
    RemoveSavedTracks, CheckSavedTracks, GetSavedEpisodes, SaveEpisodes, RemoveSavedEpisodes,
    CheckSavedEpisodes, GetSavedShows, SaveShows, RemoveSavedShows, CheckSavedShows, GetTopItems,
    GetUserProfile, GetUserPlaylists, CreatePlaylistForUser, FollowPlaylist, UnfollowPlaylist,
    GetFeaturedPlaylists, GetCategories, GetCategory, GetCategoryPlaylists, GetPlaylistCover,
    UploadPlaylistCover, GetNewReleases, GetFollowedArtists, FollowArtistsOrUsers,
    UnfollowArtistsOrUsers, CheckFollowing, CheckFollowsPlaylist, GetSeveralAudioFeatures,
    GetAudioFeatures, GetAudioAnalysis, GetRecommendations, GetRecommendationGenres, GetPlaybackState,
    TransferPlayback, GetDevices, GetCurrentlyPlaying, StartPlayback, PausePlayback, SkipToNext,
    SkipToPrevious, SeekToPosition, SetRepeatMode, SetVolume, ToggleShuffle, GetRecentlyPlayed,
    GetQueue, AddToQueue, GetAvailableMarkets,
}
