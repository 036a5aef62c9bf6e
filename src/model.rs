//! Models: the objects in Spotify's responses as plain data.
//!
//! Fields are public and have the same names as in JSON. Deprecated fields are still read, and unknown keys are
//! ignored. A model is serialized without its absent fields and can be deserialized again. The format must be
//! self-describing, like JSON.
//!
//! # Absent values
//!
//! A value is absent if its key is missing, or if the value is `null` or has the wrong type. An absent value is read as
//! `None` into an `Option`, and otherwise as the default of its type: an empty list, an empty text or zero. Even values
//! that the reference describes as required are absent from some responses. Common reasons are:
//!
//! * the parameter `fields` of the request, which selects fields of a playlist;
//! * [development mode](crate::QuotaMode), for which Spotify removed fields in February 2026, although some
//!   applications still receive them;
//! * a missing scope, for fields whose documentation mentions a scope;
//! * the market of the request, for fields such as `is_playable` and `available_markets`;
//! * a local file, which has neither an id nor a URL.
//!
//! # Models in tests
//!
//! Every model implements [`Default`]. Models may gain fields in minor versions, so they cannot be constructed with
//! struct expressions outside this crate. Build a model by assigning fields to the default value, or read the model
//! from JSON.
//!
//! ```
//! use spotify_proto::model::{Album, Page, Playable, PlaylistItem, SimplifiedTrack, Track};
//!
//! let mut track = SimplifiedTrack::default();
//! track.name = "Night Ferry".into();
//! track.duration_ms = Some(215_000);
//!
//! let mut album = Album::default();
//! album.name = "Paper Lanterns".into();
//! album.id = Some("4aawyAB9vmqN3uQ7FjRGTy".parse()?);
//! album.tracks = Some(Page::from_iter([track]));
//!
//! let track: Track = serde_json::from_str(r#"{"name": "Night Ferry"}"#)?;
//! let mut item = PlaylistItem::default();
//! item.item = Some(Playable::from(track));
//! assert_eq!(item.item.as_ref().map(Playable::name), Some("Night Ferry"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
mod simplified_album;
mod simplified_audiobook;
mod simplified_show;
mod track;
mod unknown;
mod user;

pub use actions::{Actions, Disallows};
pub use album::{Album, Albums, NewReleases, SavedAlbum};
pub use artist::{Artist, Artists, FollowedArtists, SimplifiedArtist};
pub use audio::{
    AnalysisMeta, AnalysisTrack, AudioAnalysis, AudioFeatures, AudioFeaturesList, Section, Segment,
    TimeInterval,
};
pub use audiobook::{Audiobook, Audiobooks, SavedAudiobook};
pub use browse::{Categories, Category, Genres, MarketList, RecommendationSeed, Recommendations, SeedType};
pub use chapter::{Chapter, Chapters, SimplifiedChapter};
pub use common::{
    Copyright, CopyrightType, ExternalIds, ExternalUrls, Followers, Image, Markets, MediaType, ObjectType,
    ReleaseDatePrecision, RestrictionReason, Restrictions,
};
pub use episode::{Episode, Episodes, ResumePoint, SavedEpisode, SimplifiedEpisode};
pub use page::{CursorPage, Cursors, Page, PageInfo};
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
pub use show::{SavedShow, Show, Shows};
pub use simplified_album::{AlbumGroup, AlbumType, SimplifiedAlbum};
pub use simplified_audiobook::{Author, Narrator, SimplifiedAudiobook};
pub use simplified_show::SimplifiedShow;
pub use track::{LinkedTrack, SavedTrack, SimplifiedTrack, Track, Tracks};
pub use unknown::UnknownItem;
pub use user::{ExplicitContent, PrivateUser, Product, PublicUser};
