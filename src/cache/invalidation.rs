//! Invalidation of stored responses by writes (RFC 9111 §4.4).

use http::header::{CONTENT_LOCATION, HOST, HeaderMap, LOCATION};
use http::{Method, Request, Response, Uri};

/// Returns the URIs whose stored responses must be removed after this exchange (RFC 9111 §4.4).
///
/// The result is empty for safe methods and for errors. Otherwise, it contains the URI of the request, and the URIs in
/// `Location` and `Content-Location` that have the same origin. Only the first eight field lines of each field are
/// read; a valid response has one.
///
/// ```
/// # use spotify_proto::{cache, http::{Request, Response}};
/// let request = Request::put("https://api.example/lists/1").body(())?;
/// let response = Response::builder().header("location", "/lists/2").body(())?;
/// let uris = cache::invalidated_uris(&request, &response);
/// assert_eq!(uris, ["https://api.example/lists/1", "https://api.example/lists/2"]);
/// # Ok::<(), spotify_proto::http::Error>(())
/// ```
#[must_use]
pub fn invalidated_uris<B, C>(request: &Request<B>, response: &Response<C>) -> Vec<Uri> {
    let is_safe = [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE].contains(request.method());
    if is_safe || !(response.status().is_success() || response.status().is_redirection()) {
        return Vec::new();
    }
    let base = Base { uri: request.uri(), headers: request.headers() };
    let mut uris = vec![base.uri.clone()];
    for name in [LOCATION, CONTENT_LOCATION] {
        // The limit keeps the cost linear, because each field line may be resolved against the whole path of the
        // request.
        for reference in response.headers().get_all(name).iter().take(MAX_LINES) {
            let found = reference.to_str().ok().and_then(|text| resolved(text.trim(), &base));
            uris.extend(found.filter(|uri| !uris.contains(uri)));
        }
    }
    uris
}

/// Maximum number of field lines that are read per field.
const MAX_LINES: usize = 8;

/// The parts of the request that form the base of relative references.
struct Base<'a> {
    uri: &'a Uri,
    headers: &'a HeaderMap,
}

/// Resolves a reference against the URI of the request (RFC 3986 §5.2); returns `None` if the result has a different
/// origin.
fn resolved(reference: &str, request: &Base<'_>) -> Option<Uri> {
    let base = request.uri;
    let reference = reference.split('#').next().unwrap_or_default();
    let (head, _) = reference.split_once(['/', '?']).unwrap_or((reference, ""));
    if head.contains(':') {
        let uri: Uri = reference.parse().ok()?;
        return is_same_origin(&uri, request).then_some(uri);
    }
    if let Some(rest) = reference.strip_prefix("//") {
        let uri: Uri = format!("{}://{rest}", base.scheme_str()?).parse().ok()?;
        return is_same_origin(&uri, request).then_some(uri);
    }
    let (path, query) =
        reference.split_once('?').map_or((reference, None), |(path, query)| (path, Some(query)));
    let mut target = match path {
        "" => base.path().to_owned(),
        _ if path.starts_with('/') => without_dots(path),
        _ => {
            let (folder, _) = base.path().rsplit_once('/').unwrap_or_default();
            without_dots(&format!("{folder}/{path}"))
        }
    };
    let query = if path.is_empty() { query.or(base.query()) } else { query };
    if let Some(query) = query {
        target.push('?');
        target.push_str(query);
    }
    let mut parts = base.clone().into_parts();
    parts.path_and_query = Some(target.parse().ok()?);
    Uri::from_parts(parts).ok()
}

/// Removes the dot segments of a path that begins with a slash (RFC 3986 §5.2.4).
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut is_folder = false;
    for segment in path.split('/').skip(1) {
        is_folder = matches!(segment, "." | "..");
        match segment {
            "." => {}
            ".." => {
                kept.pop();
            }
            other => kept.push(other),
        }
    }
    let end = if is_folder && !kept.is_empty() { "/" } else { "" };
    format!("/{}{end}", kept.join("/"))
}

fn is_same_origin(uri: &Uri, request: &Base<'_>) -> bool {
    let port = |uri: &Uri| {
        uri.port_u16().or(match uri.scheme_str() {
            Some("https") => Some(443),
            Some("http") => Some(80),
            _ => None,
        })
    };
    let base = request.uri;
    let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else { return false };
    if base.authority().is_none() {
        // If the request is in origin form, `Host` contains the authority, and the scheme is unknown.
        let named = request.headers.get(HOST).and_then(|value| value.to_str().ok());
        return uri.authority().is_some_and(|it| named.is_some_and(|named| it.as_str() == named));
    }
    base.scheme_str() == Some(scheme)
        && base.host().is_some_and(|base| base.eq_ignore_ascii_case(host))
        && port(base) == port(uri)
}
