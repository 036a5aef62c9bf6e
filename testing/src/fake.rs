//! Spotify as a pure function from requests to answers, for tests: those of this library and yours.
//!
//! A [`Fake`] is a small invented world: a catalogue, two applications, one user with a library and playlists.
//! [`Fake::respond`] plays the accounts service and the Web API on it, as documented and as recorded: shapes,
//! pages, entity tags, errors. It does no I/O and reads no clock, so it works in memory or behind any socket, and
//! the same requests at the same times get the same answers. [`Fake::script`] makes things go wrong.
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
//! The applications are in development mode, as new ones are; [`Fake::extended`] shows the fields and limits of
//! extended quota mode. Operations that development mode lost are refused with 403, recommendations with 404, as Spotify
//! does; extended quota mode has all 96.
//!
//! # The world
//!
//! [`ids`] names the parts that matter. Beside them: 26 artists, 33 albums, two shows and two audiobooks; the user
//! keeps 63 tracks, follows 22 artists and one playlist, and listens on one of two devices, paused on the first
//! track of [`ids::ALBUM`]. A playlist holds an episode, a local file and an item that is gone; lists of playlists
//! have holes where Spotify's own would stand. Every thing is available in every market.
//!
//! # The accounts service
//!
//! `/authorize` and `/api/token` play the grants of Spotify: authorization code with and without PKCE, client
//! credentials, refresh. The user is logged in already and does what [`Fake::consent`] says, also as a page with
//! buttons. Redirect URIs are `http://127.0.0.1/callback` and `http://[::1]/callback` with any port,
//! `https://app.example/callback`, `spotify-proto-example:/callback`, and what [`Fake::register`] adds. A code is good
//! for one exchange within ten minutes. A refresh token lives [`REFRESH_TOKEN_LIFE`] from the consent whatever is
//! done with it; [`Fake::rotating`] tells whether a refresh replaces it.
//!
//! # Clients in other languages
//!
//! `cargo run -p fake-server` in this project's repository serves the fake to any program. tekore and spotipy, two
//! Python clients, make more than a hundred different calls each; so a slash at the end of a path and a bare list of
//! URIs as the body of an addition to a playlist are accepted. Requests with `OPTIONS` get the headers that browsers ask
//! for.
//!
//! # Where it is stricter than the original
//!
//! Every documented scope is asked for, a `snapshot_id` has to be one that the playlist has had, and what is saved
//! has to exist. Where nobody has recorded the server's words (a wrong method, a wrong `time_range`, too many URIs)
//! they are invented, with the documented status: go by status and reason, as with the original.

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
#[allow(clippy::indexing_slicing, reason = "a test may panic")]
mod tests;
mod users;
#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "a test may panic")]
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

/// The id of the application that has a secret.
pub const CLIENT_ID: &str = "4c7e1f0a9b2d4d63a5f80e1c2b3a4d5e";

/// The secret of the application [`CLIENT_ID`].
pub const CLIENT_SECRET: &str = "d0b1f6e2c3a84957b6a1908f7e6d5c4b";

/// The id of the application without a secret: it logs users in with PKCE.
pub const PUBLIC_CLIENT_ID: &str = "9a61d7c3b8e24f05a7d2c4e6f8091b3d";

/// How long a refresh token lives from the user's consent: six months, whatever is done with it.
pub const REFRESH_TOKEN_LIFE: Duration = Duration::from_secs(182 * 24 * 60 * 60);

/// Spotify: a world and the rules by which it answers.
///
/// Plain data: clone it to go back to a point in time. `Debug` shows no tokens.
#[derive(Clone, Debug)]
pub struct Fake {
    /// Shared by clones until one of them changes it.
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

/// The answer was lost on its way; whether the server acted, the client cannot know.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the answer was lost")]
#[non_exhaustive]
pub struct Lost;

/// A request that was sent to the fake.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method.
    pub method: Method,
    /// Path and query; codes, tokens and states are replaced.
    pub target: String,
    /// The answer's status; `None` when it was lost.
    pub status: Option<StatusCode>,
}

/// What was answered so far. The difference of two is what was answered in between.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Stats {
    /// Answers given.
    pub answers: usize,
    /// Answers that said the client's copy is still good.
    pub not_modified: usize,
    /// Bytes of all bodies together.
    pub body_bytes: usize,
    /// Bytes of the bodies that did not have to be sent, because the client's copy is still good.
    pub saved_bytes: usize,
}

impl Default for Fake {
    fn default() -> Self {
        Self::new()
    }
}

impl Fake {
    /// The world as it always begins.
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

    /// Answers a request.
    ///
    /// Accounts service and Web API are told apart by the path alone, so any host will do.
    ///
    /// # Errors
    ///
    /// [`Lost`], when [scripted](Self::script).
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

    /// Lets things go wrong: each fault with the next request that it is for, the first one first.
    ///
    /// # Panics
    ///
    /// If no request can match a fault: its [prefix](InjectedFault::at) begins no path of the fake, or it is for 0 requests.
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

    /// How many faults wait for a request. At the end of a test it should be 0.
    #[must_use]
    pub fn scripted(&self) -> usize {
        self.script.len()
    }

    /// The requests so far, lost ones too.
    #[must_use]
    pub fn requests(&self) -> &[RecordedRequest] {
        &self.seen
    }

    /// What was answered so far.
    #[must_use]
    pub const fn stats(&self) -> Stats {
        self.stats
    }

    /// Shows fields, limits and lists as an application in extended quota mode sees them.
    pub const fn extended(&mut self, is_extended: bool) {
        self.is_extended = is_extended;
    }

    /// Sets whether playlists stay public: `public: false` is accepted on create and change and has no effect, as two
    /// projects have observed in 2026. The default is `false`.
    pub const fn playlists_stay_public(&mut self, stay_public: bool) {
        self.stays_public = stay_public;
    }

    /// A user's access token with these scopes, as if the user had just logged in.
    pub fn user_token(&mut self, scopes: &[Scope], now: SystemTime) -> String {
        let scopes = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        self.accounts.issue(Caller::User(scopes), now)
    }

    /// The tokens of a user who has just logged in with these scopes at the confidential application, without the
    /// pages of a login.
    pub fn user_tokens(&mut self, scopes: &[Scope], now: SystemTime) -> Tokens {
        let texts: Vec<String> = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        let refresh_token = self.accounts.user_refresh_token(texts, now);
        let expires_at = time::after(now, self.accounts.life);
        Tokens::from_access_token(self.user_token(scopes, now), Some(expires_at))
            .with_refresh_token(refresh_token)
            .with_scopes(scopes.iter().cloned().collect())
    }

    /// Sets whether a refresh token that was used before revokes all refresh tokens of the same login (RFC 9700
    /// §4.14.2). The default is `false`.
    pub const fn reuse_detection(&mut self, is_on: bool) {
        self.accounts.detects_reuse = is_on;
    }

    /// How long access tokens live that are issued from now on; an hour at first.
    pub const fn token_life(&mut self, life: Duration) {
        self.accounts.life = life;
    }

    /// Every access token issued so far stops to be valid.
    pub fn revoke_access_tokens(&mut self) {
        self.accounts.revoke_all();
    }

    /// How many access tokens were issued.
    #[must_use]
    pub fn tokens_issued(&self) -> usize {
        self.accounts.issued()
    }

    /// What the user does when an application asks for consent; grants it at first.
    pub const fn consent(&mut self, consent: Consent) {
        self.accounts.consent = consent;
    }

    /// The user grants these scopes at most, whatever is asked for; all of them at first.
    pub fn grant_only(&mut self, scopes: &[Scope]) {
        self.accounts.grant_only(scopes);
    }

    /// Lets both applications send the user back here too.
    ///
    /// It is compared as written; on loopback without a port it stands for every port.
    ///
    /// # Panics
    ///
    /// If Spotify does not register such a URI: plain HTTP for another host than `127.0.0.1` and `[::1]`, or no scheme
    /// ([redirect URIs](https://developer.spotify.com/documentation/web-api/concepts/redirect_uri)).
    #[track_caller]
    pub fn register(&mut self, redirect_uri: impl Into<String>) {
        let redirect_uri = redirect_uri.into();
        if let Err(error) = redirect_uri.parse::<RedirectUri>() {
            panic!("cannot register the redirect URI {redirect_uri:?}: {error}");
        }
        self.accounts.register(redirect_uri);
    }

    /// Whether a refresh brings a new refresh token and revokes the old one; at first it brings none.
    pub const fn rotating(&mut self, is_rotating: bool) {
        self.accounts.is_rotating = is_rotating;
    }

    /// Every refresh token issued so far stops to be valid, as when the user removes the application.
    pub fn revoke_refresh_tokens(&mut self) {
        self.accounts.revoke_refresh_tokens();
    }

    /// Gives an album another name.
    ///
    /// # Panics
    ///
    /// If the catalogue has no such album.
    #[track_caller]
    pub fn rename_album(&mut self, id: &str, name: &str) {
        let album = Arc::make_mut(&mut self.catalogue).albums.iter_mut().find(|album| album.id == id);
        assert!(album.is_some(), "the catalogue has no album {id:?}");
        if let Some(album) = album {
            name.clone_into(&mut album.name);
        }
    }

    /// The ids of the user's saved tracks, the newest first.
    pub fn saved_tracks(&self) -> impl Iterator<Item = &str> {
        self.library.ids("track")
    }

    /// The URIs of a playlist's items, in order; `None` for items that are gone.
    ///
    /// # Panics
    ///
    /// If there is no such playlist.
    #[track_caller]
    pub fn playlist_items(&self, id: &str) -> impl Iterator<Item = Option<String>> {
        let playlist = self.playlists.find(id);
        assert!(playlist.is_some(), "there is no playlist {id:?}");
        let entries = playlist.map_or(&[][..], |playlist| &playlist.entries);
        entries.iter().map(|entry| entry.item.uri())
    }

    /// The URI of what plays or is paused.
    #[must_use]
    pub fn playing(&self) -> Option<&str> {
        self.player.current()
    }

    /// No device of the user plays any more: the player is idle, and commands without a device fail.
    pub fn deactivate_devices(&mut self, now: SystemTime) {
        self.player.deactivate(now);
    }

    /// Whether the user pays; without Premium every player command fails.
    pub const fn premium(&mut self, is_premium: bool) {
        self.player.is_premium = is_premium;
    }

    /// Whether player commands succeed with 200 and a short junk text, as has been seen, instead of 204.
    pub const fn chatty_player(&mut self, is_chatty: bool) {
        self.player.is_chatty = is_chatty;
    }

    fn respond_or_fail(&mut self, request: &Request<Vec<u8>>, now: SystemTime) -> Result<Sent, Lost> {
        // The preflight of a browser has no token, and faults wait for the request that follows it.
        if *request.method() == Method::OPTIONS {
            return Ok(ApiResponse::preflight().into_response(request.headers(), now));
        }
        let path = request.uri().path();
        if self.script.first(path).is_some_and(InjectedFault::is_for_lists) {
            let answer = self.answer(request, now).unwrap_or_else(|refusal| refusal);
            let answer = self.with_list_fault(answer, path);
            return Ok(answer.into_response(request.headers(), now));
        }
        let fault = self.script.take(path);
        if let Some(answer) = fault.as_ref().and_then(InjectedFault::answer) {
            return Ok(answer.into_response(request.headers(), now));
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
        let answer = self.answer(request, now).unwrap_or_else(|refusal| refusal);
        match fault {
            Some(InjectedFault::LostAfter) => Err(Lost),
            _ => Ok(answer.into_response(request.headers(), now)),
        }
    }

    /// Applies the first fault of this path to a list, and uses it up if it changes the response.
    fn with_list_fault(&mut self, answer: ApiResponse, path: &str) -> ApiResponse {
        let changed = self.script.first(path).and_then(|fault| fault.change_list(&answer));
        match changed {
            Some(changed) => {
                self.script.take(path);
                changed
            }
            None => answer,
        }
    }

    fn answer(&mut self, request: &Request<Vec<u8>>, now: SystemTime) -> Result<ApiResponse, ApiResponse> {
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

    /// The catalogue as this request may see it.
    fn view(&self, ask: &ApiRequest<'_>) -> Result<View<'_>, ApiResponse> {
        Ok(View {
            catalogue: &self.catalogue,
            is_extended: self.is_extended,
            has_market: ask.has_market()?,
            has_position: ask.has_scope("user-read-playback-position"),
        })
    }
}

/// The front end wants to know the length of what is posted, even when that is nothing.
fn require_length(request: &Request<Vec<u8>>) -> Result<(), ApiResponse> {
    let has_body = !request.body().is_empty() || ![Method::POST, Method::PUT].contains(request.method());
    let headers = request.headers();
    if has_body || headers.contains_key(CONTENT_LENGTH) || headers.contains_key(TRANSFER_ENCODING) {
        return Ok(());
    }
    Err(ApiResponse::html(StatusCode::LENGTH_REQUIRED))
}

/// The access token of a request.
fn bearer(request: &Request<Vec<u8>>) -> Result<&str, ApiResponse> {
    let header = request.headers().get(AUTHORIZATION);
    let header = header.ok_or_else(|| ApiResponse::unauthorized("missing_token", "No token provided"))?;
    let parts = header.to_str().ok().and_then(|text| text.split_once(' '));
    match parts {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(ApiResponse::bad_request("Only valid bearer authentication supported")),
    }
}

/// Refuses who may not ask for this.
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
