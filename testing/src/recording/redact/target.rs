//! Redaction of request targets, addresses in bodies, and Spotify URIs.

use http::Uri;
use percent_encoding::percent_decode_str;
use spotify_proto::Origin;

use super::json::Context;
use super::placeholder::is_id;
use super::{Redactor, is_category, rules};
use crate::encoding;

impl Redactor {
    /// Returns the redacted URI of a request.
    pub(super) fn request_uri(&mut self, uri: &Uri) -> Uri {
        let mut out = String::new();
        if let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) {
            let scheme = if scheme == "http" { "http" } else { "https" };
            let host = match is_known_host(authority.as_str()) {
                true => authority.as_str().to_owned(),
                false => {
                    let placeholder = self.replace("host", authority.as_str());
                    format!("{}.invalid", placeholder.split('@').next().unwrap_or_default())
                }
            };
            out = format!("{scheme}://{host}");
        }
        self.path(uri.path(), Context::REQUEST, &mut out);
        self.query(uri.query(), Context::REQUEST, &mut out);
        out.parse().unwrap_or_default()
    }

    /// Redacts an address in a body. If the host is known, the address is redacted like the URI of a request;
    /// otherwise, it is replaced completely.
    pub(super) fn url(&mut self, key: &str, text: &str, context: Context) -> String {
        let parts = text.split_once("://").filter(|(scheme, _)| ["http", "https"].contains(scheme));
        let Some((scheme, rest)) = parts.filter(|_| !text.contains('#')) else {
            return self.replace(key, text);
        };
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        let (authority, path) = rest.find('/').and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
        if !is_known_host(authority) {
            return self.replace(key, text);
        }
        let mut out = format!("{scheme}://{authority}");
        self.path(path, context, &mut out);
        self.query(query, context, &mut out);
        self.keep(key, &out)
    }

    /// Writes a path in which unknown segments are replaced.
    fn path(&mut self, path: &str, context: Context, out: &mut String) {
        let mut before = String::new();
        for segment in path.split('/').skip(1) {
            let plain = percent_decode_str(segment).decode_utf8_lossy().into_owned();
            let is_kept = !rules::is_personal_segment(&before)
                && (rules::is_segment(&plain) || is_public_id(&before, &plain, context));
            let shown =
                if is_kept || plain.is_empty() { plain.clone() } else { self.replace("path", &plain) };
            out.push('/');
            encoding::segment(&shown, out);
            before = plain;
        }
    }

    /// Writes a redacted query. Retained pairs keep their percent-encoding.
    fn query(&mut self, query: Option<&str>, context: Context, out: &mut String) {
        let parts = query.unwrap_or_default().split('&').filter(|part| !part.is_empty());
        for (index, part) in parts.enumerate() {
            let (before, after) = (encoding::pairs(part), self.pairs(part, context.of_query()));
            out.push(if index == 0 { '?' } else { '&' });
            if before == after {
                out.push_str(part);
                continue;
            }
            for (name, value) in after {
                encoding::query(&name, out);
                out.push('=');
                encoding::query(&value, out);
            }
        }
    }

    /// Redacts comma-separated Spotify URIs. Catalogue URIs are retained, and the ids in all other URIs are replaced.
    pub(super) fn spotify_uris(&mut self, key: &str, text: &str, context: Context) -> String {
        let uris: Vec<String> = text.split(',').map(|uri| self.spotify_uri(key, uri, context)).collect();
        uris.join(",")
    }

    fn spotify_uri(&mut self, key: &str, text: &str, context: Context) -> String {
        let Some(rest) = text.strip_prefix("spotify:") else { return self.replace(key, text) };
        let mut out = "spotify".to_owned();
        let mut before = "spotify";
        let mut is_local = false;
        for part in rest.split(':') {
            let is_word = WORDS.contains(&part) || rules::CATALOGUE.contains(&part);
            let is_kept = !is_local
                && !rules::is_personal_segment(before)
                && (is_word || context.has_uris && rules::CATALOGUE.contains(&before) && is_id(part));
            let part_shown = if is_kept { part.to_owned() } else { self.replace(key, part) };
            out.push(':');
            out.push_str(&part_shown);
            is_local |= part == "local";
            before = part;
        }
        self.keep(key, &out)
    }

    /// Redacts the comma-separated ids of a request.
    pub(super) fn ids(&mut self, key: &str, text: &str, context: Context) -> String {
        let is_public = self.are_ids_catalogue && context.has_uris;
        let ids = text.split(',').map(|id| match is_public && is_id(id) {
            true => self.keep(key, id),
            false => self.replace(key, id),
        });
        ids.collect::<Vec<_>>().join(",")
    }
}

/// Constant parts of Spotify URIs that are not types of catalogue objects.
const WORDS: &[&str] = &["collection", "local", "playlist", "user"];

/// Returns whether a path segment that follows `before` is a catalogue id.
fn is_public_id(before: &str, text: &str, context: Context) -> bool {
    match before {
        _ if !context.has_uris => false,
        "categories" => is_category(text),
        "mp3-preview" => is_digest(text),
        before => rules::is_catalogue_segment(before) && is_id(text),
    }
}

/// Returns whether a host belongs to Spotify or is a loopback address.
fn is_known_host(authority: &str) -> bool {
    rules::HOSTS.contains(&authority)
        // Origins with the scheme `http` are valid only for loopback addresses.
        || (!authority.starts_with("localhost") && format!("http://{authority}").parse::<Origin>().is_ok())
}

/// Returns whether an address is the address of an image, which consists of a fixed prefix and a digest.
pub(super) fn is_picture(text: &str) -> bool {
    text.strip_prefix("https://i.scdn.co/image/").is_some_and(is_digest)
}

fn is_digest(text: &str) -> bool {
    text.len() == DIGEST_LEN && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Length of the digests in the addresses of images and previews, in characters.
const DIGEST_LEN: usize = 40;
