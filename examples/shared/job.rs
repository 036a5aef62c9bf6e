//! The same job for every driver: an album, an artist's albums page by page, a second read that is answered by
//! 304, a limit that is waited out, and two clear errors.
//!
//! It stands once, as async code; a driver that blocks has its answer at once.

#![allow(dead_code, reason = "an example uses what it needs")]

use std::error::Error as StdError;
use std::pin::pin;
use std::process::ExitCode;
use std::task::{Context, Poll, Waker};

use spotify_proto::api::{GetAlbum, GetArtistAlbums, GetTrack};
use spotify_proto::cache::{Key, Store};
use spotify_proto::{AlbumId, ArtistId, Call, Paged, Reply, Source, TrackId};

pub(crate) type Failure = Box<dyn StdError + Send + Sync>;

/// What the job needs of a driver.
pub(crate) trait Driver {
    async fn call<T>(&mut self, call: impl Into<Call<T>>) -> Result<Reply<T>, Failure>;
}

/// What the job looks at.
pub(crate) struct Catalogue {
    pub(crate) album: &'static str,
    pub(crate) artist: &'static str,
    pub(crate) track: &'static str,
    pub(crate) unknown_album: &'static str,
}

/// Does the job with a driver that blocks.
pub(crate) fn run_blocking(spotify: &mut impl Driver, catalogue: &Catalogue) -> Result<(), Failure> {
    match pin!(run(spotify, catalogue)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err("the driver does not block".into()),
    }
}

pub(crate) async fn run(spotify: &mut impl Driver, catalogue: &Catalogue) -> Result<(), Failure> {
    println!("\n== An album, with a token fetched on the way");
    let get_album = GetAlbum::new(catalogue.album.parse::<AlbumId>()?);
    let key = Key::new(&get_album, "app");
    let reply = spotify.call(Call::new(&get_album).cached(&key, None)).await?;
    let album = reply.value;
    let released = album.release_date.map(|date| date.to_string()).unwrap_or_default();
    println!("{} ({released}), {} tracks", album.name, album.total_tracks.unwrap_or(0));
    let Store::Put(entry) = reply.store else { return Err("the album came without an ETag".into()) };
    println!("kept for later: {} bytes, ETag {}", entry.size(), entry.etag().unwrap_or("-"));

    println!("\n== An artist's albums, page by page");
    // driver begins
    let mut cursor = Some(GetArtistAlbums::new(catalogue.artist.parse::<ArtistId>()?).limit(10));
    let mut names = Vec::new();
    while let Some(endpoint) = cursor {
        let page = spotify.call(&endpoint).await?.value;
        cursor = endpoint.next(&page);
        names.extend(page.into_iter().map(|album| album.name));
    }
    // driver ends
    let few: Vec<&str> = names.iter().map(|name| name.as_str()).take(3).collect();
    println!("{} albums: {}, …", names.len(), few.join(", "));

    println!("\n== The album again: has it changed?");
    let reply = spotify.call(Call::new(&get_album).cached(&key, Some(entry))).await?;
    let how = match reply.source {
        Source::Fresh => "still fresh, not even asked",
        Source::Revalidated => "not changed: 304, no body was sent",
        Source::Stale => "not known: the server failed",
        Source::Server => "changed: sent anew",
    };
    println!("{}: {how}", reply.value.name);

    println!("\n== A track, whatever the limit says");
    let track = spotify.call(GetTrack::new(catalogue.track.parse::<TrackId>()?)).await?.value;
    println!("{}, {} s", track.name, track.duration_ms.unwrap_or(0) / 1000);

    println!("\n== Two mistakes");
    let typing_error = "4aawyAB9vmqN3uQ7FjRGT".parse::<AlbumId>();
    println!("a short id is not even sent: {}", describe(&typing_error.err().ok_or("a short id was taken")?));
    let unknown = spotify.call(GetAlbum::new(catalogue.unknown_album.parse::<AlbumId>()?)).await;
    println!("an unknown id: {}", describe(unknown.err().ok_or("an unknown album was found")?.as_ref()));
    Ok(())
}

/// Ends a program; what went wrong is one line.
pub(crate) fn end(name: &str, result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {}", describe(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// An error with its causes, on one line.
pub(crate) fn describe(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
