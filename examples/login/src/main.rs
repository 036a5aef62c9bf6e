//! A user logs in with PKCE and stays logged in: the callback comes to a loopback port, and the tokens are kept in a
//! file that only this user can read.
//!
//! By default it runs both sides: the fake behind a loopback socket, and a user who consents. With
//! `SPOTIFY_CLIENT_ID` set it talks to Spotify, or to the server at `SPOTIFY_ORIGIN`, and waits for a browser; register
//! the redirect URI `http://127.0.0.1/callback` for that. It needs no client secret. The second start uses the tokens
//! that the first one stored.
//!
//! `cargo run -p login [-- PORT]`

use std::collections::HashMap;
use std::io::{self, ErrorKind, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};
use std::{env, fs, thread};

use example_job::Failure;
use spotify_proto::api::GetSavedTracks;
use spotify_proto::driver::{self, Driver};
use spotify_proto::http::{Request, Response};
use spotify_proto::{
    App, AuthCode, AuthError, AuthorizationCode, CallbackError, Completeness, Endpoint as _, Error, Login,
    MAX_BODY_LEN, Origin, Scopes, Session, Tokens,
};
use spotify_proto_testing::fake::{Fake, InjectedFault, PUBLIC_CLIENT_ID};
use spotify_proto_testing::loopback::Loopback;

/// How long the program waits for the user's consent.
const CONSENT_TIMEOUT: Duration = Duration::from_secs(300);

/// The driver: an HTTP client, the application with its one user, and the file of the tokens.
struct Spotify {
    agent: ureq::Agent,
    state: Mutex<(App, Session)>,
    file: PathBuf,
}

/// Why a request or a file operation failed.
#[derive(Debug, thiserror::Error)]
enum IoError {
    #[error(transparent)]
    Http(#[from] ureq::Error),
    #[error("{}: {error}", file.display())]
    File { file: PathBuf, error: io::Error },
}

impl Driver for Spotify {
    type Error = IoError;

    fn send(&self, request: Request<Vec<u8>>, timeout: Duration) -> Result<Response<Vec<u8>>, IoError> {
        let request = self.agent.configure_request(request).timeout_global(Some(timeout)).build();
        let (head, body) = self.agent.run(request)?.into_parts();
        let body = body.into_with_config().limit(MAX_BODY_LEN as u64).read_to_vec()?;
        Ok(Response::from_parts(head, body))
    }

    fn sleep(&self, duration: Duration) {
        thread::sleep(duration);
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        let (app, session) = &mut *self.state.lock().expect("no step panics");
        step(app, session)
    }

    /// The call continues when this returns, so the tokens are stored before the access token is used.
    fn save(&self, tokens: &Tokens) -> Result<(), IoError> {
        write_private(&self.file, tokens)
            .map_err(|error| IoError::File { file: self.file.clone(), error })?;
        println!("Tokens stored in {}", self.file.display());
        Ok(())
    }
}

impl Spotify {
    fn new(app: App, session: Session, file: PathBuf) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false) // the library reads responses of every status
            .max_redirects(0) // the API never redirects, and a token must not be sent elsewhere
            .max_redirects_will_error(false)
            .build()
            .new_agent();
        Self { agent, state: Mutex::new((app, session)), file }
    }
}

/// Replaces the file atomically by one that only this user can read.
fn write_private(file: &Path, tokens: &Tokens) -> io::Result<()> {
    let folder = file.parent().ok_or_else(|| io::Error::other("the file has no folder"))?;
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600));
    // In the same folder, because a rename is atomic only within a file system.
    let mut new = builder.tempfile_in(folder)?;
    serde_json::to_writer(&mut new, tokens)?;
    new.flush()?;
    new.as_file().sync_all()?;
    new.persist(file)?;
    Ok(())
}

/// Reads the tokens of an earlier start; `None` at the first one.
fn stored(file: &Path) -> Result<Option<Tokens>, Failure> {
    match fs::read(file) {
        Ok(bytes) => {
            let tokens = serde_json::from_slice(&bytes);
            tokens.map(Some).map_err(|error| format!("{}: {error}", file.display()).into())
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", file.display()).into()),
    }
}

/// A program with one user.
struct Program {
    client_id: String,
    api: Origin,
    accounts: Origin,
    file: PathBuf,
    /// The port for the callback; 0 is any free port.
    port: u16,
    /// Shows the user the consent page; the callback comes to this address.
    show: fn(&str, SocketAddr),
}

impl Program {
    /// Starts with the stored tokens, or with a login.
    fn start(&self) -> Result<(), Failure> {
        let app = App::public(&*self.client_id).with_origins(self.api.clone(), self.accounts.clone());
        let session = match stored(&self.file)? {
            Some(tokens) => {
                println!("Logged in before: {}", self.file.display());
                Session::from_tokens(tokens)
            }
            None => Session::from_code(self.consent(&app)?),
        };
        let spotify = Spotify::new(app, session, self.file.clone());
        list(&spotify).map_err(|error| match error.as_spotify() {
            Some(Error::Auth(AuthError::GrantRejected { code: AuthCode::InvalidGrant, .. })) => {
                // The refresh token has expired or was revoked; the next start logs in.
                let _ = fs::remove_file(&self.file);
                format!("{error}; start again to log in").into()
            }
            _ => error.into(),
        })
    }

    /// Asks the user for consent and waits for the callback.
    fn consent(&self, app: &App) -> Result<AuthorizationCode, Failure> {
        let server = tiny_http::Server::http(("127.0.0.1", self.port)).map_err(|error| {
            format!("cannot listen for the callback on 127.0.0.1:{}: {error}; name another port", self.port)
        })?;
        let address = server.server_addr().to_ip().ok_or("no IP address")?;
        let mut entropy = [0; 32];
        getrandom::fill(&mut entropy)?;
        let scopes = Scopes::for_operations(&[&GetSavedTracks::OPERATION]);
        let login = Login::new(app, format!("http://{address}/callback").parse()?, scopes, &entropy);
        let url = login.url(app.accounts());
        println!("Please open this page in a browser:\n\n  {url}\n");
        (self.show)(&url, address);
        wait(&server, &mut Pending::from([(login.state().expose().to_owned(), login)]))
    }
}

/// The logins that wait for a callback, by their state. This program has one at a time; a server has many.
type Pending = HashMap<String, Login>;

/// The value of the `state` parameter of a callback. A login's state has no characters that are percent-encoded.
fn state_of(url: &str) -> Option<&str> {
    let (_, query) = url.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix("state="))
}

/// Waits until the user's browser returns. Other requests to the port have no effect on the login.
fn wait(server: &tiny_http::Server, pending: &mut Pending) -> Result<AuthorizationCode, Failure> {
    let begin = Instant::now();
    loop {
        let left = CONSENT_TIMEOUT.saturating_sub(begin.elapsed());
        let request = server.recv_timeout(left)?;
        let request = request.ok_or("no callback was received; the page in the browser may say why")?;
        let url = request.url().to_owned();
        if url.split('?').next() != Some("/callback") {
            respond(request, 404, NO, "Page not found", "Logins return to another address.");
            continue;
        }
        let state = state_of(&url).unwrap_or_default();
        let Some(login) = pending.get(state) else {
            // Any page in the browser can send this request, so it must not end a login.
            eprintln!("login: ignored a callback without the state of a pending login");
            respond(request, 400, NO, "This is not a login", "Please continue in the program.");
            continue;
        };
        match login.callback(&url) {
            Ok(code) => {
                pending.remove(state);
                respond(request, 200, YES, "You are logged in", "You may close this window.");
                return Ok(code);
            }
            Err(error @ (CallbackError::Denied | CallbackError::Refused(_))) => {
                pending.remove(state);
                let advice = "Nothing was shared. You may close this window, or start the program again.";
                respond(request, 200, NO, "You are not logged in", advice);
                return Err(error.into());
            }
            Err(error) => {
                eprintln!("login: ignored a callback: {error}");
                respond(request, 400, NO, "This is not a login", "Please continue in the program.");
            }
        }
    }
}

/// A tick and a cross: the path that draws them, and their colour.
const YES: (&str, &str) = ("M7 12.5l3.5 3.5L17 9", "#176b3a");
const NO: (&str, &str) = ("M8.5 8.5l7 7m0-7l-7 7", "#8a4b08");

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:16px/1.5 system-ui,sans-serif;text-align:center;display:grid;place-items:center;min-height:80vh;margin:1.5rem}\
path{fill:none;stroke:#fff;stroke-width:2;stroke-linecap:round}h1{font-size:1.6rem;margin:.8rem 0 .2rem}p{margin:0}";

/// Shows a page in the user's browser. It loads nothing else and follows the light or dark colour scheme.
fn respond(request: tiny_http::Request, status: u16, (path, colour): (&str, &str), title: &str, text: &str) {
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><main><svg viewBox=\"0 0 24 24\" width=\"72\" aria-hidden=\"true\">\
         <circle cx=\"12\" cy=\"12\" r=\"12\" fill=\"{colour}\"/><path d=\"{path}\"/></svg>\
         <h1>{title}</h1><p>{text}</p></main></body></html>\n"
    );
    let html = tiny_http::Header::from_bytes("content-type", "text/html; charset=utf-8");
    let response = tiny_http::Response::from_string(page).with_status_code(status);
    // The browser may have closed the connection.
    let _ = match html {
        Ok(html) => request.respond(response.with_header(html)),
        Err(()) => request.respond(response),
    };
}

/// Lists the saved tracks.
fn list(spotify: &Spotify) -> Result<(), driver::Error<IoError>> {
    let saved = spotify.collect(GetSavedTracks::new().limit(50))?;
    let names: Vec<_> =
        saved.items.into_iter().filter_map(|saved| saved.track).map(|track| track.name).collect();
    println!("{} saved tracks", names.len());
    names.iter().take(3).for_each(|name| println!("  {name}"));
    if let Completeness::Incomplete { reason, .. } = saved.completeness {
        println!("  the list is incomplete: {reason:?}");
    }
    Ok(())
}

/// The file of the tokens of the real account.
fn home() -> Result<PathBuf, Failure> {
    let folder = match env::var_os("XDG_STATE_HOME").filter(|folder| !folder.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(&env::var_os("HOME").ok_or("HOME is not set")?).join(".local/state"),
    };
    Ok(folder.join("spotify-proto-login/tokens.json"))
}

/// The origins of Spotify, or the server at `SPOTIFY_ORIGIN` for both.
fn origins() -> Result<(Origin, Origin), Failure> {
    let Ok(origin) = env::var("SPOTIFY_ORIGIN") else { return Ok((Origin::api(), Origin::accounts())) };
    let origin: Origin = origin.parse().map_err(|error| format!("SPOTIFY_ORIGIN: {error}"))?;
    Ok((origin.clone(), origin))
}

fn run() -> Result<(), Failure> {
    let port = env::args().nth(1).map_or(Ok(0), |text| text.parse());
    let port = port.map_err(|_| "usage: login [PORT]")?;
    if let Ok(id) = env::var("SPOTIFY_CLIENT_ID") {
        let (api, accounts) = origins()?;
        return Program { client_id: id, api, accounts, file: home()?, port, show: wait_for_user }.start();
    }
    let mut fake = Fake::new();
    fake.rotating(true);
    fake.script([InjectedFault::ExpiredToken.at("/v1/me/tracks")]);
    let server = Loopback::start(fake)?;
    println!("With the fake at {} (set SPOTIFY_CLIENT_ID for the real one)", server.origin());
    let folder = tempfile::tempdir()?;
    let program = Program {
        client_id: PUBLIC_CLIENT_ID.to_owned(),
        api: server.origin(),
        accounts: server.origin(),
        file: folder.path().join("tokens.json"),
        port,
        show: play_user,
    };
    println!("\n== The first start: a login, and a token that expires early");
    program.start()?;
    check_private(&program.file)?;
    println!("\n== The second start: no login");
    program.start()
}

/// Checks that only this user can read the tokens.
fn check_private(file: &Path) -> Result<(), Failure> {
    let _permissions = fs::metadata(file)?.permissions();
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&_permissions) & 0o777 != 0o600 {
        return Err(format!("{}: other users can read it", file.display()).into());
    }
    Ok(())
}

/// Tells the user how much time is left, and how a browser on another machine reaches the callback.
fn wait_for_user(_: &str, address: SocketAddr) {
    println!("Waiting for {} minutes; press Ctrl-C to cancel.", CONSENT_TIMEOUT.as_secs() / 60);
    println!(
        "For a browser on another machine, forward the port first: ssh -L {}:{address} …\n",
        address.port()
    );
}

/// Opens the page as a browser would, and follows its redirect to the callback.
fn play_user(url: &str, _: SocketAddr) {
    let url = url.to_owned();
    thread::spawn(move || match ureq::get(&url).call() {
        Ok(page) => println!("The user consents and sees: {}", page.status()),
        Err(error) => eprintln!("login: the consent page failed: {error}"),
    });
}

fn main() -> ExitCode {
    example_job::end("login", run())
}
