//! Which operation a request is for, and who may ask for it.

use http::Method;
use percent_encoding::percent_decode_str;

use super::Fake;
use super::answer::Answer;
use super::ask::Ask;
use super::music;

/// What plays an operation.
type Play = fn(&mut Fake, &Ask<'_>) -> Result<Answer, Answer>;

/// An operation of the Web API.
pub(super) struct Route {
    method: Method,
    path: &'static str,
    pub(super) need: Need,
    /// Nothing where development mode has nothing.
    pub(super) play: Option<Play>,
}

/// What the token must be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Need {
    /// Any token.
    Token,
    /// A user's token.
    User,
    /// A user's token with all of these scopes.
    All(&'static [&'static str]),
    /// A user's token with one of these scopes.
    Any(&'static [&'static str]),
}

const fn get(path: &'static str, need: Need, play: Play) -> Route {
    Route { method: Method::GET, path, need, play: Some(play) }
}

/// What development mode lost in November 2024 or February 2026, with the methods it had.
const fn gone(method: Method, path: &'static str) -> Route {
    Route { method, path, need: Need::Token, play: None }
}

/// Where a request leads.
pub(super) enum Found {
    Route(&'static Route, Vec<String>),
    WrongMethod,
    Nothing,
}

/// Finds the operation of a method and a path.
pub(super) fn find(method: &Method, path: &str) -> Found {
    let mut found = Found::Nothing;
    for route in ROUTES {
        if let Some(params) = matches(route.path, path) {
            if route.method == *method {
                return Found::Route(route, params);
            }
            found = Found::WrongMethod;
        }
    }
    found
}

/// The values of the placeholders, when the path has the route's form.
fn matches(route: &str, path: &str) -> Option<Vec<String>> {
    let mut params = Vec::new();
    let (mut want, mut have) = (route.split('/'), path.split('/'));
    loop {
        match (want.next(), have.next()) {
            (None, None) => return Some(params),
            (Some(want), Some(have)) if want.starts_with('{') && !have.is_empty() => {
                params.push(percent_decode_str(have).decode_utf8().ok()?.into_owned());
            }
            (Some(want), Some(have)) if want == have => {}
            _ => return None,
        }
    }
}

use Need::{All, Any, Token, User};

/// The operations, in the order of the reference.
const ROUTES: &[Route] = &[
    get("/v1/albums/{id}", Token, music::album),
    gone(Method::GET, "/v1/albums"),
    get("/v1/albums/{id}/tracks", Token, music::album_tracks),
    get("/v1/artists/{id}", Token, music::artist),
    gone(Method::GET, "/v1/artists"),
    get("/v1/artists/{id}/albums", Token, music::artist_albums),
    gone(Method::GET, "/v1/artists/{id}/top-tracks"),
    gone(Method::GET, "/v1/artists/{id}/related-artists"),
    get("/v1/tracks/{id}", Token, music::track),
    gone(Method::GET, "/v1/tracks"),
];
