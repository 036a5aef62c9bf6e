//! A fake Spotify: a pure function from requests to responses, for tests.
//!
//! A [`Fake`] contains invented data: a catalogue, two applications, and one user with a library and playlists.
//! [`Fake::respond`] implements the accounts service and the Web API for this data. JSON shapes, pages, entity tags and
//! errors match Spotify's documentation and recorded responses. The fake does no I/O and does not read the clock, so it
//! works in memory or with any server, and the same requests at the same times always get the same responses.
//! [`Fake::script`] injects faults.
//!
//! ```
//! use http::{Request, StatusCode, header};
//! use spotify_proto_testing::fake::{Fake, ids};
//! use std::time::SystemTime;
//!
//! let (mut spotify, now) = (Fake::new(), SystemTime::UNIX_EPOCH);
//! let token = spotify.user_token(&[], now);
//! let request = Request::get(format!("https://api.spotify.com/v1/albums/{}", ids::ALBUM))
//!     .header(header::AUTHORIZATION, format!("Bearer {token}"))
//!     .body(Vec::new())?;
//! let response = spotify.respond(&request, now)?;
//! assert_eq!(response.status(), StatusCode::OK);
//! assert!(String::from_utf8_lossy(response.body()).contains("Letters to the Tide"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The applications are in development mode, like new Spotify applications. [`Fake::extended`] switches to the fields
//! and limits of extended quota mode, in which all 96 operations are available. In development mode, the operations of
//! extended quota mode are refused with 403, and recommendations with 404, as by Spotify.
//!
//! # Data
//!
//! [`ids`] contains the ids of the most useful objects. In total, there are 26 artists, 33 albums, two shows and two
//! audiobooks. The user has saved 63 tracks, follows 22 artists and one playlist, and has two devices, one of which is
//! paused on the first track of [`ids::ALBUM`]. One playlist contains an episode, a local file and a removed item.
//! Lists of playlists contain `null` in place of Spotify's own playlists. Every object is available in every market.
//!
//! # Accounts service
//!
//! `/authorize` and `/api/token` implement the grants that Spotify supports: authorization code (PKCE is optional for
//! the confidential application), client credentials, and refresh token. The user is always logged in.
//! [`Fake::consent`] sets whether the user grants or denies access, or whether a consent page is shown. Redirect URIs
//! are `http://127.0.0.1/callback` and `http://[::1]/callback` with any port, `https://app.example/callback`,
//! `spotify-proto-example:/callback`, and those added with [`Fake::register`]. An authorization code is valid for ten
//! minutes and can be used once. A refresh token expires [`REFRESH_TOKEN_LIFE`] after the consent, even if it is used.
//! [`Fake::rotating`] sets whether a refresh replaces the refresh token.
//!
//! # Clients in other languages
//!
//! `cargo run -p fake-server` in this project's repository serves the fake to any program. The fake is tested with the
//! Python clients tekore and spotipy, with more than a hundred calls each. To support these clients, the fake accepts a
//! trailing slash in a path, and a plain list of URIs as the body of a request that adds items to a playlist. Responses
//! to `OPTIONS` requests contain the headers that browsers need.
//!
//! # Differences from Spotify
//!
//! The fake is stricter: every documented scope is required, a `snapshot_id` must be that of the current or an earlier
//! version of the playlist, and only existing objects can be saved. Error messages that have not been recorded, such as
//! those for a wrong method, a wrong `time_range` or too many URIs, are invented but have the documented status. Rely
//! only on the status and the reason.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::header::{AUTHORIZATION, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{Method, Request, Response, StatusCode};

use crate::time;
use spotify_proto::RedirectUri;
use spotify_proto::Scope;
use spotify_proto::Tokens;

mod accounts;
mod api_request;
mod api_response;
mod audio;
mod browse;
mod catalogue;
mod data;
mod fault_lists;
mod fault_names;
mod fields;
pub mod ids;
mod injected_fault;
mod json;
mod library;
mod page;
mod player;
mod player_commands;
mod playlist_edits;
mod playlists;
mod podcasts;
mod profile;
mod route;
mod saved;
mod search;
mod several;
#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may panic")]
mod tests;
mod users;
#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may panic")]
mod wire_tests;

pub use accounts::Consent;
pub use fault_names::ParseFaultError;
pub use injected_fault::{InjectedFault, Scripted};

use accounts::{Accounts, Rejected};
use api_request::{ApiRequest, Caller};
use api_response::{ApiResponse, Sent};
use data::Catalogue;
use injected_fault::Script;
use json::View;
use library::Library;
use player::Player;
use playlists::Playlists;
use route::{Found, Need, Route};

/// Id of the confidential application, which has a secret.
pub const CLIENT_ID: &str = "4c7e1f0a9b2d4d63a5f80e1c2b3a4d5e";

/// Secret of the application [`CLIENT_ID`].
pub const CLIENT_SECRET: &str = "d0b1f6e2c3a84957b6a1908f7e6d5c4b";

/// Id of the public application, which has no secret and uses PKCE logins.
pub const PUBLIC_CLIENT_ID: &str = "9a61d7c3b8e24f05a7d2c4e6f8091b3d";

/// Lifetime of a refresh token: six months after the user's consent, even if the token is used.
pub const REFRESH_TOKEN_LIFE: Duration = Duration::from_secs(182 * 24 * 60 * 60);

/// A fake Spotify, with its data and settings.
///
/// Clone the fake to be able to return to an earlier state. The `Debug` output contains no tokens.
#[derive(Clone, Debug)]
pub struct Fake {
    /// Shared by clones until one of the clones changes the catalogue.
    catalogue: Arc<Catalogue>,
    library: Library,
    playlists: Playlists,
    player: Player,
    accounts: Accounts,
    is_extended: bool,
    stays_public: bool,
    script: Script,
    seen: Vec<RecordedRequest>,
    stats: Stats,
}

/// Error for a lost response. The client cannot determine whether the server executed the request.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the response was lost")]
#[non_exhaustive]
pub struct Lost;

/// A request that was sent to the fake.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// Method of the request.
    pub method: Method,
    /// Path and query, with codes, tokens and states replaced by `…`.
    pub target: String,
    /// Status of the response; `None` if the response was lost.
    pub status: Option<StatusCode>,
}

/// Statistics of the responses so far.
///
/// Subtract an earlier value to get the statistics since then.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Stats {
    /// Number of responses.
    pub answers: usize,
    /// Number of 304 responses, which confirm that the client's copy is still valid.
    pub not_modified: usize,
    /// Total size of all response bodies, in bytes.
    pub body_bytes: usize,
    /// Total size of the bodies that were not sent because of 304 responses, in bytes.
    pub saved_bytes: usize,
}

impl Default for Fake {
    fn default() -> Self {
        Self::new()
    }
}

impl Fake {
    /// Creates a fake in its initial state, which is always the same.
    #[must_use]
    pub fn new() -> Self {
        let catalogue = Catalogue::new();
        Self {
            library: Library::new(&catalogue),
            playlists: Playlists::new(&catalogue),
            player: Player::new(&catalogue),
            catalogue: Arc::new(catalogue),
            accounts: Accounts::default(),
            is_extended: false,
            stays_public: false,
            script: Script::default(),
            seen: Vec::new(),
            stats: Stats::default(),
        }
    }

    /// Returns the response to a request.
    ///
    /// Requests to the accounts service and to the Web API are distinguished by their paths; the host is ignored.
    ///
    /// # Errors
    ///
    /// Returns [`Lost`] if the request or the response is lost because of a [scripted](Self::script) fault.
    pub fn respond(
        &mut self,
        request: &Request<Vec<u8>>,
        now: SystemTime,
    ) -> Result<Response<Vec<u8>>, Lost> {
        let result = self.respond_or_fail(request, now);
        if let Ok(sent) = &result {
            self.stats.answers += 1;
            self.stats.not_modified += usize::from(sent.response.status() == StatusCode::NOT_MODIFIED);
            self.stats.body_bytes += sent.response.body().len();
            self.stats.saved_bytes += sent.saved;
        }
        let result = result.map(|sent| sent.response);
        let target = request.uri().path_and_query().map_or("", |target| target.as_str());
        self.seen.push(RecordedRequest {
            method: request.method().clone(),
            target: self.accounts.redact(target),
            status: result.as_ref().ok().map(Response::status),
        });
        result
    }

    /// Injects faults. Each fault is applied to the next matching request, in order.
    ///
    /// # Panics
    ///
    /// Panics if no request can match a fault, because no path of the fake begins with its [prefix](InjectedFault::at)
    /// or because it is repeated for 0 requests.
    #[track_caller]
    pub fn script(&mut self, faults: impl IntoIterator<Item = impl Into<Scripted>>) {
        for fault in faults {
            let fault: Scripted = fault.into();
            if let Some(problem) = fault.problem() {
                panic!("cannot inject {fault:?}: {problem}");
            }
            self.script.push(fault);
        }
    }

    /// Returns the number of requests that will still be affected by scripted faults. It should be 0 at the end of a
    /// test.
    #[must_use]
    pub fn scripted(&self) -> usize {
        self.script.len()
    }

    /// Returns the requests so far, including lost requests.
    #[must_use]
    pub fn requests(&self) -> &[RecordedRequest] {
        &self.seen
    }

    /// Returns statistics of the responses so far.
    #[must_use]
    pub const fn stats(&self) -> Stats {
        self.stats
    }

    /// Sets whether the applications are in extended quota mode, which has more operations and fields and higher
    /// limits. The default is `false`.
    pub const fn extended(&mut self, is_extended: bool) {
        self.is_extended = is_extended;
    }

    /// Sets whether playlists stay public. If `true`, `public: false` is accepted when a playlist is created or changed
    /// but has no effect, as two projects observed in 2026. The default is `false`.
    pub const fn playlists_stay_public(&mut self, stay_public: bool) {
        self.stays_public = stay_public;
    }

    /// Returns an access token for the user with these scopes, as if the user had just logged in.
    pub fn user_token(&mut self, scopes: &[Scope], now: SystemTime) -> String {
        let scopes = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        self.accounts.issue(Caller::User(scopes), now)
    }

    /// Returns the tokens of a user who has just logged in to the confidential application and granted these scopes.
    pub fn user_tokens(&mut self, scopes: &[Scope], now: SystemTime) -> Tokens {
        let texts: Vec<String> = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        let refresh_token = self.accounts.user_refresh_token(texts, now);
        let expires_at = time::after(now, self.accounts.life);
        Tokens::from_access_token(self.user_token(scopes, now), Some(expires_at))
            .with_refresh_token(refresh_token)
            .with_scopes(scopes.iter().cloned().collect())
    }

    /// Sets whether reusing a refresh token revokes all refresh tokens of the same login (RFC 9700 §4.14.2). The
    /// default is `false`.
    pub const fn reuse_detection(&mut self, is_on: bool) {
        self.accounts.detects_reuse = is_on;
    }

    /// Sets the lifetime of access tokens issued from now on. The default is one hour.
    pub const fn token_life(&mut self, life: Duration) {
        self.accounts.life = life;
    }

    /// Revokes every access token issued so far.
    pub fn revoke_access_tokens(&mut self) {
        self.accounts.revoke_all();
    }

    /// Returns the number of access tokens issued so far.
    #[must_use]
    pub fn tokens_issued(&self) -> usize {
        self.accounts.issued()
    }

    /// Sets how the user responds to a request for consent. The default is [`Consent::Grant`].
    pub const fn consent(&mut self, consent: Consent) {
        self.accounts.consent = consent;
    }

    /// Limits the scopes that the user grants. By default, the user grants all requested scopes.
    pub fn grant_only(&mut self, scopes: &[Scope]) {
        self.accounts.grant_only(scopes);
    }

    /// Registers another redirect URI for both applications.
    ///
    /// Redirect URIs are compared as strings. A loopback URI without a port matches every port.
    ///
    /// # Panics
    ///
    /// Panics if Spotify does not accept the URI, because it has no scheme, or because it has the scheme `http` and a
    /// host other than `127.0.0.1` and `[::1]` ([redirect
    /// URIs](https://developer.spotify.com/documentation/web-api/concepts/redirect_uri)).
    #[track_caller]
    pub fn register(&mut self, redirect_uri: impl Into<String>) {
        let redirect_uri = redirect_uri.into();
        if let Err(error) = redirect_uri.parse::<RedirectUri>() {
            panic!("cannot register the redirect URI {redirect_uri:?}: {error}");
        }
        self.accounts.register(redirect_uri);
    }

    /// Sets whether a refresh returns a new refresh token and revokes the old one. The default is `false`.
    pub const fn rotating(&mut self, is_rotating: bool) {
        self.accounts.is_rotating = is_rotating;
    }

    /// Revokes every refresh token issued so far, as happens when the user removes the application.
    pub fn revoke_refresh_tokens(&mut self) {
        self.accounts.revoke_refresh_tokens();
    }

    /// Renames an album.
    ///
    /// # Panics
    ///
    /// Panics if the catalogue has no album with this id.
    #[track_caller]
    pub fn rename_album(&mut self, id: &str, name: &str) {
        let album = Arc::make_mut(&mut self.catalogue).albums.iter_mut().find(|album| album.id == id);
        assert!(album.is_some(), "the catalogue has no album {id:?}");
        if let Some(album) = album {
            name.clone_into(&mut album.name);
        }
    }

    /// Returns the ids of the user's saved tracks, newest first.
    pub fn saved_tracks(&self) -> impl Iterator<Item = &str> {
        self.library.ids("track")
    }

    /// Returns the URIs of a playlist's items, in order; `None` for items that are no longer available.
    ///
    /// # Panics
    ///
    /// Panics if the playlist does not exist.
    #[track_caller]
    pub fn playlist_items(&self, id: &str) -> impl Iterator<Item = Option<String>> {
        let playlist = self.playlists.find(id);
        assert!(playlist.is_some(), "there is no playlist {id:?}");
        let entries = playlist.map_or(&[][..], |playlist| &playlist.entries);
        entries.iter().map(|entry| entry.item.uri())
    }

    /// Returns the URI of the currently playing or paused item, or `None` if the player is idle.
    #[must_use]
    pub fn playing(&self) -> Option<&str> {
        self.player.current()
    }

    /// Deactivates all devices of the user. The player becomes idle, and commands that specify no device fail.
    pub fn deactivate_devices(&mut self, now: SystemTime) {
        self.player.deactivate(now);
    }

    /// Sets whether the user has Premium. Without Premium, every player command fails. The default is `true`.
    pub const fn premium(&mut self, is_premium: bool) {
        self.player.is_premium = is_premium;
    }

    /// Sets whether player commands succeed with 200 and a short meaningless body instead of 204, as observed since
    /// July 2024. The default is `false`.
    pub const fn chatty_player(&mut self, is_chatty: bool) {
        self.player.is_chatty = is_chatty;
    }

    fn respond_or_fail(&mut self, request: &Request<Vec<u8>>, now: SystemTime) -> Result<Sent, Lost> {
        // A preflight request from a browser has no token. Pending faults apply to the request after it.
        if *request.method() == Method::OPTIONS {
            return Ok(ApiResponse::preflight().into_response(request.headers(), now));
        }
        let path = request.uri().path();
        if self.script.first(path).is_some_and(InjectedFault::is_for_lists) {
            let response = self.api_response(request, now).unwrap_or_else(|refusal| refusal);
            let response = self.with_list_fault(response, path);
            return Ok(response.into_response(request.headers(), now));
        }
        let fault = self.script.take(path);
        if let Some(response) = fault.as_ref().and_then(InjectedFault::response) {
            return Ok(response.into_response(request.headers(), now));
        }
        match fault {
            Some(InjectedFault::LostBefore) => return Err(Lost),
            Some(InjectedFault::Raw(response)) => return Ok(response.into()),
            Some(InjectedFault::ExpiredToken) => {
                if let Ok(token) = bearer(request) {
                    self.accounts.expire(token, now);
                }
            }
            _ => {}
        }
        let response = self.api_response(request, now).unwrap_or_else(|refusal| refusal);
        match fault {
            Some(InjectedFault::LostAfter) => Err(Lost),
            _ => Ok(response.into_response(request.headers(), now)),
        }
    }

    /// Applies the first fault for this path to a list, and consumes the fault if it changes the response.
    fn with_list_fault(&mut self, response: ApiResponse, path: &str) -> ApiResponse {
        let changed = self.script.first(path).and_then(|fault| fault.change_list(&response));
        match changed {
            Some(changed) => {
                self.script.take(path);
                changed
            }
            None => response,
        }
    }

    fn api_response(
        &mut self,
        request: &Request<Vec<u8>>,
        now: SystemTime,
    ) -> Result<ApiResponse, ApiResponse> {
        require_length(request)?;
        if let "/api/token" | "/authorize" = request.uri().path() {
            return Ok(self.accounts.respond(request, now));
        }
        let token = bearer(request)?;
        let who = self.accounts.who(token, now).map_err(|rejected| match rejected {
            Rejected::Expired => ApiResponse::unauthorized("invalid_token", "The access token expired"),
            Rejected::Unknown => ApiResponse::unauthorized("invalid_token", "Invalid access token"),
        })?;
        let (route, params) = match route::find(request.method(), request.uri().path()) {
            Found::Route(route, params) => (route, params),
            Found::WrongMethod => {
                return Err(ApiResponse::error(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed"));
            }
            Found::Nothing => return Err(ApiResponse::error(StatusCode::NOT_FOUND, "Service not found")),
        };
        if route.is_gone && !self.is_extended {
            return Err(route.refusal());
        }
        let ask = ApiRequest::new(request, params, who, now);
        authorize(route, &ask)?;
        (route.play)(self, &ask)
    }

    /// Returns the view of the catalogue that applies to this request.
    fn view(&self, ask: &ApiRequest<'_>) -> Result<View<'_>, ApiResponse> {
        Ok(View {
            catalogue: &self.catalogue,
            is_extended: self.is_extended,
            has_market: ask.has_market()?,
            has_position: ask.has_scope("user-read-playback-position"),
        })
    }
}

/// Refuses a `POST` or `PUT` request that has neither a body nor a `Content-Length`, as Spotify's front end does.
fn require_length(request: &Request<Vec<u8>>) -> Result<(), ApiResponse> {
    let has_body = !request.body().is_empty() || ![Method::POST, Method::PUT].contains(request.method());
    let headers = request.headers();
    if has_body || headers.contains_key(CONTENT_LENGTH) || headers.contains_key(TRANSFER_ENCODING) {
        return Ok(());
    }
    Err(ApiResponse::html(StatusCode::LENGTH_REQUIRED))
}

/// Returns the access token of a request.
fn bearer(request: &Request<Vec<u8>>) -> Result<&str, ApiResponse> {
    let header = request.headers().get(AUTHORIZATION);
    let header = header.ok_or_else(|| ApiResponse::unauthorized("missing_token", "No token provided"))?;
    let parts = header.to_str().ok().and_then(|text| text.split_once(' '));
    match parts {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(ApiResponse::bad_request("Only valid bearer authentication supported")),
    }
}

/// Refuses the request if its token does not permit the operation.
fn authorize(route: &Route, ask: &ApiRequest<'_>) -> Result<(), ApiResponse> {
    if matches!(route.need, Need::Token) {
        return Ok(());
    }
    if matches!(ask.who, Caller::App) {
        return Err(ApiResponse::error(StatusCode::UNAUTHORIZED, "Valid user authentication required"));
    }
    match route.need {
        Need::Token | Need::User => Ok(()),
        Need::All(scopes) => scopes.iter().try_for_each(|scope| ask.need_any(&[scope])),
        Need::Any(scopes) => ask.need_any(scopes),
    }
}
