//! Every operation as a request: one row a value, to be read against the reference.

#![allow(deprecated, reason = "operations that development mode lost are tested too")]

use std::collections::BTreeSet;
use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use spotify_proto::api::*;
use spotify_proto::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use spotify_proto::*;

/// A value of an operation, what is sent for it, and what should be.
pub(crate) struct Row {
    pub(crate) id: &'static str,
    /// `METHOD /path?query body`
    pub(crate) sent: String,
    pub(crate) expected: &'static str,
    /// The parameters as JSON.
    pub(crate) json: Value,
    /// What is wrong with the JSON: it must be the same value again.
    fault: Option<String>,
}

fn row<E>(endpoint: E, expected: &'static str) -> Row
where
    E: Endpoint + Serialize + DeserializeOwned + PartialEq + Debug,
{
    let request = endpoint.request(&Origin::api());
    let body = String::from_utf8(request.body().clone()).unwrap();
    let content_type = request.headers().get(CONTENT_TYPE).map(|it| it.to_str().unwrap());
    let length = request.headers().get(CONTENT_LENGTH).map(|it| it.to_str().unwrap());
    let uri = request.uri().to_string();
    let mut sent = format!("{} {}", request.method(), uri.strip_prefix("https://api.spotify.com").unwrap());
    match content_type {
        Some("application/json") => sent.push_str(&format!(" {body}")),
        Some(other) => sent.push_str(&format!(" {other} {body}")),
        None => {
            let is_write = matches!(request.method().as_str(), "PUT" | "POST");
            assert!(body.is_empty() && length.is_some() == is_write, "{sent}: wrong without a body");
        }
    }
    let json = serde_json::to_value(&endpoint).unwrap();
    let fault = match serde_json::from_value::<E>(json.clone()) {
        Ok(again) if again == endpoint => None,
        Ok(again) => Some(format!("{json} is {again:?}")),
        Err(error) => Some(format!("{json}: {error}")),
    };
    Row { id: E::OPERATION.id, sent, expected, json, fault }
}

fn album(n: u8) -> AlbumId {
    format!("Album0000000000000000{n}").parse().unwrap()
}

fn artist(n: u8) -> ArtistId {
    format!("Artist000000000000000{n}").parse().unwrap()
}

fn audiobook(n: u8) -> AudiobookId {
    format!("Audiobook000000000000{n}").parse().unwrap()
}

fn chapter(n: u8) -> ChapterId {
    format!("Chapter00000000000000{n}").parse().unwrap()
}

fn episode(n: u8) -> EpisodeId {
    format!("Episode00000000000000{n}").parse().unwrap()
}

fn playlist() -> PlaylistId {
    "Playlist00000000000001".parse().unwrap()
}

fn show(n: u8) -> ShowId {
    format!("Show00000000000000000{n}").parse().unwrap()
}

fn track(n: u8) -> TrackId {
    format!("Track0000000000000000{n}").parse().unwrap()
}

fn user(text: &str) -> UserId {
    text.parse().unwrap()
}

fn category(text: &str) -> CategoryId {
    text.parse().unwrap()
}

fn list<T: std::fmt::Display>(items: impl IntoIterator<Item = T>) -> List<T> {
    List::new(items).unwrap()
}

fn text(text: &str) -> QueryText {
    QueryText::new(text).unwrap()
}

fn uri(text: &str) -> Uri {
    text.parse().unwrap()
}

fn se() -> Market {
    "SE".parse().unwrap()
}

fn fields() -> Fields {
    Fields::from(text("name,items(item(name,!album))"))
}

fn albums() -> Vec<Row> {
    vec![
        row(GetAlbum::new(album(1)), "GET /v1/albums/Album00000000000000001"),
        row(GetAlbum::new(album(1)).market(se()), "GET /v1/albums/Album00000000000000001?market=SE"),
        row(GetAlbums::new(list([album(1)])), "GET /v1/albums?ids=Album00000000000000001"),
        row(
            GetAlbums::new(list([album(1), album(2)])).market(se()),
            "GET /v1/albums?ids=Album00000000000000001%2CAlbum00000000000000002&market=SE",
        ),
        row(GetAlbumTracks::new(album(1)), "GET /v1/albums/Album00000000000000001/tracks"),
        row(
            GetAlbumTracks::new(album(1)).market(se()).limit(50).offset(100),
            "GET /v1/albums/Album00000000000000001/tracks?market=SE&limit=50&offset=100",
        ),
        row(GetSavedAlbums::new(), "GET /v1/me/albums"),
        row(
            GetSavedAlbums::new().limit(50).offset(100).market(se()),
            "GET /v1/me/albums?limit=50&offset=100&market=SE",
        ),
        row(
            SaveAlbums::new(list([album(1), album(2)])),
            "PUT /v1/me/albums?ids=Album00000000000000001%2CAlbum00000000000000002",
        ),
        row(
            RemoveSavedAlbums::new(list([album(1), album(2)])),
            "DELETE /v1/me/albums?ids=Album00000000000000001%2CAlbum00000000000000002",
        ),
        row(
            CheckSavedAlbums::new(list([album(1), album(2)])),
            "GET /v1/me/albums/contains?ids=Album00000000000000001%2CAlbum00000000000000002",
        ),
        row(GetNewReleases::new(), "GET /v1/browse/new-releases"),
        row(GetNewReleases::new().limit(50).offset(100), "GET /v1/browse/new-releases?limit=50&offset=100"),
    ]
}

fn artists() -> Vec<Row> {
    let groups = [IncludeGroup::Album, IncludeGroup::AppearsOn];
    vec![
        row(GetArtist::new(artist(1)), "GET /v1/artists/Artist0000000000000001"),
        row(
            GetArtists::new(list([artist(1), artist(2)])),
            "GET /v1/artists?ids=Artist0000000000000001%2CArtist0000000000000002",
        ),
        row(GetArtistAlbums::new(artist(1)), "GET /v1/artists/Artist0000000000000001/albums"),
        row(
            GetArtistAlbums::new(artist(1)).include_groups(groups.into()).market(se()).limit(10).offset(20),
            "GET /v1/artists/Artist0000000000000001/albums?include_groups=album%2Cappears_on&market=SE&limit=10&offset=20",
        ),
        row(GetArtistTopTracks::new(artist(1)), "GET /v1/artists/Artist0000000000000001/top-tracks"),
        row(
            GetArtistTopTracks::new(artist(1)).market(se()),
            "GET /v1/artists/Artist0000000000000001/top-tracks?market=SE",
        ),
        row(GetRelatedArtists::new(artist(1)), "GET /v1/artists/Artist0000000000000001/related-artists"),
    ]
}

fn audiobooks() -> Vec<Row> {
    let two = || list([audiobook(1), audiobook(2)]);
    vec![
        row(GetAudiobook::new(audiobook(1)), "GET /v1/audiobooks/Audiobook0000000000001"),
        row(
            GetAudiobook::new(audiobook(1)).market(se()),
            "GET /v1/audiobooks/Audiobook0000000000001?market=SE",
        ),
        row(
            GetAudiobooks::new(two()),
            "GET /v1/audiobooks?ids=Audiobook0000000000001%2CAudiobook0000000000002",
        ),
        row(
            GetAudiobooks::new(two()).market(se()),
            "GET /v1/audiobooks?ids=Audiobook0000000000001%2CAudiobook0000000000002&market=SE",
        ),
        row(GetAudiobookChapters::new(audiobook(1)), "GET /v1/audiobooks/Audiobook0000000000001/chapters"),
        row(
            GetAudiobookChapters::new(audiobook(1)).market(se()).limit(50).offset(100),
            "GET /v1/audiobooks/Audiobook0000000000001/chapters?market=SE&limit=50&offset=100",
        ),
        row(GetSavedAudiobooks::new(), "GET /v1/me/audiobooks"),
        row(GetSavedAudiobooks::new().limit(50).offset(100), "GET /v1/me/audiobooks?limit=50&offset=100"),
        row(
            SaveAudiobooks::new(two()),
            "PUT /v1/me/audiobooks?ids=Audiobook0000000000001%2CAudiobook0000000000002",
        ),
        row(
            RemoveSavedAudiobooks::new(two()),
            "DELETE /v1/me/audiobooks?ids=Audiobook0000000000001%2CAudiobook0000000000002",
        ),
        row(
            CheckSavedAudiobooks::new(two()),
            "GET /v1/me/audiobooks/contains?ids=Audiobook0000000000001%2CAudiobook0000000000002",
        ),
    ]
}

fn categories_and_chapters() -> Vec<Row> {
    vec![
        row(GetCategories::new(), "GET /v1/browse/categories"),
        row(
            GetCategories::new().locale(text("sv_SE")).limit(50).offset(100),
            "GET /v1/browse/categories?locale=sv_SE&limit=50&offset=100",
        ),
        row(GetCategory::new(category("party")), "GET /v1/browse/categories/party"),
        row(
            GetCategory::new(category("a/../b?c#d")).locale(text("sv_SE")),
            "GET /v1/browse/categories/a%2F..%2Fb%3Fc%23d?locale=sv_SE",
        ),
        row(GetChapter::new(chapter(1)), "GET /v1/chapters/Chapter000000000000001"),
        row(GetChapter::new(chapter(1)).market(se()), "GET /v1/chapters/Chapter000000000000001?market=SE"),
        row(GetChapters::new(list([chapter(1)])), "GET /v1/chapters?ids=Chapter000000000000001"),
        row(
            GetChapters::new(list([chapter(1), chapter(2)])).market(se()),
            "GET /v1/chapters?ids=Chapter000000000000001%2CChapter000000000000002&market=SE",
        ),
    ]
}

fn episodes() -> Vec<Row> {
    let two = || list([episode(1), episode(2)]);
    vec![
        row(GetEpisode::new(episode(1)), "GET /v1/episodes/Episode000000000000001"),
        row(GetEpisode::new(episode(1)).market(se()), "GET /v1/episodes/Episode000000000000001?market=SE"),
        row(GetEpisodes::new(two()), "GET /v1/episodes?ids=Episode000000000000001%2CEpisode000000000000002"),
        row(
            GetEpisodes::new(two()).market(se()),
            "GET /v1/episodes?ids=Episode000000000000001%2CEpisode000000000000002&market=SE",
        ),
        row(GetSavedEpisodes::new(), "GET /v1/me/episodes"),
        row(
            GetSavedEpisodes::new().market(se()).limit(50).offset(100),
            "GET /v1/me/episodes?market=SE&limit=50&offset=100",
        ),
        row(
            SaveEpisodes::new(two()),
            "PUT /v1/me/episodes?ids=Episode000000000000001%2CEpisode000000000000002",
        ),
        row(
            RemoveSavedEpisodes::new(two()),
            "DELETE /v1/me/episodes?ids=Episode000000000000001%2CEpisode000000000000002",
        ),
        row(
            CheckSavedEpisodes::new(two()),
            "GET /v1/me/episodes/contains?ids=Episode000000000000001%2CEpisode000000000000002",
        ),
    ]
}

fn genres_library_and_markets() -> Vec<Row> {
    let uris = || list([Uri::from(track(1)), Uri::from(playlist()), Uri::from(user("marcel#spotify"))]);
    vec![
        row(GetRecommendationGenres::new(), "GET /v1/recommendations/available-genre-seeds"),
        row(
            SaveLibraryItems::new(list([uri("https://open.spotify.com/album/Album00000000000000001?si=0")])),
            "PUT /v1/me/library?uris=spotify:album:Album00000000000000001",
        ),
        row(
            SaveLibraryItems::new(uris()),
            "PUT /v1/me/library?uris=spotify:track:Track00000000000000001%2Cspotify:playlist:Playlist00000000000001%2Cspotify:user:marcel%2523spotify",
        ),
        row(
            RemoveLibraryItems::new(uris()),
            "DELETE /v1/me/library?uris=spotify:track:Track00000000000000001%2Cspotify:playlist:Playlist00000000000001%2Cspotify:user:marcel%2523spotify",
        ),
        row(
            CheckLibraryItems::new(uris()),
            "GET /v1/me/library/contains?uris=spotify:track:Track00000000000000001%2Cspotify:playlist:Playlist00000000000001%2Cspotify:user:marcel%2523spotify",
        ),
        row(GetAvailableMarkets::new(), "GET /v1/markets"),
    ]
}

fn player() -> Vec<Row> {
    let device = || text("74ASZWbe4lXaubB36ztrGX");
    let context = || Play::context(Uri::from(album(1)));
    let uris = || [Uri::from(track(1)), Uri::from(episode(1))];
    vec![
        row(GetPlaybackState::new(), "GET /v1/me/player?additional_types=track%2Cepisode"),
        row(
            GetPlaybackState::new().market(se()).additional_types([PlayableType::Track].into()),
            "GET /v1/me/player?market=SE&additional_types=track",
        ),
        row(
            TransferPlayback::new([device()]),
            r#"PUT /v1/me/player {"device_ids":["74ASZWbe4lXaubB36ztrGX"]}"#,
        ),
        row(
            TransferPlayback::new([device()]).play(true),
            r#"PUT /v1/me/player {"device_ids":["74ASZWbe4lXaubB36ztrGX"],"play":true}"#,
        ),
        row(GetDevices::new(), "GET /v1/me/player/devices"),
        row(
            GetCurrentlyPlaying::new(),
            "GET /v1/me/player/currently-playing?additional_types=track%2Cepisode",
        ),
        row(
            GetCurrentlyPlaying::new().market(se()).additional_types([PlayableType::Episode].into()),
            "GET /v1/me/player/currently-playing?market=SE&additional_types=episode",
        ),
        row(StartPlayback::resume(), "PUT /v1/me/player/play"),
        row(StartPlayback::resume().device_id(text("a b&c")), "PUT /v1/me/player/play?device_id=a%20b%26c"),
        row(
            StartPlayback::new(context()),
            r#"PUT /v1/me/player/play {"context_uri":"spotify:album:Album00000000000000001"}"#,
        ),
        row(
            StartPlayback::new(context().offset(PlayFrom::Position(5))).position_ms(0),
            r#"PUT /v1/me/player/play {"context_uri":"spotify:album:Album00000000000000001","offset":{"position":5},"position_ms":0}"#,
        ),
        row(
            StartPlayback::new(context().offset(PlayFrom::Uri(track(1).into()))).device_id(device()),
            r#"PUT /v1/me/player/play?device_id=74ASZWbe4lXaubB36ztrGX {"context_uri":"spotify:album:Album00000000000000001","offset":{"uri":"spotify:track:Track00000000000000001"}}"#,
        ),
        row(
            StartPlayback::new(Play::uris(uris())),
            r#"PUT /v1/me/player/play {"uris":["spotify:track:Track00000000000000001","spotify:episode:Episode000000000000001"]}"#,
        ),
        row(
            StartPlayback::new(Play::uris(uris()).offset(PlayFrom::Position(1))).position_ms(25_000),
            r#"PUT /v1/me/player/play {"uris":["spotify:track:Track00000000000000001","spotify:episode:Episode000000000000001"],"offset":{"position":1},"position_ms":25000}"#,
        ),
        row(PausePlayback::new(), "PUT /v1/me/player/pause"),
        row(
            PausePlayback::new().device_id(device()),
            "PUT /v1/me/player/pause?device_id=74ASZWbe4lXaubB36ztrGX",
        ),
        row(SkipToNext::new(), "POST /v1/me/player/next"),
        row(
            SkipToNext::new().device_id(device()),
            "POST /v1/me/player/next?device_id=74ASZWbe4lXaubB36ztrGX",
        ),
        row(SkipToPrevious::new(), "POST /v1/me/player/previous"),
        row(
            SkipToPrevious::new().device_id(device()),
            "POST /v1/me/player/previous?device_id=74ASZWbe4lXaubB36ztrGX",
        ),
        row(SeekToPosition::new(25_000), "PUT /v1/me/player/seek?position_ms=25000"),
        row(
            SeekToPosition::new(25_000).device_id(device()),
            "PUT /v1/me/player/seek?position_ms=25000&device_id=74ASZWbe4lXaubB36ztrGX",
        ),
        row(SetRepeatMode::new(RepeatMode::Off), "PUT /v1/me/player/repeat?state=off"),
        row(
            SetRepeatMode::new(RepeatMode::Context).device_id(device()),
            "PUT /v1/me/player/repeat?state=context&device_id=74ASZWbe4lXaubB36ztrGX",
        ),
        row(SetVolume::new(0), "PUT /v1/me/player/volume?volume_percent=0"),
        row(
            SetVolume::new(100).device_id(device()),
            "PUT /v1/me/player/volume?volume_percent=100&device_id=74ASZWbe4lXaubB36ztrGX",
        ),
        row(ToggleShuffle::new(true), "PUT /v1/me/player/shuffle?state=true"),
        row(
            ToggleShuffle::new(false).device_id(device()),
            "PUT /v1/me/player/shuffle?state=false&device_id=74ASZWbe4lXaubB36ztrGX",
        ),
        row(GetRecentlyPlayed::new(), "GET /v1/me/player/recently-played"),
        row(
            GetRecentlyPlayed::new().limit(50).after(1_484_811_043_508),
            "GET /v1/me/player/recently-played?limit=50&after=1484811043508",
        ),
        row(
            GetRecentlyPlayed::new().limit(50).before(1_484_811_043_508),
            "GET /v1/me/player/recently-played?limit=50&before=1484811043508",
        ),
        row(GetQueue::new(), "GET /v1/me/player/queue"),
        row(AddToQueue::new(track(1)), "POST /v1/me/player/queue?uri=spotify:track:Track00000000000000001"),
        row(
            AddToQueue::new(episode(1)).device_id(device()),
            "POST /v1/me/player/queue?uri=spotify:episode:Episode000000000000001&device_id=74ASZWbe4lXaubB36ztrGX",
        ),
    ]
}

fn playlists() -> Vec<Row> {
    vec![
        row(
            GetPlaylist::new(playlist()),
            "GET /v1/playlists/Playlist00000000000001?additional_types=track%2Cepisode",
        ),
        row(
            GetPlaylist::new(playlist())
                .market(se())
                .fields(fields())
                .additional_types([PlayableType::Track].into()),
            "GET /v1/playlists/Playlist00000000000001?market=SE&fields=name%2Citems%28item%28name%2C%21album%29%29&additional_types=track",
        ),
        row(ChangePlaylistDetails::new(playlist()), "PUT /v1/playlists/Playlist00000000000001"),
        row(
            ChangePlaylistDetails::new(playlist())
                .name("Night \"Ferry\"".to_owned())
                .public(false)
                .collaborative(true)
                .description("é".to_owned()),
            r#"PUT /v1/playlists/Playlist00000000000001 {"name":"Night \"Ferry\"","public":false,"collaborative":true,"description":"é"}"#,
        ),
        row(GetPlaylistCover::new(playlist()), "GET /v1/playlists/Playlist00000000000001/images"),
        row(
            UploadPlaylistCover::new(playlist(), CoverImage::from_jpeg([0xff, 0xd8, 0xff, 0xd9]).unwrap()),
            "PUT /v1/playlists/Playlist00000000000001/images image/jpeg /9j/2Q==",
        ),
        row(GetCurrentUserPlaylists::new(), "GET /v1/me/playlists"),
        row(GetCurrentUserPlaylists::new().limit(50).offset(100), "GET /v1/me/playlists?limit=50&offset=100"),
        row(CreatePlaylist::new("Night Ferry"), r#"POST /v1/me/playlists {"name":"Night Ferry"}"#),
        row(
            CreatePlaylist::new("Night Ferry")
                .public(false)
                .collaborative(true)
                .description("Late".to_owned()),
            r#"POST /v1/me/playlists {"name":"Night Ferry","public":false,"collaborative":true,"description":"Late"}"#,
        ),
        row(GetUserPlaylists::new(user("marcel#spotify")), "GET /v1/users/marcel%23spotify/playlists"),
        row(
            GetUserPlaylists::new(user("[sop]rocky")).limit(50).offset(100),
            "GET /v1/users/%5Bsop%5Drocky/playlists?limit=50&offset=100",
        ),
        row(
            CreatePlaylistForUser::new(user("a/../../me/player?x=1"), "Night Ferry"),
            r#"POST /v1/users/a%2F..%2F..%2Fme%2Fplayer%3Fx%3D1/playlists {"name":"Night Ferry"}"#,
        ),
        row(
            CreatePlaylistForUser::new(user("wizzler"), "Night Ferry")
                .public(false)
                .collaborative(true)
                .description("Late".to_owned()),
            r#"POST /v1/users/wizzler/playlists {"name":"Night Ferry","public":false,"collaborative":true,"description":"Late"}"#,
        ),
        row(GetFeaturedPlaylists::new(), "GET /v1/browse/featured-playlists"),
        row(
            GetFeaturedPlaylists::new().locale(text("sv_SE")).limit(50).offset(100),
            "GET /v1/browse/featured-playlists?locale=sv_SE&limit=50&offset=100",
        ),
        row(GetCategoryPlaylists::new(category("party")), "GET /v1/browse/categories/party/playlists"),
        row(
            GetCategoryPlaylists::new(category("party")).limit(50).offset(100),
            "GET /v1/browse/categories/party/playlists?limit=50&offset=100",
        ),
    ]
}

fn playlist_items() -> Vec<Row> {
    let uris = || [Uri::from(track(1)), Uri::from(episode(1))];
    let version = || Text::from("AbC+/=");
    vec![
        row(
            GetPlaylistTracks::new(playlist()),
            "GET /v1/playlists/Playlist00000000000001/tracks?additional_types=track%2Cepisode",
        ),
        row(
            GetPlaylistTracks::new(playlist())
                .market(se())
                .fields(fields())
                .limit(50)
                .offset(100)
                .additional_types([PlayableType::Track].into()),
            "GET /v1/playlists/Playlist00000000000001/tracks?market=SE&fields=name%2Citems%28item%28name%2C%21album%29%29&limit=50&offset=100&additional_types=track",
        ),
        row(
            AddPlaylistTracks::new(playlist(), uris()),
            r#"POST /v1/playlists/Playlist00000000000001/tracks {"uris":["spotify:track:Track00000000000000001","spotify:episode:Episode000000000000001"]}"#,
        ),
        row(
            AddPlaylistTracks::new(playlist(), uris()).position(0),
            r#"POST /v1/playlists/Playlist00000000000001/tracks {"uris":["spotify:track:Track00000000000000001","spotify:episode:Episode000000000000001"],"position":0}"#,
        ),
        row(
            UpdatePlaylistTracks::replace(playlist(), uris()),
            r#"PUT /v1/playlists/Playlist00000000000001/tracks {"uris":["spotify:track:Track00000000000000001","spotify:episode:Episode000000000000001"]}"#,
        ),
        row(
            UpdatePlaylistTracks::reorder(playlist(), Reorder::new(1, 3)),
            r#"PUT /v1/playlists/Playlist00000000000001/tracks {"range_start":1,"insert_before":3}"#,
        ),
        row(
            UpdatePlaylistTracks::reorder(
                playlist(),
                Reorder::new(1, 3).range_length(2).snapshot_id(version()),
            ),
            r#"PUT /v1/playlists/Playlist00000000000001/tracks {"range_start":1,"insert_before":3,"range_length":2,"snapshot_id":"AbC+/="}"#,
        ),
        row(
            RemovePlaylistTracks::new(playlist(), uris()),
            r#"DELETE /v1/playlists/Playlist00000000000001/tracks {"tracks":[{"uri":"spotify:track:Track00000000000000001"},{"uri":"spotify:episode:Episode000000000000001"}]}"#,
        ),
        row(
            RemovePlaylistTracks::new(playlist(), uris()).snapshot_id(version()),
            r#"DELETE /v1/playlists/Playlist00000000000001/tracks {"tracks":[{"uri":"spotify:track:Track00000000000000001"},{"uri":"spotify:episode:Episode000000000000001"}],"snapshot_id":"AbC+/="}"#,
        ),
        row(
            GetPlaylistItems::new(playlist()),
            "GET /v1/playlists/Playlist00000000000001/items?additional_types=track%2Cepisode",
        ),
        row(
            GetPlaylistItems::new(playlist())
                .market(se())
                .fields(fields())
                .limit(50)
                .offset(100)
                .additional_types([PlayableType::Track].into()),
            "GET /v1/playlists/Playlist00000000000001/items?market=SE&fields=name%2Citems%28item%28name%2C%21album%29%29&limit=50&offset=100&additional_types=track",
        ),
        row(
            AddPlaylistItems::new(playlist(), uris()),
            r#"POST /v1/playlists/Playlist00000000000001/items {"uris":["spotify:track:Track00000000000000001","spotify:episode:Episode000000000000001"]}"#,
        ),
        row(
            AddPlaylistItems::new(playlist(), uris()).position(0),
            r#"POST /v1/playlists/Playlist00000000000001/items {"uris":["spotify:track:Track00000000000000001","spotify:episode:Episode000000000000001"],"position":0}"#,
        ),
        row(
            UpdatePlaylistItems::replace(playlist(), []),
            r#"PUT /v1/playlists/Playlist00000000000001/items {"uris":[]}"#,
        ),
        row(
            UpdatePlaylistItems::replace(playlist(), uris()),
            r#"PUT /v1/playlists/Playlist00000000000001/items {"uris":["spotify:track:Track00000000000000001","spotify:episode:Episode000000000000001"]}"#,
        ),
        row(
            UpdatePlaylistItems::reorder(playlist(), Reorder::new(1, 3)),
            r#"PUT /v1/playlists/Playlist00000000000001/items {"range_start":1,"insert_before":3}"#,
        ),
        row(
            UpdatePlaylistItems::reorder(
                playlist(),
                Reorder::new(1, 3).range_length(2).snapshot_id(version()),
            ),
            r#"PUT /v1/playlists/Playlist00000000000001/items {"range_start":1,"insert_before":3,"range_length":2,"snapshot_id":"AbC+/="}"#,
        ),
        row(
            RemovePlaylistItems::new(playlist(), uris()),
            r#"DELETE /v1/playlists/Playlist00000000000001/items {"items":[{"uri":"spotify:track:Track00000000000000001"},{"uri":"spotify:episode:Episode000000000000001"}]}"#,
        ),
        row(
            RemovePlaylistItems::new(playlist(), uris()).snapshot_id(version()),
            r#"DELETE /v1/playlists/Playlist00000000000001/items {"items":[{"uri":"spotify:track:Track00000000000000001"},{"uri":"spotify:episode:Episode000000000000001"}],"snapshot_id":"AbC+/="}"#,
        ),
    ]
}

fn search() -> Vec<Row> {
    vec![
        row(
            Search::new(text("artist:Paper Lanterns & 50% \"off\"+é"), [ItemType::Album]),
            "GET /v1/search?q=artist:Paper%20Lanterns%20%26%2050%25%20%22off%22%2B%C3%A9&type=album",
        ),
        row(
            Search::new(text("night"), ItemType::ALL.iter().copied().collect::<Set<_>>())
                .market(se())
                .limit(10)
                .offset(20)
                .include_external(IncludeExternal::Audio),
            "GET /v1/search?q=night&type=album%2Cartist%2Cplaylist%2Ctrack%2Cshow%2Cepisode%2Caudiobook&market=SE&limit=10&offset=20&include_external=audio",
        ),
    ]
}

fn shows() -> Vec<Row> {
    let two = || list([show(1), show(2)]);
    vec![
        row(GetShow::new(show(1)), "GET /v1/shows/Show000000000000000001"),
        row(GetShow::new(show(1)).market(se()), "GET /v1/shows/Show000000000000000001?market=SE"),
        row(GetShows::new(two()), "GET /v1/shows?ids=Show000000000000000001%2CShow000000000000000002"),
        row(
            GetShows::new(two()).market(se()),
            "GET /v1/shows?ids=Show000000000000000001%2CShow000000000000000002&market=SE",
        ),
        row(GetShowEpisodes::new(show(1)), "GET /v1/shows/Show000000000000000001/episodes"),
        row(
            GetShowEpisodes::new(show(1)).market(se()).limit(50).offset(100),
            "GET /v1/shows/Show000000000000000001/episodes?market=SE&limit=50&offset=100",
        ),
        row(GetSavedShows::new(), "GET /v1/me/shows"),
        row(GetSavedShows::new().limit(50).offset(100), "GET /v1/me/shows?limit=50&offset=100"),
        row(SaveShows::new(two()), "PUT /v1/me/shows?ids=Show000000000000000001%2CShow000000000000000002"),
        row(
            RemoveSavedShows::new(two()),
            "DELETE /v1/me/shows?ids=Show000000000000000001%2CShow000000000000000002",
        ),
        row(
            RemoveSavedShows::new(two()).market(se()),
            "DELETE /v1/me/shows?ids=Show000000000000000001%2CShow000000000000000002&market=SE",
        ),
        row(
            CheckSavedShows::new(two()),
            "GET /v1/me/shows/contains?ids=Show000000000000000001%2CShow000000000000000002",
        ),
    ]
}

fn tracks() -> Vec<Row> {
    let two = || list([track(1), track(2)]);
    let saved = TimestampedId::new(track(1), "2023-01-15T14:30:00Z".parse().unwrap());
    let every_bound = Attribute::ALL.iter().fold(
        GetRecommendations::new([
            Seed::Artist(artist(1)),
            Seed::Genre(text("rock-n-roll")),
            Seed::Track(track(1)),
            Seed::Genre(text("r & b")),
            Seed::Track(track(2)),
        ]),
        |get, attribute| get.min(*attribute, 0.0).max(*attribute, 1.0).target(*attribute, 0.25),
    );
    vec![
        row(GetTrack::new(track(1)), "GET /v1/tracks/Track00000000000000001"),
        row(
            GetTrack::new(track(1)).market(Market::FROM_TOKEN),
            "GET /v1/tracks/Track00000000000000001?market=from_token",
        ),
        row(GetTracks::new(two()), "GET /v1/tracks?ids=Track00000000000000001%2CTrack00000000000000002"),
        row(
            GetTracks::new(two()).market(se()),
            "GET /v1/tracks?ids=Track00000000000000001%2CTrack00000000000000002&market=SE",
        ),
        row(GetSavedTracks::new(), "GET /v1/me/tracks"),
        row(
            GetSavedTracks::new().market(se()).limit(50).offset(100),
            "GET /v1/me/tracks?market=SE&limit=50&offset=100",
        ),
        row(
            SaveTracks::new([track(1), track(2)]),
            r#"PUT /v1/me/tracks {"ids":["Track00000000000000001","Track00000000000000002"]}"#,
        ),
        row(
            SaveTracks::timestamped([saved]),
            r#"PUT /v1/me/tracks {"timestamped_ids":[{"id":"Track00000000000000001","added_at":"2023-01-15T14:30:00Z"}]}"#,
        ),
        row(
            RemoveSavedTracks::new(two()),
            "DELETE /v1/me/tracks?ids=Track00000000000000001%2CTrack00000000000000002",
        ),
        row(
            CheckSavedTracks::new(two()),
            "GET /v1/me/tracks/contains?ids=Track00000000000000001%2CTrack00000000000000002",
        ),
        row(
            GetSeveralAudioFeatures::new(two()),
            "GET /v1/audio-features?ids=Track00000000000000001%2CTrack00000000000000002",
        ),
        row(GetAudioFeatures::new(track(1)), "GET /v1/audio-features/Track00000000000000001"),
        row(GetAudioAnalysis::new(track(1)), "GET /v1/audio-analysis/Track00000000000000001"),
        row(
            GetRecommendations::new(Seed::Track(track(1))),
            "GET /v1/recommendations?seed_tracks=Track00000000000000001",
        ),
        row(
            every_bound.limit(100).market(se()),
            "GET /v1/recommendations?limit=100&market=SE&seed_artists=Artist0000000000000001&seed_genres=rock-n-roll%2Cr%20%26%20b&seed_tracks=Track00000000000000001%2CTrack00000000000000002&max_acousticness=1&max_danceability=1&max_duration_ms=1&max_energy=1&max_instrumentalness=1&max_key=1&max_liveness=1&max_loudness=1&max_mode=1&max_popularity=1&max_speechiness=1&max_tempo=1&max_time_signature=1&max_valence=1&min_acousticness=0&min_danceability=0&min_duration_ms=0&min_energy=0&min_instrumentalness=0&min_key=0&min_liveness=0&min_loudness=0&min_mode=0&min_popularity=0&min_speechiness=0&min_tempo=0&min_time_signature=0&min_valence=0&target_acousticness=0.25&target_danceability=0.25&target_duration_ms=0.25&target_energy=0.25&target_instrumentalness=0.25&target_key=0.25&target_liveness=0.25&target_loudness=0.25&target_mode=0.25&target_popularity=0.25&target_speechiness=0.25&target_tempo=0.25&target_time_signature=0.25&target_valence=0.25",
        ),
    ]
}

fn users() -> Vec<Row> {
    let artists = || Followees::Artists(list([artist(1), artist(2)]));
    let users = || Followees::Users(list([user("marcel#spotify"), user("[sop]rocky")]));
    vec![
        row(GetCurrentUserProfile::new(), "GET /v1/me"),
        row(GetTopItems::new(TopType::Artists), "GET /v1/me/top/artists"),
        row(
            GetTopItems::new(TopType::Tracks).time_range(TimeRange::LongTerm).limit(50).offset(100),
            "GET /v1/me/top/tracks?time_range=long_term&limit=50&offset=100",
        ),
        row(GetTopArtists::new(), "GET /v1/me/top/artists"),
        row(
            GetTopArtists::new().time_range(TimeRange::ShortTerm).limit(50).offset(100),
            "GET /v1/me/top/artists?time_range=short_term&limit=50&offset=100",
        ),
        row(GetTopTracks::new(), "GET /v1/me/top/tracks"),
        row(
            GetTopTracks::new().time_range(TimeRange::MediumTerm).limit(50).offset(100),
            "GET /v1/me/top/tracks?time_range=medium_term&limit=50&offset=100",
        ),
        row(GetUserProfile::new(user("marcel#spotify")), "GET /v1/users/marcel%23spotify"),
        row(GetUserProfile::new(user("[sop]rocky")), "GET /v1/users/%5Bsop%5Drocky"),
        row(
            GetUserProfile::new(user("a/../../me/player?x=1")),
            "GET /v1/users/a%2F..%2F..%2Fme%2Fplayer%3Fx%3D1",
        ),
        row(FollowPlaylist::new(playlist()), "PUT /v1/playlists/Playlist00000000000001/followers"),
        row(
            FollowPlaylist::new(playlist()).public(false),
            r#"PUT /v1/playlists/Playlist00000000000001/followers {"public":false}"#,
        ),
        row(UnfollowPlaylist::new(playlist()), "DELETE /v1/playlists/Playlist00000000000001/followers"),
        row(GetFollowedArtists::new(), "GET /v1/me/following?type=artist"),
        row(
            GetFollowedArtists::new().after(text("Artist0000000000000001")).limit(50),
            "GET /v1/me/following?type=artist&after=Artist0000000000000001&limit=50",
        ),
        row(
            FollowArtistsOrUsers::new(artists()),
            "PUT /v1/me/following?type=artist&ids=Artist0000000000000001%2CArtist0000000000000002",
        ),
        row(
            FollowArtistsOrUsers::new(users()),
            "PUT /v1/me/following?type=user&ids=marcel%23spotify%2C%5Bsop%5Drocky",
        ),
        row(
            UnfollowArtistsOrUsers::new(artists()),
            "DELETE /v1/me/following?type=artist&ids=Artist0000000000000001%2CArtist0000000000000002",
        ),
        row(
            UnfollowArtistsOrUsers::new(users()),
            "DELETE /v1/me/following?type=user&ids=marcel%23spotify%2C%5Bsop%5Drocky",
        ),
        row(
            CheckFollowing::new(artists()),
            "GET /v1/me/following/contains?type=artist&ids=Artist0000000000000001%2CArtist0000000000000002",
        ),
        row(
            CheckFollowing::new(users()),
            "GET /v1/me/following/contains?type=user&ids=marcel%23spotify%2C%5Bsop%5Drocky",
        ),
        row(
            CheckFollowsPlaylist::new(playlist()),
            "GET /v1/playlists/Playlist00000000000001/followers/contains",
        ),
        row(
            CheckFollowsPlaylist::new(playlist()).ids(list([user("wizzler")])),
            "GET /v1/playlists/Playlist00000000000001/followers/contains?ids=wizzler",
        ),
    ]
}

pub(crate) fn rows() -> Vec<Row> {
    [
        albums(),
        artists(),
        audiobooks(),
        categories_and_chapters(),
        episodes(),
        genres_library_and_markets(),
        player(),
        playlists(),
        playlist_items(),
        search(),
        shows(),
        tracks(),
        users(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn every_operation_is_sent_as_the_reference_says() {
    let wrong: Vec<_> = rows()
        .into_iter()
        .filter(|row| row.sent != row.expected)
        .map(|row| format!("{}\n  sent     {}\n  expected {}", row.id, row.sent, row.expected))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_operation_is_covered() {
    let covered: BTreeSet<_> = rows().iter().map(|row| row.id).collect();
    let missing: Vec<_> = OPERATIONS.iter().filter(|it| !covered.contains(it.id)).map(|it| it.id).collect();
    assert_eq!(missing, [""; 0]);
    assert_eq!(OPERATIONS.len(), 96);
}

#[test]
fn every_value_survives_as_json() {
    let faults: Vec<_> = rows().into_iter().filter_map(|row| Some((row.id, row.fault?))).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn an_unknown_parameter_is_an_error() {
    for row in rows() {
        let mut json = row.json.clone();
        json.as_object_mut().unwrap().insert("surprise".to_owned(), Value::from(1));
        let known = with_endpoint!(row.id, E => serde_json::from_value::<E>(json.clone()).is_ok(), else true);
        assert!(!known, "{} takes {json}", row.id);
    }
}

#[test]
fn what_does_not_fit_together_is_refused_as_json_too() {
    for (id, json) in [
        ("start-a-users-playback", r#"{"offset":{"position":1}}"#),
        ("start-a-users-playback", r#"{"context_uri":"spotify:album:Album00000000000000001","uris":[]}"#),
        ("get-recently-played", r#"{"after":1,"before":2}"#),
        ("get-recommendations", "{}"),
        ("get-recommendations", r#"{"seed_genres":["a","b","c","d","e","f"]}"#),
        ("get-recommendations", r#"{"seed_genres":["a"],"min_joy":1}"#),
        ("transfer-a-users-playback", r#"{"device_ids":["a","b"]}"#),
        ("get-followed", r#"{"type":"user"}"#),
        (
            "reorder-or-replace-playlists-items",
            r#"{"playlist_id":"Playlist00000000000001","uris":[],"range_start":1,"insert_before":2}"#,
        ),
        (
            "upload-custom-playlist-cover",
            r#"{"playlist_id":"Playlist00000000000001","image":"data:image/jpeg;base64,AAAA"}"#,
        ),
    ] {
        let taken = with_endpoint!(id, E => serde_json::from_str::<E>(json).is_ok(), else true);
        assert!(!taken, "{id} takes {json}");
    }
}
