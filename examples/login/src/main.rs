//! A program that logs a user in with PKCE and keeps the user logged in. The redirect leads to a loopback port, and the
//! tokens are stored in a file that only the current user can read.
//!
//! By default, the program uses the fake Spotify on a loopback port, and simulates a user who consents. If
//! `SPOTIFY_CLIENT_ID` is set, the program uses Spotify, or the server at `SPOTIFY_ORIGIN`, and waits for a browser;
//! this requires the registered redirect URI `http://127.0.0.1/callback`, but no client secret. Later runs use the
//! tokens that the first run has stored.
//!
//! `cargo run -p login [-- PORT]`

use std::error::Error as StdError;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};
use std::{env, fs, iter, thread};

use spotify_proto::api::GetSavedTracks;
use spotify_proto::driver::{Driver, LocalDriver};
use spotify_proto::http::{Request, Response};
use spotify_proto::{
    App, AuthCode, AuthError, AuthorizationCode, Completeness, Endpoint as _, Error, MAX_BODY_LEN, Scopes,
    Session, Tokens,
};
use spotify_proto_login::{BrowserLogin, LoginError, TokenFile, app_from_env};
use spotify_proto_testing::fake::{Fake, InjectedFault, PUBLIC_CLIENT_ID};
use spotify_proto_testing::loopback::Loopback;

type Failure = Box<dyn StdError + Send + Sync>;

/// Time limit for the user's consent.
const CONSENT_TIMEOUT: Duration = Duration::from_secs(300);

/// A program with one user.
struct Program {
    file: TokenFile,
    /// Port of the callback; `None` selects any free port.
    port: Option<u16>,
    /// Shows the address of the consent page to the user. The second argument is the socket address of the callback.
    show: fn(&str, SocketAddr),
}

impl Program {
    /// Prints the saved tracks, using stored tokens or a new login.
    fn start(&self, app: App) -> Result<(), Failure> {
        let session = match self.file.load()? {
            Some(tokens) => {
                println!("Already logged in, with the tokens in {}", self.file.path().display());
                Session::from_tokens(tokens)
            }
            None => Session::from_code(self.log_in(&app)?),
        };
        list(&driver(app, session, self.file.clone())).map_err(|error| {
            match error.as_spotify() {
                Some(Error::Auth(AuthError::GrantRejected { code: AuthCode::InvalidGrant, .. })) => {
                    // The refresh token has expired or was revoked, so the next run logs the user in again.
                    let _ = self.file.remove();
                    format!("{error}; restart the program to log in").into()
                }
                _ => error.into_boxed(),
            }
        })
    }

    /// Requests the user's consent and waits for the redirect.
    fn log_in(&self, app: &App) -> Result<AuthorizationCode, Failure> {
        let mut login = BrowserLogin::new(Scopes::for_operations(&[&GetSavedTracks::OPERATION]))
            .timeout(CONSENT_TIMEOUT)
            .show(|_| {}); // `self.show` needs the socket address, too
        if let Some(port) = self.port {
            login = login.redirect_uri(format!("http://127.0.0.1:{port}/callback").parse()?);
        }
        let pending = login.start(app).map_err(|error| match error {
            LoginError::Listen { ref source, .. } => {
                format!("{error}: {source}; specify another port").into()
            }
            error => Failure::from(error),
        })?;
        (self.show)(pending.url(), pending.address());
        Ok(pending.wait()?)
    }
}

/// Returns a driver for `ureq` that stores new tokens in the file before it uses them.
fn driver(app: App, session: Session, file: TokenFile) -> impl Driver<Error = Failure> {
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false) // the library reads responses of every status
        .max_redirects(0) // the API never redirects, and a token must not be sent elsewhere
        .max_redirects_will_error(false)
        .build()
        .new_agent();
    let send = move |request: Request<Vec<u8>>, timeout: Duration| -> Result<Response<Vec<u8>>, Failure> {
        let request = agent.configure_request(request).timeout_global(Some(timeout)).build();
        let (head, mut body) = agent.run(request)?.into_parts();
        Ok(Response::from_parts(head, body.with_config().limit(MAX_BODY_LEN as u64).read_to_vec()?))
    };
    let save = move |tokens: &Tokens| -> Result<(), Failure> {
        file.save(tokens)?;
        println!("Tokens stored in {}", file.path().display());
        Ok(())
    };
    LocalDriver::new(app, session, send, thread::sleep, SystemTime::now).with_save(save)
}

/// Prints the number of saved tracks and the first three names.
fn list<D: Driver>(spotify: &D) -> Result<(), spotify_proto::driver::Error<D::Error>> {
    let saved = spotify.collect(GetSavedTracks::new().limit(50))?;
    let tracks = saved.items.into_iter().filter_map(|saved| saved.track);
    let names: Vec<_> = tracks.map(|track| track.name).collect();
    println!("{} saved tracks", names.len());
    names.iter().take(3).for_each(|name| println!("  {name}"));
    if let Completeness::Incomplete { reason, .. } = saved.completeness {
        println!("  the list is incomplete: {reason:?}");
    }
    Ok(())
}

fn run() -> Result<(), Failure> {
    let port = env::args().nth(1).map(|text| text.parse()).transpose();
    let port = port.map_err(|_| "usage: login [PORT]")?.filter(|port| *port != 0);
    if env::var_os("SPOTIFY_CLIENT_ID").is_some() {
        let file = TokenFile::in_state_folder("spotify-proto-login")?;
        return Program { file, port, show: wait_for_user }.start(app_from_env()?);
    }
    let mut fake = Fake::new();
    fake.rotating(true);
    fake.script([InjectedFault::ExpiredToken.at("/v1/me/tracks")]);
    let server = Loopback::start(fake)?;
    println!("Server: the fake Spotify at {} (set SPOTIFY_CLIENT_ID to use Spotify)", server.origin());
    let folder = tempfile::tempdir()?;
    let app = || App::public(PUBLIC_CLIENT_ID).with_origins(server.origin(), server.origin());
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let program = Program { file, port, show: simulate_user };
    println!("\n== The first run, with a login and a token that expires early");
    program.start(app())?;
    check_private(&program.file)?;
    println!("\n== The second run, without a login");
    program.start(app())
}

/// Checks that only the current user can read the tokens.
fn check_private(file: &TokenFile) -> Result<(), Failure> {
    let _permissions = fs::metadata(file.path())?.permissions();
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&_permissions) & 0o777 != 0o600 {
        return Err(format!("{}: other users can read this file", file.path().display()).into());
    }
    Ok(())
}

/// Prints the address of the consent page, the time limit, and instructions for a browser on another machine.
fn wait_for_user(url: &str, address: SocketAddr) {
    println!("Please open this page in a browser:\n\n  {url}\n");
    println!("Waiting for {} minutes; press Ctrl-C to cancel.", CONSENT_TIMEOUT.as_secs() / 60);
    let port = address.port();
    println!("To use a browser on another machine, first forward the port: ssh -L {port}:{address} …\n");
}

/// Opens the page and follows the redirect to the callback, like a browser.
fn simulate_user(url: &str, _: SocketAddr) {
    println!("A user would open this page in a browser:\n\n  {url}\n");
    let url = url.to_owned();
    thread::spawn(move || match ureq::get(&url).call() {
        Ok(page) => println!("The simulated user has consented: {}", page.status()),
        Err(error) => eprintln!("login: could not open the consent page: {error}"),
    });
}

fn main() -> ExitCode {
    let Err(error) = run() else { return ExitCode::SUCCESS };
    let causes = iter::successors(error.source(), |&cause| cause.source()).map(|cause| format!(": {cause}"));
    eprintln!("login: {error}{}", causes.collect::<String>());
    ExitCode::FAILURE
}
