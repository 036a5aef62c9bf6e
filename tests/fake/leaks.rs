//! Tests recordings with an attack list: exchanges with personal data and secrets in every place where they can occur.
//!
//! Every row is recorded with planted personal data, and no recording may contain any of that data, plain or encoded.
//! As documented in `SECURITY.md`, recordings retain names of catalogue objects, numbers under keys that are known to
//! be numeric, and times.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, Method, Request, Response};
use spotify_proto_testing::recording::{Recorder, Replay, parse_exchange};

use crate::fake::leak_table::{BODIES, HEADERS, IN_RETAINED_TEXTS, JSON, REQUESTS, TARGETS};

/// The planted strings, each with its letter in the templates.
pub const PLANTED: &[(char, &str)] = &[
    ('N', "Zelda Quintero-Vaxholm"),
    ('E', "zelda.quintero+spotify@mail.example.org"),
    ('U', "zeldaquintero77"),
    ('I', "9zXqWvUtSrPoNmLkJiHgFe"),
    ('T', "BQDzPlanted0Access-Token_q7Yh3Lq9Rw2Ts5Vb8Nm4Kj6Gf1Dz0Xc9Vb8Nm7QwErTy6UiOp5AsDf4Gh"),
    ('S', "7ec2e700c0ffee11d00dfeed5ec2e7ab"),
    ('P', "Sleepy songs for baby Hjalmar"),
    ('D', "Zeldas Fairphone"),
    ('F', "+46701740605"),
    ('A', "203.0.113.177"),
    ('B', "1987-11-23"),
];

/// An exchange to record.
struct Attack {
    name: String,
    request: Request<Vec<u8>>,
    response: Response<Vec<u8>>,
}

impl Attack {
    fn new(name: &str) -> Self {
        let mut request = Request::new(Vec::new());
        *request.uri_mut() = "https://api.spotify.com/v1/me/tracks".parse().expect("expected a URI");
        Self { name: name.to_owned(), request, response: Response::new(Vec::new()) }
    }

    fn responding(mut self, path: &str, media: &str, body: Vec<u8>) -> Self {
        *self.request.uri_mut() = format!("https://api.spotify.com{path}").parse().expect("expected a URI");
        if let Ok(media) = HeaderValue::from_str(media) {
            self.response.headers_mut().insert("content-type", media);
        }
        *self.response.body_mut() = body;
        self
    }

    fn sending(mut self, path: &str, media: &str, body: Vec<u8>) -> Self {
        *self.request.method_mut() = Method::POST;
        *self.request.uri_mut() = format!("https://api.spotify.com{path}").parse().expect("expected a URI");
        if let Ok(media) = HeaderValue::from_str(media) {
            self.request.headers_mut().insert("content-type", media);
        }
        *self.request.body_mut() = body;
        self
    }

    fn files(&self) -> Vec<u8> {
        let mut recorder = Recorder::new();
        recorder.record(&self.request, &self.response);
        let files = recorder.files();
        let exchange = parse_exchange(&files[0].bytes);
        exchange.unwrap_or_else(|error| panic!("{}: {error}", self.name));
        Replay::new(files.iter().map(|file| (&file.name, &file.bytes)))
            .expect("recordings")
            .respond(&self.request)
            .unwrap_or_else(|error| {
                panic!("{}: the replay has no response to the recorded request: {error}", self.name)
            });
        files.into_iter().flat_map(|file| [file.name.into_bytes(), file.bytes].concat()).collect()
    }
}

/// Returns the planted string for a letter and an optional encoding: `{E}`, `{E%}` (percent-encoded), `{E2}`
/// (percent-encoded twice), `{Eu}` (JSON escapes), `{Eb}` (base64), `{Eh}` (HTML), `{Es}` (a space after each
/// character).
fn planted(key: &str) -> String {
    let letter = key.chars().next().expect("expected a letter");
    let (_, text) = PLANTED.iter().find(|(own, _)| *own == letter).expect("expected a planted string");
    let percent = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    match key.get(1..) {
        Some("") => (*text).to_owned(),
        Some("%") => percent(text),
        Some("2") => percent(text).replace('%', "%25"),
        Some("u") => text.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect(),
        Some("b") => STANDARD.encode(text),
        Some("h") => text.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
        Some("s") => text.chars().map(|c| format!("{c} ")).collect(),
        other => panic!("unknown encoding {other:?}"),
    }
}

/// Replaces the letters in braces with planted strings; other braces are unchanged.
fn filled(template: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let key = after.split_once('}').filter(|(key, _)| {
            let mut letters = key.chars();
            letters.next().is_some_and(|c| c.is_ascii_uppercase())
                && letters.all(|c| "%2ubhs".contains(c))
                && key.len() <= 2
        });
        match key {
            Some((key, after)) => {
                out.push_str(&planted(key));
                rest = after;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Decodes escape sequences such as `\u0041` and `&#65;`.
fn unescaped(text: &str, start: &str, end: &str, radix: u32) -> String {
    let mut parts = text.split(start);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = if end.is_empty() { 4.min(part.len()) } else { part.find(end).unwrap_or(part.len()) };
        let code = part.get(..digits).and_then(|digits| u32::from_str_radix(digits, radix).ok());
        match code.and_then(char::from_u32) {
            Some(c) => out.extend([&*c.to_string(), part.get(digits + end.len()..).unwrap_or_default()]),
            None => out.push_str(part),
        }
    }
    out
}

/// Returns a planted string of which at least a third occurs in the bytes, plain or encoded.
fn shown(bytes: &[u8]) -> Option<&'static str> {
    let reduced = |text: &str| {
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    };
    let text = String::from_utf8_lossy(bytes).into_owned();
    let percent = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let twice = percent(&percent(&text));
    let haystacks =
        [percent(&text), unescaped(&text, "\\u", "", 16), unescaped(&text, "&#", ";", 10), twice, text];
    let haystacks = haystacks.map(|text| reduced(&text));
    PLANTED.iter().map(|(_, text)| *text).find(|secret| {
        let mut needles = vec![reduced(secret), reduced(&secret.chars().rev().collect::<String>())];
        needles.extend(
            (0..3).map(|skip| reduced(&STANDARD.encode(&secret[skip..])[..(secret.len() - skip) / 3 * 4])),
        );
        let part = |needle: &str| needle.len().div_ceil(3).max(8);
        needles.iter().any(|needle| {
            needle.as_bytes().windows(part(needle).min(needle.len())).any(|part| {
                let part = std::str::from_utf8(part).expect("ASCII");
                haystacks.iter().any(|text| text.contains(part))
            })
        })
    })
}

fn attacks() -> Vec<Attack> {
    let mut all = Vec::new();
    for (path, template) in JSON {
        let body = filled(template).into_bytes();
        let name = format!("{path} {template:.60}");
        all.push(Attack::new(&name).responding(path, "application/json", body.clone()));
    }
    for (media, template) in BODIES {
        let body = filled(template).into_bytes();
        let name = format!("{media} {template:.60}");
        all.push(Attack::new(&name).responding("/v1/me/playlists", &filled(media), body));
    }
    for template in TARGETS {
        let mut attack = Attack::new(template);
        *attack.request.uri_mut() =
            filled(template).parse().unwrap_or_else(|_| panic!("{template} is not a URI"));
        all.push(attack);
    }
    for (name, template) in HEADERS {
        let mut attack = Attack::new(&format!("{name}: {template}"));
        let value = HeaderValue::from_str(&filled(template)).expect("expected a header value");
        let name = HeaderName::from_bytes(
            filled(name).replace(['@', '+', ' '], "-").to_ascii_lowercase().as_bytes(),
        );
        let name = name.expect("expected a header name");
        attack.request.headers_mut().insert(name.clone(), value.clone());
        attack.response.headers_mut().insert(name, value);
        all.push(attack);
    }
    for (path, media, template) in REQUESTS {
        let name = format!("{path} {media} {template:.60}");
        all.push(Attack::new(&name).sending(path, media, filled(template).into_bytes()));
    }
    all.extend(of_bytes());
    all
}

/// Returns attacks whose bodies are not UTF-8, are deeply nested, or are not a single JSON value.
fn of_bytes() -> Vec<Attack> {
    let profile = filled(r#"{"type":"user","id":"{U}","display_name":"{N}","email":"{E}"}"#);
    let utf16 = |order: fn(u16) -> [u8; 2]| profile.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let latin = [profile.as_bytes(), b"\xe5"].concat();
    let deep = format!("{}{profile}{}", "[".repeat(200), "]".repeat(200));
    let deep_objects = format!("{}{profile}{}", "{\"a\":".repeat(130), "}".repeat(130));
    let not_too_deep = format!("{}{profile}{}", "[".repeat(120), "]".repeat(120));
    let rows: Vec<(&str, Vec<u8>)> = vec![
        ("UTF-16, little-endian", utf16(u16::to_le_bytes)),
        ("UTF-16, big-endian", [&[0xfe, 0xff], &*utf16(u16::to_be_bytes)].concat()),
        ("UTF-32", profile.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect()),
        ("Latin-1", latin),
        ("an invalid UTF-8 byte at the start", [b"\xff", profile.as_bytes()].concat()),
        ("a NUL after every byte", profile.bytes().flat_map(|byte| [byte, 0]).collect()),
        ("nested in 200 lists", deep.into_bytes()),
        ("nested in 130 objects", deep_objects.into_bytes()),
        ("nested in 120 lists", not_too_deep.into_bytes()),
        ("the comment of a JPEG image", [b"\xff\xd8\xff\xfe\x00\x40", profile.as_bytes()].concat()),
        ("the first bytes of gzip", [b"\x1f\x8b\x08", profile.as_bytes()].concat()),
        ("a byte order mark", [b"\xef\xbb\xbf", profile.as_bytes()].concat()),
        ("two byte order marks", [b"\xef\xbb\xbf\xef\xbb\xbf", profile.as_bytes()].concat()),
        ("a truncated value", profile.as_bytes()[..profile.len() - 3].to_vec()),
        ("two values", [profile.as_bytes(), profile.as_bytes()].concat()),
        ("one value per line", [profile.as_bytes(), b"\n", profile.as_bytes()].concat()),
        ("a text after the value", [profile.as_bytes(), b" // by Zelda Quintero-Vaxholm"].concat()),
        ("a lone surrogate", profile.replace("\"id\"", "\"x\":\"\\ud800\",\"id\"").into_bytes()),
        ("single quotes", profile.replace('"', "'").into_bytes()),
        ("a trailing comma", profile.replace('}', ",}").into_bytes()),
        (
            "a list of single characters",
            format!("{:?}", profile.chars().map(String::from).collect::<Vec<_>>()).into_bytes(),
        ),
        ("the characters in reverse order", profile.chars().rev().collect::<String>().into_bytes()),
        ("a separator of recordings", format!("###\nHTTP/1.1 200 OK\n\n{profile}").into_bytes()),
    ];
    let responding = rows.iter().map(|(name, body)| {
        Attack::new(name).responding("/v1/me/playlists", "application/json", body.clone())
    });
    let sending = rows.iter().map(|(name, body)| {
        Attack::new(&format!("{name}, in a request")).sending(
            "/v1/me/playlists",
            "application/json",
            body.clone(),
        )
    });
    responding.chain(sending).collect()
}

#[test]
fn no_recording_of_an_attack_contains_planted_data() {
    let attacks = attacks();
    let mut leaks = Vec::new();
    for attack in &attacks {
        let files = attack.files();
        if let Some(secret) = shown(&files) {
            leaks.push(format!("{}: {secret}\n{}", attack.name, String::from_utf8_lossy(&files)));
        }
    }
    crate::responses::fixtures::say(&format!("recordings: {} attacks, {} leaks", attacks.len(), leaks.len()));
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
    assert!(attacks.len() >= 200, "{} attacks", attacks.len());
}

/// The secret occurs in strings that recordings retain: catalogue names and the values of allowed keys.
#[test]
fn a_secret_of_the_exchange_is_replaced_in_the_name_of_a_track() {
    let secret = planted("T");
    for template in IN_RETAINED_TEXTS {
        let mut recorder = Recorder::new().allow_key("note");
        let mut login = Request::new(format!("refresh_token={secret}").into_bytes());
        login
            .headers_mut()
            .insert("content-type", HeaderValue::from_static("application/x-www-form-urlencoded"));
        let body = filled(template);
        assert!(serde_json::from_str::<serde_json::Value>(&body).is_ok(), "{body}");
        recorder.record(
            &Request::get("/v1/tracks/x").body("").expect("expected a request"),
            &Response::new(body),
        );
        recorder.record(&login, &Response::new(""));
        let bytes: Vec<u8> = recorder.files().into_iter().flat_map(|file| file.bytes).collect();
        assert_eq!(shown(&bytes), None, "{template}: {}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn a_planted_string_is_detected_in_every_encoding() {
    for (letter, text) in PLANTED {
        for encoding in ["", "%", "2", "u", "b", "h", "s"] {
            let planted = planted(&format!("{letter}{encoding}"));
            assert!(
                shown(format!("x{planted}y").as_bytes()).is_some(),
                "{text} is not detected as {planted}"
            );
        }
    }
    assert_eq!(shown(b"zelda.q"), None);
    assert!(shown(b"zelda.quintero").is_some());
}

/// The report contains the number of replaced values, and the output is less than twice as long as the input.
#[test]
fn every_address_in_a_long_body_is_replaced() {
    let body = |count: usize| {
        let addresses: Vec<String> =
            (0..count).map(|number| format!("\"p{number:06}@mail.example.org\"")).collect();
        format!("{{\"items\": [{}]}}", addresses.join(","))
    };
    let mut sizes = Vec::new();
    for count in [5_000, 10_000, 40_000] {
        let mut recorder = Recorder::new();
        let input = body(count);
        let len = input.len();
        recorder.record(&Request::get("/v1/x").body("").expect("expected a request"), &Response::new(input));
        let files = recorder.files();
        let text = String::from_utf8_lossy(&files[0].bytes).into_owned();
        assert_eq!(text.matches("@redacted.invalid").count(), count);
        assert!(!text.contains("mail.example"));
        let report = recorder.redactions();
        assert!(report.iter().any(|it| it.key == "items" && it.count == count), "{report:?}");
        assert!(text.len() < 2 * len, "{} bytes of output for {len} bytes", text.len());
        sizes.push(len);
    }
    assert!(sizes[2] > 1_000_000, "{sizes:?}");
}

/// A naive pattern search would take quadratic or cubic time in these strings.
#[test]
fn long_repetitive_strings_are_recorded() {
    for unit in [
        "@",
        ":",
        "%",
        "%40",
        "a@",
        "a.b@c.",
        "::",
        "1:",
        "Bearer ",
        "&#",
        "\\\\",
        "{",
        "[",
        "(",
        "access_token=",
        "%25",
    ] {
        let long = unit.repeat(1_000_000 / unit.len());
        for body in [long.clone(), serde_json::json!({"type": "track", "name": long}).to_string()] {
            let mut recorder = Recorder::new();
            let request = Request::get("/v1/x").header("authorization", "Bearer BQDzPlanted0Access").body("");
            recorder.record(&request.expect("expected a request"), &Response::new(body));
            assert_eq!(recorder.files().len(), 1);
        }
    }
}
