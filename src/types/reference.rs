//! References to resources in the forms that users and servers write: URIs, links to pages and links to embedded
//! players.
//!
//! The time and memory that the functions take are linear in the length of the text.

use std::borrow::Cow;

use crate::types::resource_kind::ResourceKind;
use crate::wire::percent;

/// The target of a URI or a link: a resource or something else.
#[derive(Debug, PartialEq)]
pub(crate) enum Reference<'a> {
    /// A resource, by its kind and its decoded id.
    Resource(ResourceKind, Cow<'a, str>),
    /// The URI of something else: a local file, a collection, a station, or an unknown kind.
    Other(Cow<'a, str>),
}

impl Reference<'_> {
    fn into_owned(self) -> Reference<'static> {
        match self {
            Self::Resource(kind, id) => Reference::Resource(kind, Cow::Owned(id.into_owned())),
            Self::Other(uri) => Reference::Other(Cow::Owned(uri.into_owned())),
        }
    }
}

/// Describes a URI that does not have the form of any known kind.
const URI: &str = "a Spotify URI of a different form";

/// Describes a link to a page that does not name a resource.
const LINK: &str = "an open.spotify.com URL of a different form";

/// Describes a link that has to be resolved first.
pub(crate) const SHORT_LINK: &str =
    "a short link, which only the server can resolve; use `ShortLink` to resolve it";

/// Describes a link that does not lead to Spotify.
const FOREIGN: &str = "a URL with a different host";

/// Hosts that serve pages of resources.
const PAGE_HOSTS: &[&str] = &["open.spotify.com", "play.spotify.com", "embed.spotify.com"];

/// Hosts of short links.
const SHORT_HOSTS: &[&str] = &["spotify.link", "spotify.app.link"];

/// Pages of other kinds, whose path is their URI with slashes instead of colons.
const OTHER_PAGES: &[&str] = &["concert", "prerelease", "search", "station", "video"];

/// Parses a URI or a link; returns `None` for a string that is neither.
///
/// # Errors
///
/// Returns a description of the string if it is a URI or a link of an unknown form.
pub(crate) fn parse(text: &str) -> Option<Result<Reference<'_>, &'static str>> {
    if let Some(rest) = strip_scheme(text) {
        return Some(uri(text, rest).ok_or(URI));
    }
    Some(match split(text)? {
        (Host::Page, target) => page(target).ok_or(LINK),
        (Host::Short(_), _) => Err(SHORT_LINK),
        (Host::Foreign, _) => Err(FOREIGN),
    })
}

/// Returns the description of a URI or a link that does not name a resource.
pub(crate) fn other_form(text: &str) -> &'static str {
    if strip_scheme(text).is_some() { URI } else { LINK }
}

/// Returns whether a string is a URI or a link, and therefore not a bare id.
pub(crate) fn is_reference(text: &str) -> bool {
    strip_scheme(text).is_some() || split(text).is_some()
}

/// Returns the part after `spotify:`, which is accepted in any letter case.
pub(crate) fn strip_scheme(text: &str) -> Option<&str> {
    strip_prefix(text, "spotify:")
}

/// Strips a prefix in any letter case.
fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let start = text.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| text.get(prefix.len()..))?
}

/// Host of a link.
pub(crate) enum Host {
    /// A host that serves pages of resources.
    Page,
    /// A host of short links, in lower case.
    Short(&'static str),
    /// Any other host.
    Foreign,
}

/// Splits a link into its host and its target (path, query and fragment). Returns `None` for a string that is not a
/// link.
///
/// A string without a scheme is a link only if it begins with a known host and has a target.
pub(crate) fn split(text: &str) -> Option<(Host, &str)> {
    // Bare ids, which are the most frequent strings, consist of letters and digits.
    if percent::is_alphanumeric(text.as_bytes()) {
        return None;
    }
    let after_scheme = strip_prefix(text, "https:").or_else(|| strip_prefix(text, "http:"));
    let after_scheme = after_scheme.filter(|rest| rest.starts_with('/'));
    let rest = after_scheme.unwrap_or(text).trim_start_matches('/');
    let (authority, target) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = authority.strip_suffix(":443").or_else(|| authority.strip_suffix(":80")).unwrap_or(authority);
    let is_host = |known: &&&str| known.eq_ignore_ascii_case(host);
    let host = if PAGE_HOSTS.iter().any(|known| is_host(&known)) {
        Host::Page
    } else if let Some(known) = SHORT_HOSTS.iter().find(is_host) {
        Host::Short(known)
    } else {
        Host::Foreign
    };
    let is_link = after_scheme.is_some() || (!matches!(host, Host::Foreign) && !target.is_empty());
    is_link.then_some((host, target))
}

/// Parses a URI whose scheme was removed.
fn uri<'a>(text: &'a str, rest: &'a str) -> Option<Reference<'a>> {
    if rest.starts_with('/') {
        // `spotify:/track/…`, `spotify://track/…`, `spotify://open.spotify.com/track/…`.
        return match split(rest) {
            Some((Host::Page, target)) => page(target),
            _ => page(rest),
        };
    }
    let mut parts = rest.split(['?', '#']).next()?.split(':');
    let word = parts.next().filter(|word| !word.is_empty())?;
    let other = || match text.strip_prefix("spotify:") {
        Some(_) => Cow::Borrowed(text),
        None => Cow::Owned(format!("spotify:{rest}")),
    };
    let Some(kind) = ResourceKind::from_word(word) else { return Some(Reference::Other(other())) };
    let id = parts.next()?;
    match (kind, parts.next(), parts.next(), parts.next()) {
        (_, None, ..) => Some(Reference::Resource(kind, percent::decode(id)?)),
        (ResourceKind::User, Some("playlist"), Some(id), None) => {
            Some(Reference::Resource(ResourceKind::Playlist, percent::decode(id)?))
        }
        (ResourceKind::User, Some(_), ..) if !id.is_empty() => Some(Reference::Other(other())),
        _ => None,
    }
}

/// Parses the target of a link to a page or an embedded player.
fn page(target: &str) -> Option<Reference<'_>> {
    let target = target.split('#').next()?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let is_frame = |part: &&str| part.starts_with("intl-") || *part == "embed" || *part == "embed-podcast";
    let mut parts = path.split('/').filter(|part| !part.is_empty()).skip_while(is_frame);
    let Some(word) = parts.next() else { return embedded(query) };
    if word == "local" {
        // Empty parts are significant in the URI of a local file.
        let (_, parts) = path.split_once("local/")?;
        return Some(Reference::Other(joined("spotify:local", parts.split('/'))));
    }
    if word == "collection" {
        return Some(Reference::Other(match (parts.next(), parts.next()) {
            (None | Some("tracks"), None) => Cow::Borrowed("spotify:collection"),
            (Some("episodes" | "your-episodes"), None) => Cow::Borrowed("spotify:collection:your-episodes"),
            (first, second) => joined("spotify:collection", first.into_iter().chain(second).chain(parts)),
        }));
    }
    if OTHER_PAGES.contains(&word) {
        let mut parts = parts.peekable();
        parts.peek()?;
        return Some(Reference::Other(joined(&format!("spotify:{word}"), parts)));
    }
    let kind = ResourceKind::from_word(word)?;
    let id = parts.next()?;
    let rest: Vec<&str> = parts.collect();
    match (kind, &*rest) {
        (ResourceKind::User, ["playlist", id]) => {
            return Some(Reference::Resource(ResourceKind::Playlist, percent::decode(id)?));
        }
        (ResourceKind::User, ["collection" | "starred", ..]) => {
            let parts = [id].into_iter().chain(rest);
            return Some(Reference::Other(joined("spotify:user", parts)));
        }
        _ => {}
    }
    // `/episode/ID/video` and `/artist/ID/discography/album` name one resource; `/artist/ID/album/ID` names two.
    let names_another = rest.iter().rev().skip(1).any(|part| ResourceKind::from_word(part).is_some());
    (!names_another).then_some(Reference::Resource(kind, percent::decode(id)?))
}

/// Parses the `uri` parameter of `embed.spotify.com/?uri=…`.
fn embedded(query: &str) -> Option<Reference<'_>> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("uri="))?;
    let text = percent::decode(value)?;
    let text = text.trim();
    let target = match strip_scheme(text) {
        Some(rest) if !rest.starts_with('/') => return uri(text, rest).map(Reference::into_owned),
        Some(rest) => rest,
        None => split(text).filter(|(host, _)| matches!(host, Host::Page))?.1,
    };
    // The embedded URI must name a resource directly: links inside links are not followed.
    let has_path =
        target.split(['?', '#']).next()?.split('/').any(|part| ResourceKind::from_word(part).is_some());
    if has_path { page(target).map(Reference::into_owned) } else { None }
}

/// Joins the parts of a path into a URI.
fn joined<'a>(head: &str, parts: impl Iterator<Item = &'a str>) -> Cow<'static, str> {
    let mut uri = head.to_owned();
    for part in parts {
        uri.push(':');
        // Trailing white space would be lost when the URI is parsed again.
        for c in part.chars() {
            match c {
                ':' => uri.push_str("%3A"),
                c if c.is_whitespace() => percent::uri_part(c.encode_utf8(&mut [0; 4]), &mut uri),
                c => uri.push(c),
            }
        }
    }
    Cow::Owned(uri)
}
