//! Secrets that show by their form, wherever they stand.

// Address types only: they parse and print, and open no socket.
use core::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::rules;
use super::table::Kind;

/// Where something to be replaced stands in a text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Found {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
}

/// Finds the first place that begins at an index or after it.
pub(super) type Find = fn(&str, usize) -> Option<Found>;

/// Every form that is looked for.
pub(super) const PATTERNS: &[Find] = &[named, bearer, user, email, address, token];

/// Shortest run of mixed characters that is taken for a token: PKCE allows no verifier of less than 43.
const TOKEN_MIN: usize = 40;

/// Client ids and client secrets are so many hexadecimal digits.
const HEX_LEN: usize = 32;

/// `access_token=…`, `"client_secret": "…"`, `%26code%3D…`: a value below a name that says so.
fn named(text: &str, from: usize) -> Option<Found> {
    let mut at = from;
    loop {
        let rest = text.get(at..)?;
        let next = rest.find(['=', ':', '%'])?;
        let (sign, after) = rest.get(next..)?.split_at_checked(1)?;
        let is_escaped = sign == "%" && after.get(..2).is_some_and(|it| it.eq_ignore_ascii_case("3d"));
        let end = at + next + if is_escaped { 3 } else { 1 };
        if sign != "%" || is_escaped {
            let kind = name_before(text, at + next).and_then(rules::kind_of);
            // Prose has `code: 5` and `state: idle`.
            let kind = kind.filter(|kind| sign != ":" || !matches!(kind, Kind::Code | Kind::State));
            let range = kind.and_then(|_| value_after(text, end, is_escaped));
            if let (Some(kind), Some(range)) = (kind, range) {
                return Some(Found { range, kind });
            }
        }
        at = end;
    }
}

/// The name in front of `=` or `:`, without quotes and escapes.
fn name_before(text: &str, end: usize) -> Option<&str> {
    let head = text.get(..end)?.trim_end().trim_end_matches(['"', '\'', '\\']);
    let start = head.rfind(|c: char| !is_name(c)).map_or(0, |at| at + 1);
    let name = head.get(start..)?;
    let is_after_escape = head.get(..start)?.ends_with('%');
    // `%3Fcode`: two digits of the escape belong to no name.
    if is_after_escape { name.get(2..) } else { Some(name) }
}

const fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// The value after `=` or `:`: up to its closing quote, or up to what ends a parameter.
fn value_after(text: &str, from: usize, is_escaped: bool) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let value = rest.trim_start().trim_start_matches('\\');
    let (value, len) = match value.chars().next()? {
        quote @ ('"' | '\'') => {
            let value = value.get(1..)?;
            (value, value.find([quote, '\\']).unwrap_or(value.len()))
        }
        _ => {
            let is_end = |c: char| {
                c.is_whitespace()
                    || matches!(c, '&' | '"' | '\'' | '<' | '>' | ';' | ',' | ')' | '}' | ']' | '#' | '\\')
            };
            let end = value.find(is_end).unwrap_or(value.len());
            let ampersand = value.find("%26").filter(|_| is_escaped).unwrap_or(end);
            (value, end.min(ampersand))
        }
    };
    let start = text.len() - value.len();
    (len > 0).then_some(start..start + len)
}

/// `Bearer …`, but not the parameters of a challenge nor a sentence about it.
fn bearer(text: &str, from: usize) -> Option<Found> {
    const WORD: &str = "Bearer ";
    let mut at = from;
    loop {
        let start = at + text.get(at..)?.find(WORD)? + WORD.len();
        let rest = text.get(start..)?;
        let len = rest.find(|c| !is_token(c)).unwrap_or(rest.len());
        let value = rest.get(..len)?;
        if value.bytes().any(|byte| byte.is_ascii_digit()) && !rest.get(len..)?.starts_with('=') {
            return Some(Found { range: start..start + len, kind: Kind::AccessToken });
        }
        at = start;
    }
}

/// `spotify:user:…`, `/users/…`, `open.spotify.com/user/…`.
fn user(text: &str, from: usize) -> Option<Found> {
    const FORMS: [&str; 3] = ["spotify:user:", "/users/", "/user/"];
    let mut at = from;
    loop {
        let rest = text.get(at..)?;
        let start = at + FORMS.iter().filter_map(|form| Some(rest.find(form)? + form.len())).min()?;
        let rest = text.get(start..)?;
        let is_end = |c: char| {
            c.is_whitespace()
                || matches!(c, ':' | '/' | '?' | '#' | '&' | '"' | '\'' | '<' | '>' | '{' | '\\' | ',')
        };
        let len = rest.find(is_end).unwrap_or(rest.len());
        if len > 0 {
            return Some(Found { range: start..start + len, kind: Kind::User });
        }
        at = start;
    }
}

/// `somebody@example.org`.
fn email(text: &str, from: usize) -> Option<Found> {
    let mut at = from;
    loop {
        let rest = text.get(at..)?;
        let next = rest.find(['@', '%'])?;
        let sign = rest.get(next..)?;
        let len = if sign.starts_with('@') { 1 } else { 3 };
        let end = at + next + 1;
        if len == 1 || sign.starts_with("%40") {
            let local = text.get(from..at + next)?;
            let start = local.rfind(|c| !is_local(c)).map_or(from, |index| {
                from + index + local.get(index..).and_then(|it| it.chars().next()).map_or(1, char::len_utf8)
            });
            let domain = text.get(at + next + len..)?;
            let domain_len = domain.find(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-'));
            let domain = domain.get(..domain_len.unwrap_or(domain.len()))?.trim_end_matches(['.', '-']);
            if start < at + next && domain.rsplit_once('.').is_some_and(|(_, top)| top.len() > 1) {
                let range = start..at + next + len + domain.len();
                return Some(Found { range, kind: Kind::Email });
            }
        }
        at = end;
    }
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%')
}

/// An IP address that is neither the own machine's nor an unspecified one.
fn address(text: &str, from: usize) -> Option<Found> {
    // `%3A` is a colon in an address inside another.
    runs(text, from, |c| c.is_ascii_hexdigit() || matches!(c, '.' | ':' | '%')).find_map(|range| {
        let run = text.get(range.clone())?;
        let is_inside_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if is_inside_word(text.get(..range.start)?.chars().next_back())
            || is_inside_word(text.get(range.end..)?.chars().next())
        {
            return None;
        }
        let run = run.trim_end_matches(['.', ':']);
        if let Ok(address) = run.replace("%3A", ":").replace("%3a", ":").parse::<Ipv6Addr>() {
            let is_told = run.bytes().any(|byte| byte.is_ascii_digit())
                && !address.is_loopback()
                && !address.is_unspecified();
            return is_told.then(|| Found { range: range.start..range.start + run.len(), kind: Kind::Ipv6 });
        }
        // A port may follow, a sentence's colon precede.
        run.split([':', '%']).find_map(|part| {
            let address: Ipv4Addr = part.parse().ok()?;
            let start = range.start + run.find(part)?;
            let is_told = !address.is_loopback() && !address.is_unspecified();
            is_told.then(|| Found { range: start..start + part.len(), kind: Kind::Ipv4 })
        })
    })
}

/// A long run of mixed characters, or as many hexadecimal digits as a client's secret has.
fn token(text: &str, from: usize) -> Option<Found> {
    runs(text, from, is_token).find_map(|range| {
        // The full stop of a sentence.
        let run = text.get(range.clone())?.trim_end_matches('.');
        let has = |is: fn(&u8) -> bool| run.as_bytes().iter().any(is);
        let is_mixed = run.len() >= TOKEN_MIN
            && has(u8::is_ascii_uppercase)
            && has(u8::is_ascii_lowercase)
            && has(u8::is_ascii_digit);
        let is_hex = run.len() == HEX_LEN && run.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_mixed || is_hex).then(|| Found { range: range.start..range.start + run.len(), kind: Kind::Token })
    })
}

const fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '+')
}

/// The longest runs of such characters that begin at an index or after it.
fn runs(text: &str, from: usize, is: impl Fn(char) -> bool + Copy) -> impl Iterator<Item = Range<usize>> {
    let mut at = from;
    std::iter::from_fn(move || {
        let start = at + text.get(at..)?.find(is)?;
        let rest = text.get(start..)?;
        at = start + rest.find(|c| !is(c)).unwrap_or(rest.len());
        Some(start..at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the first pattern finds in a text, and what it takes it for.
    fn found(find: Find, text: &str) -> Option<(&str, Kind)> {
        find(text, 0).map(|it| (text.get(it.range).expect("a part of the text"), it.kind))
    }

    #[test]
    fn values_below_telling_names_are_found() {
        for (text, value) in [
            ("https://x/?a=b&access_token=abc&d=e", "abc"),
            ("cut {\"access_token\": \"a b", "a b"),
            (r#"{\"refresh_token\":\"abc\"}"#, "abc"),
            ("client-secret: abc, and", "abc"),
            ("x%3Fcode%3Dabc%26state%3Dd", "abc"),
            ("?code=abc#x", "abc"),
            ("sp_dc=abc; x", "abc"),
        ] {
            assert_eq!(found(named, text).map(|(value, _)| value), Some(value), "{text}");
        }
        for text in ["error code: 5", "state: idle", "token_type=Bearer", "access_token=", "a=b:c%3Dd"] {
            assert_eq!(found(named, text), None, "{text}");
        }
        let (text, at) = ("code=abc&state=def", 8);
        assert_eq!(named(text, at).map(|it| it.range), Some(15..18));
    }

    #[test]
    fn bearers_users_and_addresses_are_found() {
        for (find, text, value) in [
            (bearer as Find, "sent Bearer ab1.c!", "ab1.c"),
            (user, "see spotify:user:anna%20b:playlist", "anna%20b"),
            (user, "https://open.spotify.com/user/anna?x", "anna"),
            (user, "/v1/users/anna/playlists", "anna"),
            (email, "to <anna.b+c@mail.example.org>.", "anna.b+c@mail.example.org"),
            (email, "anna%40example.org", "anna%40example.org"),
            (email, "åsa@example.org.", "åsa@example.org"),
            (address, "from 203.0.113.77:80, x", "203.0.113.77"),
            (address, "[2001:db8:1::7]", "2001:db8:1::7"),
            (token, "x d0b1f6e2c3a84957b6a1908f7e6d5c4b.", "d0b1f6e2c3a84957b6a1908f7e6d5c4b"),
        ] {
            assert_eq!(found(find, text).map(|(value, _)| value), Some(value), "{text}");
        }
        for (find, text) in [
            (bearer as Find, "Bearer realm=\"spotify\", error=\"x\""),
            (bearer, "Bearer authentication"),
            (user, "/users/{user_id}"),
            (email, "a @ b, x@y, @example.org"),
            (
                address,
                "127.0.0.1 [::1] 0.0.0.0 1.2.3 12:34:56 spotify:local:Abba::Dad:233 2019-01-01T00:00:00Z",
            ),
            (token, "https://i.scdn.co/image/ab67616d0000b2731dacfd31cc873d132958af98"),
            (token, "MTIsNjQ4YWY2 spotify:track:6rqhFgbbKwnb9MLmUQDhG6"),
        ] {
            assert_eq!(found(find, text), None, "{text}");
        }
    }

    #[test]
    fn tokens_are_found() {
        for text in [
            "BQDkPLanted0Access-Token_x7Yh3Lq9Rw2Ts5Vb8Nm4Kj6Gf1Dz0Xc9Vb8",
            "plantedVerifier-0123456789.abcdefghijklmnopqrstuvw~xyz",
            "5ec2e700c0ffee11d00dfeed5ec2e7aa",
        ] {
            assert_eq!(found(token, &format!("(/{text}=\"")).map(|(value, _)| value), Some(text));
        }
    }
}
