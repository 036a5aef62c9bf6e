//! A user logs in with PKCE, and stays logged in: the callback on a loopback port, the tokens in a file of their own.
//!
//! By itself it plays both sides: the fake behind a loopback socket, and a user who says yes. With
//! `SPOTIFY_CLIENT_ID` set it talks to Spotify, or to what plays Spotify at `SPOTIFY_ORIGIN`, and waits for your
//! browser; register the redirect URI `http://127.0.0.1/callback` for that. No secret is needed. The second start uses
//! what the first one stored.
//!
//! `cargo run --example login --features fake [-- PORT]`

#[path = "shared/job.rs"]
mod job;
#[path = "shared/loopback.rs"]
mod loopback;

use std::io::{ErrorKind, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};
use std::{env, fs, thread};

use job::Failure;
use loopback::Loopback;
use spotify_proto::api::GetSavedTracks;
use spotify_proto::fake::{Fake, Fault, PUBLIC_CLIENT_ID};
use spotify_proto::http::{Request, Response};
use spotify_proto::{
    App, AuthCode, AuthError, BODY_MAX, Call, CallbackError, Code, Endpoint, Error, Login, Origin, Paged,
    Reply, Scopes, Session, Step, Tokens,
};

/// How long the user may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// What a program keeps of Spotify: an HTTP stack, a session, and a place for the tokens.
struct Spotify {
    agent: ureq::Agent,
    session: Mutex<Session>,
    file: PathBuf,
}

/// The driver of the README, word for word.
impl Spotify {
    fn call<T>(&self, call: impl Into<Call<T>>) -> Result<Reply<T>, Failure> {
        let (session, now) = (|| self.session.lock().expect("no call panics"), SystemTime::now);
        let mut step = call.into().start(&mut session(), now());
        loop {
            step = match step {
                Step::Send(request, exchange) => {
                    exchange.receive(http(&self.agent, request)?, &mut session(), now())
                }
                Step::Wait(delay, pause) => {
                    thread::sleep(delay);
                    pause.resume(&mut session(), now())
                }
                Step::Save(tokens, pause) => {
                    self.store(&tokens)?;
                    pause.resume(&mut session(), now())
                }
                Step::Done(result) => return Ok(result?),
            }
        }
    }
}

fn http(agent: &ureq::Agent, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, ureq::Error> {
    let (head, body) = agent.run(request)?.into_parts();
    let body = body.into_with_config().limit(BODY_MAX as u64).read_to_vec()?;
    Ok(Response::from_parts(head, body))
}

impl Spotify {
    fn new(session: Session, file: PathBuf) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false) // an answer is an answer: the library reads them all
            .max_redirects(0) // the API never redirects, and a token goes nowhere else
            .max_redirects_will_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .new_agent();
        Self { agent, session: Mutex::new(session), file }
    }

    /// Puts the tokens where only this user reads them, whole or not at all.
    fn store(&self, tokens: &Tokens) -> Result<(), Failure> {
        let folder = self.file.parent().ok_or("the file has no folder")?;
        fs::create_dir_all(folder)?;
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600));
        // In the same folder: a file is renamed in one step only within a file system.
        let mut file = builder.tempfile_in(folder)?;
        serde_json::to_writer(&mut file, tokens)?;
        file.flush()?;
        file.as_file().sync_all()?;
        file.persist(&self.file)?;
        println!("Tokens stored in {}", self.file.display());
        Ok(())
    }
}

/// The tokens of an earlier start; `None` at the first.
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
    app: App,
    api: Origin,
    accounts: Origin,
    file: PathBuf,
    /// The port for the callback; 0 is any that is free.
    port: u16,
    /// Shows the consent page to the user, who comes back to the address.
    show: fn(&str, SocketAddr),
}

impl Program {
    /// Starts: with the stored tokens, or with a login.
    fn start(&self) -> Result<(), Failure> {
        let session = match stored(&self.file)? {
            Some(tokens) => {
                println!("Logged in before: {}", self.file.display());
                Session::resume(self.app.clone(), tokens)
            }
            None => Session::login(self.app.clone(), self.consent()?),
        };
        let session = session.with_origins(self.api.clone(), self.accounts.clone());
        let spotify = Spotify::new(session, self.file.clone());
        list(&spotify).map_err(|error| match error.downcast_ref() {
            Some(Error::Auth(AuthError::GrantRefused { code: AuthCode::InvalidGrant, .. })) => {
                // Nothing renews these any more; the next start logs in.
                let _ = fs::remove_file(&self.file);
                format!("{error}; start again to log in").into()
            }
            _ => error,
        })
    }

    /// Asks the user, and waits for the callback.
    fn consent(&self) -> Result<Code, Failure> {
        let server = tiny_http::Server::http(("127.0.0.1", self.port)).map_err(|error| {
            format!("no callback possible on 127.0.0.1:{}: {error}; name another port", self.port)
        })?;
        let address = server.server_addr().to_ip().ok_or("no IP address")?;
        let mut entropy = [0; 32];
        getrandom::fill(&mut entropy)?;
        let scopes = Scopes::for_operations(&[&GetSavedTracks::OPERATION]);
        let login = Login::new(&self.app, format!("http://{address}/callback").parse()?, scopes, &entropy);
        let url = login.url(&self.accounts);
        println!("Please open this page in a browser:\n\n  {url}\n");
        (self.show)(&url, address);
        wait(&server, &login)
    }
}

/// Waits until the user's browser returns; what others send to the port changes nothing.
fn wait(server: &tiny_http::Server, login: &Login) -> Result<Code, Failure> {
    let begin = Instant::now();
    loop {
        let left = PATIENCE.saturating_sub(begin.elapsed());
        let request = server.recv_timeout(left)?;
        let request = request.ok_or("no callback came; the page in the browser tells why")?;
        if request.url().split('?').next() != Some("/callback") {
            answer(request, 404, NO, "Nothing here", "Logins come back to another address.");
            continue;
        }
        match login.callback(request.url()) {
            Ok(code) => {
                answer(request, 200, YES, "You are logged in", "You may close this window.");
                return Ok(code);
            }
            Err(error @ (CallbackError::Denied | CallbackError::Refused(_))) => {
                let way_on = "Nothing was shared. You may close this window, or start the program again.";
                answer(request, 200, NO, "You are not logged in", way_on);
                return Err(error.into());
            }
            // Any page in the browser can send this; it must not be able to end a login.
            Err(error) => {
                eprintln!("login: ignored: {error}");
                answer(request, 400, NO, "This is no login", "Please go on where the program told you to.");
            }
        }
    }
}

/// A tick, and a cross: how a page draws them, and in which colour.
const YES: (&str, &str) = ("M7 12.5l3.5 3.5L17 9", "#176b3a");
const NO: (&str, &str) = ("M8.5 8.5l7 7m0-7l-7 7", "#8a4b08");

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:16px/1.5 system-ui,sans-serif;text-align:center;display:grid;place-items:center;min-height:80vh;margin:1.5rem}\
path{fill:none;stroke:#fff;stroke-width:2;stroke-linecap:round}h1{font-size:1.6rem;margin:.8rem 0 .2rem}p{margin:0}";

/// Shows a page in the user's browser: one that needs nothing else, in light or dark as the user likes it.
fn answer(request: tiny_http::Request, status: u16, (path, colour): (&str, &str), title: &str, text: &str) {
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><main><svg viewBox=\"0 0 24 24\" width=\"72\" aria-hidden=\"true\">\
         <circle cx=\"12\" cy=\"12\" r=\"12\" fill=\"{colour}\"/><path d=\"{path}\"/></svg>\
         <h1>{title}</h1><p>{text}</p></main></body></html>\n"
    );
    let html = tiny_http::Header::from_bytes("content-type", "text/html; charset=utf-8");
    let response = tiny_http::Response::from_string(page).with_status_code(status);
    // A browser that is gone does not matter.
    let _ = match html {
        Ok(html) => request.respond(response.with_header(html)),
        Err(()) => request.respond(response),
    };
}

/// Lists the saved tracks.
fn list(spotify: &Spotify) -> Result<(), Failure> {
    let mut cursor = Some(GetSavedTracks::new().limit(50));
    let mut names = Vec::new();
    while let Some(endpoint) = cursor {
        let page = spotify.call(&endpoint)?.value;
        cursor = endpoint.next(&page);
        names.extend(page.into_iter().filter_map(|saved| saved.track).map(|track| track.name));
    }
    println!("{} saved tracks", names.len());
    names.iter().take(3).for_each(|name| println!("  {name}"));
    Ok(())
}

/// Where the tokens of the real account lie.
fn home() -> Result<PathBuf, Failure> {
    let folder = match env::var_os("XDG_STATE_HOME").filter(|folder| !folder.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(&env::var_os("HOME").ok_or("HOME is not set")?).join(".local/state"),
    };
    Ok(folder.join("spotify-proto-login/tokens.json"))
}

/// Spotify's origins, or twice what plays both at `SPOTIFY_ORIGIN`.
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
        return Program { app: App::public(id), api, accounts, file: home()?, port, show: wait_for_user }
            .start();
    }
    let mut fake = Fake::new();
    fake.rotating(true);
    fake.script([Fault::ExpiredToken.at("/v1/me/tracks")]);
    let server = Loopback::start(fake)?;
    println!("With the fake at {} (set SPOTIFY_CLIENT_ID for the real one)", server.origin());
    let folder = tempfile::tempdir()?;
    let program = Program {
        app: App::public(PUBLIC_CLIENT_ID),
        api: server.origin(),
        accounts: server.origin(),
        file: folder.path().join("tokens.json"),
        port,
        show: play_user,
    };
    println!("\n== The first start: a login, and a token that ends early");
    program.start()?;
    check_private(&program.file)?;
    println!("\n== The second start: nobody is asked");
    program.start()
}

/// Whether the tokens are this user's alone.
fn check_private(file: &Path) -> Result<(), Failure> {
    let _permissions = fs::metadata(file)?.permissions();
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&_permissions) & 0o777 != 0o600 {
        return Err(format!("{}: others can read it", file.display()).into());
    }
    Ok(())
}

/// Tells a person how long there is, and the way from a browser that is not here.
fn wait_for_user(_: &str, address: SocketAddr) {
    println!("I wait for {} minutes; Ctrl-C gives up.", PATIENCE.as_secs() / 60);
    println!("A browser on another machine needs a way here first: ssh -L {}:{address} …\n", address.port());
}

/// Opens the page as a browser would, and lets it lead back to the callback.
fn play_user(url: &str, _: SocketAddr) {
    let url = url.to_owned();
    thread::spawn(move || match ureq::get(&url).call() {
        Ok(page) => println!("The user says yes, and sees: {}", page.status()),
        Err(error) => eprintln!("login: the user sees {error}"),
    });
}

fn main() -> ExitCode {
    job::end("login", run())
}
