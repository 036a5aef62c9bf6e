//! The most common calls: an album, a list of albums, a second read with a 304, a rate limit, and two errors. The
//! program prints every request, response and delay.
//!
//! The program uses an in-memory fake of Spotify, so it requires neither a network nor an account. A virtual clock
//! skips the delays.
//!
//! `cargo run -p tour`

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use spotify_proto::api::{GetAlbum, GetArtistAlbums, GetTrack};
use spotify_proto::cache::{Entry, Key, StoreAction};
use spotify_proto::driver::{Driver, Event};
use spotify_proto::http::{HeaderMap, Request, Response};
use spotify_proto::{AlbumId, App, ArtistId, Completeness, Session, Source, Tokens, TrackId};
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Fake, InjectedFault, Lost, ids};

/// A driver that prints its actions.
struct Tour {
    spotify: RefCell<Fake>,
    state: RefCell<(App, Session)>,
    responses: RefCell<BTreeMap<Key, Entry>>,
    now: Cell<SystemTime>,
}

impl Driver for Tour {
    type Error = Lost;

    fn send(&self, request: Request<Vec<u8>>, _: Duration) -> Result<Response<Vec<u8>>, Lost> {
        println!(" → {} {}", request.method(), request.uri());
        print_headers(request.headers(), &["if-none-match", "content-type"]);
        self.sleep(Duration::from_millis(80));
        let response = self.spotify.borrow_mut().respond(&request, self.now())?;
        println!(" ← {}, {} bytes", response.status(), response.body().len());
        print_headers(response.headers(), &["etag", "cache-control", "retry-after"]);
        Ok(response)
    }

    fn sleep(&self, duration: Duration) {
        self.now.set(self.now.get() + duration);
    }

    fn now(&self) -> SystemTime {
        self.now.get()
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        let (app, session) = &mut *self.state.borrow_mut();
        step(app, session)
    }

    fn save(&self, tokens: &Tokens) -> Result<(), Lost> {
        let life =
            tokens.expires_at().and_then(|end| end.duration_since(self.now()).ok()).unwrap_or_default();
        println!("   a token, valid for {} s; a program would save a user's tokens here", life.as_secs());
        Ok(())
    }

    fn partition(&self) -> Option<String> {
        Some("app".to_owned())
    }

    fn load_response(&self, key: &Key) -> Option<Entry> {
        self.responses.borrow().get(key).cloned()
    }

    fn store_response(&self, key: &Key, action: StoreAction) {
        match action {
            StoreAction::Keep => {}
            StoreAction::Put(entry) => drop(self.responses.borrow_mut().insert(key.clone(), entry)),
            StoreAction::Remove => drop(self.responses.borrow_mut().remove(key)),
        }
    }

    fn observe(&self, event: Event) {
        if let Event::Wait(_, delay) = event {
            println!("   … wait {:.1} s ({})", delay.duration.as_secs_f32(), delay.reason);
        }
    }
}

fn print_headers(headers: &HeaderMap, names: &[&str]) {
    for name in names {
        if let Some(value) = headers.get(*name) {
            println!("     {name}: {}", String::from_utf8_lossy(value.as_bytes()));
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut spotify = Fake::new();
    spotify.script([InjectedFault::rate_limited(5).at("/v1/tracks")]);
    let app = App::confidential(CLIENT_ID, CLIENT_SECRET).with_jitter(1);
    let tour = Tour {
        spotify: RefCell::new(spotify),
        state: RefCell::new((app, Session::client_credentials())),
        responses: RefCell::default(),
        now: Cell::new(UNIX_EPOCH + Duration::from_secs(1_790_000_000)),
    };

    println!("== An album, and a token for the request");
    let get_album = GetAlbum::new(ids::ALBUM.parse::<AlbumId>()?);
    let album = tour.call(get_album.clone())?;
    let released = album.release_date.map(|date| date.to_string()).unwrap_or_default();
    println!("{} ({released}), {} tracks", album.name, album.total_tracks.unwrap_or(0));

    println!("\n== An artist's albums, page by page");
    let albums = tour.collect(GetArtistAlbums::new(ids::ARTIST.parse::<ArtistId>()?).limit(10))?;
    let names: Vec<&str> = albums.items.iter().map(|album| album.name.as_str()).take(3).collect();
    println!("{} albums: {}, …", albums.items.len(), names.join(", "));
    match albums.completeness {
        Completeness::Complete => println!("the list is complete"),
        Completeness::Incomplete { reason, .. } => println!("the list is incomplete: {reason:?}"),
    }

    println!("\n== The album again, revalidated");
    let reply = tour.reply(get_album)?;
    let source = match reply.source {
        Source::Fresh => "still fresh, without a request",
        Source::Revalidated => "unchanged, a 304 without a body",
        Source::Stale => "from the store, because the server failed",
        Source::Server => "changed, a complete response",
    };
    println!("{}: {source}", reply.value.name);

    println!("\n== A track, despite a rate limit");
    let track = tour.call(GetTrack::new(ids::TRACK.parse::<TrackId>()?))?;
    println!("{}, {} s", track.name, track.duration_ms.unwrap_or(0) / 1000);

    println!("\n== Two errors");
    let short_id = "4aawyAB9vmqN3uQ7FjRGT".parse::<AlbumId>();
    println!("an id that is too short: {}", short_id.err().ok_or("expected an error")?);
    let unknown = tour.call(GetAlbum::new(ids::UNKNOWN.parse::<AlbumId>()?));
    println!("an unknown id: {}", unknown.err().ok_or("expected an error")?);
    Ok(())
}
