//! The `Cache-Control` directives of requests and responses (RFC 9111 §5.2).

use std::time::Duration;

use http::header::{CACHE_CONTROL, HeaderMap, PRAGMA};

/// The directives that affect a private cache. If a directive has several values, the most restrictive value applies.
///
/// A malformed number is treated as the most restrictive value, and unknown directives are ignored.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Directives {
    pub(super) no_store: bool,
    pub(super) no_cache: bool,
    pub(super) must_revalidate: bool,
    pub(super) must_understand: bool,
    pub(super) public: bool,
    pub(super) private: bool,
    pub(super) immutable: bool,
    pub(super) only_if_cached: bool,
    /// True if `s-maxage` is present. A private cache does not use the value, but must not use a heuristic lifetime
    /// either.
    pub(super) s_maxage: bool,
    pub(super) max_age: Option<Duration>,
    pub(super) max_stale: Option<Duration>,
    pub(super) min_fresh: Option<Duration>,
    pub(super) stale_while_revalidate: Option<Duration>,
    pub(super) stale_if_error: Option<Duration>,
}

impl Directives {
    /// Reads the directives of a response.
    pub(super) fn of_response(headers: &HeaderMap) -> Self {
        let mut read = Self::default();
        for line in headers.get_all(CACHE_CONTROL) {
            if !members(line.as_bytes(), |member| read.take(member)) {
                // The text after an open quote may contain a `no-store`.
                (read.no_store, read.no_cache) = (true, true);
            }
        }
        read
    }

    /// Reads the directives of a request. `Pragma: no-cache` applies if there is no `Cache-Control` (§5.4).
    pub(super) fn of_request(headers: &HeaderMap) -> Self {
        let mut read = Self::of_response(headers);
        if !headers.contains_key(CACHE_CONTROL) {
            for line in headers.get_all(PRAGMA) {
                let is_sound = members(line.as_bytes(), |member| {
                    read.no_cache |= member.trim_ascii().eq_ignore_ascii_case(b"no-cache");
                });
                read.no_cache |= !is_sound;
            }
        }
        read
    }

    fn take(&mut self, member: &[u8]) {
        let member = member.trim_ascii();
        let (name, value) = split(member);
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        let number = || value.and_then(seconds);
        if is("no-store") {
            self.no_store = true;
        } else if is("no-cache") {
            // A list of field names is ignored, because that is the more restrictive interpretation.
            self.no_cache = true;
        } else if is("must-revalidate") {
            self.must_revalidate = true;
        } else if is("private") {
            self.private = true;
        } else if is("only-if-cached") {
            self.only_if_cached = true;
        } else if is("s-maxage") {
            self.s_maxage = true;
        } else if is("max-age") {
            least(&mut self.max_age, number().unwrap_or_default());
        } else if is("stale-while-revalidate") {
            least(&mut self.stale_while_revalidate, number().unwrap_or_default());
        } else if is("stale-if-error") {
            least(&mut self.stale_if_error, number().unwrap_or_default());
        } else if is("max-stale") {
            // A `max-stale` that has no value accepts any staleness (§5.2.1.2).
            let any = if value.is_none() { Duration::MAX } else { Duration::ZERO };
            least(&mut self.max_stale, number().unwrap_or(any));
        } else if is("min-fresh") {
            let asked = number().unwrap_or(Duration::MAX);
            self.min_fresh = Some(self.min_fresh.map_or(asked, |known| known.max(asked)));
        } else if value.is_none() {
            // Directives that relax restrictions only apply if they have no value, as defined.
            self.public |= is("public");
            self.immutable |= is("immutable");
            self.must_understand |= is("must-understand");
        }
    }
}

fn least(known: &mut Option<Duration>, new: Duration) {
    *known = Some(known.map_or(new, |known| known.min(new)));
}

/// Splits a directive into its name and its value. White space next to the `=` makes the value malformed.
fn split(member: &[u8]) -> (&[u8], Option<&[u8]>) {
    let Some(at) = member.iter().position(|byte| *byte == b'=') else { return (member, None) };
    let (name, value) = (member.get(..at).unwrap_or_default(), member.get(at + 1..).unwrap_or_default());
    let trimmed = name.trim_ascii();
    (trimmed, Some(if trimmed.len() == name.len() { value } else { b" " }))
}

/// Parses whole seconds, written as a token or a quoted string (§5.2). A number that is too large becomes the maximum
/// (§1.2.2).
pub(super) fn seconds(value: &[u8]) -> Option<Duration> {
    let value = value.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(value);
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| u64::from(byte - b'0'));
    let add = |sum: u64, byte: &u8| Some(sum.saturating_mul(10).saturating_add(digit(byte)?));
    if value.is_empty() { None } else { value.iter().try_fold(0, add).map(Duration::from_secs) }
}

/// Calls `take` with each member of a list whose separators are commas outside quotes, and returns whether all quotes
/// are closed.
fn members<'a>(value: &'a [u8], mut take: impl FnMut(&'a [u8])) -> bool {
    let (mut is_quoted, mut is_escaped, mut start) = (false, false, 0);
    for (at, byte) in value.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => {
                take(value.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    take(value.get(start..).unwrap_or_default());
    !is_quoted
}
