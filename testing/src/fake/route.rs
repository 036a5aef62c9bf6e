//! Routing of requests to operations, and the tokens and scopes that operations require.

use http::{Method, StatusCode};
use percent_encoding::percent_decode_str;

use super::Fake;
use super::api_request::ApiRequest;
use super::api_response::ApiResponse;
use super::{
    audio, browse, catalogue, library, player, player_commands, playlist_edits, playlists, podcasts, profile,
    saved, search, several, users,
};

/// Function that implements an operation.
type Play = fn(&mut Fake, &ApiRequest<'_>) -> Result<ApiResponse, ApiResponse>;

/// An operation of the Web API.
pub(super) struct Route {
    method: Method,
    path: &'static str,
    pub(super) need: Need,
    pub(super) play: Play,
    /// `true` if the operation has not been available in development mode since November 2024 or February 2026.
    pub(super) is_gone: bool,
}

impl Route {
    /// Returns the observed response to an operation that is not available in development mode: 403, or 404 for
    /// recommendations.
    pub(super) fn refusal(&self) -> ApiResponse {
        match self.path {
            RECOMMENDATIONS => ApiResponse::error(StatusCode::NOT_FOUND, "Not found"),
            _ => ApiResponse::forbidden(),
        }
    }
}

const RECOMMENDATIONS: &str = "/v1/recommendations";

/// Kind of access token that an operation requires.
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
    Route { method, path, need, play, is_gone: false }
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

/// Marks an operation as available only in extended quota mode.
const fn gone(mut route: Route) -> Route {
    route.is_gone = true;
    route
}

/// Result of [`find`].
pub(super) enum Found {
    Route(&'static Route, Vec<String>),
    WrongMethod,
    Nothing,
}

/// Returns the operation with the given method and path.
pub(super) fn find(method: &Method, path: &str) -> Found {
    let mut found = Found::Nothing;
    // Some widely used clients send a trailing slash: spotipy and tekore request `me/`.
    let path = path.strip_suffix('/').unwrap_or(path);
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

/// Returns whether the path of any supported request begins with this text.
pub(super) fn begins_a_path(prefix: &str) -> bool {
    let routes = ROUTES.iter().map(|route| route.path);
    routes.chain(["/authorize", "/api/token"]).any(|route| {
        let (mut want, mut have) = (route.split('/'), prefix.split('/').peekable());
        while let Some(have_segment) = have.next() {
            let is_last = have.peek().is_none();
            let fits = match want.next() {
                Some(want) if is_last => want.starts_with('{') || want.starts_with(have_segment),
                Some(want) => want.starts_with('{') || want == have_segment,
                // A path with a trailing slash is accepted.
                None => is_last && have_segment.is_empty(),
            };
            if !fits {
                return false;
            }
        }
        true
    })
}

/// Returns the values of the path parameters if the path matches the route.
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
const LIBRARY_MODIFY: Need = All(&["user-library-modify"]);
const FOLLOW_MODIFY: Need = All(&["user-follow-modify"]);
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
    gone(get("/v1/albums", Token, several::albums)),
    get("/v1/albums/{id}/tracks", Token, catalogue::album_tracks),
    get("/v1/artists/{id}", Token, catalogue::artist),
    gone(get("/v1/artists", Token, several::artists)),
    get("/v1/artists/{id}/albums", Token, catalogue::artist_albums),
    gone(get("/v1/artists/{id}/top-tracks", Token, several::top_tracks)),
    gone(get("/v1/artists/{id}/related-artists", Token, several::related_artists)),
    get("/v1/shows/{id}", Token, podcasts::show),
    gone(get("/v1/shows", Token, several::shows)),
    get("/v1/shows/{id}/episodes", Token, podcasts::show_episodes),
    get("/v1/episodes/{id}", Token, podcasts::episode),
    gone(get("/v1/episodes", Token, several::episodes)),
    get("/v1/audiobooks/{id}", Token, podcasts::audiobook),
    gone(get("/v1/audiobooks", Token, several::audiobooks)),
    get("/v1/audiobooks/{id}/chapters", Token, podcasts::audiobook_chapters),
    get("/v1/me/audiobooks", LIBRARY, library::audiobooks),
    gone(put("/v1/me/audiobooks", LIBRARY_MODIFY, saved::audiobooks::save)),
    gone(delete("/v1/me/audiobooks", LIBRARY_MODIFY, saved::audiobooks::remove)),
    gone(get("/v1/me/audiobooks/contains", LIBRARY, saved::audiobooks::contains)),
    get("/v1/chapters/{id}", Token, podcasts::chapter),
    gone(get("/v1/chapters", Token, several::chapters)),
    get("/v1/tracks/{id}", Token, catalogue::track),
    gone(get("/v1/tracks", Token, several::tracks)),
    get("/v1/search", Token, search::search),
    get("/v1/me", User, profile::profile),
    get("/v1/playlists/{id}", Token, playlists::playlist),
    put("/v1/playlists/{id}", MODIFY, playlist_edits::change),
    gone(get("/v1/playlists/{id}/tracks", Token, playlists::tracks)),
    gone(post("/v1/playlists/{id}/tracks", MODIFY, playlist_edits::add)),
    gone(put("/v1/playlists/{id}/tracks", MODIFY, playlist_edits::reorder_or_replace)),
    gone(delete("/v1/playlists/{id}/tracks", MODIFY, playlist_edits::remove)),
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
    gone(put("/v1/me/albums", LIBRARY_MODIFY, saved::albums::save)),
    gone(delete("/v1/me/albums", LIBRARY_MODIFY, saved::albums::remove)),
    gone(get("/v1/me/albums/contains", LIBRARY, saved::albums::contains)),
    get("/v1/me/tracks", LIBRARY, library::tracks),
    gone(put("/v1/me/tracks", LIBRARY_MODIFY, saved::tracks::save)),
    gone(delete("/v1/me/tracks", LIBRARY_MODIFY, saved::tracks::remove)),
    gone(get("/v1/me/tracks/contains", LIBRARY, saved::tracks::contains)),
    get("/v1/me/episodes", LIBRARY, library::episodes),
    gone(put("/v1/me/episodes", LIBRARY_MODIFY, saved::episodes::save)),
    gone(delete("/v1/me/episodes", LIBRARY_MODIFY, saved::episodes::remove)),
    gone(get("/v1/me/episodes/contains", LIBRARY, saved::episodes::contains)),
    get("/v1/me/shows", LIBRARY, library::shows),
    gone(put("/v1/me/shows", LIBRARY_MODIFY, saved::shows::save)),
    gone(delete("/v1/me/shows", LIBRARY_MODIFY, saved::shows::remove)),
    gone(get("/v1/me/shows/contains", LIBRARY, saved::shows::contains)),
    get("/v1/me/top/{type}", All(&["user-top-read"]), profile::top),
    gone(get("/v1/users/{user_id}", Token, users::profile)),
    gone(get("/v1/users/{user_id}/playlists", Token, users::playlists)),
    gone(post("/v1/users/{user_id}/playlists", MODIFY, users::create_playlist)),
    gone(put("/v1/playlists/{id}/followers", MODIFY, saved::follow_playlist)),
    gone(delete("/v1/playlists/{id}/followers", MODIFY, saved::unfollow_playlist)),
    gone(get("/v1/browse/featured-playlists", Token, browse::featured_playlists)),
    gone(get("/v1/browse/categories", Token, browse::categories)),
    gone(get("/v1/browse/categories/{category_id}", Token, browse::category)),
    gone(get("/v1/browse/categories/{category_id}/playlists", Token, browse::category_playlists)),
    get("/v1/playlists/{id}/images", Token, playlists::cover),
    put("/v1/playlists/{id}/images", MODIFY, playlist_edits::upload_cover),
    gone(get("/v1/browse/new-releases", Token, browse::new_releases)),
    get("/v1/me/following", All(&["user-follow-read"]), library::followed),
    gone(put("/v1/me/following", FOLLOW_MODIFY, saved::follow)),
    gone(delete("/v1/me/following", FOLLOW_MODIFY, saved::unfollow)),
    gone(get("/v1/me/following/contains", All(&["user-follow-read"]), saved::follows)),
    gone(get("/v1/playlists/{id}/followers/contains", User, saved::follows_playlist)),
    gone(get("/v1/audio-features", Token, audio::several_features)),
    gone(get("/v1/audio-features/{id}", Token, audio::features)),
    gone(get("/v1/audio-analysis/{id}", Token, audio::analysis)),
    gone(get(RECOMMENDATIONS, Token, browse::recommendations)),
    gone(get("/v1/recommendations/available-genre-seeds", Token, browse::genre_seeds)),
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
    gone(get("/v1/markets", Token, several::markets)),
];
