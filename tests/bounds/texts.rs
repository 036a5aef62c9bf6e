//! Texts from users and servers: ids, URLs, scopes, callbacks, times, and origins.

use spotify_proto::api::{Field, Fields};
use spotify_proto::{
    AlbumId, App, Date, IdError, Language, Login, Market, Origin, QueryText, RedirectUri, Scopes,
    SecretMatcher, ShortLink, SpotifyUri, Timestamp, UserId,
};

use super::{Case, Fixed, case, joined, repeated};

/// Long texts that are parsed as ids and links: the name, the beginning, and the part that is repeated.
const REFERENCES: &[(&str, &str, &str)] = &[
    ("letters", "", "a"),
    ("blanks", "", " "),
    ("parts of a URI", "spotify:user:", "a:"),
    ("escapes in a URI", "spotify:user:", "%41"),
    ("a local file", "spotify:local:", "%20é:"),
    ("parts of a page", "https://open.spotify.com/", "album/"),
    ("frames of a page", "https://open.spotify.com/", "intl-x/"),
    ("blanks in a page", "https://open.spotify.com/search/", " /"),
    ("a query of a page", "https://open.spotify.com/album/?", "a=b&"),
    ("an embedded link", "https://embed.spotify.com/?uri=spotify:user:", "%25"),
    ("embedded links", "https://embed.spotify.com/?uri=", "uri=&"),
    ("slashes", "https:", "/"),
];

fn id(text: &String) -> Result<AlbumId, IdError> {
    text.parse::<AlbumId>()
}

fn login(scheme: &str) -> Fixed<Login> {
    let redirect: RedirectUri = scheme.parse().expect("a redirect URI");
    Fixed(Login::new(&App::public("client"), redirect, Scopes::new(), &[7; 32]))
}

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, before, part) in REFERENCES {
        let text = move |len| format!("{before}{}", repeated(len, part));
        cases.push(case("ids", name, text, id));
        cases.push(case("SpotifyUri", name, text, |text| text.parse::<SpotifyUri>()));
        cases.push(case("UserId", name, text, |text| text.parse::<UserId>()));
    }
    cases.extend(callbacks());
    cases.extend(addresses());
    cases.extend(scopes());
    cases.extend(others());
    cases
}

fn callbacks() -> Vec<Case> {
    let read = |(text, login): &(String, Fixed<Login>)| login.0.callback(text);
    let mut cases = Vec::new();
    for (name, part) in [
        ("a long query", "a=b&"),
        ("repeated states", "state=x&"),
        ("repeated codes", "code=x&"),
        ("escaped names", "%63od%65=x&"),
        ("empty pairs", "&"),
        ("signs of equality", "="),
        ("quotes", "'\"<"),
        ("fragments", "#"),
    ] {
        let bare = move |len| (repeated(len, part), login("http://127.0.0.1:1/callback"));
        let whole = move |len| {
            (
                format!("http://127.0.0.1:8/callback?{}", repeated(len, part)),
                login("http://127.0.0.1:1/callback"),
            )
        };
        cases.push(case("Login::callback, bare query", name, bare, read));
        cases.push(case("Login::callback", name, whole, read));
    }
    let refused = |len| {
        let login = login("https://app.example/callback");
        let text = format!("error={}&state={}", repeated(len, "a1-"), login.0.state().expose());
        (text, login)
    };
    cases.push(case("Login::callback", "a long error", refused, read));
    let code = |len| {
        let login = login("https://app.example/callback");
        let text = format!("code={}&state={}", repeated(len, "a%31"), login.0.state().expose());
        (text, login)
    };
    cases.push(case("Login::callback", "a long code", code, read));
    cases
}

fn addresses() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, before, part) in [
        ("labels of a host", "https://", "a."),
        ("numbers of a host", "http://", "1."),
        ("an IP address in brackets", "https://[", "0:"),
        ("a long path", "https://a.example/", "a/"),
        ("a long port", "https://a.example:", "1"),
        ("users", "https://", "a@"),
        ("a scheme", "", "a."),
        ("blanks", "https://a.example", " "),
    ] {
        let text = move |len| format!("{before}{}", repeated(len, part));
        cases.push(case("Origin", name, text, |text| text.parse::<Origin>()));
        // Redirect URIs of more than 2,048 bytes are rejected unread.
        cases.push(case("RedirectUri", name, text, |text| text.parse::<RedirectUri>()).of_len(240));
        cases.push(case("ShortLink", name, text, |text| text.parse::<ShortLink>()));
    }
    cases.push(
        case(
            "ShortLink",
            "a long target",
            |len| format!("https://spotify.link/{}", repeated(len, "a?")),
            |text| text.parse::<ShortLink>(),
        )
        .of_len(1000),
    );
    cases
}

fn scopes() -> Vec<Case> {
    let different = |len| joined(len, " ", |number| format!("s{number:x}"));
    let parse = |text: &String| text.parse::<Scopes>();
    vec![
        case("Scopes", "different scopes", different, parse),
        case("Scopes", "equal scopes", |len| repeated(len, "streaming "), parse),
        case("Scopes", "equal unknown scopes", |len| repeated(len, "abc,"), parse),
        case("Scopes", "separators", |len| repeated(len, " ,"), parse),
        case("Scopes", "a long scope", |len| repeated(len, "a"), parse),
        case("Scopes, union and difference", "different scopes", different, |text| {
            let [scopes, others] = [text.as_str(), text.as_str()].map(Scopes::from);
            (&(&scopes | &others) - &others, &scopes & &others)
        }),
    ]
}

fn others() -> Vec<Case> {
    let redact = |text: &String| {
        let mut matcher = SecretMatcher::default();
        matcher.insert("aaaaaaaaaaaaaaaaaaaaaaaab");
        matcher.insert("252525252525252525252525b");
        matcher.redact(text).into_owned()
    };
    let mut cases: Vec<Case> = [
        ("the beginning of a secret", "a"),
        ("a secret with separators", "a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-"),
        ("escaped percent signs", "%25"),
        ("backslashes", "\\"),
        ("character references", "&#x41;&"),
        ("open character references", "&a"),
        ("escapes of JSON", "\\u0061"),
    ]
    .into_iter()
    .map(|(name, part)| case("SecretMatcher::redact", name, move |len| repeated(len, part), redact))
    .collect();
    cases.extend([
        case(
            "QueryText",
            "a text to escape",
            |len| repeated(len, "é "),
            |text| QueryText::new(text.as_str()),
        )
        .of_len(160),
        case(
            "QueryText",
            "a text that is too long",
            |len| repeated(len, "é "),
            |text| QueryText::new(text.as_str()),
        ),
        case(
            "Fields",
            "nested fields",
            |len| joined(len, ",", |number| format!("a.b{number}.c")),
            |text| Fields::of(text.split(',').map(Field::new)),
        )
        .of_len(900),
        case(
            "Timestamp",
            "a long fraction",
            |len| format!("2017-05-27T20:07:54.{}Z", "7".repeat(len)),
            |text| text.parse::<Timestamp>(),
        ),
        case("Timestamp", "digits", |len| "2".repeat(len), |text| text.parse::<Timestamp>()),
        case("Date", "digits and hyphens", |len| repeated(len, "2001-"), |text| text.parse::<Date>()),
        case("Market", "letters", |len| "S".repeat(len), |text| text.parse::<Market>().is_ok()),
        case("Language", "subtags", |len| repeated(len, "en-"), |text| text.parse::<Language>()),
    ]);
    cases
}
