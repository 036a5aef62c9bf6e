//! The operations of the Web API reference, one struct per operation.
//!
//! An operation is a value that implements [`Endpoint`]. [`Call`](crate::Call) sends the request with authorization and
//! retries. If neither is needed, [`request`](crate::Endpoint::request) builds the request and
//! [`parse`](crate::Endpoint::parse) reads the response.
//!
//! ```
//! use spotify_proto::{AlbumId, Endpoint, Origin, api::GetAlbumTracks};
//!
//! let album: AlbumId = "5ht7ItJgpBH7W6vJ5BqpPr".parse()?;
//! let request = GetAlbumTracks::new(album).limit(50).request(&Origin::api());
//! assert_eq!(request.uri().path(), "/v1/albums/5ht7ItJgpBH7W6vJ5BqpPr/tracks");
//! assert_eq!(request.uri().query(), Some("limit=50"));
//! # Ok::<(), spotify_proto::IdError>(())
//! ```
//!
//! # Parameters
//!
//! * The arguments of `new` are the required parameters. Each optional parameter has a setter that is named after the
//!   parameter on the wire.
//! * Every parameter is a public field, so that callers can inspect or log it: `GetAlbum { id, market, .. }`.
//! * Operations implement `Serialize` and `Deserialize`, using the parameter names on the wire:
//!   `{"id": "4aaw…", "limit": 50}`.
//! * `RULES` lists the documented bounds of the parameters. [`check`](crate::Endpoint::check) enforces these bounds,
//!   and also rejects empty ids, texts, lists and sets.
//!
//! # Lists
//!
//! * [`next`](crate::Paged::next) returns the endpoint of the next page, and [`Pager`](crate::Pager) reads all pages.
//! * `next_after` returns the endpoint of the page that follows the first page contained in an album, a show, an
//!   audiobook or a playlist.
//! * `batches` splits a list that is too long for one request.
//! * A list has an empty slot (`None`) for each item that is missing or cannot be decoded.
//!
//! # Responses
//!
//! If the output is `()`, any 2xx response is a success, and the body of the response is ignored. The output is an
//! `Option` if the body of a successful response may be empty.
//!
//! Each operation documents its specific errors. The following errors are common to all operations:
//!
//! | Cause | Error |
//! |---|---|
//! | a parameter that is out of bounds, detected before sending | [`Error::Request`](crate::Error::Request) |
//! | an operation that requires a user's token, called with an application's token | [`AuthError::UserRequired`](crate::AuthError::UserRequired) |
//! | a missing scope | [`Error::Scope`](crate::Error::Scope) |
//! | an operation that is not available in development mode | [`ForbiddenReason::OperationRemoved`](crate::ForbiddenReason::OperationRemoved) |
//! | an unknown id (404) or a malformed id (400) | [`Error::Api`](crate::Error::Api) |
//! | too many requests (429) | [`Error::RateLimited`](crate::Error::RateLimited) |
//!
//! # Quota modes
//!
//! Operations with the quota mode *extended* are not available to applications in development mode, which receive 403
//! `Forbidden` (404 for [`GetRecommendations`]). These operations are deprecated; the deprecation note names the
//! replacement, if any. Spotify has postponed the restriction for client ids that were created before 2026-02-11,
//! except for operations that were restricted in November 2024.
//!
//! # Operations
//!
//! Operations are grouped as in the reference, with deprecated operations last in each group. If the scopes are
//! alternatives, the parameters determine which scope is required. Optional scopes add fields or items to the response.
//!
//! ## Albums
//!
//! | Operation | Scopes | Quota mode | Output |
//! |---|---|---|---|
//! | [`GetAlbum`] | none | any | [`Album`](crate::model::Album) |
//! | [`GetAlbumTracks`] | none | any | [`Page<SimplifiedTrack>`](crate::model::SimplifiedTrack) |
//! | [`GetSavedAlbums`] | `user-library-read` | any | [`Page<SavedAlbum>`](crate::model::SavedAlbum) |
//! | [`GetAlbums`] | none | extended | [`Albums`](crate::model::Albums) |
//! | [`SaveAlbums`] | `user-library-modify` | extended | `()` |
//! | [`RemoveSavedAlbums`] | `user-library-modify` | extended | `()` |
//! | [`CheckSavedAlbums`] | `user-library-read` | extended | `Vec<bool>` |
//! | [`GetNewReleases`] | none | extended | [`NewReleases`](crate::model::NewReleases) |
//!
//! ## Artists
//!
//! | Operation | Scopes | Quota mode | Output |
//! |---|---|---|---|
//! | [`GetArtist`] | none | any | [`Artist`](crate::model::Artist) |
//! | [`GetArtistAlbums`] | none | any | [`Page<SimplifiedAlbum>`](crate::model::SimplifiedAlbum) |
//! | [`GetArtists`] | none | extended | [`Artists`](crate::model::Artists) |
//! | [`GetArtistTopTracks`] | none | extended | [`Tracks`](crate::model::Tracks) |
//! | [`GetRelatedArtists`] | none | extended | [`Artists`](crate::model::Artists) |
//!
//! ## Audiobooks
//!
//! Audiobooks and chapters are available only in the US, the UK, Canada, Ireland, New Zealand and Australia.
//!
//! | Operation | Scopes | Quota mode | Output |
//! |---|---|---|---|
//! | [`GetAudiobook`] | none | any | [`Audiobook`](crate::model::Audiobook) |
//! | [`GetAudiobookChapters`] | none | any | [`Page<SimplifiedChapter>`](crate::model::SimplifiedChapter) |
//! | [`GetSavedAudiobooks`] | `user-library-read` | any | [`Page<SavedAudiobook>`](crate::model::SavedAudiobook) |
//! | [`GetAudiobooks`] | none | extended | [`Audiobooks`](crate::model::Audiobooks) |
//! | [`SaveAudiobooks`] | `user-library-modify` | extended | `()` |
//! | [`RemoveSavedAudiobooks`] | `user-library-modify` | extended | `()` |
//! | [`CheckSavedAudiobooks`] | `user-library-read` | extended | `Vec<bool>` |
//!
//! ## Categories
//!
//! | Operation | Scopes | Quota mode | Output |
//! |---|---|---|---|
//! | [`GetCategories`] | none | extended | [`Categories`](crate::model::Categories) |
//! | [`GetCategory`] | none | extended | [`Category`](crate::model::Category) |
//!
//! ## Chapters
//!
//! | Operation | Scopes | Quota mode | Output |
//! |---|---|---|---|
//! | [`GetChapter`] | none | any | [`Chapter`](crate::model::Chapter) |
//! | [`GetChapters`] | none | extended | [`Chapters`](crate::model::Chapters) |
//!
//! ## Episodes
//!
//! | Operation | Scopes | Quota mode | Output |
//! |---|---|---|---|
//! | [`GetEpisode`] | none; optional `user-read-playback-position` | any | [`Episode`](crate::model::Episode) |
//! | [`GetSavedEpisodes`] | `user-library-read`; optional `user-read-playback-position` | any | [`Page<SavedEpisode>`](crate::model::SavedEpisode) |
//! | [`GetEpisodes`] | none; optional `user-read-playback-position` | extended | [`Episodes`](crate::model::Episodes) |
//! | [`SaveEpisodes`] | `user-library-modify` | extended | `()` |
//! | [`RemoveSavedEpisodes`] | `user-library-modify` | extended | `()` |
//! | [`CheckSavedEpisodes`] | `user-library-read` | extended | `Vec<bool>` |
//!
//! ## Genres
//!
//! | Operation | Scopes | Quota mode | Output |
//! |---|---|---|---|
//! | [`GetRecommendationGenres`] | none | extended | [`Genres`](crate::model::Genres) |
//!
//! ## Library
//!
//! These operations replace the operations in other groups that save, remove, follow, unfollow or check items. They
//! accept several kinds of URIs.
//!
//! | Operation | Scopes | Quota mode | Output |
//! |---|---|---|---|
//! | [`SaveLibraryItems`] | `user-library-modify`, `user-follow-modify` or `playlist-modify-public` | any | `()` |
//! | [`RemoveLibraryItems`] | `user-library-modify`, `user-follow-modify` or `playlist-modify-public` | any | `()` |
//! | [`CheckLibraryItems`] | `user-library-read`, `user-follow-read` or `playlist-read-private` | any | `Vec<bool>` |
//!
//! ## Markets
//!
//! | Operation | Scopes | Quota mode | Output |
//! |---|---|---|---|
//! | [`GetAvailableMarkets`] | none | extended | [`MarketList`](crate::model::MarketList) |
//!
//! ## Player
//!
//! Commands require a Premium subscription. A successful response means that the server has accepted the command, not
//! that the device has executed it. The server does not guarantee the order in which successive commands are executed.
//!
//! | Operation | Scopes | Quota mode | Output |
//! |---|---|---|---|
//! | [`GetPlaybackState`] | `user-read-playback-state` | any | [`Option<PlaybackState>`](crate::model::PlaybackState) |
//! | [`TransferPlayback`] | `user-modify-playback-state` | any | `()` |
//! | [`GetDevices`] | `user-read-playback-state` | any | [`Devices`](crate::model::Devices) |
//! | [`GetCurrentlyPlaying`] | `user-read-currently-playing` | any | [`Option<CurrentlyPlaying>`](crate::model::CurrentlyPlaying) |
//! | [`StartPlayback`] | `user-modify-playback-state` | any | `()` |
//! | [`PausePlayback`] | `user-modify-playback-state` | any | `()` |
//! | [`SkipToNext`] | `user-modify-playback-state` | any | `()` |
//! | [`SkipToPrevious`] | `user-modify-playback-state` | any | `()` |
//! | [`SeekToPosition`] | `user-modify-playback-state` | any | `()` |
//! | [`SetRepeatMode`] | `user-modify-playback-state` | any | `()` |
//! | [`SetVolume`] | `user-modify-playback-state` | any | `()` |
//! | [`ToggleShuffle`] | `user-modify-playback-state` | any | `()` |
//! | [`GetRecentlyPlayed`] | `user-read-recently-played` | any | [`CursorPage<PlayHistory>`](crate::model::PlayHistory) |
//! | [`GetQueue`] | `user-read-currently-playing` and `user-read-playback-state` | any | [`Queue`](crate::model::Queue) |
//! | [`AddToQueue`] | `user-modify-playback-state` | any | `()` |
//!
//! ## Playlists
//!
//! | Operation | Scopes | Quota mode | Output |
//! |---|---|---|---|
//! | [`GetPlaylist`] | none | any | [`Playlist`](crate::model::Playlist) |
//! | [`ChangePlaylistDetails`] | `playlist-modify-public` or `playlist-modify-private` | any | `()` |
//! | [`GetPlaylistItems`] | `playlist-read-private` | any | [`Page<PlaylistItem>`](crate::model::PlaylistItem) |
//! | [`AddPlaylistItems`] | `playlist-modify-public` or `playlist-modify-private` | any | [`Snapshot`](crate::model::Snapshot) |
//! | [`UpdatePlaylistItems`] | `playlist-modify-public` or `playlist-modify-private` | any | [`Snapshot`](crate::model::Snapshot) |
//! | [`RemovePlaylistItems`] | `playlist-modify-public` or `playlist-modify-private` | any | [`Snapshot`](crate::model::Snapshot) |
//! | [`GetCurrentUserPlaylists`] | `playlist-read-private` | any | [`Page<SimplifiedPlaylist>`](crate::model::SimplifiedPlaylist) |
//! | [`CreatePlaylist`] | `playlist-modify-public` or `playlist-modify-private` | any | [`Playlist`](crate::model::Playlist) |
//! | [`GetPlaylistCover`] | none | any | [`Vec<Image>`](crate::model::Image) |
//! | [`UploadPlaylistCover`] | `ugc-image-upload`, and `playlist-modify-public` or `playlist-modify-private` | any | `()` |
//! | [`GetPlaylistTracks`] | `playlist-read-private` | extended | [`Page<PlaylistItem>`](crate::model::PlaylistItem) |
//! | [`AddPlaylistTracks`] | `playlist-modify-public` or `playlist-modify-private` | extended | [`Snapshot`](crate::model::Snapshot) |
//! | [`UpdatePlaylistTracks`] | `playlist-modify-public` or `playlist-modify-private` | extended | [`Snapshot`](crate::model::Snapshot) |
//! | [`RemovePlaylistTracks`] | `playlist-modify-public` or `playlist-modify-private` | extended | [`Snapshot`](crate::model::Snapshot) |
//! | [`GetUserPlaylists`] | none; optional `playlist-read-private` and `playlist-read-collaborative` | extended | [`Page<SimplifiedPlaylist>`](crate::model::SimplifiedPlaylist) |
//! | [`CreatePlaylistForUser`] | `playlist-modify-public` or `playlist-modify-private` | extended | [`Playlist`](crate::model::Playlist) |
//! | [`GetFeaturedPlaylists`] | none | extended | [`FeaturedPlaylists`](crate::model::FeaturedPlaylists) |
//! | [`GetCategoryPlaylists`] | none | extended | [`FeaturedPlaylists`](crate::model::FeaturedPlaylists) |
//!
//! ## Search
//!
//! | Operation | Scopes | Quota mode | Output |
//! |---|---|---|---|
//! | [`Search`] | none | any | [`SearchResults`](crate::model::SearchResults) |
//!
//! ## Shows
//!
//! | Operation | Scopes | Quota mode | Output |
//! |---|---|---|---|
//! | [`GetShow`] | none; optional `user-read-playback-position` | any | [`Show`](crate::model::Show) |
//! | [`GetShowEpisodes`] | none; optional `user-read-playback-position` | any | [`Page<SimplifiedEpisode>`](crate::model::SimplifiedEpisode) |
//! | [`GetSavedShows`] | `user-library-read` | any | [`Page<SavedShow>`](crate::model::SavedShow) |
//! | [`GetShows`] | none | extended | [`Shows`](crate::model::Shows) |
//! | [`SaveShows`] | `user-library-modify` | extended | `()` |
//! | [`RemoveSavedShows`] | `user-library-modify` | extended | `()` |
//! | [`CheckSavedShows`] | `user-library-read` | extended | `Vec<bool>` |
//!
//! ## Tracks
//!
//! | Operation | Scopes | Quota mode | Output |
//! |---|---|---|---|
//! | [`GetTrack`] | none | any | [`Track`](crate::model::Track) |
//! | [`GetSavedTracks`] | `user-library-read` | any | [`Page<SavedTrack>`](crate::model::SavedTrack) |
//! | [`GetTracks`] | none | extended | [`Tracks`](crate::model::Tracks) |
//! | [`SaveTracks`] | `user-library-modify` | extended | `()` |
//! | [`RemoveSavedTracks`] | `user-library-modify` | extended | `()` |
//! | [`CheckSavedTracks`] | `user-library-read` | extended | `Vec<bool>` |
//! | [`GetSeveralAudioFeatures`] | none | extended | [`AudioFeaturesList`](crate::model::AudioFeaturesList) |
//! | [`GetAudioFeatures`] | none | extended | [`AudioFeatures`](crate::model::AudioFeatures) |
//! | [`GetAudioAnalysis`] | none | extended | [`AudioAnalysis`](crate::model::AudioAnalysis) |
//! | [`GetRecommendations`] | none | extended | [`Recommendations`](crate::model::Recommendations) |
//!
//! ## Users
//!
//! [`GetTopArtists`] and [`GetTopTracks`] are variants of [`GetTopItems`] with a statically typed output.
//!
//! | Operation | Scopes | Quota mode | Output |
//! |---|---|---|---|
//! | [`GetCurrentUserProfile`] | none; optional `user-read-private` and `user-read-email` | any | [`PrivateUser`](crate::model::PrivateUser) |
//! | [`GetTopItems`] | `user-top-read` | any | [`TopItems`] |
//! | [`GetFollowedArtists`] | `user-follow-read` | any | [`FollowedArtists`](crate::model::FollowedArtists) |
//! | [`GetUserProfile`] | none | extended | [`PublicUser`](crate::model::PublicUser) |
//! | [`FollowPlaylist`] | `playlist-modify-public` or `playlist-modify-private` | extended | `()` |
//! | [`UnfollowPlaylist`] | `playlist-modify-public` or `playlist-modify-private` | extended | `()` |
//! | [`FollowArtistsOrUsers`] | `user-follow-modify` | extended | `()` |
//! | [`UnfollowArtistsOrUsers`] | `user-follow-modify` | extended | `()` |
//! | [`CheckFollowing`] | `user-follow-read` | extended | `Vec<bool>` |
//! | [`CheckFollowsPlaylist`] | none | extended | `Vec<bool>` |

#![allow(deprecated, reason = "operations that are not available in development mode are also listed")]

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

/// Declares [`OPERATIONS`] and [`with_endpoint!`](crate::with_endpoint) from one list.
macro_rules! operations {
    ($dollar:tt $($name:ident),+ $(,)?) => {
        /// All operations, in the order of the reference.
        pub const OPERATIONS: &[Operation] = &[$($name::OPERATION),+];

        /// Evaluates an expression with the endpoint type of the operation that has the given id.
        ///
        /// In `with_endpoint!(id, E => expression, else expression)`, `E` is the endpoint type in the first expression.
        /// The second expression is evaluated if no operation has the id. The macro is intended for tools that select
        /// operations at run time.
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
