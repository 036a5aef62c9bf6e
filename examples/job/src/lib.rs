//! The same job for every driver: an album, a list of albums, a second read that is answered with a 304, a rate limit
//! that is waited out, and two clear errors.
//!
//! It is written once, as async code; the futures of a blocking driver are ready at once.

#[cfg(feature = "target")]
pub mod checks;
#[cfg(feature = "target")]
mod target;

use std::error::Error as StdError;
use std::pin::pin;
use std::process::ExitCode;
use std::task::{Context, Poll, Waker};
use std::time::SystemTime;

use spotify_proto::api::{GetAlbum, GetArtistAlbums, GetTrack};
use spotify_proto::cache::{Key, StoreAction};
use spotify_proto::driver::Collected;
use spotify_proto::{AlbumId, ArtistId, Cached, Call, Completeness, Paged, Reply, Source, TrackId};

#[cfg(feature = "target")]
pub use target::Target;

/// Any error.
pub type Failure = Box<dyn StdError + Send + Sync>;

/// The methods of a driver that the job calls.
#[allow(async_fn_in_trait, reason = "only the examples use it")]
pub trait Client {
    /// Calls an endpoint and returns the whole reply.
    async fn reply<T>(&self, call: impl Into<Call<T>>) -> Result<Reply<T>, Failure>;

    /// Reads a whole list.
    async fn collect<E: Paged + Clone>(&self, endpoint: E) -> Result<Collected<E::Item>, Failure>;
}

/// The catalogue objects that the job reads.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "only the examples use it")]
pub struct Catalogue {
    /// Id of an album.
    pub album: &'static str,
    /// Id of an artist.
    pub artist: &'static str,
    /// Id of a track.
    pub track: &'static str,
    /// Id that no album has.
    pub unknown_album: &'static str,
}

/// Does the job with a blocking driver.
///
/// # Errors
///
/// The first error of the driver.
pub fn run_blocking(client: &impl Client, catalogue: &Catalogue) -> Result<(), Failure> {
    match pin!(run(client, catalogue)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err("the driver does not block".into()),
    }
}

/// Does the job and prints what it reads.
///
/// # Errors
///
/// The first error of the driver.
pub async fn run(client: &impl Client, catalogue: &Catalogue) -> Result<(), Failure> {
    println!("\n== An album, and the token for it");
    let get_album = GetAlbum::new(catalogue.album.parse::<AlbumId>()?);
    let key = Key::new(&get_album, "app");
    let reply = revalidate(client, &get_album, &key, None).await?;
    let album = reply.value;
    let released = album.release_date.map(|date| date.to_string()).unwrap_or_default();
    println!("{} ({released}), {} tracks", album.name, album.total_tracks.unwrap_or(0));
    let StoreAction::Put(entry) = reply.store else { return Err("the album came without an ETag".into()) };
    println!("stored with the ETag {}", entry.etag().unwrap_or("-"));

    println!("\n== An artist's albums, page by page");
    let albums =
        client.collect(GetArtistAlbums::new(catalogue.artist.parse::<ArtistId>()?).limit(10)).await?;
    let few: Vec<&str> = albums.items.iter().map(|album| album.name.as_str()).take(3).collect();
    println!("{} albums: {}, …", albums.items.len(), few.join(", "));
    match albums.completeness {
        Completeness::Complete => println!("the list is complete"),
        Completeness::Incomplete { reason, .. } => println!("the list is incomplete: {reason:?}"),
    }

    println!("\n== The album again: has it changed?");
    let reply = revalidate(client, &get_album, &key, Some(entry)).await?;
    let how = match reply.source {
        Source::Fresh => "still fresh, no request sent",
        Source::Revalidated => "not changed: 304 without a body",
        Source::Stale => "not known: the server failed",
        Source::Server => "changed: sent again",
    };
    println!("{}: {how}", reply.value.name);

    println!("\n== A track, despite a rate limit");
    let track = client.reply(GetTrack::new(catalogue.track.parse::<TrackId>()?)).await?.value;
    println!("{}, {} s", track.name, track.duration_ms.unwrap_or(0) / 1000);

    println!("\n== Two errors");
    let typing_error = "4aawyAB9vmqN3uQ7FjRGT".parse::<AlbumId>();
    println!("an id that is too short: {}", describe(&typing_error.err().ok_or("a short id was accepted")?));
    let unknown = client.reply(GetAlbum::new(catalogue.unknown_album.parse::<AlbumId>()?)).await;
    println!("an unknown id: {}", describe(unknown.err().ok_or("an unknown album was found")?.as_ref()));
    Ok(())
}

/// Reads an album, from the store if that is still fresh. A driver with a response store of its own does this itself.
async fn revalidate(
    client: &impl Client,
    endpoint: &GetAlbum,
    key: &Key,
    entry: Option<spotify_proto::cache::Entry>,
) -> Result<Reply<spotify_proto::model::Album>, Failure> {
    match Call::new(endpoint.clone()).cached(key, entry, SystemTime::now()) {
        Cached::Fresh(reply) => Ok(reply),
        Cached::Call(call) => client.reply(call).await,
    }
}

/// Ends a program; an error is one line.
pub fn end(name: &str, result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {}", describe(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// An error with its causes, on one line.
pub fn describe(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
