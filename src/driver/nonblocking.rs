//! The driver for async programs.

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

/// Runs calls over an async transport, with any executor.
///
/// Five methods are required. All futures can be dropped at any point. They are `Send` if the futures of the
/// implementation are `Send`.
///
/// [`detach`](Self::detach) runs a token step in a separate task. With tokio, this requires a type that implements
/// `Clone` and contains the state in an `Arc`:
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
#[allow(async_fn_in_trait, reason = "the futures are Send if the futures of the implementation are Send")]
pub trait AsyncDriver {
    /// The error type of the transport and of the token store.
    type Error: fmt::Display;

    /// Sends a request and returns the complete response with any status.
    ///
    /// The implementation must not follow redirects and must return within `timeout`. It may return an error for a body
    /// that is longer than [`MAX_BODY_LEN`](crate::MAX_BODY_LEN).
    ///
    /// # Errors
    ///
    /// Returns the transport's error if no response was received. The call then decides whether to send the request
    /// again.
    async fn send(
        &self,
        request: Request<Vec<u8>>,
        timeout: Duration,
    ) -> Result<Response<Vec<u8>>, Self::Error>;

    /// Waits for the given time.
    async fn sleep(&self, duration: Duration);

    /// Returns the current time.
    fn now(&self) -> SystemTime;

    /// Runs a step with the application and the session, for example under the lock of a mutex. The method must not
    /// block for longer than the step and the lock require.
    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R;

    /// Runs [`authorize`](Self::authorize) in a separate task, so that dropping a call does not cancel it.
    ///
    /// Calls that need the token poll until the task has ended. The result of the task is only needed for logs.
    fn detach(&self, step: TokenStep);

    /// Stores new tokens persistently. The default implementation does nothing, which is sufficient for client
    /// credentials. A user's refresh token must be stored, because no other refresh token may be valid.
    ///
    /// # Errors
    ///
    /// Returns an error if the tokens could not be saved. A later call saves them again.
    async fn save(&self, tokens: &Tokens) -> Result<(), Self::Error> {
        let _ = tokens;
        Ok(())
    }

    /// Loads the tokens that another process has stored. The driver calls this method before it sends a token request.
    /// If the loaded tokens are newer than those of the session, the request is not sent. The default implementation
    /// returns `None`.
    ///
    /// # Errors
    ///
    /// Returns an error if the tokens could not be loaded. No token request is sent then.
    async fn load_tokens(&self) -> Result<Option<Tokens>, Self::Error> {
        Ok(None)
    }

    /// Returns the partition of the response store that this driver's session uses: the user's id, or a name for the
    /// application. The default is `None`, which means that no responses are stored.
    fn partition(&self) -> Option<String> {
        None
    }

    /// Loads a stored response. The default implementation returns `None`.
    async fn load_response(&self, key: &Key) -> Option<Entry> {
        let _ = key;
        None
    }

    /// Stores or removes a response. The default implementation does nothing.
    async fn store_response(&self, key: &Key, action: StoreAction) {
        let _ = (key, action);
    }

    /// Removes the stored responses that a write may have outdated: the responses to the operations in
    /// [`Operation::invalidated`](crate::Operation::invalidated), in this driver's partition. The driver calls this
    /// method after the request was sent, even if no response was received, because the server may have executed the
    /// request. The default implementation does nothing.
    async fn invalidate_responses(&self, operation: &'static Operation) {
        let _ = operation;
    }

    /// Observes the actions of the driver, for logs and metrics. The default implementation does nothing.
    fn observe(&self, event: Event) {
        let _ = event;
    }

    /// Returns the description of a transport error, for calls that fail because a token request failed in another
    /// task. The default is the message of the error, without the messages of its sources.
    fn describe(&self, error: &Self::Error) -> String {
        error.to_string()
    }

    /// Calls an endpoint and returns its result.
    ///
    /// # Errors
    ///
    /// Returns the error of the call or of the transport.
    async fn call<T>(&self, call: impl Into<Call<T>>) -> Result<T, Error<Self::Error>> {
        self.reply(call).await.map(|reply| reply.value)
    }

    /// Calls an endpoint and returns its result, with its source and the action on the stored entry.
    ///
    /// # Errors
    ///
    /// Returns the error of the call or of the transport.
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

    /// Completes a token step: loads newer stored tokens if there are any, or else sends the token request and saves
    /// the new tokens. [`detach`](Self::detach) runs it in a separate task.
    ///
    /// # Errors
    ///
    /// Returns the error of the accounts service, of the transport, or of the token store.
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
                        // The error counts as a failed token request, so that the calls that wait for the token fail as
                        // well.
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

    /// Returns a reader for a list, which requests one page at a time.
    fn pages<E: Paged + Clone>(&self, endpoint: E) -> AsyncPages<'_, Self, E> {
        AsyncPages::new(self, endpoint)
    }

    /// Returns a reader for a list, with up to `bound` requests in flight. Pages are returned in order.
    fn prefetch<E: OffsetPaged + Clone>(
        &self,
        endpoint: E,
        bound: NonZeroUsize,
    ) -> Prefetch<'_, Self, E, impl Future<Output = PageResult<E, Self::Error>>> {
        Prefetch::new(self, endpoint, bound, |driver, endpoint: E| driver.call(endpoint))
    }

    /// Reads a complete list and reports whether all items were read.
    ///
    /// # Errors
    ///
    /// Returns the error of the first page that could not be read.
    async fn collect<E: Paged + Clone>(&self, endpoint: E) -> Result<Collected<E::Item>, Error<Self::Error>> {
        let mut pages = self.pages(endpoint);
        let mut items = Vec::new();
        while let Some(page) = pages.next().await {
            items.extend(page?);
        }
        Ok(Collected { items, completeness: pages.completeness() })
    }
}
