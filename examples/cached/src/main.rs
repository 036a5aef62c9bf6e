//! A program that stores responses in files. The program reads the same data twice: first from the server, and then
//! from the store, after a 304 or without a request.
//!
//! The server is the fake Spotify on a loopback socket. The store is a temporary folder; pass the path of a folder to
//! keep the store between runs.
//!
//! `cargo run -p cached [-- FOLDER]`

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::fmt::Display;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};
use std::{env, fs, thread};

use serde::{Deserialize, Serialize};
use spotify_proto::api::{
    GetAlbum, GetArtistAlbums, GetCurrentUserProfile, GetPlaylist, GetSavedTracks, GetShow, SaveLibraryItems,
};
use spotify_proto::cache::{Entry, Key, StoreAction};
use spotify_proto::driver::Driver;
use spotify_proto::http::{Request, Response};
use spotify_proto::{
    AlbumId, App, ArtistId, Endpoint, MAX_BODY_LEN, Operation, Pager, PlaylistId, Reply, Scope, Session,
    ShowId, Source, SpotifyUri,
};
use spotify_proto_testing::fake::{Fake, Stats, ids};
use spotify_proto_testing::loopback::Loopback;

type Failure = Box<dyn StdError + Send + Sync>;

/// A response store with one file per response, at the path `user/operation/request`. A write that may change the
/// responses to an operation removes the folder of that operation.
struct FileStore {
    folder: PathBuf,
}

/// The contents of a file. The key is included, so that a renamed file is not used for a different request.
#[derive(Deserialize, Serialize)]
struct Stored<K, E> {
    key: K,
    entry: E,
}

impl FileStore {
    /// Returns the path of a response's file. The key and the user id are hashed, because a query may be longer than a
    /// file name, and a user id may contain characters that are not allowed in paths.
    fn file(&self, user: &str, key: &Key) -> PathBuf {
        self.operation(user, key.operation()).join(format!("{}.json", digest(key.as_str())))
    }

    fn operation(&self, user: &str, operation: &str) -> PathBuf {
        self.folder.join(digest(user)).join(operation)
    }

    /// Loads an entry. Returns `None` if the file is missing, is damaged, or was written by a different version.
    fn load(&self, user: &str, key: &Key) -> Result<Option<Entry>, Failure> {
        let file = self.file(user, key);
        let bytes = match fs::read(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(named(&file))?,
        };
        let stored: Option<Stored<String, Entry>> = serde_json::from_slice(&bytes).ok();
        Ok(stored.filter(|stored| stored.key == key.as_str()).map(|stored| stored.entry))
    }

    /// Stores an entry in a file that only the current user can read. An existing file is replaced atomically.
    fn put(&self, user: &str, key: &Key, entry: &Entry) -> Result<(), Failure> {
        let file = self.file(user, key);
        let folder = file.parent().ok_or("the file has no folder")?;
        fs::create_dir_all(folder).map_err(named(folder))?;
        // The temporary file is in the same folder, because a rename is atomic only within a file system.
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer(&mut new, &Stored { key: key.as_str(), entry })?;
        new.flush()?;
        new.persist(&file)?;
        Ok(())
    }

    fn remove(&self, user: &str, key: &Key) -> Result<(), Failure> {
        let file = self.file(user, key);
        is_removed(fs::remove_file(&file)).map_err(named(&file))?;
        Ok(())
    }

    /// Removes a user's stored responses to the given operations. Returns the operations that had stored responses.
    fn invalidate<'a>(&self, user: &str, operations: &[&'a str]) -> Result<Vec<&'a str>, Failure> {
        let mut removed = Vec::new();
        for operation in operations {
            let folder = self.operation(user, operation);
            if is_removed(fs::remove_dir_all(&folder)).map_err(named(&folder))? {
                removed.push(*operation);
            }
        }
        Ok(removed)
    }
}

/// Returns whether the file or folder existed.
fn is_removed(result: io::Result<()>) -> io::Result<bool> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        result => result.map(|()| true),
    }
}

/// Returns a function that prepends the path to an error.
fn named<E: Display>(path: &Path) -> impl Fn(E) -> Failure {
    move |error| format!("{}: {error}", path.display()).into()
}

/// Returns the SHA-256 digest in hexadecimal digits.
fn digest(text: &str) -> String {
    hmac_sha256::Hash::hash(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A driver with an HTTP client, an application with one user, and a store for the user's responses.
struct Spotify {
    agent: ureq::Agent,
    state: RefCell<(App, Session)>,
    store: FileStore,
    /// Id of the user; `None` until the profile has been read.
    user: Option<String>,
    /// Description of the last change to the store.
    stored: Cell<String>,
    /// First error of the store. The error does not fail the call, but it fails the program.
    store_error: RefCell<Option<Failure>>,
}

impl Driver for Spotify {
    type Error = ureq::Error;

    fn send(&self, request: Request<Vec<u8>>, timeout: Duration) -> Result<Response<Vec<u8>>, ureq::Error> {
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
        let (app, session) = &mut *self.state.borrow_mut();
        step(app, session)
    }

    fn partition(&self) -> Option<String> {
        self.user.clone()
    }

    fn load_response(&self, key: &Key) -> Option<Entry> {
        self.note(self.store.load(self.user(), key)).flatten()
    }

    fn store_response(&self, key: &Key, action: StoreAction) {
        let (result, stored) = match action {
            StoreAction::Keep => return,
            StoreAction::Put(entry) => {
                let stored = format!("; stored, {} bytes", entry.size());
                (self.store.put(self.user(), key, &entry), stored)
            }
            StoreAction::Remove => {
                (self.store.remove(self.user(), key), "; removed from the store".to_owned())
            }
        };
        self.note(result);
        self.stored.set(stored);
    }

    fn invalidate_responses(&self, operation: &'static Operation) {
        let outdated: Vec<&str> = operation.invalidated().iter().map(|read| read.id).collect();
        let Some(removed) = self.note(self.store.invalidate(self.user(), &outdated)) else {
            return;
        };
        println!(
            "  {}: may change the responses to {} operations; removed the stored responses to {}",
            operation.id,
            outdated.len(),
            removed.join(", ")
        );
    }
}

impl Spotify {
    fn user(&self) -> &str {
        self.user.as_deref().unwrap_or_default()
    }

    /// Returns the value, or `None` if there is an error. The first error is retained.
    fn note<T>(&self, result: Result<T, Failure>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.store_error.borrow_mut().get_or_insert(error);
                None
            }
        }
    }

    /// Returns the first error of the store, if any.
    fn check_store(&self) -> Result<(), Failure> {
        self.store_error.borrow_mut().take().map_or(Ok(()), Err)
    }

    /// Calls an endpoint and prints the source of the response.
    fn read<E: Endpoint + Clone>(&self, endpoint: &E) -> Result<Reply<E::Output>, Failure> {
        let reply = self.reply(endpoint.clone());
        self.check_store()?;
        let reply = reply?;
        let source = match reply.source {
            Source::Fresh => "the store, still fresh",
            Source::Revalidated => "the store, after a 304",
            Source::Stale => "the store, because the server failed",
            Source::Server => "the server",
        };
        println!("  {}: from {source}{}", E::OPERATION.id, self.stored.take());
        Ok(reply)
    }
}

/// The result of a run.
#[derive(Default)]
struct Run {
    sources: Vec<Source>,
    /// Tracks of the album that the user has not saved.
    unsaved: Vec<SpotifyUri>,
    saved: Option<u32>,
}

/// Reads an album, an artist's albums, a show, a playlist, and the user's saved tracks.
fn browse(spotify: &Spotify) -> Result<Run, Failure> {
    let mut run = Run::default();
    let album = spotify.read(&GetAlbum::new(ids::ALBUM.parse::<AlbumId>()?))?;
    run.sources.push(album.source);

    let mut pager = Pager::new(GetArtistAlbums::new(ids::ARTIST.parse::<ArtistId>()?).limit(10));
    while let Some(endpoint) = pager.request() {
        let page = spotify.read(endpoint)?;
        run.sources.push(page.source);
        pager.receive(page.value);
    }
    run.sources.push(spotify.read(&GetShow::new(ids::SHOW.parse::<ShowId>()?))?.source);
    run.sources.push(spotify.read(&GetPlaylist::new(ids::PLAYLIST.parse::<PlaylistId>()?))?.source);

    let mut saved = BTreeSet::new();
    let mut pager = Pager::new(GetSavedTracks::new().limit(50));
    while let Some(endpoint) = pager.request() {
        let page = spotify.read(endpoint)?;
        run.sources.push(page.source);
        run.saved = page.value.total;
        saved.extend(pager.receive(page.value).into_iter().filter_map(|item| item.track?.id));
    }
    let tracks = album.value.tracks.into_iter().flatten().filter_map(|track| track.id);
    run.unsaved = tracks.filter(|id| !saved.contains(id)).map(SpotifyUri::from).collect();
    Ok(run)
}

fn run_in(folder: PathBuf) -> Result<(), Failure> {
    let mut fake = Fake::new();
    let token = fake.user_token(Scope::ALL, SystemTime::now());
    let server = Loopback::start(fake)?;
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false) // the library reads responses of every status
        .max_redirects(0) // the API never redirects, and a token must not be sent elsewhere
        .max_redirects_will_error(false)
        .build()
        .new_agent();
    let app = App::without_credentials().with_origins(server.origin(), server.origin());
    println!("Server: the fake Spotify at {}; store: {}", server.origin(), folder.display());

    let mut spotify = Spotify {
        agent,
        state: RefCell::new((app, Session::from_access_token(token))),
        store: FileStore { folder },
        user: None,
        stored: Cell::default(),
        store_error: RefCell::default(),
    };
    // The responses for different users must not be mixed, so the user id is read from the server.
    let profile = spotify.call(GetCurrentUserProfile::new())?;
    let user = profile.id.ok_or("a profile without an id")?.to_string();
    println!("User: {user}");
    spotify.user = Some(user);

    println!("\n== The first run, which fills the store");
    let start = server.stats();
    let first = browse(&spotify)?;
    let between = server.stats();
    report(&first.sources, start, between);

    println!("\n== The second run, which uses the store");
    let second = browse(&spotify)?;
    let end = server.stats();
    report(&second.sources, between, end);
    if second.sources.contains(&Source::Server) {
        return Err("expected the second run to be served from the store".into());
    }

    println!("\n== A write, which removes the stored responses that it may change");
    let track = second.unsaved.into_iter().next().ok_or("every track of the album is saved")?;
    spotify.call(SaveLibraryItems::new(track.clone()))?;
    spotify.check_store()?;
    println!("  saved {track}");
    let saved = spotify.read(&GetSavedTracks::new().limit(50))?;
    let album = spotify.read(&GetAlbum::new(ids::ALBUM.parse::<AlbumId>()?))?;
    println!("  {} saved tracks, {} before the write", number(saved.value.total), number(second.saved));
    if (saved.source, album.source) != (Source::Server, Source::Revalidated) {
        return Err("expected the write to remove the saved tracks from the store, and nothing else".into());
    }

    println!("\n== Total");
    report_all(start, server.stats());
    Ok(())
}

fn number(total: Option<u32>) -> String {
    total.map_or_else(|| "?".to_owned(), |total| total.to_string())
}

/// Prints the number of reads and the traffic.
fn report(sources: &[Source], before: Stats, after: Stats) {
    let fresh = sources.iter().filter(|source| **source == Source::Fresh).count();
    println!("  {} reads, {fresh} of them without a request", sources.len());
    report_all(before, after);
}

fn report_all(before: Stats, after: Stats) {
    println!(
        "  {} requests, {} of them with a 304 response; {} bytes sent, {} bytes saved",
        after.answers - before.answers,
        after.not_modified - before.not_modified,
        after.body_bytes - before.body_bytes,
        after.saved_bytes - before.saved_bytes,
    );
}

fn run() -> Result<(), Failure> {
    if let Some(folder) = env::args_os().nth(1) {
        return run_in(Path::new(&folder).to_owned());
    }
    let folder = tempfile::tempdir()?; // removed when it is dropped
    run_in(folder.path().to_owned())
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
