//! Tests that every operation with values from responses can be stored as JSON.

#![allow(deprecated, reason = "deprecated operations are tested too")]

use std::collections::BTreeSet;
use std::fmt::Debug;

use proptest::prelude::{ProptestConfig, Strategy, any, prop};
use proptest::proptest;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use spotify_proto::api::*;
use spotify_proto::http::Response;
use spotify_proto::model::{
    Album, Artist, Audiobook, Category, Chapter, Episode, Playlist, PublicUser, Show, Track,
};
use spotify_proto::{
    AlbumId, ArtistId, AudiobookId, CategoryId, ChapterId, CommaSet, Endpoint, EpisodeId, Market, Origin,
    PlaylistId, QueryText, ShowId, SpotifyUri, Text, Timestamp, TrackId, UserId,
};

use crate::responses::fixtures::{corpus, own};

/// One value of each type that occurs both in responses and in parameters.
#[derive(Clone)]
struct Values {
    album: AlbumId,
    artist: ArtistId,
    audiobook: AudiobookId,
    category: CategoryId,
    chapter: ChapterId,
    episode: EpisodeId,
    playlist: PlaylistId,
    show: ShowId,
    track: TrackId,
    user: UserId,
    uris: Vec<SpotifyUri>,
    /// The value for snapshot ids, names and descriptions.
    text: Text,
    /// The value for device ids, cursors, genres and locales.
    word: QueryText,
    market: Market,
    added_at: Timestamp,
}

/// Deserializes an id as in a response.
macro_rules! read {
    ($model:ident, $id:expr) => {
        serde_json::from_value::<$model>(json!({ "id": $id })).expect("expected a model").id.expect("expected an id")
    };
}

/// Deserializes a URI as in a response.
fn uri(text: &str) -> SpotifyUri {
    let track: Track = serde_json::from_value(json!({ "uri": text })).expect("expected a model");
    track.uri.expect("expected a URI")
}

impl Values {
    fn plain() -> Self {
        const ID: &str = "6rqhFgbbKwnb9MLmUQDhG6";
        Self {
            album: read!(Album, ID),
            artist: read!(Artist, ID),
            audiobook: read!(Audiobook, ID),
            category: read!(Category, "party"),
            chapter: read!(Chapter, ID),
            episode: read!(Episode, ID),
            playlist: read!(Playlist, ID),
            show: read!(Show, ID),
            track: read!(Track, ID),
            user: read!(PublicUser, "marcel#spotify"),
            uris: vec![uri("spotify:track:6rqhFgbbKwnb9MLmUQDhG6")],
            text: Text::from("AAAAA"),
            word: QueryText::try_from("5fbb3ba6aa454b5534c4ba43a8c7e8e45a63ad0e").expect("short"),
            market: "SE".parse().expect("expected a market"),
            added_at: "2014-08-12T10:14:22Z".parse().expect("expected a timestamp"),
        }
    }

    /// Checks the JSON round trip of every operation with these values.
    fn check(self) {
        let mut checked = BTreeSet::new();
        let Self {
            album, artist, audiobook, category, chapter, episode, playlist, show, track, user, ..
        } = self.clone();
        let Self { uris, text, word, market, added_at, .. } = self;
        let first = uris.first().expect("expected a URI").clone();
        let words = || CommaSet::from([PlayableType::Track, PlayableType::Episode]);
        macro_rules! stored {
            ($($endpoint:expr),+ $(,)?) => {
                $(stored(&mut checked, &$endpoint);)+
            };
        }
        stored!(
            GetAlbum::new(&album).market(market),
            GetAlbums::new(album.clone()),
            GetAlbumTracks::new(&album).limit(50).offset(1),
            GetSavedAlbums::new().market(market),
            SaveAlbums::new(album.clone()),
            RemoveSavedAlbums::new(album.clone()),
            CheckSavedAlbums::new(album),
            GetNewReleases::new().limit(1),
            GetArtist::new(&artist),
            GetArtists::new(artist.clone()),
            GetArtistAlbums::new(&artist).include_groups(CommaSet::from([IncludeGroup::Single])),
            GetArtistTopTracks::new(&artist).market(market),
            GetRelatedArtists::new(&artist),
            GetAudiobook::new(&audiobook),
            GetAudiobooks::new(audiobook.clone()),
            GetAudiobookChapters::new(&audiobook),
            GetSavedAudiobooks::new(),
            SaveAudiobooks::new(audiobook.clone()),
            RemoveSavedAudiobooks::new(audiobook.clone()),
            CheckSavedAudiobooks::new(audiobook),
            GetCategories::new().locale(word.clone()),
            GetCategory::new(&category),
            GetCategoryPlaylists::new(&category),
            GetChapter::new(&chapter),
            GetChapters::new(chapter),
            GetEpisode::new(&episode),
            GetEpisodes::new(episode.clone()),
            GetSavedEpisodes::new(),
            SaveEpisodes::new(episode.clone()),
            RemoveSavedEpisodes::new(episode.clone()),
            CheckSavedEpisodes::new(episode),
            GetAvailableMarkets::new(),
            GetRecommendationGenres::new(),
        );
        stored!(
            SaveLibraryItems::new(first.clone()),
            RemoveLibraryItems::batches(uris.clone()).next().expect("expected a batch"),
            CheckLibraryItems::new(first.clone()),
            GetPlaybackState::new().additional_types(words()),
            TransferPlayback::new([word.clone()]).play(true),
            GetDevices::new(),
            GetCurrentlyPlaying::new().market(market),
            StartPlayback::resume().device_id(word.clone()),
            StartPlayback::new(Play::context(first.clone()).offset(PlayFrom::Uri(first.clone()))),
            StartPlayback::new(Play::uris(uris.clone()).offset(PlayFrom::Position(3))),
            PausePlayback::new().device_id(word.clone()),
            SkipToNext::new(),
            SkipToPrevious::new(),
            SeekToPosition::new(7),
            SetRepeatMode::new(RepeatMode::Off).device_id(word.clone()),
            SetVolume::new(7),
            ToggleShuffle::new(true),
            GetRecentlyPlayed::new().after(u64::try_from(added_at.unix_millis()).unwrap_or(0)),
            GetQueue::new(),
            AddToQueue::new(first).device_id(word.clone()),
        );
        stored!(
            GetPlaylist::new(&playlist).fields(Fields::of([Field::new("name")]).expect("short")),
            ChangePlaylistDetails::new(&playlist).description(text.to_string()),
            GetPlaylistTracks::new(&playlist),
            AddPlaylistTracks::new(&playlist, uris.clone()),
            UpdatePlaylistTracks::replace(&playlist, uris.clone()),
            RemovePlaylistTracks::new(&playlist, UriItems::from(uris.clone())).snapshot_id(text.clone()),
            GetPlaylistItems::new(&playlist).additional_types(words()),
            AddPlaylistItems::new(&playlist, uris.clone()).position(1),
            UpdatePlaylistItems::replace(&playlist, uris.clone()),
            UpdatePlaylistItems::reorder(&playlist, Reorder::new(1, 2).snapshot_id(text.clone())),
            RemovePlaylistItems::new(&playlist, UriItems::from(uris)).snapshot_id(text.clone()),
            GetCurrentUserPlaylists::new(),
            CreatePlaylist::new(text.to_string()),
            GetUserPlaylists::new(&user),
            CreatePlaylistForUser::new(&user, text.to_string()),
            GetFeaturedPlaylists::new().locale(word.clone()),
            GetPlaylistCover::new(&playlist),
            UploadPlaylistCover::new(&playlist, CoverImage::from_jpeg([0xff, 0xd8, 0xff]).expect("small")),
            FollowPlaylist::new(&playlist),
            UnfollowPlaylist::new(&playlist),
            CheckFollowsPlaylist::new(&playlist).ids(user.clone().into()),
            Search::new(word.clone(), CommaSet::from([ItemType::Track])).market(market),
            GetShow::new(&show),
            GetShows::new(show.clone()),
            GetShowEpisodes::new(&show),
            GetSavedShows::new(),
            SaveShows::new(show.clone()),
            RemoveSavedShows::new(show.clone()),
            CheckSavedShows::new(show),
        );
        stored!(
            GetTrack::new(&track),
            GetTracks::new(track.clone()),
            GetSavedTracks::new(),
            SaveTracks::new([track.clone()]),
            SaveTracks::timestamped([TimestampedId::new(&track, added_at)]),
            RemoveSavedTracks::new(track.clone()),
            CheckSavedTracks::new(track.clone()),
            GetSeveralAudioFeatures::new(track.clone()),
            GetAudioFeatures::new(&track),
            GetAudioAnalysis::new(&track),
            GetRecommendations::new([
                Seed::Artist(artist.clone()),
                Seed::Track(track),
                Seed::Genre(word.clone())
            ]),
            GetCurrentUserProfile::new(),
            GetTopItems::new(TopType::Tracks),
            GetTopTracks::new(),
            GetTopArtists::new(),
            GetUserProfile::new(&user),
            GetFollowedArtists::new().after(word),
            FollowArtistsOrUsers::new(Followees::Artists(artist.clone().into())),
            UnfollowArtistsOrUsers::new(Followees::Users(user.clone().into())),
            CheckFollowing::new(Followees::Artists(artist.into())),
        );
        let all: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.id).collect();
        assert_eq!(all.difference(&checked).collect::<Vec<_>>(), Vec::<&&str>::new(), "not stored");
    }
}

/// Checks that a JSON round trip preserves an operation and its request.
fn stored<E>(checked: &mut BTreeSet<&'static str>, endpoint: &E)
where
    E: Endpoint + Serialize + DeserializeOwned + PartialEq + Debug,
{
    let id = E::OPERATION.id;
    let text = serde_json::to_string(endpoint).unwrap_or_else(|error| panic!("{id}: {error}"));
    let again: E = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{id}: {error}: {text}"));
    assert_eq!(&again, endpoint, "{id}");
    let [before, after] = [endpoint, &again].map(|it| it.request(&Origin::api()));
    assert_eq!((before.uri(), before.body()), (after.uri(), after.body()), "{id}");
    checked.insert(id);
}

#[test]
fn every_operation_with_ordinary_values_can_be_stored() {
    Values::plain().check();
}

/// The URIs are from `shared/cases/stored_jobs.rs`, with some similar URIs.
#[test]
fn every_operation_with_unusual_uris_from_responses_can_be_stored() {
    let part = "%E6%B8%AF".repeat(40);
    for text in [
        &*format!("spotify:local:{part}:{part}:{part}:215"),
        &*format!("spotify:local:{}", "x".repeat(8000)),
        "spotify:track:null",
        "spotify:video:6rqhFgbbKwnb9MLmUQDhG6",
        "spotify:local:vril::torus+xxxii:233",
        "spotify:local::::",
        "spotify:user:marcel%23spotify",
        "spotify:user:harbour:playlist:3cEYpjA9oz9GiPac4AsH4n",
        "spotify:user:harbour:collection",
        "spotify:user:harbour:collection:your-episodes",
        "spotify:station:track:6rqhFgbbKwnb9MLmUQDhG6",
        "spotify:track:6rqhFgbbKwnb9MLmUQDhG6?context=spotify%3Aplaylist%3A3cEYpjA9oz9GiPac4AsH4n",
        "spotify:track:not-an-id",
        "spotify:track",
        "spotify:/track/x",
        "spotify:new kind:é",
    ] {
        let endpoint = RemovePlaylistItems::new(
            "3cEYpjA9oz9GiPac4AsH4n".parse::<PlaylistId>().expect("expected an id"),
            [uri(text)],
        );
        let page = Response::new(
            json!({"items": [{"item": {"type": "track", "name": "x", "uri": text}}]}).to_string(),
        );
        let page = GetPlaylistItems::new(Values::plain().playlist).parse(&page).expect("expected a page");
        let found: Vec<SpotifyUri> = page.iter().filter_map(|it| it.item.as_ref()?.uri().cloned()).collect();
        let same = RemovePlaylistItems::new(Values::plain().playlist, UriItems::from(found.clone()));
        assert_eq!(
            serde_json::to_value(&endpoint).expect("JSON")["items"],
            serde_json::to_value(&same).expect("JSON")["items"]
        );
        Values { uris: found, ..Values::plain() }.check();
    }
}

#[test]
fn every_operation_with_values_from_recordings_can_be_stored() {
    let mut uris = BTreeSet::new();
    let mut texts = BTreeSet::new();
    let mut users = BTreeSet::new();
    let corpus = corpus();
    // The repository itself contains only a few recordings.
    let least = if corpus.is_some() { 100 } else { 10 };
    let recordings = own().into_iter().chain(corpus.into_iter().flatten());
    for recording in recordings {
        let Ok(body) = serde_json::from_slice::<Value>(recording.response.body()) else { continue };
        let mut open = vec![&body];
        while let Some(value) = open.pop() {
            match value {
                Value::Array(values) => open.extend(values),
                Value::Object(map) => {
                    let text = |name: &str| map.get(name).and_then(Value::as_str).map(str::to_owned);
                    // Examples in the reference contain `"uri": "string"`.
                    uris.extend(text("uri").filter(|uri| uri.starts_with("spotify:")));
                    texts.extend(
                        text("snapshot_id").into_iter().chain(text("name")).chain(text("description")),
                    );
                    // An empty id is deserialized as `None`.
                    let is_user = map.get("type").is_some_and(|it| it == "user");
                    users.extend(text("id").filter(|id| is_user && !id.is_empty()));
                    open.extend(map.values());
                }
                _ => {}
            }
        }
    }
    let counts = (uris.len(), texts.len(), users.len());
    assert!(counts.0 > least && counts.1 > least && counts.2 > 0, "{counts:?}");
    let mut checked = BTreeSet::new();
    for text in &texts {
        let playlist = Values::plain().playlist;
        stored(
            &mut checked,
            &RemovePlaylistItems::new(playlist, [uri("spotify:x")]).snapshot_id(Text::from(&**text)),
        );
        stored(&mut checked, &CreatePlaylist::new(text.clone()));
    }
    for user in users {
        stored(&mut checked, &GetUserProfile::new(read!(PublicUser, user)));
    }
    let uris: Vec<SpotifyUri> = uris.iter().map(|text| uri(text)).collect();
    for uris in uris.chunks(100) {
        Values { uris: uris.to_vec(), ..Values::plain() }.check();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_uri_from_a_response_can_be_stored(
        texts in prop::collection::vec(any_uri(), 1..4),
        other in any::<String>(),
        millis in -1_000_000_000_000_i64..10_000_000_000_000,
    ) {
        let uris = texts.iter().map(|text| uri(text)).collect();
        let text = Text::from(other);
        let added_at = Timestamp::from_unix_millis(millis);
        Values { uris, text, added_at, ..Values::plain() }.check();
    }
}

/// Generates strings that begin with `spotify:` and do not end with white space.
fn any_uri() -> impl Strategy<Value = String> {
    let kind = "(track|user|local|playlist|video|collection|[a-z]{1,8}|\\PC{0,4})";
    (kind, ":?", "(null|[0-9A-Za-z]{22}|\\PC{0,40}|.{0,40})")
        .prop_map(|(kind, colon, rest)| format!("spotify:{kind}{colon}{rest}").trim_end().to_owned())
}
