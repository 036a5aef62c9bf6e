//! Tests of the settings of the HTTP stack.

#[cfg(feature = "gzip")]
use std::io::Write as _;
use std::net::TcpListener;
use std::time::{Duration, Instant, SystemTime};

#[cfg(feature = "gzip")]
use flate2::{Compression, write::GzEncoder};
#[cfg(feature = "gzip")]
use spotify_proto::http::header::CONTENT_ENCODING;
use spotify_proto::http::header::LOCATION;
use spotify_proto::http::{Response, StatusCode};
use spotify_proto::{AlbumId, App, Call, Error as SpotifyError, MAX_BODY_LEN, RetryPolicy, api};
use spotify_proto_reqwest::{Client, Error, TransportError};
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Fake, InjectedFault, ids};

use crate::{album, album_once, client, count, start};

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (server, other) = (start(Fake::new()), start(Fake::new()));
    let location = format!("{}/v1/albums/{}", other.origin(), ids::ALBUM);
    let redirect = Response::builder().status(StatusCode::FOUND).header(LOCATION, location).body(Vec::new());
    server.script(InjectedFault::Raw(redirect.expect("a response")).at("/v1/albums"));
    let error = client(&server).application().call(album_once()).await.expect_err("a redirect");
    let status = error.as_spotify().and_then(SpotifyError::status);
    assert_eq!(status, Some(StatusCode::FOUND), "{error:?}");
    assert_eq!(other.requests().len(), 0, "no token should be sent to another server");
}

#[tokio::test]
async fn an_error_status_is_not_a_transport_error() {
    let server = start(Fake::new());
    let unknown = api::GetAlbum::new(ids::UNKNOWN.parse::<AlbumId>().expect("an id"));
    let error = client(&server).application().call(unknown).await.expect_err("an unknown album");
    assert!(matches!(error, Error::Spotify(SpotifyError::Api(_))), "{error:?}");
    assert_eq!(error.as_spotify().and_then(SpotifyError::status), Some(StatusCode::NOT_FOUND));
}

#[tokio::test]
async fn an_unreachable_server_is_a_transport_error() {
    let origin = start(Fake::new()).origin();
    let app = App::confidential(CLIENT_ID, CLIENT_SECRET).with_origins(origin.clone(), origin);
    let app = app.with_retry_policy(RetryPolicy::new().max_attempts(1));
    let error = Client::new(app)
        .expect("TLS")
        .session(spotify_proto::Session::from_access_token("x"))
        .call(album())
        .await;
    assert!(matches!(error, Err(Error::Transport(_))), "{error:?}");
}

#[tokio::test]
async fn a_body_over_the_limit_is_an_error() {
    let server = start(Fake::new());
    let body = |len: usize| InjectedFault::Raw(Response::new(vec![b' '; len])).at("/v1/albums");
    let spotify = client(&server).application();
    server.script(body(MAX_BODY_LEN + 1));
    let error = spotify.call(album_once()).await.expect_err("a body over the limit");
    assert!(matches!(error, Error::Transport(TransportError::BodyTooLong)), "{error:?}");
    // A body of exactly the maximum size is passed to the library.
    server.script(body(MAX_BODY_LEN));
    let error = spotify.call(album_once()).await.expect_err("a body that is not JSON");
    assert!(matches!(error, Error::Spotify(SpotifyError::Decode(_))), "{error:?}");
}

#[cfg(feature = "gzip")]
#[tokio::test]
async fn the_body_limit_applies_to_the_decompressed_body() {
    let server = start(Fake::new());
    let compressed = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("compressed");
        let body = encoder.finish().expect("compressed");
        let response = Response::builder().header(CONTENT_ENCODING, "gzip").body(body);
        InjectedFault::Raw(response.expect("a response")).at("/v1/albums")
    };
    let spotify = client(&server).application();
    server.script(compressed(br#"{"name": "Night Ferry"}"#));
    assert_eq!(spotify.call(album()).await.expect("an album").name, "Night Ferry");
    server.script(compressed(&vec![b' '; MAX_BODY_LEN + 1]));
    let error = spotify.call(album_once()).await.expect_err("a body over the limit");
    assert!(matches!(error, Error::Transport(TransportError::BodyTooLong)), "{error:?}");
}

#[tokio::test]
async fn a_request_ends_at_the_deadline_of_its_call() {
    // The server accepts connections but never responds.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let origin: spotify_proto::Origin =
        format!("http://{}", silent.local_addr().expect("an address")).parse().expect("an origin");
    let app = App::without_credentials().with_origins(origin.clone(), origin);
    let spotify = Client::new(app).expect("TLS").session(spotify_proto::Session::from_access_token("x"));
    let begin = Instant::now();
    let call = Call::new(album()).deadline(SystemTime::now() + Duration::from_millis(300));
    let error = spotify.call(call).await.expect_err("no response before the deadline");
    assert!(
        match &error {
            Error::Transport(TransportError::Http(error)) => error.is_timeout(),
            error => matches!(error, Error::Spotify(SpotifyError::Deadline)),
        },
        "{error:?}"
    );
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn a_delete_request_is_sent_with_its_body() {
    let mut fake = Fake::new();
    let token = fake.user_token(spotify_proto::Scope::ALL, SystemTime::now());
    let server = start(fake);
    let spotify = client(&server).session(spotify_proto::Session::from_access_token(token));
    let playlist = ids::PRIVATE_PLAYLIST.parse::<spotify_proto::PlaylistId>().expect("an id");
    let track = ids::TRACK.parse::<spotify_proto::TrackId>().expect("an id");
    let items = || [spotify_proto::SpotifyUri::from(track.clone())];
    let list = || api::GetPlaylistItems::new(playlist.clone()).limit(50);
    spotify.call(api::AddPlaylistItems::new(playlist.clone(), items())).await.expect("added");
    let before = spotify.collect(list()).await.expect("a list").items.len();
    spotify.call(api::RemovePlaylistItems::new(playlist.clone(), items())).await.expect("removed");
    assert!(spotify.collect(list()).await.expect("a list").items.len() < before);
}

#[tokio::test]
async fn tasks_share_one_token() {
    let server = start(Fake::new());
    let client = client(&server);
    let call = || {
        let spotify = client.application();
        tokio::spawn(async move { spotify.call(album()).await.map(drop) })
    };
    let calls: Vec<_> = (0..8).map(|_| call()).collect();
    for call in calls {
        call.await.expect("the task should not panic").expect("an album");
    }
    assert_eq!((count(&server, "/api/token"), count(&server, "/v1/albums")), (1, 8));
}
