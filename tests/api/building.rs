//! Tests that applications can construct models and errors for their own tests.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;
use std::time::{Duration, UNIX_EPOCH};

use http::{Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use spotify_proto::Scopes;
use spotify_proto::api::GetAlbum;
use spotify_proto::model::*;
use spotify_proto::{AuthError, Delay, Endpoint, Error, ExceededLimit, ScopeError, Throttled, WaitReason};

use crate::support::project::project;

/// Checks that the default value of a model survives a JSON round trip.
fn check<T: Clone + Debug + Default + DeserializeOwned + PartialEq + Serialize>(name: &str) {
    let model = T::default();
    let json = serde_json::to_string(&model).expect("models should serialize to JSON");
    assert_eq!(serde_json::from_str::<T>(&json).expect(&json), model, "{name}: {json}");
}

macro_rules! models {
    ($($name:ident $(<$item:ident>)?),+ $(,)?) => {
        const MODELS: &[&str] = &[$(stringify!($name)),+];

        #[test]
        fn the_default_value_of_every_model_survives_a_json_round_trip() {
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

/// Exported types that do not implement `Default`: enums, which are built from a string or a model, and the computed
/// `Progress` and `PageInfo`.
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
fn every_exported_model_is_in_one_of_the_lists() {
    let text = fs::read_to_string(project("src/model.rs")).expect("expected a source file");
    let uses = text.split("\npub use ").skip(1).filter_map(|it| it.split(';').next());
    let exported: BTreeSet<&str> = uses
        .filter_map(|it| it.split_once("::"))
        .flat_map(|(_, names)| names.split([',', '{', '}']).map(str::trim).filter(|name| !name.is_empty()))
        .collect();
    let known: BTreeSet<&str> = MODELS.iter().chain(OTHERS).copied().collect();
    assert_eq!(exported, known);
}

#[test]
fn models_can_be_built_by_assigning_fields() {
    let mut track = Track::default();
    track.name = "Night Ferry".into();
    track.uri = Some("spotify:track:6rqhFgbbKwnb9MLmUQDhG6".parse().expect("expected a URI"));
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
    let json = serde_json::to_string(&page).expect("models should serialize to JSON");
    assert_eq!(serde_json::from_str::<Page<Artist>>(&json).expect("expected a page"), page);
    assert_eq!(CursorPage::from_iter(page).items.len(), 2);
}

#[test]
fn errors_can_be_built_to_test_error_handling() {
    let respond = |status: u16, header: &str, body: &str| {
        let response = Response::builder().status(status).header("retry-after", header).body(body.to_owned());
        Error::from_response(&GetAlbum::OPERATION, (&response.expect("expected a response")).into())
    };
    assert!(matches!(respond(404, "", "{}"), Error::Api(_)));
    assert!(matches!(respond(401, "", "{}"), Error::Auth(AuthError::TokenRejected { .. })));
    assert!(matches!(respond(429, "7", ""), Error::RateLimited(_)));
    let delay = Delay::new(Duration::from_secs(7), WaitReason::Quota);
    let throttled = Error::from(Throttled::new(delay, ExceededLimit::MaxDelay));
    assert_eq!(throttled.retry_after(UNIX_EPOCH), Some(Duration::from_secs(7)));
    let scopes: Scopes = "user-library-read".parse().expect("expected a scope");
    let scope = ScopeError::new("get-users-saved-tracks", scopes, StatusCode::FORBIDDEN, "");
    assert_eq!(scope.to_string(), "scope missing for get-users-saved-tracks: user-library-read");
}

#[test]
fn retry_after_is_clamped_to_the_same_range_for_429_and_5xx() {
    let (now, day) = (UNIX_EPOCH + Duration::from_secs(1_790_000_000), 86_400);
    for (value, seconds) in
        [("0", 1), ("1", 1), ("7", 7), ("86400", day), ("86401", day), ("99999999999999", day)]
    {
        for status in [429, 500, 502, 503, 529] {
            let response = Response::builder().status(status).header("retry-after", value).body("");
            let response = response.expect("expected a response");
            let error = Error::from_response(&GetAlbum::OPERATION, (&response).into());
            assert_eq!(error.retry_after(now), Some(Duration::from_secs(seconds)), "{status}: {value}");
        }
    }
}
