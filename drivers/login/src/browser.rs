//! Logins in the user's browser that redirect to a loopback port (RFC 8252 §7.3).

mod connection;
mod page;

use std::fmt;
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use spotify_proto::http::Uri;
use spotify_proto::{App, AuthorizationCode, CallbackError, Login, RedirectUri, RedirectUriError, Scopes};

use connection::{Connection, Progress};
use page::Page;

/// Default time limit for the user to consent.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(300);

/// Interval between polls of the port.
const POLL_INTERVAL: Duration = Duration::from_millis(15);

/// Maximum number of open connections. If a new connection exceeds it, the oldest connection is closed. Browsers open
/// connections that they do not use.
const MAX_CONNECTIONS: usize = 32;

/// A login in the user's browser that redirects to a port on this machine.
///
/// The default redirect URI is `http://127.0.0.1/callback` with any free port. Register it without a port on the
/// [dashboard](https://developer.spotify.com/dashboard). Public applications use PKCE; confidential applications use
/// their secret.
///
/// ```
/// use std::time::Duration;
/// use spotify_proto::{App, Scope};
/// use spotify_proto_login::{BrowserLogin, LoginError};
///
/// let login = BrowserLogin::new([Scope::UserLibraryRead]).timeout(Duration::ZERO).show(|url| println!("{url}"));
/// let pending = login.start(&App::public("client-id"))?;
/// assert!(pending.url().starts_with("https://accounts.spotify.com/authorize?"));
/// assert!(matches!(pending.wait(), Err(LoginError::TimedOut)));
/// # Ok::<(), LoginError>(())
/// ```
#[must_use = "a login does nothing until `start` is called"]
pub struct BrowserLogin {
    redirect_uri: Option<RedirectUri>,
    scopes: Scopes,
    timeout: Duration,
    show_dialog: bool,
    show: Box<Show>,
}

type Show = dyn FnOnce(&str) + Send;

impl BrowserLogin {
    /// Creates a login that requests the given scopes.
    pub fn new(scopes: impl Into<Scopes>) -> Self {
        Self {
            redirect_uri: None,
            scopes: scopes.into(),
            timeout: DEFAULT_TIMEOUT,
            show_dialog: false,
            show: Box::new(print),
        }
    }

    /// Sets the redirect URI, which must be an `http` URI on 127.0.0.1 or \[::1\]. If it has no port, any free port is
    /// used.
    pub fn redirect_uri(mut self, uri: RedirectUri) -> Self {
        self.redirect_uri = Some(uri);
        self
    }

    /// Sets the time limit for the user to consent. The default is five minutes.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets whether the consent page is shown even if the user has consented before. The default is `false`.
    pub fn show_dialog(mut self, is_forced: bool) -> Self {
        self.show_dialog = is_forced;
        self
    }

    /// Sets the function that shows the address of the consent page to the user. The default function prints the
    /// address to standard error; with the feature `open`, it also opens the page in the user's browser. The login
    /// waits until `show` returns.
    pub fn show(mut self, show: impl FnOnce(&str) + Send + 'static) -> Self {
        self.show = Box::new(show);
        self
    }

    /// Returns the requested scopes.
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// Starts the login and opens the port for the callback.
    ///
    /// # Errors
    ///
    /// Returns a [`LoginError`] if the application has no client id, the redirect URI is not an `http` URI on a
    /// loopback address, the port is not free, or the operating system provides no random bytes.
    pub fn start(self, app: &App) -> Result<PendingLogin, LoginError> {
        if app.client_id().is_none() {
            return Err(LoginError::NoCredentials);
        }
        let callback = Callback::of(self.redirect_uri.as_ref())?;
        let listen = || {
            let listener = TcpListener::bind(callback.address)?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        };
        let address = callback.address;
        let (listener, address) = listen().map_err(|source| LoginError::Listen { address, source })?;
        let redirect_uri = callback.redirect_uri(address.port())?;
        let mut entropy = [0; 32];
        getrandom::fill(&mut entropy).map_err(|error| LoginError::Randomness(error.into()))?;
        let login = Login::new(app, redirect_uri, self.scopes, &entropy).show_dialog(self.show_dialog);
        Ok(PendingLogin {
            url: login.url(app.accounts()),
            login,
            path: callback.path,
            listener,
            address,
            timeout: self.timeout,
            show: self.show,
            is_cancelled: Arc::default(),
        })
    }
}

/// A login that is waiting for the user's consent. Dropping it closes the port.
#[must_use = "a pending login does nothing until `wait` is called"]
pub struct PendingLogin {
    login: Login,
    url: String,
    path: String,
    listener: TcpListener,
    address: SocketAddr,
    timeout: Duration,
    show: Box<Show>,
    is_cancelled: Arc<AtomicBool>,
}

impl PendingLogin {
    /// Returns the address of the consent page.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the socket address of the callback. If the browser runs on another machine, forward this port from
    /// there.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns a handle that cancels the login, for example from another thread.
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        Canceller(Arc::clone(&self.is_cancelled))
    }

    /// Shows the consent page to the user and waits until the browser is redirected to the callback.
    ///
    /// Other requests to the port have no effect on the login, because any page in the browser can send them.
    ///
    /// # Errors
    ///
    /// Returns [`LoginError::Callback`] if the user denied access or the accounts service refused the login,
    /// [`LoginError::TimedOut`] if the time limit expires, or [`LoginError::Cancelled`] if the login is cancelled.
    pub fn wait(self) -> Result<AuthorizationCode, LoginError> {
        (self.show)(&self.url);
        let begin = Instant::now();
        let mut connections = Vec::new();
        loop {
            accept(&self.listener, &mut connections);
            let mut outcome = None;
            connections.retain_mut(|connection: &mut Connection| {
                let is_over = outcome.is_some();
                match connection.read() {
                    Progress::Pending => true,
                    Progress::Closed => false,
                    Progress::Request(target) => {
                        let (page, result) = respond(&self.login, &self.path, target.as_deref());
                        connection.respond(page);
                        if !is_over {
                            outcome = result;
                        }
                        false
                    }
                }
            });
            if let Some(outcome) = outcome {
                return outcome.map_err(LoginError::Callback);
            }
            if self.is_cancelled.load(Ordering::Relaxed) {
                return Err(LoginError::Cancelled);
            }
            if begin.elapsed() >= self.timeout {
                return Err(LoginError::TimedOut);
            }
            thread::sleep(POLL_INTERVAL);
        }
    }
}

/// Handle that cancels a [`PendingLogin`] within milliseconds.
#[derive(Clone, Debug)]
pub struct Canceller(Arc<AtomicBool>);

impl Canceller {
    /// Makes [`PendingLogin::wait`] return [`LoginError::Cancelled`].
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Error of a browser login.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoginError {
    /// The application has no client id.
    #[error("the application has no client id")]
    NoCredentials,
    /// The redirect URI is not an `http` URI on a loopback address.
    #[error("expected a redirect URI like http://127.0.0.1/callback, got {0}")]
    NotLoopback(RedirectUri),
    /// The redirect URI is too long with the port.
    #[error("could not add the port to the redirect URI")]
    RedirectUri(#[source] RedirectUriError),
    /// The port for the callback could not be opened.
    #[error("could not listen for the callback on {address}")]
    Listen {
        /// Socket address of the callback.
        address: SocketAddr,
        /// Cause of the error.
        source: io::Error,
    },
    /// The operating system provided no random bytes.
    #[error("could not get random bytes")]
    Randomness(#[source] io::Error),
    /// The user denied access, or the accounts service refused the login.
    #[error(transparent)]
    Callback(CallbackError),
    /// The user did not consent within the time limit.
    #[error("the user did not consent in time")]
    TimedOut,
    /// The login was cancelled.
    #[error("the login was cancelled")]
    Cancelled,
}

/// The address on this machine that the browser is redirected to.
struct Callback {
    /// Socket address; port 0 selects any free port.
    address: SocketAddr,
    host: &'static str,
    path: String,
    /// Path and query as registered.
    tail: String,
}

impl Callback {
    fn of(redirect_uri: Option<&RedirectUri>) -> Result<Self, LoginError> {
        let Some(redirect_uri) = redirect_uri else {
            let path = "/callback".to_owned();
            return Ok(Self {
                address: (Ipv4Addr::LOCALHOST, 0).into(),
                host: "127.0.0.1",
                tail: path.clone(),
                path,
            });
        };
        Self::parse(redirect_uri.as_str()).ok_or_else(|| LoginError::NotLoopback(redirect_uri.clone()))
    }

    fn parse(text: &str) -> Option<Self> {
        let uri: Uri = text.parse().ok()?;
        let port = uri.port_u16().unwrap_or(0);
        let (host, address): (_, SocketAddr) = match uri.host()? {
            "127.0.0.1" => ("127.0.0.1", (Ipv4Addr::LOCALHOST, port).into()),
            "[::1]" => ("[::1]", (Ipv6Addr::LOCALHOST, port).into()),
            _ => return None,
        };
        let is_http = uri.scheme_str() == Some("http");
        // The accounts service compares redirect URIs as strings, so a missing slash must not be added.
        let (_, rest) = text.split_once(host)?;
        let start = rest.find(['/', '?']).unwrap_or(rest.len());
        let tail = rest.get(start..)?.to_owned();
        is_http.then(|| Self { address, host, path: uri.path().to_owned(), tail })
    }

    fn redirect_uri(&self, port: u16) -> Result<RedirectUri, LoginError> {
        let text = format!("http://{}:{port}{}", self.host, self.tail);
        text.parse().map_err(LoginError::RedirectUri)
    }
}

/// Accepts the pending connections.
fn accept(listener: &TcpListener, connections: &mut Vec<Connection>) {
    // An error other than `WouldBlock` affects one connection or is temporary; the time limit bounds the wait.
    while let Ok((stream, _)) = listener.accept() {
        if connections.len() >= MAX_CONNECTIONS {
            connections.remove(0);
        }
        connections.extend(Connection::new(stream).ok());
    }
}

/// Returns the page to send for a request, and the outcome of the login if the request ends the login. `target` is
/// `None` if the request is not a GET request.
fn respond(
    login: &Login,
    path: &str,
    target: Option<&str>,
) -> (&'static Page, Option<Result<AuthorizationCode, CallbackError>>) {
    let Some(target) = target else { return (&page::BAD_REQUEST, None) };
    if target.split('?').next() != Some(path) {
        return (&page::NOT_FOUND, None);
    }
    match login.callback(target) {
        Ok(code) => (&page::CONSENT, Some(Ok(code))),
        Err(error @ (CallbackError::Denied | CallbackError::Refused(_))) => {
            (&page::REFUSED, Some(Err(error)))
        }
        Err(_) => (&page::BAD_REQUEST, None),
    }
}

/// Prints the address; with the feature `open`, also opens it in the browser.
fn print(url: &str) {
    // Writing fails only if standard error is closed.
    let _ = writeln!(io::stderr(), "Open this page in a browser to log in:\n\n  {url}\n");
    // Errors are ignored because the address has already been printed.
    #[cfg(feature = "open")]
    let _ = open::that_detached(url);
}

/// Omits `show`, because functions have no useful `Debug` output.
impl fmt::Debug for BrowserLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BrowserLogin")
            .field("redirect_uri", &self.redirect_uri)
            .field("scopes", &self.scopes)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Omits the address, which contains the state.
impl fmt::Debug for PendingLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingLogin")
            .field("login", &self.login)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_port_of_the_redirect_uri_changes() {
        for (text, expected) in [
            ("http://127.0.0.1/callback", "http://127.0.0.1:4711/callback"),
            ("http://127.0.0.1:4711/callback?x=1", "http://127.0.0.1:4711/callback?x=1"),
            ("http://127.0.0.1", "http://127.0.0.1:4711"),
            ("http://[::1]:4711/", "http://[::1]:4711/"),
        ] {
            let callback = Callback::parse(text).expect(text);
            assert_eq!(callback.redirect_uri(4711).expect(text).as_str(), expected);
        }
        for text in ["https://127.0.0.1/", "https://app.example/callback", "my-app:/callback"] {
            assert!(Callback::parse(text).is_none(), "{text}");
        }
    }
}
