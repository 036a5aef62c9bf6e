//! What the names of headers, parameters and keys say about their values.

use super::table::Kind;

/// Headers that a reader of recordings needs; all others are left out, whatever they hold.
const HEADERS: &[&str] = &[
    "accept",
    "accept-language",
    "age",
    "allow",
    "authorization",
    "cache-control",
    "content-language",
    "content-type",
    "date",
    "etag",
    "expires",
    "if-modified-since",
    "if-none-match",
    "last-modified",
    "location",
    "pragma",
    "retry-after",
    "vary",
    "www-authenticate",
];

pub(super) fn is_kept_header(name: &str) -> bool {
    HEADERS.contains(&name)
}

/// Names as they are written, without case, `-` and `_`.
const NAMES: &[(&str, Kind)] = &[
    ("accesstoken", Kind::AccessToken),
    ("accountid", Kind::Account),
    ("authcode", Kind::Code),
    ("authorizationcode", Kind::Code),
    ("birthdate", Kind::Birthdate),
    ("cid", Kind::ClientId),
    ("clientid", Kind::ClientId),
    ("clientsecret", Kind::ClientSecret),
    ("code", Kind::Code),
    ("codechallenge", Kind::Verifier),
    ("codeverifier", Kind::Verifier),
    ("dateofbirth", Kind::Birthdate),
    ("devicecode", Kind::Code),
    ("deviceid", Kind::Device),
    ("deviceids", Kind::Device),
    ("displayname", Kind::Name),
    ("email", Kind::Email),
    ("emailaddress", Kind::Email),
    ("refreshtoken", Kind::RefreshToken),
    ("spdc", Kind::Token),
    ("spkey", Kind::Token),
    ("state", Kind::State),
    ("usercode", Kind::Code),
    ("userid", Kind::User),
    ("username", Kind::User),
];

/// Parts of names that never bode well.
const PARTS: &[&str] = &[
    "token",
    "secret",
    "password",
    "passwd",
    "verifier",
    "cookie",
    "session",
    "authorization",
    "assertion",
    "apikey",
    "credential",
    "signature",
];

/// Names with such a part and nothing to hide.
const HARMLESS: &[&str] = &["tokentype", "tokenendpoint", "timesignature", "isprivatesession"];

/// What a value of this name is, where that is to be replaced.
pub(super) fn kind_of(name: &str) -> Option<Kind> {
    let name: String = name.chars().filter(|c| !matches!(c, '-' | '_')).collect();
    let name = name.to_ascii_lowercase();
    if HARMLESS.iter().any(|harmless| name.starts_with(harmless)) {
        return None;
    }
    if let Some((_, kind)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some(*kind);
    }
    PARTS.iter().any(|part| name.contains(part)).then_some(Kind::Token)
}

/// Words that a player command has under `state`, where a login has a secret.
const PLAYER_STATES: &[&str] = &["context", "false", "off", "track", "true"];

/// Values under such names that are known to everybody.
pub(super) fn is_public(kind: Kind, value: &str) -> bool {
    match kind {
        Kind::State => PLAYER_STATES.contains(&value),
        Kind::User | Kind::Name => value.eq_ignore_ascii_case("spotify"),
        _ => false,
    }
}

/// Keys whose objects are users, whether they say so or not.
pub(super) fn is_user_key(key: &str) -> bool {
    matches!(key, "added_by" | "owner" | "user")
}

pub(super) fn is_device_key(key: &str) -> bool {
    matches!(key, "device" | "devices")
}

/// How a text is looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Manner {
    /// For people to read: names of persons may stand in it.
    Prose,
    /// Long and random by nature: only secrets that are known from elsewhere are looked for.
    Opaque,
    Plain,
}

impl Manner {
    pub(super) fn of(key: &str) -> Self {
        match key {
            "description" | "error_description" | "html_description" | "message" | "name" | "title" => {
                Self::Prose
            }
            "codestring" | "echoprintstring" | "rhythmstring" | "snapshot_id" | "synchstring" => Self::Opaque,
            _ => Self::Plain,
        }
    }
}
