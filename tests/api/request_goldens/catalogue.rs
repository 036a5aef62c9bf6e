//! Golden rows of the operations on the catalogue and on a user's saved items.

use spotify_proto::api::*;
use spotify_proto::*;

use super::*;

pub(super) fn rows() -> Vec<Row> {
    [albums(), artists(), audiobooks(), categories_and_chapters(), episodes(), search(), shows(), tracks()]
        .into_iter()
        .flatten()
        .collect()
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

fn search() -> Vec<Row> {
    vec![
        row(
            Search::new(text("artist:Paper Lanterns & 50% \"off\"+é"), [ItemType::Album]),
            "GET /v1/search?q=artist:Paper%20Lanterns%20%26%2050%25%20%22off%22%2B%C3%A9&type=album",
        ),
        row(
            Search::new(text("night"), ItemType::ALL.iter().copied().collect::<CommaSet<_>>())
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
        row(GetRecommendations::new(Seed::Genre(text("party"))), "GET /v1/recommendations?seed_genres=party"),
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
