//! Tests that different URL parsers agree on every string that is accepted as an origin.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use spotify_proto::{Origin, OriginError};
use url::Url;

/// Environment variable with the number of strings to generate (default: 20,000). This command checks a million strings
/// in a few seconds: `SPOTIFY_PROTO_ORIGINS=1000000 cargo test --release --all-features --test it origins::`.
const TEXTS_VARIABLE: &str = "SPOTIFY_PROTO_ORIGINS";
const TEXTS: usize = 20_000;

fn texts() -> usize {
    let given = std::env::var(TEXTS_VARIABLE).ok();
    given.map_or(TEXTS, |given| given.parse().expect("expected a number of texts"))
}

/// Returns the first component that the URL standard parses differently, if any.
fn difference(text: &str, origin: &Origin) -> Option<String> {
    let Ok(url) = Url::parse(text) else { return Some("not a URL".to_owned()) };
    let uri: http::Uri = origin.as_str().parse().expect("origins should be valid URIs");
    let same =
        |what: &str, own: &str, other: &str| (own != other).then(|| format!("{what}: {own} and {other}"));
    let host = |text: &str| match text.trim_matches(['[', ']']).parse::<std::net::Ipv6Addr>() {
        Ok(address) if text.starts_with('[') => address.to_string(),
        _ => text.to_owned(),
    };
    let default = if uri.scheme_str() == Some("http") { 80 } else { 443 };
    let (port, other) = (uri.port_u16().unwrap_or(default), url.port_or_known_default().unwrap_or_default());
    let path = |text: &str| text.strip_suffix('/').unwrap_or(text).to_owned();
    same("scheme", uri.scheme_str().unwrap_or_default(), url.scheme())
        .or_else(|| {
            same("host", &host(uri.host().unwrap_or_default()), &host(url.host_str().unwrap_or_default()))
        })
        .or_else(|| same("port", &port.to_string(), &other.to_string()))
        .or_else(|| same("path", &path(uri.path()), &path(url.path())))
        .or_else(|| same("user", "", url.username()))
        .or_else(|| same("query", "", url.query().unwrap_or_default()))
        .or_else(|| same("fragment", "", url.fragment().unwrap_or_default()))
}

/// Fragments of origins: ordinary fragments, and fragments on which parsers disagree.
const PIECES: &[&str] = &[
    "https://",
    "http://",
    "https:/",
    "https:",
    "HTTPS://",
    "ftp://",
    "//",
    "/",
    "\\",
    ":",
    "@",
    "?",
    "#",
    ".",
    "..",
    "%2e",
    "%2E%2e",
    "%00",
    "%",
    " ",
    "\t",
    "\n",
    "api.spotify.com",
    "a",
    "b.example",
    "A.Example",
    "a_b",
    "a-b",
    "-a",
    "xn--bcher-kva",
    "xn--a",
    "bücher.example",
    "。",
    "\u{ad}",
    "K",
    "ß",
    "localhost",
    "localhost.",
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "0x7f000001",
    "2130706433",
    "0177.0.0.1",
    "127.0.0.01",
    "256.1.1.1",
    "1.2.3.4",
    "1.2.3",
    "09",
    "0x",
    "0xg",
    "[::1]",
    "[::1",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:1.2.3.4]",
    "[::ffff:1.2.3.04]",
    "[1::2::3]",
    "[fe80::1%25en0]",
    "[v1.x]",
    "[]",
    ":80",
    ":443",
    ":0",
    ":1",
    ":65535",
    ":65536",
    ":+1",
    ":-1",
    ":4a",
    ":080",
    "/v1",
    "/a.b",
    "/.a",
    "/a..",
    "/./",
    "/../",
    "/%2e%2e/",
    "/~x",
    "/é",
    "/a b",
    "/a//b",
    "/a;b",
    "/a:b",
    "/a@b",
    "user@",
    "user:pass@",
    "?x",
    "#x",
];

fn text() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..6).prop_map(|pieces| pieces.concat());
    let likely = (
        prop::sample::select(&["https://", "http://"][..]),
        prop::sample::select(PIECES),
        prop::sample::select(PIECES),
        prop::sample::select(PIECES),
    )
        .prop_map(|(scheme, host, port, path)| [scheme, host, port, path].concat());
    let hosts = "https?://[a-z0-9._\\-]{1,12}(:[0-9]{0,6})?(/[A-Za-z0-9._~%\\-]{0,6}){0,3}";
    let addresses = "https://(\\[[0-9a-f:.]{0,20}\\]|[0-9x.]{1,16})(:[0-9]{1,5})?";
    prop_oneof![
        2 => pieces,
        4 => likely,
        4 => hosts.prop_map(|text: String| text),
        2 => addresses.prop_map(|text: String| text),
        1 => any::<String>().prop_map(|text| format!("https://{text}")),
    ]
}

#[test]
fn the_url_standard_parses_accepted_origins_to_the_same_components() {
    let config = Config { cases: 1, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[17; 32]));
    let (strategy, count, mut accepted) = (text(), texts(), 0);
    for _ in 0..count {
        let text = strategy.new_tree(&mut runner).expect("expected a string").current();
        let Ok(origin) = text.parse::<Origin>() else { continue };
        accepted += 1;
        assert_eq!(difference(&text, &origin), None, "{text:?}");
    }
    crate::responses::fixtures::say(&format!("origins: {accepted} of {count} strings accepted"));
    assert!(accepted > count / 20, "{accepted} of {count} strings accepted");
}

#[test]
fn a_difference_from_the_url_standard_is_detected() {
    let origin: Origin = "https://api.spotify.com/x".parse().expect("expected an origin");
    for text in [
        "http://api.spotify.com/x",
        "https://127.1/x",
        "https://api.spotify.com:444/x",
        "https://api.spotify.com/x/..",
        "https://u@api.spotify.com/x",
        "https://api.spotify.com/x?y",
        "https://api.spotify.com/x#y",
        "x",
    ] {
        assert!(difference(text, &origin).is_some(), "{text}");
    }
    assert_eq!(difference("https://api.spotify.com/x/", &origin), None);
}

/// Strings on which URL parsers disagree, or that are easily mistaken for a different host.
const HOSTILE: &[(&str, OriginError)] = {
    use OriginError::{Host, Path, PlainHttp, Port, Query, Scheme, User};
    &[
        ("https://api.spotify.com:65536", Port),
        ("https://api.spotify.com:99999", Port),
        ("https://api.spotify.com:4294967739", Port),
        ("https://api.spotify.com:18446744073709552059", Port),
        ("https://api.spotify.com:4a", Port),
        ("https://api.spotify.com:-1", Port),
        ("https://api.spotify.com:+443", Port),
        ("https://api.spotify.com:0", Port),
        ("https://api.spotify.com:00", Port),
        ("https://api.spotify.com:0443", Port),
        ("https://api.spotify.com:", Port),
        ("https://api.spotify.com:/", Port),
        ("https://api.spotify.com: 443", Port),
        ("https://api.spotify.com:443 ", Port),
        ("https://api.spotify.com:0x1bb", Port),
        ("https://api.spotify.com:443:443", Port),
        ("https://api.spotify.com:٤٤٣", Port),
        ("https://[::1]x", Host),
        ("https://[::1]:", Port),
        ("https://[::1]:0", Port),
        ("https://[::1]:65536", Port),
        ("https://[::1].example", Host),
        ("https://[::1]@evil.example", User),
        ("https://[evil.example]", Host),
        ("https://[v1.fe80]", Host),
        ("https://[]", Host),
        ("https://[::1", Host),
        ("https://::1]", Host),
        ("https://::1", Host),
        ("https://[1::2::3]", Host),
        ("https://[::12345]", Host),
        ("https://[fe80::1%25en0]", Host),
        ("https://[fe80::1%en0]", Host),
        ("https://[::ffff:1.2.3.04]", Host),
        ("https://[::ffff:1.2.3]", Host),
        ("https://127.1", Host),
        ("http://127.1", Host),
        ("http://0x7f.1", Host),
        ("http://0x7f000001", Host),
        ("http://2130706433", Host),
        ("http://0177.0.0.1", Host),
        ("http://127.0.0.01", Host),
        ("http://127.0.0.1.", Host),
        ("http://127.0.0.256", Host),
        ("http://127.0.0.1.1", Host),
        ("http://127.0.0.0x1", Host),
        ("https://1", Host),
        ("https://0x", Host),
        ("https://a.0x", Host),
        ("https://a.1", Host),
        ("https://a.1.", Host),
        ("https://0", Host),
        ("https://٣.example", Host),
        ("https://Api.spotify.com", Host),
        ("https://api.spotify.com.", Host),
        ("https://api..spotify.com", Host),
        ("https://.spotify.com", Host),
        ("https://.", Host),
        ("https://api.spotify.com%2eevil.example", Host),
        ("https://api.spotify.com%00.evil.example", Host),
        ("https://%61pi.spotify.com", Host),
        ("https://api.spotify。com", Host),
        ("https://api.ſpotify.com", Host),
        ("https://аpi.spotify.com", Host),
        ("https://api.spotify\u{ad}.com", Host),
        ("https://api.spotify.com\u{200b}", Host),
        ("https://xn--pi-7ya.spotify.com", Host),
        ("https://XN--A.example", Host),
        ("https://xn--a", Host),
        ("https://api\t.spotify.com", Host),
        ("https://api.spotify.com\n", Host),
        ("https://api.spotify.com\\", Host),
        ("https://api.spotify.com\\@evil.example", User),
        ("https://evil.example\\.spotify.com", Host),
        ("https://api spotify.com", Host),
        ("https://api.spotify.com,evil.example", Host),
        ("https://api.spotify.com;evil.example", Host),
        ("https://*.spotify.com", Host),
        ("https://$HOST", Host),
        ("https://<api>", Host),
        ("https://api.spotify.com|", Host),
        ("https://api^spotify.com", Host),
        ("https:///api.spotify.com", Host),
        ("https:////api.spotify.com", Host),
        ("https://", Host),
        ("https:///", Host),
        ("https://:443", Host),
        ("https://api.spotify.com@evil.example", User),
        ("https://api.spotify.com:x@evil.example", User),
        ("https://@evil.example", User),
        ("https://:@evil.example", User),
        ("https://user:pass@api.spotify.com", User),
        ("https://api.spotify.com/..", Path),
        ("https://api.spotify.com/../x", Path),
        ("https://api.spotify.com/a/..", Path),
        ("https://api.spotify.com/a/../b", Path),
        ("https://api.spotify.com/.", Path),
        ("https://api.spotify.com/./a", Path),
        ("https://api.spotify.com/%2e%2e", Path),
        ("https://api.spotify.com/%2E./a", Path),
        ("https://api.spotify.com/.%2e/a", Path),
        ("https://api.spotify.com/%252e%252e", Path),
        ("https://api.spotify.com/a%2fb", Path),
        ("https://api.spotify.com/a\\..\\b", Path),
        ("https://api.spotify.com/\\evil.example", Path),
        ("https://api.spotify.com//evil.example", Path),
        ("https://api.spotify.com/a//", Path),
        ("https://api.spotify.com/é", Path),
        ("https://api.spotify.com/a b", Path),
        ("https://api.spotify.com/a\tb", Path),
        ("https://api.spotify.com/a\r\nhost: evil.example", Path),
        ("https://api.spotify.com/a;b", Path),
        ("https://api.spotify.com/a:b", Path),
        ("https://api.spotify.com/@evil.example", Path),
        ("https://api.spotify.com/{x}", Path),
        ("https://api.spotify.com?", Query),
        ("https://api.spotify.com?x", Query),
        ("https://api.spotify.com/?x", Query),
        ("https://api.spotify.com#", Query),
        ("https://api.spotify.com#@evil.example", Query),
        ("https://api.spotify.com?@evil.example/", Query),
        ("http://api.spotify.com", PlainHttp),
        ("http://10.0.0.1", PlainHttp),
        ("http://0.0.0.0", PlainHttp),
        ("http://[::]", PlainHttp),
        ("http://[::2]", PlainHttp),
        ("http://[::ffff:127.0.0.1]", PlainHttp),
        ("http://128.0.0.1", PlainHttp),
        ("http://localhost.example", PlainHttp),
        ("http://127.0.0.1.example", PlainHttp),
        ("HTTPS://api.spotify.com", Scheme),
        ("https:api.spotify.com", Scheme),
        ("https:/api.spotify.com", Scheme),
        ("https:\\\\api.spotify.com", Scheme),
        ("ht\ttps://api.spotify.com", Scheme),
        (" https://api.spotify.com", Scheme),
        ("\u{feff}https://api.spotify.com", Scheme),
        ("//api.spotify.com", Scheme),
        ("api.spotify.com", Scheme),
        ("api.spotify.com:443", Scheme),
        ("ftp://api.spotify.com", Scheme),
        ("ws://api.spotify.com", Scheme),
        ("wss://api.spotify.com", Scheme),
        ("file:///etc/passwd", Scheme),
        ("javascript://api.spotify.com", Scheme),
        ("blob:https://api.spotify.com", Scheme),
        ("view-source:https://api.spotify.com", Scheme),
        ("", Scheme),
    ]
};

#[test]
fn hostile_origins_are_rejected_with_the_reason() {
    assert!(HOSTILE.len() >= 94, "{} texts", HOSTILE.len());
    for (text, error) in HOSTILE {
        assert_eq!(text.parse::<Origin>(), Err(*error), "{text:?}");
    }
}

#[test]
fn ordinary_origins_are_accepted() {
    for text in [
        "https://api.spotify.com",
        "https://api.spotify.com/",
        "https://proxy.example:8443/spotify/v2~x",
        "https://proxy-1.internal_net.example/a.b/..c",
        "https://h:1",
        "https://h:65535",
        "https://10.0.0.1",
        "https://[2001:db8::1]:8443/x",
        "https://[::ffff:1.2.3.4]",
        "http://127.0.0.1:8080",
        "http://127.8.9.10",
        "http://[::1]:1",
        "http://localhost:3000",
        "https://r3---a.example",
    ] {
        let origin: Origin = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(origin.as_str(), text.strip_suffix('/').unwrap_or(text));
        assert_eq!(difference(text, &origin), None, "{text}");
    }
}
