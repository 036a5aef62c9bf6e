//! A driver for browsers, which calls `fetch` through `web-sys`.
//!
//! The driver is a separate crate, because the HTTP stacks of the other examples do not compile for browsers. On other
//! targets, the driver compiles but does not run, so the code can be checked on every platform:
//!
//! ```text
//! cargo build --target wasm32-unknown-unknown --manifest-path examples/fetch/Cargo.toml
//! cargo check --manifest-path examples/fetch/Cargo.toml
//! ```
//!
//! The code of a web page is public, so it must not contain a client secret: log users in with PKCE
//! (`spotify_proto::Login`), or request the token from your own server.
//!
//! Browsers differ from other platforms:
//!
//! * Browsers hide `Retry-After`, because Spotify does not list it in `Access-Control-Expose-Headers`. Without the
//!   header, the delay of a 429 would be unknown, and calls would be sent again too early. Therefore [`fetch`] adds a
//!   `Retry-After` of 30 seconds, which is the window of Spotify's rate limit. A block for an exceeded quota lasts
//!   longer: the call fails with `Error::RateLimited` after its maximum total delay, and the actual delay remains
//!   unknown.
//! * Browsers may hide `ETag` and `Date`, and Spotify does not allow pages to send `If-None-Match`. Therefore this
//!   driver has no `partition` and stores no responses. `fetch` uses the browser's cache.
//! * `SystemTime::now` panics; this driver uses `Date.now()`.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use js_sys::{Array, Promise, Uint8Array};
use spotify_proto::api::GetAlbum;
use spotify_proto::driver::{AsyncDriver, Error};
use spotify_proto::http::header::{HeaderValue, RETRY_AFTER};
use spotify_proto::http::{Request, Response, StatusCode};
use spotify_proto::{AlbumId, App, MAX_BODY_LEN, Session, TokenStep};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsError, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortSignal, Headers, RequestInit, RequestRedirect, Window};

/// Window of Spotify's rate limit, in seconds.
const RATE_LIMIT_WINDOW: HeaderValue = HeaderValue::from_static("30");

// driver begins
#[derive(Clone)]
struct Spotify {
    window: Window,
    state: Rc<RefCell<(App, Session)>>,
}

impl AsyncDriver for Spotify {
    type Error = Exception;

    async fn send(
        &self,
        request: Request<Vec<u8>>,
        timeout: Duration,
    ) -> Result<Response<Vec<u8>>, Exception> {
        fetch(&self.window, request, timeout).await
    }

    async fn sleep(&self, duration: Duration) {
        let promise = Promise::new(&mut |resolve, reject| {
            let millis = millis(duration);
            if let Err(error) =
                self.window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis)
            {
                let _ = reject.call1(&JsValue::NULL, &error);
            }
        });
        // An error can be ignored: timers and calls end when the page is closed.
        let _ = JsFuture::from(promise).await;
    }

    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(js_sys::Date::now() as u64)
    }

    fn state<R>(&self, step: impl FnOnce(&mut App, &mut Session) -> R) -> R {
        let (app, session) = &mut *self.state.borrow_mut();
        step(app, session)
    }

    fn detach(&self, step: TokenStep) {
        let spotify = self.clone();
        spawn_local(async move {
            let _ = spotify.authorize(step).await;
        });
    }

    // An application with refresh tokens would implement `save`; this example only has an access token.
}

async fn fetch(
    window: &Window,
    request: Request<Vec<u8>>,
    timeout: Duration,
) -> Result<Response<Vec<u8>>, Exception> {
    let (head, body) = request.into_parts();
    let headers = Headers::new()?;
    for (name, value) in &head.headers {
        headers.append(name.as_str(), value.to_str().map_err(JsError::from)?)?;
    }
    let options = RequestInit::new();
    options.set_method(head.method.as_str());
    options.set_headers(&headers);
    options.set_redirect(RequestRedirect::Error);
    options.set_signal(Some(&AbortSignal::timeout_with_u32(millis(timeout).unsigned_abs())));
    if !body.is_empty() {
        options.set_body(&Uint8Array::from(body.as_slice()));
    }
    let received = JsFuture::from(window.fetch_with_str_and_init(&head.uri.to_string(), &options)).await?;
    let received: web_sys::Response = received.dyn_into()?;

    let status = StatusCode::from_u16(received.status()).map_err(JsError::from)?;
    let mut response = Response::builder().status(status);
    for entry in js_sys::try_iter(&received.headers())?.into_iter().flatten() {
        let entry = Array::from(&entry?);
        let (name, value) = (entry.get(0).as_string(), entry.get(1).as_string());
        response = response.header(name.unwrap_or_default(), value.unwrap_or_default());
    }
    // The browser hides `Retry-After` from the program.
    if status == StatusCode::TOO_MANY_REQUESTS && !received.headers().has(RETRY_AFTER.as_str())? {
        response = response.header(RETRY_AFTER, RATE_LIMIT_WINDOW);
    }
    let body = Uint8Array::new(&JsFuture::from(received.array_buffer()?).await?);
    if body.length() as usize > MAX_BODY_LEN {
        return Err(JsError::new("the body exceeds the maximum length").into());
    }
    Ok(response.body(body.to_vec()).map_err(JsError::from)?)
}
// driver ends

/// Returns the duration in milliseconds, limited to the 24 days that a timer supports.
fn millis(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX)
}

/// A JavaScript exception. This wrapper is needed because `JsValue` does not implement `Display`.
#[derive(Debug)]
struct Exception(JsValue);

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl From<JsValue> for Exception {
    fn from(value: JsValue) -> Self {
        Self(value)
    }
}

impl From<JsError> for Exception {
    fn from(error: JsError) -> Self {
        Self(error.into())
    }
}

impl From<Error<Self>> for Exception {
    fn from(error: Error<Self>) -> Self {
        match error {
            Error::Spotify(error) => JsError::from(error).into(),
            Error::Transport(error) | Error::Load(error) | Error::Save(error) => error,
            _ => JsError::new("unknown error").into(),
        }
    }
}

/// Returns the name and the number of tracks of an album.
#[wasm_bindgen]
pub async fn album(access_token: String, id: String) -> Result<String, JsValue> {
    let window = web_sys::window().ok_or_else(|| JsError::new("expected a browser window"))?;
    let state = (App::without_credentials(), Session::from_access_token(access_token));
    let spotify = Spotify { window, state: Rc::new(RefCell::new(state)) };
    let id: AlbumId = id.parse().map_err(JsError::from)?;
    let album = spotify.call(GetAlbum::new(id)).await.map_err(|error| Exception::from(error).0)?;
    Ok(format!("{}, {} tracks", album.name, album.total_tracks.unwrap_or(0)))
}
