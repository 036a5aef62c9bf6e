//! A driver built from functions, for programs with one thread and one session.

use std::cell::RefCell;
use std::fmt;
use std::time::{Duration, SystemTime};

use http::{Request, Response};

use super::Driver;
use crate::app::App;
use crate::auth::tokens::Tokens;
use crate::session::Session;

/// A blocking [`Driver`] built from functions, for programs with one thread and one session.
///
/// ```
/// use std::{thread, time::SystemTime};
/// use spotify_proto::{AlbumId, App, Session, api::GetAlbum, driver::{Driver, LocalDriver}};
/// # use spotify_proto::http::{Request, Response};
/// # fn send(request: Request<Vec<u8>>, _: std::time::Duration) -> Result<Response<Vec<u8>>, std::io::Error> {
/// #     let json = if request.uri().path() == "/api/token" { r#"{"access_token": "x"}"# } else { r#"{"name": "Night Ferry"}"# };
/// #     Ok(Response::new(json.into()))
/// # }
///
/// // `send` calls the program's HTTP client with a request and a timeout, and returns the response.
/// let app = App::confidential("client-id", "client-secret");
/// let spotify = LocalDriver::new(app, Session::client_credentials(), send, thread::sleep, SystemTime::now);
/// let album = spotify.call(GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>()?))?;
/// assert_eq!(album.name, "Night Ferry");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A `LocalDriver` cannot be shared between threads. To share a driver, implement [`Driver`] with a mutex.
pub struct LocalDriver<F, E> {
    state: RefCell<(App, Session)>,
    send: F,
    sleep: fn(Duration),
    now: fn() -> SystemTime,
    save: Option<Box<Save<E>>>,
}

type Save<E> = dyn Fn(&Tokens) -> Result<(), E>;

impl<F, E> LocalDriver<F, E>
where
    F: Fn(Request<Vec<u8>>, Duration) -> Result<Response<Vec<u8>>, E>,
{
    /// Creates a driver that sends with `send`, sleeps with `sleep` and reads the clock with `now`. See [`Driver`] for
    /// the requirements on these functions.
    pub fn new(app: App, session: Session, send: F, sleep: fn(Duration), now: fn() -> SystemTime) -> Self {
        Self { state: RefCell::new((app, session)), send, sleep, now, save: None }
    }

    /// Stores new tokens with `save`: see [`Driver::save`]. By default, tokens are not stored.
    #[must_use]
    pub fn with_save(mut self, save: impl Fn(&Tokens) -> Result<(), E> + 'static) -> Self {
        self.save = Some(Box::new(save));
        self
    }
}

impl<F, E> LocalDriver<F, E> {
    /// Returns the application and the session.
    pub fn into_state(self) -> (App, Session) {
        self.state.into_inner()
    }
}

impl<F, E> Driver for LocalDriver<F, E>
where
    F: Fn(Request<Vec<u8>>, Duration) -> Result<Response<Vec<u8>>, E>,
{
    type Error = E;

    fn send(&self, request: Request<Vec<u8>>, timeout: Duration) -> Result<Response<Vec<u8>>, E> {
        (self.send)(request, timeout)
    }

    fn sleep(&self, duration: Duration) {
        (self.sleep)(duration);
    }

    fn now(&self) -> SystemTime {
        (self.now)()
    }

    /// Runs a step. Panics if the step uses the driver itself.
    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        let (app, session) = &mut *self.state.borrow_mut();
        step(app, session)
    }

    fn save(&self, tokens: &Tokens) -> Result<(), E> {
        self.save.as_ref().map_or(Ok(()), |save| save(tokens))
    }
}

impl<F, E> fmt::Debug for LocalDriver<F, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalDriver").field("state", &self.state).finish_non_exhaustive()
    }
}
