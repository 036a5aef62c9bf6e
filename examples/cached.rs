//! Answers kept in files: the first run fills the store, the second is answered by 304s or not even asked.
//!
//! It plays against the fake behind a loopback socket that it opens itself. The store is a temporary folder; give
//! another one to find there, at the next start, what this one has kept.
//!
//! `cargo run --example cached --features fake [-- FOLDER]`

#[path = "shared/loopback.rs"]
mod loopback;

use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::SystemTime;
use std::{env, fs, thread};

use loopback::Loopback;
use serde::{Deserialize, Serialize};
use spotify_proto::api::{
    GetAlbum, GetArtistAlbums, GetCurrentUserProfile, GetPlaylist, GetSavedTracks, GetShow, SaveLibraryItems,
};
use spotify_proto::cache::{Entry, Key, Store};
use spotify_proto::fake::{Fake, Stats, ids};
use spotify_proto::http::{Request, Response};
use spotify_proto::{
    AlbumId, ArtistId, BODY_MAX, Call, Endpoint, Paged, PlaylistId, Reply, Scope, Session, ShowId, Source,
    Step, Uri,
};

type Failure = Box<dyn StdError + Send + Sync>;

/// Entries as files: a folder for each user, in it one for each operation, in it a file for each request.
///
/// So what a write makes doubtful is a few folders.
struct Shelf {
    folder: PathBuf,
}

/// Where an entry stands.
struct Place {
    key: Key,
    file: PathBuf,
}

/// What a file holds. The key is there too, so that a file under a wrong name is nobody's answer.
#[derive(Deserialize, Serialize)]
struct Kept<K, E> {
    key: K,
    entry: E,
}

impl Shelf {
    /// The place of an endpoint's answer to a user: who asks is part of the key.
    fn place<E: Endpoint>(&self, endpoint: &E, user: &str) -> Place {
        let key = Key::new(endpoint, user);
        // A query is longer than a file name may be, and a user's id has characters that a path may not have.
        let name = format!("{}.json", digest(key.as_str()));
        Place { file: self.operation(user, E::OPERATION.id).join(name), key }
    }

    fn operation(&self, user: &str, operation: &str) -> PathBuf {
        self.folder.join(digest(user)).join(operation)
    }

    /// The entry of a place. What cannot be read, because it is of another version or broken, counts as absent.
    fn get(&self, place: &Place) -> Result<Option<Entry>, Failure> {
        let bytes = match fs::read(&place.file) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(|error| format!("{}: {error}", place.file.display()))?,
        };
        let kept: Option<Kept<String, Entry>> = serde_json::from_slice(&bytes).ok();
        Ok(kept.filter(|kept| kept.key == place.key.as_str()).map(|kept| kept.entry))
    }

    /// Puts an entry in its place, whole or not at all, for this user's eyes only.
    fn put(&self, place: &Place, entry: &Entry) -> Result<(), Failure> {
        let folder = place.file.parent().ok_or("the file has no folder")?;
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        // In the same folder: a file is renamed in one step only within a file system.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer(&mut file, &Kept { key: place.key.as_str(), entry })?;
        file.flush()?;
        file.persist(&place.file)?;
        Ok(())
    }

    fn remove(&self, place: &Place) -> Result<(), Failure> {
        is_removed(fs::remove_file(&place.file))?;
        Ok(())
    }

    /// Drops a user's answers to these operations; says of which there were any.
    fn drop_doubtful<'a>(&self, user: &str, operations: &[&'a str]) -> Result<Vec<&'a str>, Failure> {
        let mut dropped = Vec::new();
        for operation in operations {
            if is_removed(fs::remove_dir_all(self.operation(user, operation)))? {
                dropped.push(*operation);
            }
        }
        Ok(dropped)
    }
}

/// Whether there was something to remove.
fn is_removed(result: io::Result<()>) -> io::Result<bool> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        result => result.map(|()| true),
    }
}

/// SHA-256 as hexadecimal digits.
fn digest(text: &str) -> String {
    hmac_sha256::Hash::hash(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a program keeps of Spotify: an HTTP stack, a session, and answers of one user.
struct Spotify {
    agent: ureq::Agent,
    session: Mutex<Session>,
    shelf: Shelf,
    user: String,
}

impl Spotify {
    /// Reads through the store: asks with what is there, and does with it what the reply says.
    fn read<E: Endpoint>(&self, endpoint: &E) -> Result<Reply<E::Output>, Failure> {
        let place = self.shelf.place(endpoint, &self.user);
        let stored = self.shelf.get(&place)?;
        let reply = self.call(Call::new(endpoint).cached(&place.key, stored))?;
        let from = match reply.source {
            Source::Fresh => "the store, without asking: still fresh",
            Source::Revalidated => "the store, after a 304",
            Source::Stale => "the store, because the server failed",
            Source::Server => "the server",
        };
        match &reply.store {
            Store::Keep => println!("  {}: from {from}", E::OPERATION.id),
            Store::Put(entry) => {
                self.shelf.put(&place, entry)?;
                println!("  {}: from {from}; kept, {} bytes", E::OPERATION.id, entry.size());
            }
            Store::Remove => {
                self.shelf.remove(&place)?;
                println!("  {}: from {from}; nothing to keep any more", E::OPERATION.id);
            }
        }
        Ok(reply)
    }

    /// Writes, then drops the stored answers that may no longer hold.
    fn write<E: Endpoint>(&self, endpoint: &E) -> Result<E::Output, Failure> {
        let written = self.call(endpoint);
        // Also after a failure: the server may have acted before the answer was lost.
        let doubtful = E::OPERATION.invalidates;
        let dropped = self.shelf.drop_doubtful(&self.user, doubtful)?;
        let id = E::OPERATION.id;
        println!(
            "  {id}: answers to {} operations are doubtful; dropped: {}",
            doubtful.len(),
            dropped.join(", ")
        );
        Ok(written?.value)
    }

    /// The driver of the README.
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
                // The token of this example is given, so there are never new ones.
                Step::Save(_, pause) => pause.resume(&mut session(), now()),
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

/// What a run has read.
#[derive(Default)]
struct Run {
    sources: Vec<Source>,
    /// Tracks of the album that are not saved yet.
    unsaved: Vec<Uri>,
    saved: Option<u32>,
}

/// An album, an artist's albums, a show, a playlist, and what the user saved.
fn browse(spotify: &Spotify) -> Result<Run, Failure> {
    let mut run = Run::default();
    let album = spotify.read(&GetAlbum::new(ids::ALBUM.parse::<AlbumId>()?))?;
    run.sources.push(album.source);

    let mut cursor = Some(GetArtistAlbums::new(ids::ARTIST.parse::<ArtistId>()?).limit(10));
    while let Some(endpoint) = cursor {
        let page = spotify.read(&endpoint)?;
        run.sources.push(page.source);
        cursor = endpoint.next(&page.value);
    }
    run.sources.push(spotify.read(&GetShow::new(ids::SHOW.parse::<ShowId>()?))?.source);
    run.sources.push(spotify.read(&GetPlaylist::new(ids::PLAYLIST.parse::<PlaylistId>()?))?.source);

    let mut saved = BTreeSet::new();
    let mut cursor = Some(GetSavedTracks::new().limit(50));
    while let Some(endpoint) = cursor {
        let page = spotify.read(&endpoint)?;
        run.sources.push(page.source);
        run.saved = page.value.total;
        cursor = endpoint.next(&page.value);
        saved.extend(page.value.into_iter().filter_map(|item| item.track?.id));
    }
    let tracks = album.value.tracks.into_iter().flatten().filter_map(|track| track.id);
    run.unsaved = tracks.filter(|id| !saved.contains(id)).map(Uri::from).collect();
    Ok(run)
}

fn main_job(folder: PathBuf) -> Result<(), Failure> {
    let mut fake = Fake::new();
    let token = fake.user_token(Scope::ALL, SystemTime::now());
    let server = Loopback::start(fake)?;
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false) // an answer is an answer: the library reads them all
        .max_redirects(0) // the API never redirects, and a token goes nowhere else
        .max_redirects_will_error(false)
        .build()
        .new_agent();
    let session = Mutex::new(Session::fixed(token).with_origins(server.origin(), server.origin()));
    println!("With the fake at {}, the store in {}", server.origin(), folder.display());

    // Whose answers these are is asked of the server: a store must not guess it.
    let mut spotify = Spotify { agent, session, shelf: Shelf { folder }, user: String::new() };
    let profile = spotify.call(GetCurrentUserProfile::new())?.value;
    spotify.user = profile.id.ok_or("a profile without an id")?.to_string();
    println!("The user is {}", spotify.user);

    println!("\n== The first run fills the store");
    let start = server.stats();
    let first = browse(&spotify)?;
    let between = server.stats();
    report(&first.sources, start, between);

    println!("\n== The second run");
    let second = browse(&spotify)?;
    let end = server.stats();
    report(&second.sources, between, end);
    if second.sources.contains(&Source::Server) {
        return Err("the second run was answered anew".into());
    }

    println!("\n== A write, and what it makes doubtful");
    let track = second.unsaved.into_iter().next().ok_or("every track of the album is saved")?;
    spotify.write(&SaveLibraryItems::new(track.clone()))?;
    println!("  saved {track}");
    let saved = spotify.read(&GetSavedTracks::new().limit(50))?;
    let album = spotify.read(&GetAlbum::new(ids::ALBUM.parse::<AlbumId>()?))?;
    println!("  {} saved tracks, before: {}", number(saved.value.total), number(second.saved));
    if (saved.source, album.source) != (Source::Server, Source::Revalidated) {
        return Err("saved tracks have to be read anew after the write, and nothing else".into());
    }

    println!("\n== In all");
    report_all(start, server.stats());
    Ok(())
}

fn number(total: Option<u32>) -> String {
    total.map_or_else(|| "?".to_owned(), |total| total.to_string())
}

/// What a run cost, and what it did not.
fn report(sources: &[Source], before: Stats, after: Stats) {
    let fresh = sources.iter().filter(|source| **source == Source::Fresh).count();
    println!("  {} reads, {fresh} of them without a request", sources.len());
    report_all(before, after);
}

fn report_all(before: Stats, after: Stats) {
    println!(
        "  {} requests, {} answered by 304; {} bytes sent, {} bytes saved",
        after.answers - before.answers,
        after.not_modified - before.not_modified,
        after.body_bytes - before.body_bytes,
        after.saved_bytes - before.saved_bytes,
    );
}

fn run() -> Result<(), Failure> {
    if let Some(folder) = env::args_os().nth(1) {
        return main_job(Path::new(&folder).to_owned());
    }
    // It is removed when this is dropped.
    let folder = tempfile::tempdir()?;
    main_job(folder.path().to_owned())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cached: {error}");
            ExitCode::FAILURE
        }
    }
}
