//! A web server with 200 Spotify users in one process, and clients that cancel some of their requests.
//!
//! The server has one `App` for all users, a `Session` for each user, and a shared response store. The fake Spotify on
//! a loopback socket rotates refresh tokens and detects their reuse. A load generator calls the server for a few
//! seconds without cancellations, then with cancellations, and then again without cancellations. The program fails if a
//! user was logged out, if a call took too long, or if an expired token caused more than one token request.
//!
//! Run it with `cargo run --release -p webapp`, or with `cargo run -p webapp -- --short` for a shorter run.

mod load;
mod report;
mod server;
mod spotify;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use load::Load;
use report::Report;
use spotify::Spotify;

type Failure = Box<dyn Error + Send + Sync>;

/// Number of users in the process.
const USERS: usize = 200;

/// Durations of the phases: without cancellations, with cancellations, and again without cancellations.
#[derive(Clone, Copy)]
struct Phases {
    calm: Duration,
    disturbed: Duration,
    after: Duration,
}

impl Phases {
    const LONG: Self = Self {
        calm: Duration::from_secs(6),
        disturbed: Duration::from_secs(10),
        after: Duration::from_secs(4),
    };
    const SHORT: Self = Self {
        calm: Duration::from_secs(2),
        disturbed: Duration::from_secs(4),
        after: Duration::from_secs(2),
    };
}

async fn run(phases: Phases) -> Result<Report, Failure> {
    let spotify = Spotify::start(USERS)?;
    let server = server::start(spotify.clone()).await?;
    let load = Load::new(server.address(), USERS);
    let calm = load.run(phases.calm, false).await?;
    let disturbed = load.run(phases.disturbed, true).await?;
    let after = load.run(phases.after, false).await?;
    server.stop().await?;
    Ok(Report { calm, disturbed, after, tokens: spotify.tokens() })
}

fn main() -> ExitCode {
    let is_short = std::env::args().any(|argument| argument == "--short");
    let phases = if is_short { Phases::SHORT } else { Phases::LONG };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let report = runtime.map_err(Failure::from).and_then(|runtime| runtime.block_on(run(phases)));
    match report {
        Ok(report) => {
            println!("{report}");
            let failures = report.failures();
            failures.iter().for_each(|failure| eprintln!("webapp: {failure}"));
            if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("webapp: {error}");
            ExitCode::FAILURE
        }
    }
}
