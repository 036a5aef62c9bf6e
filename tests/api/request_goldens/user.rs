//! Golden rows of the operations on users: library, player, playlists, and followed artists and users.

use spotify_proto::api::*;
use spotify_proto::*;

use super::*;

pub(super) fn rows() -> Vec<Row> {
    [genres_library_and_markets(), player(), playlists(), playlist_items(), users()]
        .into_iter()
        .flatten()
        .collect()
}

fn genres_library_and_markets() -> Vec<Row> {
    let uris = || {
        list([
            SpotifyUri::from(track(1)),
            SpotifyUri::from(playlist()),
            SpotifyUri::from(user_id("marcel#spotify")),
        ])
    };
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
    let context = || Play::context(SpotifyUri::from(album(1)));
    let uris = || [SpotifyUri::from(track(1)), SpotifyUri::from(episode(1))];
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
        row(GetUserPlaylists::new(user_id("marcel#spotify")), "GET /v1/users/marcel%23spotify/playlists"),
        row(
            GetUserPlaylists::new(user_id("[sop]rocky")).limit(50).offset(100),
            "GET /v1/users/%5Bsop%5Drocky/playlists?limit=50&offset=100",
        ),
        row(
            CreatePlaylistForUser::new(user_id("a/../../me/player?x=1"), "Night Ferry"),
            r#"POST /v1/users/a%2F..%2F..%2Fme%2Fplayer%3Fx%3D1/playlists {"name":"Night Ferry"}"#,
        ),
        row(
            CreatePlaylistForUser::new(user_id("wizzler"), "Night Ferry")
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
    let uris = || [SpotifyUri::from(track(1)), SpotifyUri::from(episode(1))];
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

fn users() -> Vec<Row> {
    let artists = || Followees::Artists(list([artist(1), artist(2)]));
    let users = || Followees::Users(list([user_id("marcel#spotify"), user_id("[sop]rocky")]));
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
        row(GetUserProfile::new(user_id("marcel#spotify")), "GET /v1/users/marcel%23spotify"),
        row(GetUserProfile::new(user_id("[sop]rocky")), "GET /v1/users/%5Bsop%5Drocky"),
        row(
            GetUserProfile::new(user_id("a/../../me/player?x=1")),
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
            CheckFollowsPlaylist::new(playlist()).ids(list([user_id("wizzler")])),
            "GET /v1/playlists/Playlist00000000000001/followers/contains?ids=wizzler",
        ),
    ]
}
