//! Time that a step waits for the state while another thread reads large pages with the same driver.
//!
//! `cargo bench --bench contention` prints percentiles of the time that a thread takes to acquire the lock and start a
//! call: alone, and while another thread reads pages of 264 KB.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "benches measure time and print"
)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a bench that panics has failed"
)]
#![allow(unreachable_pub, reason = "the bodies are shared with other benches")]

use std::hint::black_box;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use http::{Request, Response};
use spotify_proto::api::{GetPlaylistItems, GetTrack};
use spotify_proto::driver::Driver;
use spotify_proto::{App, Call, Endpoint, Origin, PlaylistId, Session, TrackId};

#[path = "bodies.rs"]
#[allow(dead_code, reason = "other benches use the rest")]
mod bodies;

/// Driver whose server responds immediately with a large page.
struct Spotify {
    page: Vec<u8>,
    state: Mutex<(App, Session)>,
}

impl Driver for Spotify {
    type Error = std::convert::Infallible;

    fn send(&self, _: Request<Vec<u8>>, _: Duration) -> Result<Response<Vec<u8>>, Self::Error> {
        Ok(Response::new(self.page.clone()))
    }

    fn sleep(&self, duration: Duration) {
        thread::sleep(duration);
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        let (app, session) = &mut *self.state.lock().expect("no step panics");
        step(app, session)
    }
}

const ROUNDS: usize = 20_000;

fn playlist() -> GetPlaylistItems {
    GetPlaylistItems::new("3cEYpjA9oz9GiPac4AsH4n".parse::<PlaylistId>().expect("an id"))
}

/// Starts [`ROUNDS`] calls and returns their durations in ascending order.
fn starts(spotify: &Spotify) -> Vec<Duration> {
    let track = GetTrack::new("6rqhFgbbKwnb9MLmUQDhG6".parse::<TrackId>().expect("an id"));
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let call = Call::new(track.clone());
            let begin = Instant::now();
            let step = spotify.state(|app, session| call.start(app, session, SystemTime::now()));
            let time = begin.elapsed();
            drop(black_box(step));
            thread::sleep(Duration::from_micros(50));
            time
        })
        .collect();
    times.sort_unstable();
    times
}

fn print(name: &str, times: &[Duration]) {
    let at = |share: f64| times[(times.len() as f64 * share) as usize];
    println!("{name:<40} median {:>9.1?}  p99 {:>9.1?}  p99.9 {:>9.1?}", at(0.5), at(0.99), at(0.999));
}

fn main() {
    let state = (App::without_credentials(), Session::from_access_token("token"));
    let spotify = Spotify {
        page: bodies::playlist_items(&mut bodies::Seeded(1), None).to_string().into_bytes(),
        state: Mutex::new(state),
    };
    println!("page of {} KB, {}", spotify.page.len() / 1000, playlist().request(&Origin::api()).uri());
    print("start, alone", &starts(&spotify));
    let (is_over, pages) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                black_box(spotify.call(playlist()).expect("a page"));
                pages.fetch_add(1, Ordering::Relaxed);
            }
        });
        print("start, while large pages are read", &starts(&spotify));
        is_over.store(true, Ordering::Relaxed);
    });
    println!("{} pages were read concurrently", pages.load(Ordering::Relaxed));
}
