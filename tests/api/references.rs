//! Tests of all spellings of a reference to a resource, parsed as ids and as URIs.

use std::fmt::Debug;
use std::str::FromStr;

use spotify_proto::api::GetPlaybackState;
use spotify_proto::http::Response;
use spotify_proto::{
    AlbumId, ArtistId, AudiobookId, CategoryId, ChapterId, Endpoint, EpisodeId, IdError, PlaylistId,
    ResourceKind, ShortLink, ShowId, SpotifyUri, TrackId, UserId, WebUrl,
};

const ID: &str = "6rqhFgbbKwnb9MLmUQDhG6";

/// Parses a string as an id of the given kind.
fn id(kind: &str, text: &str) -> Result<String, IdError> {
    fn of<T: FromStr<Err = IdError> + ToString + TryFrom<String> + Debug>(
        text: &str,
    ) -> Result<String, IdError> {
        assert_eq!(T::try_from(text.to_owned()).is_ok(), text.parse::<T>().is_ok(), "{text}");
        text.parse::<T>().map(|id| id.to_string())
    }
    match kind {
        "album" => of::<AlbumId>(text),
        "artist" => of::<ArtistId>(text),
        "audiobook" => of::<AudiobookId>(text),
        "category" => of::<CategoryId>(text),
        "chapter" => of::<ChapterId>(text),
        "episode" => of::<EpisodeId>(text),
        "playlist" => of::<PlaylistId>(text),
        "show" => of::<ShowId>(text),
        "track" => of::<TrackId>(text),
        "user" => of::<UserId>(text),
        other => panic!("unknown kind {other}"),
    }
}

/// Strings that name a resource: the kinds of id that accept the string, the string, the id and the URI. `{}` is an id.
///
/// The forms are from `shared/cases/references.tsv` and from the test suite of the npm package `spotify-uri`.
const RESOURCES: &[(&str, &str, &str, &str)] = &[
    // Ids that are valid for two kinds.
    ("audiobook show", "spotify:show:{}", "{}", "spotify:show:{}"),
    ("audiobook show", "https://open.spotify.com/show/{}?si=0", "{}", "spotify:show:{}"),
    ("audiobook", "spotify:audiobook:{}", "{}", "spotify:audiobook:{}"),
    ("audiobook", "https://open.spotify.com/audiobook/{}", "{}", "spotify:audiobook:{}"),
    ("chapter episode", "spotify:episode:{}", "{}", "spotify:episode:{}"),
    ("chapter episode", "https://open.spotify.com/episode/{}", "{}", "spotify:episode:{}"),
    ("chapter", "spotify:chapter:{}", "{}", "spotify:chapter:{}"),
    // Embedded players.
    ("track", "https://open.spotify.com/embed/track/{}", "{}", "spotify:track:{}"),
    ("track", "https://open.spotify.com/embed/intl-il/track/{}", "{}", "spotify:track:{}"),
    ("playlist", "https://open.spotify.com/intl-il/embed/playlist/{}", "{}", "spotify:playlist:{}"),
    ("playlist", "https://open.spotify.com/embed/user/x/playlist/{}", "{}", "spotify:playlist:{}"),
    (
        "chapter episode",
        "https://open.spotify.com/embed/episode/{}/video?utm_source=generator",
        "{}",
        "spotify:episode:{}",
    ),
    ("chapter episode", "https://open.spotify.com/embed-podcast/episode/{}", "{}", "spotify:episode:{}"),
    ("audiobook show", "https://open.spotify.com/embed-podcast/show/{}?theme=0", "{}", "spotify:show:{}"),
    ("track", "https://embed.spotify.com/?uri=spotify:track:{}", "{}", "spotify:track:{}"),
    (
        "track",
        "https://embed.spotify.com?theme=white&uri=spotify%3Atrack%3A{}&view=list",
        "{}",
        "spotify:track:{}",
    ),
    ("playlist", "//embed.spotify.com/?uri=spotify%3Auser%3Ax%3Aplaylist%3A{}", "{}", "spotify:playlist:{}"),
    ("track", "https://open.spotify.com/embed?uri=spotify:track:{}#x", "{}", "spotify:track:{}"),
    (
        "track",
        "https://embed.spotify.com/?uri=https%3A%2F%2Fopen.spotify.com%2Ftrack%2F{}%3Fsi%3D0",
        "{}",
        "spotify:track:{}",
    ),
    // Queries and fragments.
    (
        "track",
        "spotify:track:{}?context=spotify%3Aplaylist%3A3cEYpjA9oz9GiPac4AsH4n",
        "{}",
        "spotify:track:{}",
    ),
    ("track", "spotify:track:{}?si=0&a=b:c:d#0:10", "{}", "spotify:track:{}"),
    ("track", "spotify:track:{}#0:58.5", "{}", "spotify:track:{}"),
    ("track", "https://open.spotify.com/track/{}#0:58.5", "{}", "spotify:track:{}"),
    ("track", "https://open.spotify.com/track/{}?a=/b/c?d", "{}", "spotify:track:{}"),
    // Variations of letter case, ports, slashes and hosts.
    ("track", "Https://open.spotify.com/track/{}", "{}", "spotify:track:{}"),
    ("track", "HTTP://OPEN.Spotify.com/track/{}", "{}", "spotify:track:{}"),
    ("track", "Open.spotify.com/track/{}", "{}", "spotify:track:{}"),
    ("track", "SPOTIFY:track:{}", "{}", "spotify:track:{}"),
    ("track", "Spotify:Track:{}", "{}", "spotify:track:{}"),
    ("track", "https://open.spotify.com:443/track/{}", "{}", "spotify:track:{}"),
    ("track", "http://open.spotify.com:80/track/{}", "{}", "spotify:track:{}"),
    ("track", "open.spotify.com:443/track/{}", "{}", "spotify:track:{}"),
    ("track", "https://open.spotify.com//track//{}//", "{}", "spotify:track:{}"),
    ("track", "https:///open.spotify.com/track/{}", "{}", "spotify:track:{}"),
    ("track", "https:/open.spotify.com/track/{}", "{}", "spotify:track:{}"),
    ("track", "//open.spotify.com/track/{}", "{}", "spotify:track:{}"),
    ("track", "play.spotify.com/track/{}", "{}", "spotify:track:{}"),
    ("track", "https://play.spotify.com/intl-fr/track/{}", "{}", "spotify:track:{}"),
    ("track", "https://open.spotify.com/intl-pt-BR/track/{}", "{}", "spotify:track:{}"),
    ("track", "spotify:/track/{}", "{}", "spotify:track:{}"),
    ("track", "spotify://track/{}?si=0", "{}", "spotify:track:{}"),
    ("track", "spotify:///track/{}", "{}", "spotify:track:{}"),
    ("track", "spotify://open.spotify.com/track/{}", "{}", "spotify:track:{}"),
    ("track", "  \thttps://open.spotify.com/track/{}\r\n", "{}", "spotify:track:{}"),
    // Subpages.
    ("artist", "https://open.spotify.com/artist/{}/discography/album", "{}", "spotify:artist:{}"),
    (
        "user",
        "https://open.spotify.com/user/marcel%23spotify/playlists",
        "marcel#spotify",
        "spotify:user:marcel%23spotify",
    ),
    // Playlists with their owners.
    ("playlist", "spotify:user:some%20body:playlist:{}?si=0", "{}", "spotify:playlist:{}"),
    ("playlist", "https://open.spotify.com/user/some%20body/playlist/{}/?si=0", "{}", "spotify:playlist:{}"),
    // Categories.
    (
        "category",
        "https://open.spotify.com/genre/0JQ5DAqbMKFEC4WFtoNRpw",
        "0JQ5DAqbMKFEC4WFtoNRpw",
        "spotify:genre:0JQ5DAqbMKFEC4WFtoNRpw",
    ),
    (
        "category",
        "spotify:genre:0JQ5DAqbMKFEC4WFtoNRpw",
        "0JQ5DAqbMKFEC4WFtoNRpw",
        "spotify:genre:0JQ5DAqbMKFEC4WFtoNRpw",
    ),
    ("category", "https://open.spotify.com/genre/party?si=0", "party", "spotify:genre:party"),
    // Users.
    ("user", "spotify:user:hitradio%c3%b63", "hitradioö3", "spotify:user:hitradio%C3%B63"),
    ("user", "spotify:user:hitradioö3", "hitradioö3", "spotify:user:hitradio%C3%B63"),
    ("user", "http://open.spotify.com/user/hitradio%c3%b63", "hitradioö3", "spotify:user:hitradio%C3%B63"),
];

#[test]
fn every_form_of_a_reference_is_parsed_to_the_same_resource() {
    const KINDS: [&str; 10] = [
        "album",
        "artist",
        "audiobook",
        "category",
        "chapter",
        "episode",
        "playlist",
        "show",
        "track",
        "user",
    ];
    for (kinds, text, expected, uri) in RESOURCES {
        let [text, expected, uri] = [text, expected, uri].map(|it| it.replace("{}", ID));
        for kind in KINDS {
            let found = id(kind, &text);
            if kinds.split(' ').any(|it| it == kind) {
                assert_eq!(found.as_deref(), Ok(expected.as_str()), "{kind} {text}");
            } else {
                assert!(found.is_err(), "{kind} {text}: {found:?}");
            }
        }
        let found: SpotifyUri = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(found, uri, "{text}");
        assert_eq!(found.id().as_deref(), Some(expected.as_str()), "{text}");
        assert_eq!(found.to_string().parse(), Ok(found.clone()), "{text}");
        assert_eq!(
            serde_json::from_value(serde_json::json!(text)).ok().as_ref().map(SpotifyUri::kind),
            Some(found.kind())
        );
    }
}

/// Strings that are valid URIs but do not name a resource, each with its URI.
const OTHERS: &[(&str, &str)] = &[
    ("https://open.spotify.com/collection/tracks", "spotify:collection"),
    ("open.spotify.com/collection/tracks?si=0", "spotify:collection"),
    ("https://open.spotify.com/collection", "spotify:collection"),
    ("https://open.spotify.com/collection/episodes", "spotify:collection:your-episodes"),
    ("https://open.spotify.com/collection/albums", "spotify:collection:albums"),
    ("spotify:collection", "spotify:collection"),
    ("spotify:collection:tracks", "spotify:collection:tracks"),
    ("spotify:user:harbour:collection", "spotify:user:harbour:collection"),
    ("spotify:user:harbour:collection:your-episodes", "spotify:user:harbour:collection:your-episodes"),
    ("https://open.spotify.com/user/harbour/collection", "spotify:user:harbour:collection"),
    ("spotify:user:harbour:starred", "spotify:user:harbour:starred"),
    ("http://open.spotify.com/user/harbour/starred", "spotify:user:harbour:starred"),
    ("spotify:station:track:6rqhFgbbKwnb9MLmUQDhG6", "spotify:station:track:6rqhFgbbKwnb9MLmUQDhG6"),
    ("SPOTIFY:station:track:x", "spotify:station:track:x"),
    ("https://open.spotify.com/station/playlist/x", "spotify:station:playlist:x"),
    ("spotify:video:6rqhFgbbKwnb9MLmUQDhG6", "spotify:video:6rqhFgbbKwnb9MLmUQDhG6"),
    ("https://open.spotify.com/concert/x", "spotify:concert:x"),
    ("spotify:search:artist:h%C3%A4xor", "spotify:search:artist:h%C3%A4xor"),
    ("http://open.spotify.com/search/artist%3ah%c3%a4xor", "spotify:search:artist%3ah%c3%a4xor"),
    ("spotify:search:genre:hip-hop+year:1980-1989", "spotify:search:genre:hip-hop+year:1980-1989"),
    ("spotify:local:Ferry+Lights::Night+Ferry:161", "spotify:local:Ferry+Lights::Night+Ferry:161"),
    ("spotify:local:::a:6", "spotify:local:::a:6"),
    (
        "http://open.spotify.com/local/Ferry+Lights/Harbour/Night+Ferry/161",
        "spotify:local:Ferry+Lights:Harbour:Night+Ferry:161",
    ),
    ("https://open.spotify.com/local///a/6", "spotify:local:::a:6"),
    ("https://embed.spotify.com/?uri=spotify%3Alocal%3A%3A%3Aa%3A6%20", "spotify:local:::a:6"),
];

#[test]
fn a_reference_that_names_no_resource_is_still_parsed_as_a_uri() {
    for (text, uri) in OTHERS {
        let found: SpotifyUri = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((found.as_str(), found.kind(), found.id()), ((*uri).into(), None, None), "{text}");
        assert_eq!(uri.parse(), Ok(found), "{text}");
        for kind in ["track", "playlist", "user", "category"] {
            assert!(id(kind, text).is_err(), "{text} is not an id of kind {kind}");
        }
    }
    let file: SpotifyUri = "https://open.spotify.com/local/Ferry+Lights/Harbour/Night+Ferry/161"
        .parse()
        .expect("expected a file");
    assert_eq!(file.local_file().map(|file| file.artist), Some("Ferry Lights".to_owned()));
}

#[test]
fn a_link_to_anything_other_than_a_resource_is_an_error() {
    for text in [
        "https://open.spotify.com",
        "https://open.spotify.com/",
        "https://open.spotify.com/track",
        "https://open.spotify.com/embed",
        "https://open.spotify.com/search",
        "https://open.spotify.com/artist/6rqhFgbbKwnb9MLmUQDhG6/track/6rqhFgbbKwnb9MLmUQDhG6",
        "https://open.spotify.com.evil.example/track/6rqhFgbbKwnb9MLmUQDhG6",
        "https://open.spotify.com@evil.example/track/6rqhFgbbKwnb9MLmUQDhG6",
        "https://user@open.spotify.com/track/6rqhFgbbKwnb9MLmUQDhG6",
        "https://open.spotify.com:8443/track/6rqhFgbbKwnb9MLmUQDhG6",
        "https://evil.example/open.spotify.com/track/6rqhFgbbKwnb9MLmUQDhG6",
        "https://evil.example/?uri=spotify:track:6rqhFgbbKwnb9MLmUQDhG6",
        "https://embed.spotify.com/?uri=https://evil.example/track/6rqhFgbbKwnb9MLmUQDhG6",
        "https://embed.spotify.com/?uri=https://embed.spotify.com/?uri=spotify:track:6rqhFgbbKwnb9MLmUQDhG6",
        "https://embed.spotify.com/?uri=",
        "spotify:",
        "spotify::track",
        "spotify:track",
        "spotify:track:",
        "spotify:track:6rqhFgbbKwnb9MLmUQDhG6:x",
        "spotify:track:6rqhFgbbKwnb9MLmUQDhG",
        "spotify:user:",
        "spotify:user::collection",
        "spotify:user:%ff",
        "spotify://evil.example/track/6rqhFgbbKwnb9MLmUQDhG6",
        "6rqhFgbbKwnb9MLmUQDhG6",
        "",
    ] {
        assert!(text.parse::<SpotifyUri>().is_err(), "{text}");
        if text != ID {
            assert!(id("track", text).is_err(), "{text}");
        }
    }
}

#[test]
fn the_error_for_a_short_link_names_the_type_that_parses_short_links() {
    for text in ["https://spotify.link/hRkBrwub9xb", "Spotify.link/x", "http://spotify.app.link/x?_p=1"] {
        let [error, same] =
            [text.parse::<TrackId>().expect_err(text), text.parse::<SpotifyUri>().expect_err(text)];
        for error in [error, same] {
            assert!(error.is_short_link() && error.to_string().contains("use `ShortLink`"), "{error}");
        }
        assert!(text.parse::<ShortLink>().is_ok(), "{text}");
    }
    assert!(
        !"https://evil.example/x"
            .parse::<TrackId>()
            .expect_err("a foreign host should be refused")
            .is_short_link()
    );
}

/// The strings are long enough to make a parser with quadratic running time noticeable.
#[test]
fn long_references_are_rejected() {
    for part in
        ["/", ":", "?", "#", "%", "a", "user:", "embed/", "intl-de/", "uri=", "track/", "spotify:", "%3A"]
    {
        let long = part.repeat(20_000);
        for text in [
            long.clone(),
            format!("spotify:{long}"),
            format!("spotify:/{long}"),
            format!("spotify:user:x:{long}"),
            format!("https://{long}"),
            format!("https://open.spotify.com/{long}"),
            format!("https://open.spotify.com/track/{long}"),
            format!("https://embed.spotify.com/?uri={long}"),
            format!("https://spotify.link/{long}"),
        ] {
            assert!(text.parse::<TrackId>().is_err() && text.parse::<SpotifyUri>().is_err(), "{text:.60}");
            assert!(text.parse::<ShortLink>().is_err(), "{text:.60}");
        }
    }
}

/// The response is that of `shared/cases/context_of_old_form.http`.
#[test]
fn an_old_playlist_uri_in_a_response_names_its_playlist() {
    let response = Response::new(
        r#"{"is_playing":true,"context":{"type":"playlist","href":"https://api.spotify.com/v1/playlists/3cEYpjA9oz9GiPac4AsH4n","uri":"spotify:user:harbour:playlist:3cEYpjA9oz9GiPac4AsH4n"}}"#,
    );
    let playback = GetPlaybackState::new().parse(&response).expect("expected a playback state").expect("one");
    let uri = playback.context.and_then(|context| context.uri).expect("expected a URI");
    assert_eq!(uri, "spotify:user:harbour:playlist:3cEYpjA9oz9GiPac4AsH4n");
    assert_eq!(
        (uri.kind(), uri.id().as_deref()),
        (Some(ResourceKind::Playlist), Some("3cEYpjA9oz9GiPac4AsH4n"))
    );
    let page: WebUrl =
        serde_json::from_str("\"https://open.spotify.com/user/x/playlist/3cEYpjA9oz9GiPac4AsH4n\"")
            .expect("any text");
    assert_eq!(
        (page.kind(), page.id().as_deref()),
        (Some(ResourceKind::Playlist), Some("3cEYpjA9oz9GiPac4AsH4n"))
    );
}

#[test]
fn ids_and_uris_can_be_compared_with_strings() {
    let track: TrackId = ID.parse().expect("expected an id");
    assert_eq!(track, ID);
    assert_eq!(ID, track);
    assert_eq!(track, *ID);
    assert_eq!(*ID, track);
    assert_eq!(track, ID.to_owned());
    assert_eq!(ID.to_owned(), track);
    assert_ne!(track, "x");
    assert_ne!("x", track);
    let text: &str = track.as_ref();
    assert_eq!(text, ID);
    assert_eq!(String::from(track), ID);

    let text = format!("spotify:track:{ID}");
    let uri: SpotifyUri = text.parse().expect("expected a URI");
    assert_eq!(uri, text);
    assert_eq!(text, uri);
    assert_eq!(uri, *text);
    assert_eq!(*text, uri);
    assert_eq!(uri, &*text);
    assert_eq!(&*text, uri);
    assert_eq!(uri.as_str(), text);
    let longer = format!("{text}x");
    for other in ["", "spotify:track:", ID, "spotify:album:6rqhFgbbKwnb9MLmUQDhG6", &longer] {
        assert_ne!(uri, other);
    }
    assert_eq!(String::from(uri), text);

    let station: SpotifyUri = "spotify:station:x".parse().expect("expected a URI");
    assert_eq!(station, "spotify:station:x");
    assert_ne!(station, "spotify:station:");
    assert_eq!(String::from(station), "spotify:station:x");
}
