//! The `WWW-Authenticate` header field (RFC 9110 §11.6.1).

use http::header::{HeaderMap, WWW_AUTHENTICATE};

/// The parameters of a `Bearer` challenge that describe the error (RFC 6750 §3).
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Challenge {
    /// Value of `error`: `invalid_token`, `insufficient_scope`.
    pub(crate) code: Option<String>,
    /// Value of `error_description`.
    pub(crate) description: Option<String>,
    /// Value of `scope`: the scopes that the request requires, separated by spaces.
    #[allow(dead_code, reason = "read by the errors that list the missing scopes")]
    pub(crate) scope: Option<String>,
}

/// Returns the `Bearer` challenge of a response, or an empty challenge if the response has none.
///
/// If there are several challenges, the first one with an error code is returned, or the first one if none has an error
/// code. Malformed parts are skipped up to the next comma.
pub(crate) fn bearer(headers: &HeaderMap) -> Challenge {
    let mut found: Option<Challenge> = None;
    for value in headers.get_all(WWW_AUTHENTICATE) {
        let mut parser = Parser { rest: value.as_bytes() };
        // Parameters before the first scheme do not belong to a challenge.
        let mut current: Option<Challenge> = None;
        while let Some(item) = parser.next() {
            match item {
                Item::Scheme(scheme) => {
                    choose(&mut found, current.take());
                    current = scheme.eq_ignore_ascii_case(b"Bearer").then(Challenge::default);
                }
                Item::Parameter(name, value) => {
                    let Some(challenge) = &mut current else { continue };
                    let slot = match name {
                        _ if name.eq_ignore_ascii_case(b"error") => &mut challenge.code,
                        _ if name.eq_ignore_ascii_case(b"error_description") => &mut challenge.description,
                        _ if name.eq_ignore_ascii_case(b"scope") => &mut challenge.scope,
                        _ => continue,
                    };
                    slot.get_or_insert_with(|| String::from_utf8_lossy(&value).into_owned());
                }
            }
        }
        choose(&mut found, current);
    }
    found.unwrap_or_default()
}

/// Replaces a challenge without an error code by a challenge that has one.
fn choose(found: &mut Option<Challenge>, next: Option<Challenge>) {
    let is_better = |next: &Challenge| match found {
        Some(found) => found.code.is_none() && next.code.is_some(),
        None => true,
    };
    if next.as_ref().is_some_and(is_better) {
        *found = next;
    }
}

/// An element of a `WWW-Authenticate` field value.
enum Item<'a> {
    /// The name of the scheme, which begins a challenge. The `token68` of the challenge, if any, is skipped.
    Scheme(&'a [u8]),
    /// A parameter of the challenge and its unquoted value.
    Parameter(&'a [u8], Vec<u8>),
}

/// Parser for the unread part of a field value. Each byte is examined a constant number of times.
struct Parser<'a> {
    rest: &'a [u8],
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Option<Item<'a>> {
        loop {
            self.take(|byte| is_blank(byte) || byte == b',');
            if self.rest.is_empty() {
                return None;
            }
            let name = self.take(is_token);
            if name.is_empty() {
                self.skip_malformed();
                continue;
            }
            let had_blank = !self.take(is_blank).is_empty();
            if let [b'=', rest @ ..] = self.rest {
                self.rest = rest;
                self.take(is_blank);
                let value = self.value();
                return Some(Item::Parameter(name, value));
            }
            if had_blank {
                self.skip_token68();
            }
            return Some(Item::Scheme(name));
        }
    }

    /// Splits off the leading bytes for which `is_part` returns true.
    fn take(&mut self, is_part: impl Fn(u8) -> bool) -> &'a [u8] {
        let end = self.rest.iter().position(|byte| !is_part(*byte)).unwrap_or(self.rest.len());
        let (part, rest) = self.rest.split_at(end);
        self.rest = rest;
        part
    }

    /// Reads a token or a quoted string. An unterminated string extends to the end of the field.
    fn value(&mut self) -> Vec<u8> {
        let [b'"', rest @ ..] = self.rest else {
            let value = self.take(|byte| !is_blank(byte) && byte != b',');
            return value.to_vec();
        };
        let mut value = Vec::new();
        self.rest = rest;
        loop {
            match self.rest {
                [] => return value,
                [b'"', rest @ ..] => {
                    self.rest = rest;
                    return value;
                }
                [b'\\', byte, rest @ ..] | [byte, rest @ ..] => {
                    value.push(*byte);
                    self.rest = rest;
                }
            }
        }
    }

    /// Skips bytes that belong neither to a name nor to a comma. Commas in quoted strings are also skipped.
    fn skip_malformed(&mut self) {
        if self.rest.first() == Some(&b'"') {
            self.value();
        } else {
            self.take(|byte| byte != b',' && byte != b'"');
        }
    }

    /// Skips a `token68`, which differs from a parameter in that it is followed by a comma or the end of the field.
    fn skip_token68(&mut self) {
        let mut ahead = Parser { rest: self.rest };
        let has_token = !ahead.take(is_token68).is_empty();
        ahead.take(|byte| byte == b'=');
        ahead.take(is_blank);
        if has_token && matches!(ahead.rest, [] | [b',', ..]) {
            self.rest = ahead.rest;
        }
    }
}

/// Returns whether a byte is optional whitespace (RFC 9110 §5.6.3).
const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Returns whether a byte may be part of a token (RFC 9110 §5.6.2).
const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

/// Returns whether a byte may be part of a `token68` before its padding (RFC 9110 §11.2).
const fn is_token68(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(values: &[&str]) -> [Option<String>; 3] {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(WWW_AUTHENTICATE, HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
        }
        let Challenge { code, description, scope } = bearer(&headers);
        [code, description, scope]
    }

    #[test]
    fn a_bearer_challenge_is_parsed_according_to_the_grammar() {
        const TOKEN: [Option<&str>; 3] = [Some("invalid_token"), Some("The access token expired"), None];
        const NONE: [Option<&str>; 3] = [None, None, None];
        for (value, expected) in [
            // The form that Spotify sends.
            (
                r#"Bearer realm="spotify", error="invalid_token", error_description="The access token expired""#,
                TOKEN,
            ),
            (r#"Bearer realm="spotify""#, NONE),
            ("Bearer", NONE),
            ("", NONE),
            // Whitespace and letter case.
            (
                r#"Bearer realm="spotify",error="invalid_token",error_description="The access token expired""#,
                TOKEN,
            ),
            (r#"bearer ERROR = "invalid_token" , Error_Description	=	"The access token expired""#, TOKEN),
            (r#"BEARER   error=invalid_token,, ,error_description="The access token expired","#, TOKEN),
            // Quoted pairs, and commas and names inside quotes.
            (
                r#"Bearer realm="a \" error=\"x\", b", error="in\valid_token", error_description="The access token expired""#,
                TOKEN,
            ),
            (r#"Bearer error_description="say \"no\" \\ yes""#, [None, Some(r#"say "no" \ yes"#), None]),
            (r#"Bearer error_description="error=\"x\"", error="y""#, [Some("y"), Some(r#"error="x""#), None]),
            (
                r#"Bearer scope="a b", error=insufficient_scope"#,
                [Some("insufficient_scope"), None, Some("a b")],
            ),
            (r#"Bearer xerror="a", my_error_description="b", error_uri="c""#, NONE),
            (r#"Bearer error="first", error="second""#, [Some("first"), None, None]),
            (r#"Bearer error="""#, [Some(""), None, None]),
            // Several challenges in one field.
            (
                r#"Basic realm="x", Bearer error="invalid_token", error_description="The access token expired""#,
                TOKEN,
            ),
            (r#"Basic,Bearer error="invalid_token",error_description="The access token expired""#, TOKEN),
            (
                r#"Negotiate YWJj+/-._~==, Bearer error="invalid_token", error_description="The access token expired""#,
                TOKEN,
            ),
            (r#"Bearer YWJj=, DPoP error="x""#, NONE),
            (
                r#"Bearer error="invalid_token", error_description="The access token expired", Digest error="x""#,
                TOKEN,
            ),
            (r#"Digest error="x", qop="auth, Bearer error=y""#, NONE),
            (r#"Bearer realm="a", Bearer error="b", Bearer error="c""#, [Some("b"), None, None]),
            // Malformed values.
            (r#"error="x", Bearer"#, NONE),
            (r#"Bearer error="open"#, [Some("open"), None, None]),
            (r#"Bearer error="open\"#, [Some("open\\"), None, None]),
            (r#"Bearer "error=b", error="a""#, [Some("a"), None, None]),
            (r#"Bearer (", error=b", error="a""#, [Some("a"), None, None]),
            ("Bearer error=", NONE),
            (r#"Bearer error="é""#, [Some("é"), None, None]),
        ] {
            assert_eq!(read(&[value]).each_ref().map(Option::as_deref), expected, "{value}");
        }
    }

    #[test]
    fn challenges_are_read_from_all_fields() {
        let expected = [Some("invalid_token".to_owned()), None, None];
        assert_eq!(read(&[r#"Basic realm="x""#, r#"Bearer error="invalid_token""#]), expected);
        assert_eq!(read(&["Bearer", r#"Bearer error="invalid_token""#]), expected);
        assert_eq!(read(&["Bearer", r#"Basic error="invalid_token""#]), [None, None, None]);
        assert_eq!(read(&["Bearer", r#"error="invalid_token""#]), [None, None, None]);
    }
}
