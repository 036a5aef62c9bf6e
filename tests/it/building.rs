//! Models as applications build them for their own tests.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;

use serde::Serialize;
use serde::de::DeserializeOwned;
use spotify_proto::model::*;

use crate::source::project;

/// Checks that a model has a default which is written and read back.
fn check<T: Clone + Debug + Default + DeserializeOwned + PartialEq + Serialize>(name: &str) {
    let model = T::default();
    let json = serde_json::to_string(&model).expect("JSON");
    assert_eq!(serde_json::from_str::<T>(&json).expect(&json), model, "{name}: {json}");
}

macro_rules! models {
    ($($name:ident $(<$item:ident>)?),+ $(,)?) => {
        const MODELS: &[&str] = &[$(stringify!($name)),+];

        #[test]
        fn every_model_has_a_default_that_reads_back() {
            $(check::<$name $(<$item>)?>(stringify!($name));)+
        }
    };
}

models! {
    Actions, Album, Albums, AnalysisMeta, AnalysisTrack, Artist, Artists, AudioAnalysis, AudioFeatures,
    AudioFeaturesList, Audiobook, Audiobooks, Author, Categories, Category, Chapter, Chapters, Copyright,
    CurrentlyPlaying, CursorPage<Artist>, Cursors, Device, Devices, Disallows, Episode, Episodes, ExplicitContent,
    ExternalIds, ExternalUrls, FeaturedPlaylists, FollowedArtists, Followers, Genres, Image, LinkedTrack, MarketList,
    Markets, Narrator, NewReleases, Page<Track>, PlayHistory, PlaybackContext, PlaybackState, Playlist, PlaylistItem,
    PlaylistItemsRef, PlaylistUser, PrivateUser, PublicUser, Queue, RecommendationSeed, Recommendations, Restrictions,
    ResumePoint, SavedAlbum, SavedAudiobook, SavedEpisode, SavedShow, SavedTrack, SearchResults, Section, Segment,
    Show, Shows, SimplifiedAlbum, SimplifiedArtist, SimplifiedAudiobook, SimplifiedChapter, SimplifiedEpisode,
    SimplifiedPlaylist, SimplifiedShow, SimplifiedTrack, Snapshot, TimeInterval, Track, Tracks, UnknownItem,
}

/// Exports without a default: enums, which are built from text or from a model, and `Progress` and `PageInfo`, which are computed.
const OTHERS: &[&str] = &[
    "AlbumGroup",
    "AlbumType",
    "ContextType",
    "CopyrightType",
    "CurrentlyPlayingType",
    "DeviceType",
    "MediaType",
    "ObjectType",
    "Playable",
    "Product",
    "PageInfo",
    "Progress",
    "ReleaseDatePrecision",
    "RepeatState",
    "RestrictionReason",
    "SeedType",
];

#[test]
fn no_model_is_left_out() {
    let text = fs::read_to_string(project("src/model.rs")).expect("a source file");
    let uses = text.split("\npub use ").skip(1).filter_map(|it| it.split(';').next());
    let exported: BTreeSet<&str> = uses
        .filter_map(|it| it.split_once("::"))
        .flat_map(|(_, names)| names.split([',', '{', '}']).map(str::trim).filter(|name| !name.is_empty()))
        .collect();
    let known: BTreeSet<&str> = MODELS.iter().chain(OTHERS).copied().collect();
    assert_eq!(exported, known);
}

#[test]
fn models_are_built_by_assigning_fields() {
    let mut track = Track::default();
    track.name = "Night Ferry".into();
    track.uri = Some("spotify:track:6rqhFgbbKwnb9MLmUQDhG6".parse().expect("a URI"));
    let mut file = Track::default();
    file.is_local = Some(true);
    let mut queue = Queue::default();
    queue.currently_playing = Some(track.into());
    queue.queue = vec![Some(file.into()), Some(Episode::default().into())];
    assert_eq!(queue.currently_playing.as_ref().map(Playable::name), Some("Night Ferry"));
    assert!(matches!(queue.queue[0], Some(Playable::Local(_))));
    assert!(matches!(queue.queue[1], Some(Playable::Episode(_))));

    let page = Page::from_iter(["a", "b"].map(|name| {
        let mut artist = Artist::default();
        artist.name = name.into();
        artist
    }));
    assert_eq!((page.items.len(), page.offset, page.total, &page.next), (2, Some(0), Some(2), &None));
    let json = serde_json::to_string(&page).expect("JSON");
    assert_eq!(serde_json::from_str::<Page<Artist>>(&json).expect("a page"), page);
    assert_eq!(CursorPage::from_iter(page).items.len(), 2);
}
