//! The driver for blocking programs.

use std::time::{Duration, SystemTime};

use http::{Request, Response};

use super::{Collected, Error, Event, Items, Keyed, Pages, is_stored};
use crate::app::App;
use crate::auth::tokens::Tokens;
use crate::cache::{Entry, Key, StoreAction};
use crate::call::{Cached, Call, Reply, Step};
use crate::endpoint::Paged;
use crate::error::{AuthError, Error as SpotifyError};
use crate::session::{Session, TokenExchange, TokenStep};
use crate::types::operation::Operation;

/// Runs calls over a blocking transport.
///
/// Four methods are required. A program with one user keeps the application and the session in one mutex. A program
/// with many users creates a small driver value per user, which has access to the application and to the user's
/// session.
///
/// ```
/// use std::{sync::Mutex, time::{Duration, SystemTime}};
/// use spotify_proto::{AlbumId, App, Session, api::GetAlbum, driver::Driver, http::{Request, Response}};
///
/// struct Spotify(Mutex<(App, Session)>);
///
/// impl Driver for Spotify {
///     type Error = std::io::Error;
///
///     fn send(&self, request: Request<Vec<u8>>, timeout: Duration) -> Result<Response<Vec<u8>>, Self::Error> {
///         # let _ = timeout;
///         # let json = if request.uri().path() == "/api/token" { r#"{"access_token": "x"}"# } else { r#"{"name": "Night Ferry"}"# };
///         Ok(Response::new(json.into())) // here goes the HTTP stack of the program
///     }
///
///     fn sleep(&self, duration: Duration) {
///         std::thread::sleep(duration);
///     }
///
///     fn now(&self) -> SystemTime {
///         SystemTime::now()
///     }
///
///     fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
///         let mut state = self.0.lock().expect("no step panics");
///         let (app, session) = &mut *state;
///         step(app, session)
///     }
/// }
///
/// let app = App::confidential("client-id", "client-secret");
/// let spotify = Spotify(Mutex::new((app, Session::client_credentials())));
/// let album = spotify.call(GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>()?))?;
/// assert_eq!(album.name, "Night Ferry");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Driver {
    /// The error type of the transport and of the token store.
    type Error;

    /// Sends a request and returns the complete response with any status.
    ///
    /// The implementation must not follow redirects and must return within `timeout`. It may return an error for a body
    /// that is longer than [`MAX_BODY_LEN`](crate::MAX_BODY_LEN).
    ///
    /// # Errors
    ///
    /// Returns the transport's error if no response was received. The call then decides whether to send the request
    /// again.
    fn send(&self, request: Request<Vec<u8>>, timeout: Duration) -> Result<Response<Vec<u8>>, Self::Error>;

    /// Blocks the thread for the given time.
    fn sleep(&self, duration: Duration);

    /// Returns the current time.
    fn now(&self) -> SystemTime;

    /// Runs a step with the application and the session, for example under the lock of a mutex.
    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R;

    /// Stores new tokens persistently. The default implementation does nothing, which is sufficient for client
    /// credentials. A user's refresh token must be stored, because no other refresh token may be valid.
    ///
    /// # Errors
    ///
    /// Returns an error if the tokens could not be saved. The call then fails, and the next call saves the tokens
    /// again.
    fn save(&self, tokens: &Tokens) -> Result<(), Self::Error> {
        let _ = tokens;
        Ok(())
    }

    /// Loads the tokens that another process has stored. The driver calls this method before it sends a token request.
    /// If the loaded tokens are newer than those of the session, the request is not sent. The default implementation
    /// returns `None`.
    ///
    /// # Errors
    ///
    /// Returns an error if the tokens could not be loaded. The call then fails, and no token request is sent.
    fn load_tokens(&self) -> Result<Option<Tokens>, Self::Error> {
        Ok(None)
    }

    /// Returns the partition of the response store that this driver's session uses: the user's id, or a name for the
    /// application. The default is `None`, which means that no responses are stored.
    fn partition(&self) -> Option<String> {
        None
    }

    /// Loads a stored response. The default implementation returns `None`.
    fn load_response(&self, key: &Key) -> Option<Entry> {
        let _ = key;
        None
    }

    /// Stores or removes a response. The default implementation does nothing.
    fn store_response(&self, key: &Key, action: StoreAction) {
        let _ = (key, action);
    }

    /// Removes the stored responses that a write may have outdated: the responses to the operations in
    /// [`Operation::invalidated`](crate::Operation::invalidated), in this driver's partition. The driver calls this
    /// method after the request was sent, even if no response was received, because the server may have executed the
    /// request. The default implementation does nothing.
    fn invalidate_responses(&self, operation: &'static Operation) {
        let _ = operation;
    }

    /// Observes the actions of the driver, for logs and metrics. The default implementation does nothing.
    fn observe(&self, event: Event) {
        let _ = event;
    }

    /// Calls an endpoint and returns its result.
    ///
    /// # Errors
    ///
    /// Returns the error of the call or of the transport.
    fn call<T>(&self, call: impl Into<Call<T>>) -> Result<T, Error<Self::Error>> {
        self.reply(call).map(|reply| reply.value)
    }

    /// Calls an endpoint and returns its result, with its source and the action on the stored entry.
    ///
    /// # Errors
    ///
    /// Returns the error of the call or of the transport.
    fn reply<T>(&self, call: impl Into<Call<T>>) -> Result<Reply<T>, Error<Self::Error>> {
        let (call, partition) = (call.into(), self.partition());
        let keyed = self.state(|app, _| Keyed::new(call, app, partition.as_deref()));
        let entry = keyed.key.as_ref().and_then(|key| self.load_response(key));
        let (call, key) = match keyed.look_up(entry, self.now()) {
            (Cached::Fresh(reply), _) => return Ok(reply),
            (Cached::Call(call), key) => (call, key),
        };
        let mut token_error = None;
        let mut step = self.state(|app, session| call.start(app, session, self.now()));
        loop {
            step = match step {
                Step::Send(request, exchange) => {
                    let info = exchange.info();
                    self.observe(Event::Send(info));
                    let result = self.send(request, info.timeout(self.now()));
                    if !info.operation.invalidated().is_empty() {
                        self.invalidate_responses(info.operation);
                    }
                    let received = exchange.receive(result, self.now());
                    self.state(|app, session| received.apply(app, session, self.now()))
                        .map_err(Error::Transport)?
                }
                Step::Authorize(step, waiting) => {
                    self.observe(Event::Authorize(waiting.info()));
                    token_error = match self.authorize(step) {
                        Err(error @ (Error::Load(_) | Error::Save(_))) => return Err(error),
                        Err(Error::Transport(error)) => Some(error),
                        Ok(()) | Err(Error::Spotify(_)) => None,
                    };
                    self.state(|app, session| waiting.resume(app, session, self.now()))
                }
                Step::Wait(delay, waiting) => {
                    self.observe(Event::Wait(waiting.info(), delay));
                    self.sleep(delay.duration);
                    self.state(|app, session| waiting.resume(app, session, self.now()))
                }
                Step::Done(result) => {
                    // The transport's error is more specific than the number of attempts.
                    if let (Err(SpotifyError::Auth(AuthError::AttemptsExhausted { .. })), Some(error)) =
                        (&result, token_error)
                    {
                        return Err(Error::Transport(error));
                    }
                    let mut reply = result?;
                    if let Some(key) = key.filter(|_| is_stored(&reply)) {
                        self.store_response(&key, std::mem::replace(&mut reply.store, StoreAction::Keep));
                    }
                    return Ok(reply);
                }
            };
        }
    }

    /// Completes a token step: loads newer stored tokens if there are any, or else sends the token request and saves
    /// the new tokens.
    ///
    /// # Errors
    ///
    /// Returns the error of the accounts service, of the transport, or of the token store.
    fn authorize(&self, mut step: TokenStep) -> Result<(), Error<Self::Error>> {
        loop {
            step = match step {
                TokenStep::Send(request, exchange) => {
                    let stored = self.load_tokens().map_err(Error::Load)?;
                    if stored.is_some_and(|tokens| self.state(|_, session| session.adopt_tokens(tokens))) {
                        return Ok(());
                    }
                    self.observe(Event::SendTokenRequest);
                    let received = exchange.receive(self.send(request, TokenExchange::TIMEOUT));
                    self.state(|app, session| received.apply(app, session, self.now()))
                        .map_err(Error::Transport)?
                }
                TokenStep::Save(tokens, saving) => {
                    self.save(&tokens).map_err(Error::Save)?;
                    self.state(|app, session| saving.saved(app, session, self.now()))
                }
                TokenStep::Done(result) => return result.map_err(Error::Spotify),
            };
        }
    }

    /// Returns an iterator over the pages of a list, each of which is a list of items. After an error, the iterator
    /// requests the same page again.
    fn pages<E: Paged + Clone>(&self, endpoint: E) -> Pages<'_, Self, E> {
        Pages::new(self, endpoint)
    }

    /// Returns an iterator over the items of a list, which ends after an error.
    fn items<E: Paged + Clone>(&self, endpoint: E) -> Items<'_, Self, E> {
        Items::new(self.pages(endpoint))
    }

    /// Reads a complete list and reports whether all items were read.
    ///
    /// # Errors
    ///
    /// Returns the error of the first page that could not be read.
    fn collect<E: Paged + Clone>(&self, endpoint: E) -> Result<Collected<E::Item>, Error<Self::Error>> {
        let mut pages = self.pages(endpoint);
        let mut items = Vec::new();
        for page in &mut pages {
            items.extend(page?);
        }
        Ok(Collected { items, completeness: pages.completeness() })
    }
}
