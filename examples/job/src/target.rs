//! The server that an example talks to: Spotify, another server, or the fake behind a loopback socket.

use std::env;

use spotify_proto::{App, Origin, Session};
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Fake, InjectedFault, ids};

use crate::{Catalogue, Failure};
use spotify_proto_testing::loopback::Loopback;

/// The server of an example: Spotify, another server, or the fake.
#[derive(Debug)]
#[non_exhaustive]
pub struct Target {
    /// The application, with the origins of the server.
    pub app: App,
    /// A session of the application itself.
    pub session: Session,
    /// The catalogue of the server.
    pub catalogue: Catalogue,
    /// The fake Spotify, which stops when this is dropped.
    _server: Option<Loopback>,
}

impl Target {
    /// Connects to Spotify if `SPOTIFY_CLIENT_ID` and `SPOTIFY_CLIENT_SECRET` are set, to the server at `SPOTIFY_ORIGIN`
    /// if that is set, and to the fake otherwise. A driver without TLS passes advice on how to add it.
    ///
    /// # Errors
    ///
    /// A wrong `SPOTIFY_ORIGIN`, an origin that needs TLS, or no free port.
    pub fn open(without_tls: Option<&str>) -> Result<Self, Failure> {
        let reached = |origin: Origin| match without_tls {
            Some(way_on) if origin.as_str().starts_with("https:") => {
                Err(format!("this driver has no TLS, which {} needs: {way_on}", origin.as_str()))
            }
            _ => Ok(origin),
        };
        let app = match (env::var("SPOTIFY_CLIENT_ID"), env::var("SPOTIFY_CLIENT_SECRET")) {
            (Ok(id), Ok(secret)) => Some(App::confidential(id, secret)),
            _ => None,
        };
        if let Ok(origin) = env::var("SPOTIFY_ORIGIN") {
            println!("With {origin}");
            let origin = origin.parse().map_err(|error| format!("SPOTIFY_ORIGIN: {error}"))?;
            return Ok(Self::at(reached(origin)?, app, None));
        }
        if let Some(app) = app {
            println!("With {}", reached(Origin::api())?.as_str());
            let catalogue = Catalogue {
                album: "4aawyAB9vmqN3uQ7FjRGTy",
                artist: "0TnOYISbd1XYRBk9myaseg",
                track: "11dFghVXANMlKmJXsNCbNl",
                unknown_album: ids::UNKNOWN,
            };
            return Ok(Self { app, session: Session::client_credentials(), catalogue, _server: None });
        }
        let mut fake = Fake::new();
        fake.script([InjectedFault::rate_limited(1).at("/v1/tracks")]);
        let server = Loopback::start(fake)?;
        let origin = server.origin();
        println!(
            "With the fake at {origin} (set SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET for the real one)"
        );
        Ok(Self::at(origin, None, Some(server)))
    }

    /// The fake's catalogue, at an address.
    fn at(origin: Origin, app: Option<App>, server: Option<Loopback>) -> Self {
        let app = app.unwrap_or_else(|| App::confidential(CLIENT_ID, CLIENT_SECRET));
        let app = app.with_origins(origin.clone(), origin);
        let catalogue = Catalogue {
            album: ids::ALBUM,
            artist: ids::ARTIST,
            track: ids::TRACK,
            unknown_album: ids::UNKNOWN,
        };
        Self { app, session: Session::client_credentials(), catalogue, _server: server }
    }
}
