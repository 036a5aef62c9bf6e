//! The web server, with three routes that call Spotify on behalf of the user in the path.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use spotify_proto::TrackId;
use spotify_proto::api::{GetCurrentUserProfile, GetSavedTracks, GetTrack};
use spotify_proto::driver::AsyncDriver;
use spotify_proto_testing::fake::ids;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::Failure;
use crate::spotify::Spotify;

pub(crate) struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Server {
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) async fn stop(self) -> Result<(), Failure> {
        // Sending fails only if the server has already stopped.
        let _ = self.stop.send(());
        Ok(self.task.await??)
    }
}

/// Starts the server on a free loopback port.
pub(crate) async fn start(spotify: Spotify) -> Result<Server, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel();
    let router = Router::new()
        .route("/{user}/profile", get(profile))
        .route("/{user}/track", get(track))
        .route("/{user}/saved", get(saved))
        .with_state(spotify);
    let task = tokio::spawn(async move {
        let server = axum::serve(listener, router).with_graceful_shutdown(async move {
            let _ = stopped.await;
        });
        server.await
    });
    Ok(Server { address, stop, task })
}

type Reply = Result<String, (StatusCode, String)>;

async fn profile(State(spotify): State<Spotify>, Path(user): Path<usize>) -> Reply {
    let profile = spotify.of(user).call(GetCurrentUserProfile::new()).await.map_err(failed)?;
    Ok(profile.display_name.map(|name| name.to_string()).unwrap_or_default())
}

async fn track(State(spotify): State<Spotify>, Path(user): Path<usize>) -> Reply {
    let id: TrackId = ids::TRACK.parse().map_err(failed)?;
    let track = spotify.of(user).call(GetTrack::new(id)).await.map_err(failed)?;
    Ok(track.name.to_string())
}

async fn saved(State(spotify): State<Spotify>, Path(user): Path<usize>) -> Reply {
    let page = spotify.of(user).call(GetSavedTracks::new().limit(5)).await.map_err(failed)?;
    Ok(format!("{} tracks", page.total.unwrap_or(0)))
}

fn failed(error: impl std::fmt::Display) -> (StatusCode, String) {
    (StatusCode::BAD_GATEWAY, error.to_string())
}
