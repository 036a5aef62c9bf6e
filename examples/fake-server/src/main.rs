//! The fake Spotify on a loopback socket, for `curl`, a browser, a notebook, or a client in any language.
//!
//! `cargo run -p fake-server -- --port 0` prints the address and the credentials of a user who is logged in, one
//! `NAME=VALUE` per line, and serves the accounts service and the Web API until interrupted by Ctrl-C. `--help` lists
//! the options.

mod options;
mod server;

use std::error::Error;
use std::fs;
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::time::SystemTime;

use options::{Options, USAGE};
use spotify_proto::{RedirectUri, Scope};
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Consent, Fake, PUBLIC_CLIENT_ID};
use tokio::net::TcpListener;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> ExitCode {
    let result = Options::parse(std::env::args().skip(1)).map_err(Failure::from).and_then(|options| {
        if options.is_help {
            print!("{USAGE}");
            return Ok(());
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(run(&options))
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fake-server: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<(), Failure> {
    let mut fake = configured(options)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
    let address = format!("http://{}", listener.local_addr()?);
    print!("{}", login(&mut fake, &address));
    println!("ready; press Ctrl-C to stop the server");
    server::serve(listener, fake, options.has_own_addresses.then_some(address)).await.map_err(Failure::from)
}

/// Returns a fake with the settings from the command line.
fn configured(options: &Options) -> Result<Fake, Failure> {
    let mut fake = Fake::new();
    fake.extended(options.is_extended);
    fake.rotating(options.is_rotating);
    fake.reuse_detection(options.is_rotating);
    fake.consent(match options.consent.as_deref() {
        None | Some("grant") => Consent::Grant,
        Some("deny") => Consent::Deny,
        Some("page") => Consent::Page,
        Some(other) => return Err(format!("expected grant, deny or page, got {other:?}").into()),
    });
    for uri in &options.redirect_uris {
        uri.parse::<RedirectUri>().map_err(|error| format!("{uri}: {error}"))?;
        fake.register(uri.as_str());
    }
    if let Some(file) = &options.faults {
        let name = file.display();
        let text = fs::read_to_string(file).map_err(|error| format!("{name}: {error}"))?;
        fake.script(options::faults(&text).map_err(|error| format!("{name}: {error}"))?);
    }
    Ok(fake)
}

/// Logs a user in with all scopes. Returns the address and the credentials, one `NAME=VALUE` per line.
fn login(fake: &mut Fake, address: &str) -> String {
    let now = SystemTime::now();
    let tokens = fake.user_tokens(Scope::ALL, now);
    let access_token = tokens.access_token().map_or("", |token| token.expose());
    let refresh_token = tokens.refresh_token().map_or("", |token| token.expose());
    format!(
        "ADDRESS={address}\nCLIENT_ID={CLIENT_ID}\nCLIENT_SECRET={CLIENT_SECRET}\n\
        PUBLIC_CLIENT_ID={PUBLIC_CLIENT_ID}\nACCESS_TOKEN={access_token}\nREFRESH_TOKEN={refresh_token}\n"
    )
}
