//! What Spotify sends: plain data, one file an object family.
//!
//! Fields are public and named as on the wire. What the server may leave out is an `Option`, or has a default
//! where an empty value says the same; lists are empty when they are absent. Deprecated fields stay readable.
//! All models read tolerantly (wrong types are absent, unknown keys are skipped), write without absent fields, and
//! read back what they wrote. They want a self-describing format such as JSON.

mod actions;
mod album;
mod artist;
mod audio;
mod audiobook;
mod browse;
mod chapter;
mod common;
mod episode;
mod page;
mod playable;
mod player;
mod playlist;
mod progress;
mod search;
mod show;
mod track;
mod unknown;
mod user;

pub use actions::{Actions, Disallows};
pub use album::{Album, AlbumGroup, AlbumType, Albums, NewReleases, SavedAlbum, SimplifiedAlbum};
pub use artist::{Artist, Artists, FollowedArtists, SimplifiedArtist};
pub use audio::{
    AnalysisMeta, AnalysisTrack, AudioAnalysis, AudioFeatures, AudioFeaturesList, Section, Segment,
    TimeInterval,
};
pub use audiobook::{Audiobook, Audiobooks, Author, Narrator, SavedAudiobook, SimplifiedAudiobook};
pub use browse::{Categories, Category, Genres, MarketList, RecommendationSeed, Recommendations, SeedType};
pub use chapter::{Chapter, Chapters, SimplifiedChapter};
pub use common::{
    Copyright, CopyrightType, ExternalIds, ExternalUrls, Followers, Image, Markets, MediaType, ObjectType,
    ReleaseDatePrecision, RestrictionReason, Restrictions,
};
pub use episode::{Episode, Episodes, ResumePoint, SavedEpisode, SimplifiedEpisode};
pub(crate) use page::Placed;
pub use page::{CursorPage, Cursors, Page};
pub use playable::Playable;
pub use player::{
    ContextType, CurrentlyPlaying, CurrentlyPlayingType, Device, DeviceType, Devices, PlayHistory,
    PlaybackContext, PlaybackState, Queue, RepeatState,
};
pub use playlist::{
    FeaturedPlaylists, Playlist, PlaylistItem, PlaylistItemsRef, PlaylistUser, SimplifiedPlaylist, Snapshot,
};
pub use progress::Progress;
pub use search::SearchResults;
pub use show::{SavedShow, Show, Shows, SimplifiedShow};
pub use track::{LinkedTrack, SavedTrack, SimplifiedTrack, Track, Tracks};
pub use unknown::UnknownItem;
pub use user::{ExplicitContent, PrivateUser, Product, PublicUser};
