//! Tests of the optional driver methods, which load the tokens of other processes and invalidate stored responses.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Request, Response};
use spotify_proto::api::{GetAlbum, SaveLibraryItems};
use spotify_proto::driver::{AsyncDriver, Driver, Error};
use spotify_proto::{
    AlbumId, App, AuthError, Endpoint as _, Error as SpotifyError, Operation, Scope, Session, SpotifyUri,
    TokenStep, Tokens,
};
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Fake, InjectedFault, ids};

/// A driver for the fake in memory, with a virtual clock.
struct Spotify {
    fake: RefCell<Fake>,
    state: RefCell<(App, Session)>,
    now: Cell<SystemTime>,
    /// The result of loading tokens from the store.
    stored: Result<Option<Tokens>, &'static str>,
    invalidated: RefCell<Vec<&'static str>>,
    tasks: RefCell<Vec<TokenStep>>,
}

impl Spotify {
    fn new(session: Session) -> Self {
        let app = App::confidential(CLIENT_ID, CLIENT_SECRET);
        Self {
            fake: RefCell::new(Fake::new()),
            state: RefCell::new((app, session)),
            now: Cell::new(UNIX_EPOCH + Duration::from_secs(1_790_000_000)),
            stored: Ok(None),
            invalidated: RefCell::default(),
            tasks: RefCell::default(),
        }
    }

    fn user_token(&self) -> String {
        self.fake.borrow_mut().user_token(Scope::ALL, self.now.get())
    }

    fn respond(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, &'static str> {
        self.fake.borrow_mut().respond(request, self.now.get()).map_err(|_| "lost")
    }

    fn token_requests(&self) -> usize {
        self.fake.borrow().requests().iter().filter(|seen| seen.target == "/api/token").count()
    }

    fn with_state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        let (app, session) = &mut *self.state.borrow_mut();
        step(app, session)
    }
}

impl Driver for Spotify {
    type Error = &'static str;

    fn send(&self, request: Request<Vec<u8>>, _: Duration) -> Result<Response<Vec<u8>>, &'static str> {
        self.respond(&request)
    }

    fn sleep(&self, duration: Duration) {
        self.now.set(self.now.get() + duration);
    }

    fn now(&self) -> SystemTime {
        self.now.get()
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        self.with_state(step)
    }

    fn load_tokens(&self) -> Result<Option<Tokens>, &'static str> {
        self.stored.clone()
    }

    fn invalidate_responses(&self, operation: &'static Operation) {
        self.invalidated.borrow_mut().push(operation.id);
    }
}

/// The asynchronous counterpart of [`Spotify`], whose tasks run while a call sleeps.
struct AsyncSpotify(Spotify);

impl AsyncDriver for AsyncSpotify {
    type Error = &'static str;

    async fn send(&self, request: Request<Vec<u8>>, _: Duration) -> Result<Response<Vec<u8>>, &'static str> {
        self.0.respond(&request)
    }

    async fn sleep(&self, duration: Duration) {
        let tasks = self.0.tasks.take();
        for step in tasks {
            let _ = ready(self.authorize(step));
        }
        self.0.now.set(self.0.now.get() + duration);
    }

    fn now(&self) -> SystemTime {
        self.0.now.get()
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        self.0.with_state(step)
    }

    fn detach(&self, step: TokenStep) {
        self.0.tasks.borrow_mut().push(step);
    }

    async fn load_tokens(&self) -> Result<Option<Tokens>, &'static str> {
        self.0.stored.clone()
    }

    async fn invalidate_responses(&self, operation: &'static Operation) {
        self.0.invalidated.borrow_mut().push(operation.id);
    }
}

/// Returns the output of a future that is ready at the first poll.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the future is pending"),
    }
}

fn album() -> GetAlbum {
    GetAlbum::new(ids::ALBUM.parse::<AlbumId>().expect("expected an id"))
}

#[test]
fn no_token_request_is_sent_if_newer_tokens_are_stored() {
    let mut spotify = Spotify::new(Session::client_credentials());
    spotify.stored = Ok(Some(Tokens::from_access_token(spotify.user_token(), None)));
    Driver::call(&spotify, album()).expect("expected an album");
    assert_eq!(spotify.token_requests(), 0);

    let mut spotify = Spotify::new(Session::client_credentials());
    spotify.stored = Ok(Some(Tokens::from_access_token(spotify.user_token(), None)));
    let spotify = AsyncSpotify(spotify);
    ready(AsyncDriver::call(&spotify, album())).expect("expected an album");
    assert_eq!(spotify.0.token_requests(), 0);
}

#[test]
fn a_token_request_is_sent_if_the_stored_tokens_were_rejected() {
    let mut spotify = Spotify::new(Session::client_credentials());
    let tokens = Tokens::from_access_token(spotify.user_token(), None);
    spotify.stored = Ok(Some(tokens));
    spotify.fake.borrow_mut().script([InjectedFault::ExpiredToken.at("/v1/albums")]);
    Driver::call(&spotify, album()).expect("expected an album");
    assert_eq!(spotify.token_requests(), 1);
}

#[test]
fn no_token_request_is_sent_if_the_token_store_fails() {
    let mut spotify = Spotify::new(Session::client_credentials());
    spotify.stored = Err("the store is unavailable");
    let error = Driver::call(&spotify, album()).expect_err("the store should fail");
    assert!(matches!(error, Error::Load("the store is unavailable")), "{error:?}");
    assert_eq!(spotify.token_requests(), 0);

    let mut spotify = Spotify::new(Session::client_credentials());
    spotify.stored = Err("the store is unavailable");
    let spotify = AsyncSpotify(spotify);
    let error = ready(AsyncDriver::call(&spotify, album())).expect_err("the store should fail");
    let Some(SpotifyError::Auth(AuthError::AttemptsExhausted { reason })) = error.as_spotify() else {
        panic!("{error:?}")
    };
    assert_eq!((reason.as_str(), spotify.0.token_requests()), ("the store is unavailable", 0));
}

#[test]
fn a_write_invalidates_stored_responses_even_if_its_response_is_lost() {
    let spotify = Spotify::new(Session::client_credentials());
    let token = spotify.user_token();
    spotify.with_state(|_, session| *session = Session::from_access_token(token));
    let save =
        || SaveLibraryItems::new(SpotifyUri::from(ids::ALBUM.parse::<AlbumId>().expect("expected an id")));
    Driver::call(&spotify, album()).expect("expected an album");
    assert!(spotify.invalidated.borrow().is_empty(), "a read invalidates nothing");
    Driver::call(&spotify, save()).expect("the album should be saved");
    spotify.fake.borrow_mut().script([InjectedFault::LostAfter]);
    let _ = Driver::call(&spotify, save());
    let id = SaveLibraryItems::OPERATION.id;
    assert!(spotify.invalidated.borrow().iter().all(|it| *it == id));
    assert!(spotify.invalidated.borrow().len() >= 2);

    let spotify = AsyncSpotify(spotify);
    spotify.0.invalidated.take();
    ready(AsyncDriver::call(&spotify, save())).expect("the album should be saved");
    assert_eq!(spotify.0.invalidated.take(), [id]);
}
