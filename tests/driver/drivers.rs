//! Tests of the provided drivers: locks, cancellation and prefetching.

use std::future::poll_fn;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::num::NonZeroUsize;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_executor::{LocalPool, LocalSpawner};
use futures_util::future::join_all;
use futures_util::task::LocalSpawnExt as _;
use spotify_proto::api::{GetAlbum, GetArtistAlbums};
use spotify_proto::driver::AsyncDriver;
use spotify_proto::http::{Request, Response};
use spotify_proto::model::SimplifiedAlbum;
use spotify_proto::{AlbumId, App, ArtistId, Completeness, Session, TokenStep};
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Fake, Lost, ids};

use spotify_proto_testing::loopback::Loopback;

// ── Locks and cancellation ────────────────────────────────────────────────────────────────────────────────────

/// A driver with a slow server and with the state in a mutex.
#[derive(Clone)]
struct Spotify(Rc<Shared>);

struct Shared {
    fake: Mutex<Fake>,
    state: Mutex<(App, Session)>,
    pool: LocalSpawner,
    /// Number of requests in flight.
    in_flight: AtomicUsize,
    most_in_flight: AtomicUsize,
    /// `true` if the state was locked while a request was in flight.
    was_locked: AtomicBool,
}

fn noon() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000)
}

impl Spotify {
    fn new(pool: &LocalPool) -> Self {
        let app = App::confidential(CLIENT_ID, CLIENT_SECRET);
        Self(Rc::new(Shared {
            fake: Mutex::new(Fake::new()),
            state: Mutex::new((app, Session::client_credentials())),
            pool: pool.spawner(),
            in_flight: AtomicUsize::new(0),
            most_in_flight: AtomicUsize::new(0),
            was_locked: AtomicBool::new(false),
        }))
    }

    /// Yields to other tasks once, and records whether the state is locked.
    async fn yield_once(&self) {
        let mut is_over = false;
        poll_fn(|context| {
            self.0.was_locked.fetch_or(self.0.state.try_lock().is_err(), Ordering::SeqCst);
            if std::mem::replace(&mut is_over, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
}

impl AsyncDriver for Spotify {
    type Error = Lost;

    async fn send(&self, request: Request<Vec<u8>>, _: Duration) -> Result<Response<Vec<u8>>, Lost> {
        let count = self.0.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.most_in_flight.fetch_max(count, Ordering::SeqCst);
        for _ in 0..3 {
            self.yield_once().await;
        }
        self.0.in_flight.fetch_sub(1, Ordering::SeqCst);
        self.0.fake.lock().expect("the lock should not be poisoned").respond(&request, noon())
    }

    async fn sleep(&self, _: Duration) {
        self.yield_once().await;
    }

    fn now(&self) -> SystemTime {
        noon()
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        let (app, session) = &mut *self.0.state.lock().expect("the lock should not be poisoned");
        step(app, session)
    }

    fn detach(&self, step: TokenStep) {
        let spotify = self.clone();
        let task = async move {
            spotify.authorize(step).await.expect("the token request should succeed");
        };
        self.0.pool.spawn_local(task).expect("the pool should be running");
    }
}

fn album() -> GetAlbum {
    GetAlbum::new(ids::ALBUM.parse::<AlbumId>().expect("expected an id"))
}

/// Requires a value to be `Send`.
fn is_send<T: Send>(value: T) -> T {
    value
}

#[test]
fn a_driver_does_not_hold_a_lock_while_a_request_is_in_flight() {
    let mut pool = LocalPool::new();
    let spotify = Spotify::new(&pool);
    // There is one thread, so a lock that is held across an await point would block all tasks.
    let calls = (0..8).map(|_| spotify.call(album()));
    let albums: Result<Vec<_>, _> = pool.run_until(join_all(calls)).into_iter().collect();
    let names: Vec<_> = albums.expect("albums").into_iter().map(|album| album.name).collect();
    assert_eq!(names, ["Letters to the Tide"; 8]);
    assert!(
        !spotify.0.was_locked.load(Ordering::SeqCst),
        "the state was locked while a request was in flight"
    );
    assert_eq!(spotify.0.most_in_flight.load(Ordering::SeqCst), 8);
    let issued = spotify.0.fake.lock().expect("the lock should not be poisoned").tokens_issued();
    assert_eq!(issued, 1, "all calls should share one token");
}

#[test]
fn no_token_is_lost_if_a_call_is_dropped_at_any_point() {
    for polls in 0..40 {
        let mut pool = LocalPool::new();
        let spotify = Spotify::new(&pool);
        pool.run_until(async {
            let mut call = Box::pin(spotify.call(album()));
            for _ in 0..polls {
                if let Poll::Ready(result) = poll_fn(|context| Poll::Ready(call.as_mut().poll(context))).await
                {
                    result.expect("expected an album");
                    break;
                }
                spotify.yield_once().await;
            }
            drop(call);
            spotify.call(album()).await.expect("the album should be read after the first call was dropped");
        });
        let issued = spotify.0.fake.lock().expect("the lock should not be poisoned").tokens_issued();
        assert_eq!(issued, 1, "dropped after {polls} polls");
    }
}

#[test]
fn pages_are_prefetched_in_order_and_within_the_limit() {
    let mut pool = LocalPool::new();
    let spotify = Spotify::new(&pool);
    let artist: ArtistId = ids::ARTIST.parse().expect("expected an id");
    let names = |albums: Vec<SimplifiedAlbum>| albums.into_iter().map(|album| album.name).collect::<Vec<_>>();
    let endpoint = GetArtistAlbums::new(artist).limit(2);
    let (one_by_one, prefetched) = pool.run_until(async {
        let collected = spotify.collect(endpoint.clone()).await.expect("albums");
        assert_eq!(collected.completeness, Completeness::Complete);
        let mut pages =
            spotify.prefetch(endpoint, NonZeroUsize::new(4).expect("expected a number above zero"));
        let mut prefetched = Vec::new();
        while let Some(page) = pages.next().await {
            prefetched.extend(page.expect("expected a page"));
        }
        assert_eq!(pages.completeness(), Completeness::Complete);
        (collected.items, prefetched)
    });
    assert_eq!(names(one_by_one), names(prefetched));
    assert_eq!(spotify.0.most_in_flight.load(Ordering::SeqCst), 4);
}

#[test]
fn driver_futures_are_send_if_the_driver_methods_return_send_futures() {
    #[derive(Clone)]
    struct Never(Arc<Mutex<(App, Session)>>);

    impl AsyncDriver for Never {
        type Error = Lost;

        async fn send(&self, _: Request<Vec<u8>>, _: Duration) -> Result<Response<Vec<u8>>, Lost> {
            std::future::pending().await
        }

        async fn sleep(&self, _: Duration) {}

        fn now(&self) -> SystemTime {
            noon()
        }

        fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
            let (app, session) = &mut *self.0.lock().expect("the lock should not be poisoned");
            step(app, session)
        }

        fn detach(&self, step: TokenStep) {
            let never = self.clone();
            drop(is_send(async move { never.authorize(step).await }));
        }
    }

    let state = (App::without_credentials(), Session::from_access_token("token"));
    let never = Never(Arc::new(Mutex::new(state)));
    drop(is_send(never.call(album())));
    drop(is_send(
        never.collect(GetArtistAlbums::new(ids::ARTIST.parse::<ArtistId>().expect("expected an id"))),
    ));
}

// ── The server ────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_loopback_server_sends_responses_on_all_open_connections() {
    let server = Loopback::start(Fake::new()).expect("expected a free port");
    let address = server.origin().as_str().trim_start_matches("http://").to_owned();
    let connections: Vec<TcpStream> = (0..32)
        .map(|_| {
            let stream = TcpStream::connect(&address).expect("expected a connection");
            stream.set_read_timeout(Some(Duration::from_secs(20))).expect("expected a timeout");
            stream
        })
        .collect();
    // Each connection is used for two requests.
    for mut stream in connections.iter().chain(&connections) {
        stream.write_all(b"GET /v1/albums/x HTTP/1.1\r\nhost: x\r\n\r\n").expect("expected a request");
        let mut start = [0; 12];
        stream.read_exact(&mut start).expect("expected a status line");
        assert_eq!(&start, b"HTTP/1.1 401");
        let mut rest = [0; 4096];
        assert!(stream.read(&mut rest).expect("expected the rest of the response") > 0);
    }
    assert_eq!(server.stats().answers, 64);
    drop(server);
    for mut stream in &connections {
        assert_eq!(
            stream.read(&mut [0; 1]).expect("expected the end of the stream"),
            0,
            "the server closes its connections"
        );
    }
}
