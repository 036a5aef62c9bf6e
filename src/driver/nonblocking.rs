//! The driver of async programs.

use std::fmt;
use std::num::NonZeroUsize;
use std::time::{Duration, SystemTime};

use http::{Request, Response};

use super::pages::PageResult;
use super::{AsyncPages, Collected, Error, Event, Keyed, Prefetch, is_stored};
use crate::app::App;
use crate::auth::tokens::Tokens;
use crate::cache::{Entry, Key, StoreAction};
use crate::call::{Cached, Call, Reply, Step};
use crate::endpoint::{OffsetPaged, Paged};
use crate::session::{Session, TokenExchange, TokenStep};
use crate::types::operation::Operation;

/// Drives calls over an async transport, with any executor.
///
/// Five methods are required. All futures may be dropped at any point. They are `Send` if those of the implementation
/// are.
///
/// [`detach`](Self::detach) runs token work in a task of its own. With tokio that is one line, which is the reason for
/// `Clone` and an `Arc` around the state:
///
/// ```
/// use std::{sync::{Arc, Mutex}, time::{Duration, SystemTime}};
/// use spotify_proto::{App, Session, TokenStep, driver::AsyncDriver, http::{Request, Response}};
///
/// #[derive(Clone)]
/// struct Spotify(Arc<Mutex<(App, Session)>>);
///
/// impl AsyncDriver for Spotify {
///     type Error = std::io::Error;
///
///     async fn send(&self, request: Request<Vec<u8>>, timeout: Duration) -> Result<Response<Vec<u8>>, Self::Error> {
///         # let _ = (request, timeout);
///         Ok(Response::new(Vec::new())) // here goes the HTTP stack of the program
///     }
///
///     async fn sleep(&self, duration: Duration) {
///         tokio::time::sleep(duration).await;
///     }
///
///     fn now(&self) -> SystemTime {
///         SystemTime::now()
///     }
///
///     fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
///         let mut state = self.0.lock().expect("no step panics");
///         let (app, session) = &mut *state;
///         step(app, session)
///     }
///
///     fn detach(&self, step: TokenStep) {
///         let spotify = self.clone();
///         tokio::spawn(async move { spotify.authorize(step).await });
///     }
/// }
/// ```
#[allow(async_fn_in_trait, reason = "the futures are Send if those of the implementation are")]
pub trait AsyncDriver {
    /// The error of the transport and of the token store.
    type Error: fmt::Display;

    /// Sends a request and returns the whole response, whatever its status.
    ///
    /// It must not follow redirects, nor take longer than `timeout`. A body longer than
    /// [`MAX_BODY_LEN`](crate::MAX_BODY_LEN) may be an error.
    ///
    /// # Errors
    ///
    /// The transport's error if no response came. Whether the request is sent again is decided by the call.
    async fn send(
        &self,
        request: Request<Vec<u8>>,
        timeout: Duration,
    ) -> Result<Response<Vec<u8>>, Self::Error>;

    /// Waits for this time.
    async fn sleep(&self, duration: Duration);

    /// The current time.
    fn now(&self) -> SystemTime;

    /// Runs a step with the application and the session, for example under the lock of a mutex. It must not block for
    /// longer than that.
    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R;

    /// Runs [`authorize`](Self::authorize) in a task of its own, so that dropping a call does not cancel it.
    ///
    /// Calls that need the token poll for it meanwhile. The result of the task is for logs alone.
    fn detach(&self, step: TokenStep);

    /// Stores new tokens where they survive a crash. The default does nothing, which is right for the application's
    /// own tokens; a user's refresh token may be the only valid one.
    ///
    /// # Errors
    ///
    /// An error means that they are not saved: they are handed out again later.
    async fn save(&self, tokens: &Tokens) -> Result<(), Self::Error> {
        let _ = tokens;
        Ok(())
    }

    /// Loads the tokens that another process has stored. The driver calls it before it sends a token request; tokens
    /// that are newer than the session's make the request unnecessary. The default is none.
    ///
    /// # Errors
    ///
    /// An error means that no token request is sent.
    async fn load_tokens(&self) -> Result<Option<Tokens>, Self::Error> {
        Ok(None)
    }

    /// The partition of the response store that this driver's session uses: the user's id, or a name for the
    /// application. The default is `None`: no responses are stored.
    fn partition(&self) -> Option<String> {
        None
    }

    /// Loads a stored response. The default is none.
    async fn load_response(&self, key: &Key) -> Option<Entry> {
        let _ = key;
        None
    }

    /// Stores or removes a response. The default does nothing.
    async fn store_response(&self, key: &Key, action: StoreAction) {
        let _ = (key, action);
    }

    /// Removes the stored responses that a write may have changed: those of the operations in
    /// [`Operation::invalidated`](crate::Operation::invalidated), in this driver's partition. The driver calls it when
    /// such a request has been sent, also without a response, because the server may have acted on it. The default
    /// does nothing.
    async fn invalidate_responses(&self, operation: &'static Operation) {
        let _ = operation;
    }

    /// Learns what happens, for logs and metrics. The default does nothing.
    fn observe(&self, event: Event) {
        let _ = event;
    }

    /// Describes an error of the transport, for calls that fail because token requests failed in other tasks. The
    /// default is the error's message without its sources.
    fn describe(&self, error: &Self::Error) -> String {
        error.to_string()
    }

    /// Calls an endpoint and returns its result.
    ///
    /// # Errors
    ///
    /// The error of the call, or of the transport.
    async fn call<T>(&self, call: impl Into<Call<T>>) -> Result<T, Error<Self::Error>> {
        self.reply(call).await.map(|reply| reply.value)
    }

    /// Calls an endpoint and returns its result, with where it came from.
    ///
    /// # Errors
    ///
    /// The error of the call, or of the transport.
    async fn reply<T>(&self, call: impl Into<Call<T>>) -> Result<Reply<T>, Error<Self::Error>> {
        let (call, partition) = (call.into(), self.partition());
        let keyed = self.state(|app, _| Keyed::new(call, app, partition.as_deref()));
        let entry = match &keyed.key {
            Some(key) => self.load_response(key).await,
            None => None,
        };
        let (call, key) = match keyed.look_up(entry, self.now()) {
            (Cached::Fresh(reply), _) => return Ok(reply),
            (Cached::Call(call), key) => (call, key),
        };
        let mut step = self.state(|app, session| call.start(app, session, self.now()));
        loop {
            step = match step {
                Step::Send(request, exchange) => {
                    let info = exchange.info();
                    self.observe(Event::Send(info));
                    let result = self.send(request, info.timeout(self.now())).await;
                    if !info.operation.invalidated().is_empty() {
                        self.invalidate_responses(info.operation).await;
                    }
                    let received = exchange.receive(result, self.now());
                    self.state(|app, session| received.apply(app, session, self.now()))
                        .map_err(Error::Transport)?
                }
                Step::Authorize(step, waiting) => {
                    self.observe(Event::Authorize(waiting.info()));
                    self.detach(step);
                    self.state(|app, session| waiting.resume(app, session, self.now()))
                }
                Step::Wait(delay, waiting) => {
                    self.observe(Event::Wait(waiting.info(), delay));
                    self.sleep(delay.duration).await;
                    self.state(|app, session| waiting.resume(app, session, self.now()))
                }
                Step::Done(result) => {
                    let mut reply = result?;
                    if let Some(key) = key.filter(|_| is_stored(&reply)) {
                        let action = std::mem::replace(&mut reply.store, StoreAction::Keep);
                        self.store_response(&key, action).await;
                    }
                    return Ok(reply);
                }
            };
        }
    }

    /// Finishes token work: looks for stored tokens, else sends the request and saves the tokens.
    /// [`detach`](Self::detach) runs it in a task of its own.
    ///
    /// # Errors
    ///
    /// The error of the accounts service, of the transport, or of the token store.
    async fn authorize(&self, mut step: TokenStep) -> Result<(), Error<Self::Error>> {
        loop {
            step = match step {
                TokenStep::Send(request, exchange) => {
                    let is_adopted = self.load_tokens().await.map(|stored| {
                        stored.is_some_and(|tokens| self.state(|_, session| session.adopt_tokens(tokens)))
                    });
                    let (result, variant): (_, fn(_) -> _) = match is_adopted {
                        Ok(true) => return Ok(()),
                        Ok(false) => {
                            self.observe(Event::SendTokenRequest);
                            (self.send(request, TokenExchange::TIMEOUT).await, Error::Transport)
                        }
                        // Counts as a failed token request, so that the calls that wait for it fail, too.
                        Err(error) => (Err(error), Error::Load),
                    };
                    let reason = result.as_ref().err().map(|error| self.describe(error)).unwrap_or_default();
                    let received = exchange.receive(result).with_reason(&reason);
                    self.state(|app, session| received.apply(app, session, self.now())).map_err(variant)?
                }
                TokenStep::Save(tokens, saving) => {
                    self.save(&tokens).await.map_err(Error::Save)?;
                    self.state(|app, session| saving.saved(app, session, self.now()))
                }
                TokenStep::Done(result) => return result.map_err(Error::Spotify),
            };
        }
    }

    /// Reads a list page by page.
    fn pages<E: Paged + Clone>(&self, endpoint: E) -> AsyncPages<'_, Self, E> {
        AsyncPages::new(self, endpoint)
    }

    /// Reads a list page by page, with up to `bound` requests in flight; pages come in their order.
    fn prefetch<E: OffsetPaged + Clone>(
        &self,
        endpoint: E,
        bound: NonZeroUsize,
    ) -> Prefetch<'_, Self, E, impl Future<Output = PageResult<E, Self::Error>>> {
        Prefetch::new(self, endpoint, bound, |driver, endpoint: E| driver.call(endpoint))
    }

    /// Reads a whole list, and tells whether it was read whole.
    ///
    /// # Errors
    ///
    /// The error of the first page that could not be read.
    async fn collect<E: Paged + Clone>(&self, endpoint: E) -> Result<Collected<E::Item>, Error<Self::Error>> {
        let mut pages = self.pages(endpoint);
        let mut items = Vec::new();
        while let Some(page) = pages.next().await {
            items.extend(page?);
        }
        Ok(Collected { items, completeness: pages.completeness() })
    }
}
