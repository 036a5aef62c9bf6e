//! Tests of short links: parsing, and the request and response that resolve a link.

use http::header::LOCATION;
use http::{Method, Response, StatusCode};
use spotify_proto::{ShortLink, ShortLinkError};

fn response(status: u16, location: Option<&str>) -> Response<()> {
    let mut response = Response::new(());
    *response.status_mut() = StatusCode::from_u16(status).expect("expected a status");
    if let Some(location) = location {
        let value = http::HeaderValue::from_bytes(location.as_bytes()).expect("expected a header value");
        response.headers_mut().insert(LOCATION, value);
    }
    response
}

#[test]
fn a_short_link_is_requested_over_https() {
    for (text, expected) in [
        ("https://spotify.link/abc", "https://spotify.link/abc"),
        (" http://Spotify.Link/aBc?x=1&y=%20#f\n", "https://spotify.link/aBc?x=1&y=%20"),
        ("spotify.link:443/abc", "https://spotify.link/abc"),
        ("spotify.app.link/abc?_p=1", "https://spotify.app.link/abc?_p=1"),
    ] {
        let link: ShortLink = text.parse().expect(text);
        let request = link.request();
        assert_eq!((request.uri().to_string(), request.method()), (expected.to_owned(), &Method::HEAD));
        assert!(request.headers().is_empty() && request.body().is_empty());
        assert_eq!(link.to_string().parse::<ShortLink>(), Ok(link));
    }
    for text in [
        "",
        "abc",
        "https://spotify.link",
        "https://spotify.link/",
        "https://spotify.link//?a=b",
        "https://spotify.link/a b",
        "https://open.spotify.com/track/6rqhFgbbKwnb9MLmUQDhG6",
        "https://spotify.link.example/abc",
        "https://user@spotify.link/abc",
        "https://spotify.link:8080/abc",
        "https://evil.example/spotify.link/abc",
    ] {
        assert!(text.parse::<ShortLink>().is_err(), "{text}");
    }
    assert!(format!("https://spotify.link/{}", "a".repeat(8192)).parse::<ShortLink>().is_err());
}

#[test]
fn a_redirect_to_spotify_resolves_a_short_link() {
    let link: ShortLink = "https://spotify.link/abc".parse().expect("expected a short link");
    for (location, expected) in [
        ("https://open.spotify.com/track/1?si=2", "https://open.spotify.com/track/1?si=2"),
        ("http://Open.Spotify.com/track/1", "http://Open.Spotify.com/track/1"),
        ("//open.spotify.com/track/1", "https://open.spotify.com/track/1"),
        ("https://spotify.app.link/def", "https://spotify.app.link/def"),
        ("/def?x=1", "https://spotify.link/def?x=1"),
        ("?x=1", "https://spotify.link/abc?x=1"),
        ("spotify:track:1", "spotify:track:1"),
    ] {
        for status in [301, 302, 303, 307, 308] {
            let found = link.location(&response(status, Some(location)));
            assert_eq!(found.as_deref(), Ok(expected), "{location}");
        }
    }
}

#[test]
fn any_other_response_is_an_error() {
    use ShortLinkError::{ForeignHost, NoLocation, NotRedirected};

    let link: ShortLink = "https://spotify.link/abc".parse().expect("expected a short link");
    let long = format!("https://open.spotify.com/{}", "a".repeat(8192));
    for (status, location, error) in [
        (200, Some("https://open.spotify.com/track/1"), NotRedirected(StatusCode::OK)),
        (404, None, NotRedirected(StatusCode::NOT_FOUND)),
        (307, None, NoLocation),
        (307, Some(""), NoLocation),
        (307, Some(long.as_str()), NoLocation),
        (307, Some("https://evil.example/track/1"), ForeignHost),
        (307, Some("https://open.spotify.com.evil.example/track/1"), ForeignHost),
        (307, Some("https://open.spotify.com@evil.example/track/1"), ForeignHost),
        (307, Some("https://user@open.spotify.com/track/1"), ForeignHost),
        (307, Some("https://evil.example\\@open.spotify.com/track/1"), ForeignHost),
        (307, Some("ftp://open.spotify.com/track/1"), ForeignHost),
        (307, Some("javascript:alert(1)"), ForeignHost),
        (307, Some("//evil.example/"), ForeignHost),
        (307, Some("///evil.example/"), ForeignHost),
        (307, Some("open.spotify.com/track/1"), ForeignHost),
    ] {
        assert_eq!(link.location(&response(status, location)), Err(error), "{location:?}");
    }
}
