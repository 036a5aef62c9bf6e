//! Which operation a request is for, and who may ask for it.

use http::Method;
use percent_encoding::percent_decode_str;

use super::Fake;
use super::api_request::ApiRequest;
use super::api_response::ApiResponse;
use super::{
    catalogue, library, player, player_commands, playlist_edits, playlists, podcasts, profile, search,
};

/// What plays an operation.
type Play = fn(&mut Fake, &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse>;

/// An operation of the Web API.
pub(super) struct Route {
    method: Method,
    path: &'static str,
    pub(super) need: Need,
    /// Nothing where the fake plays nothing.
    pub(super) play: Option<Play>,
    /// Whether development mode lost it, in November 2024 or February 2026.
    pub(super) is_gone: bool,
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

const fn operation(method: Method, path: &'static str, need: Need, play: Play) -> Route {
    Route { method, path, need, play: Some(play), is_gone: false }
}

const fn get(path: &'static str, need: Need, play: Play) -> Route {
    operation(Method::GET, path, need, play)
}

const fn post(path: &'static str, need: Need, play: Play) -> Route {
    operation(Method::POST, path, need, play)
}

const fn put(path: &'static str, need: Need, play: Play) -> Route {
    operation(Method::PUT, path, need, play)
}

const fn delete(path: &'static str, need: Need, play: Play) -> Route {
    operation(Method::DELETE, path, need, play)
}

/// Lost to development mode, and not played at all.
const fn gone(method: Method, path: &'static str) -> Route {
    Route { method, path, need: Need::Token, play: None, is_gone: true }
}

/// Lost to development mode, which has it under another name.
const fn renamed(mut route: Route) -> Route {
    route.is_gone = true;
    route
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

const LIBRARY: Need = All(&["user-library-read"]);
const MODIFY: Need = Any(&["playlist-modify-public", "playlist-modify-private"]);
const FOLLOW: Need = Any(&["user-library-modify", "user-follow-modify", "playlist-modify-public"]);
const CONTAINS: Need = Any(&["user-library-read", "user-follow-read", "playlist-read-private"]);
const STATE: Need = All(&["user-read-playback-state"]);
const PLAYING: Need = All(&["user-read-currently-playing"]);
const COMMAND: Need = All(&["user-modify-playback-state"]);
const QUEUE: Need = Any(&["user-read-currently-playing", "user-read-playback-state"]);

/// The operations, in the order of the reference.
const ROUTES: &[Route] = &[
    get("/v1/albums/{id}", Token, catalogue::album),
    gone(Method::GET, "/v1/albums"),
    get("/v1/albums/{id}/tracks", Token, catalogue::album_tracks),
    get("/v1/artists/{id}", Token, catalogue::artist),
    gone(Method::GET, "/v1/artists"),
    get("/v1/artists/{id}/albums", Token, catalogue::artist_albums),
    gone(Method::GET, "/v1/artists/{id}/top-tracks"),
    gone(Method::GET, "/v1/artists/{id}/related-artists"),
    get("/v1/shows/{id}", Token, podcasts::show),
    gone(Method::GET, "/v1/shows"),
    get("/v1/shows/{id}/episodes", Token, podcasts::show_episodes),
    get("/v1/episodes/{id}", Token, podcasts::episode),
    gone(Method::GET, "/v1/episodes"),
    get("/v1/audiobooks/{id}", Token, podcasts::audiobook),
    gone(Method::GET, "/v1/audiobooks"),
    get("/v1/audiobooks/{id}/chapters", Token, podcasts::audiobook_chapters),
    get("/v1/me/audiobooks", LIBRARY, library::audiobooks),
    gone(Method::PUT, "/v1/me/audiobooks"),
    gone(Method::DELETE, "/v1/me/audiobooks"),
    gone(Method::GET, "/v1/me/audiobooks/contains"),
    get("/v1/chapters/{id}", Token, podcasts::chapter),
    gone(Method::GET, "/v1/chapters"),
    get("/v1/tracks/{id}", Token, catalogue::track),
    gone(Method::GET, "/v1/tracks"),
    get("/v1/search", Token, search::search),
    get("/v1/me", User, profile::profile),
    get("/v1/playlists/{id}", Token, playlists::playlist),
    put("/v1/playlists/{id}", MODIFY, playlist_edits::change),
    renamed(get("/v1/playlists/{id}/tracks", Token, playlists::tracks)),
    renamed(post("/v1/playlists/{id}/tracks", MODIFY, playlist_edits::add)),
    renamed(put("/v1/playlists/{id}/tracks", MODIFY, playlist_edits::reorder_or_replace)),
    renamed(delete("/v1/playlists/{id}/tracks", MODIFY, playlist_edits::remove)),
    get("/v1/playlists/{id}/items", Token, playlists::items),
    post("/v1/playlists/{id}/items", MODIFY, playlist_edits::add),
    put("/v1/playlists/{id}/items", MODIFY, playlist_edits::reorder_or_replace),
    delete("/v1/playlists/{id}/items", MODIFY, playlist_edits::remove),
    get("/v1/me/playlists", All(&["playlist-read-private"]), playlists::mine),
    post("/v1/me/playlists", MODIFY, playlist_edits::create),
    put("/v1/me/library", FOLLOW, library::save),
    delete("/v1/me/library", FOLLOW, library::remove),
    get("/v1/me/library/contains", CONTAINS, library::contains),
    get("/v1/me/albums", LIBRARY, library::albums),
    gone(Method::PUT, "/v1/me/albums"),
    gone(Method::DELETE, "/v1/me/albums"),
    gone(Method::GET, "/v1/me/albums/contains"),
    get("/v1/me/tracks", LIBRARY, library::tracks),
    gone(Method::PUT, "/v1/me/tracks"),
    gone(Method::DELETE, "/v1/me/tracks"),
    gone(Method::GET, "/v1/me/tracks/contains"),
    get("/v1/me/episodes", LIBRARY, library::episodes),
    gone(Method::PUT, "/v1/me/episodes"),
    gone(Method::DELETE, "/v1/me/episodes"),
    gone(Method::GET, "/v1/me/episodes/contains"),
    get("/v1/me/shows", LIBRARY, library::shows),
    gone(Method::PUT, "/v1/me/shows"),
    gone(Method::DELETE, "/v1/me/shows"),
    gone(Method::GET, "/v1/me/shows/contains"),
    get("/v1/me/top/{type}", All(&["user-top-read"]), profile::top),
    gone(Method::GET, "/v1/users/{user_id}"),
    gone(Method::GET, "/v1/users/{user_id}/playlists"),
    gone(Method::POST, "/v1/users/{user_id}/playlists"),
    gone(Method::PUT, "/v1/playlists/{id}/followers"),
    gone(Method::DELETE, "/v1/playlists/{id}/followers"),
    gone(Method::GET, "/v1/browse/featured-playlists"),
    gone(Method::GET, "/v1/browse/categories"),
    gone(Method::GET, "/v1/browse/categories/{category_id}"),
    gone(Method::GET, "/v1/browse/categories/{category_id}/playlists"),
    get("/v1/playlists/{id}/images", Token, playlists::cover),
    put("/v1/playlists/{id}/images", MODIFY, playlist_edits::upload_cover),
    gone(Method::GET, "/v1/browse/new-releases"),
    get("/v1/me/following", All(&["user-follow-read"]), library::followed),
    gone(Method::PUT, "/v1/me/following"),
    gone(Method::DELETE, "/v1/me/following"),
    gone(Method::GET, "/v1/me/following/contains"),
    gone(Method::GET, "/v1/playlists/{id}/followers/contains"),
    gone(Method::GET, "/v1/audio-features"),
    gone(Method::GET, "/v1/audio-features/{id}"),
    gone(Method::GET, "/v1/audio-analysis/{id}"),
    gone(Method::GET, "/v1/recommendations"),
    gone(Method::GET, "/v1/recommendations/available-genre-seeds"),
    get("/v1/me/player", STATE, player::state),
    put("/v1/me/player", COMMAND, player_commands::transfer),
    get("/v1/me/player/devices", STATE, player::devices),
    get("/v1/me/player/currently-playing", PLAYING, player::currently_playing),
    put("/v1/me/player/play", COMMAND, player_commands::play),
    put("/v1/me/player/pause", COMMAND, player_commands::pause),
    post("/v1/me/player/next", COMMAND, player_commands::next),
    post("/v1/me/player/previous", COMMAND, player_commands::previous),
    put("/v1/me/player/seek", COMMAND, player_commands::seek),
    put("/v1/me/player/repeat", COMMAND, player_commands::repeat),
    put("/v1/me/player/volume", COMMAND, player_commands::volume),
    put("/v1/me/player/shuffle", COMMAND, player_commands::shuffle),
    get("/v1/me/player/recently-played", All(&["user-read-recently-played"]), profile::recently_played),
    get("/v1/me/player/queue", QUEUE, player::queue),
    post("/v1/me/player/queue", COMMAND, player_commands::enqueue),
    gone(Method::GET, "/v1/markets"),
];
