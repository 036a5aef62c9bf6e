//! The driver for browsers: `fetch` through `web-sys`.
//!
//! It is a crate of its own because the other stacks do not compile for browsers. On other targets it compiles but
//! does not run, so that its types are checked everywhere:
//!
//! ```text
//! cargo build --target wasm32-unknown-unknown --manifest-path examples/fetch/Cargo.toml
//! cargo check --manifest-path examples/fetch/Cargo.toml
//! ```
//!
//! A page's code is public, so it has no client secret: log in with PKCE (`spotify_proto::Login`), or get the token
//! from your own server.
//!
//! What a browser does differently:
//!
//! * It hides `Retry-After`: Spotify does not list it in `Access-Control-Expose-Headers`. A limit would seem to say
//!   nothing of its length, and calls would try again too early and be refused again. So [`http`] writes what is
//!   known: the limit counts the last 30 seconds. A closure by the quota lasts longer than that; the call then
//!   ends with `Error::RateLimited` when its tries are used up, and nobody can tell how long to wait.
//! * It may hide `ETag` and `Date` likewise, and `If-None-Match` is not among the headers that Spotify lets pages
//!   send. So do not use `Call::cached` here: the browser has a cache that does the same, and this driver uses it.
//! * `SystemTime::now` panics: the time is `Date.now()`.

use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use js_sys::{Array, Promise, Uint8Array};
use spotify_proto::api::GetAlbum;
use spotify_proto::http::header::{HeaderValue, RETRY_AFTER};
use spotify_proto::http::{Request, Response, StatusCode};
use spotify_proto::{AlbumId, BODY_MAX, Call, Reply, Session, Step, Tokens};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsError, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, RequestRedirect, Window};

/// How long Spotify's limit counts back.
const LIMIT_WINDOW: HeaderValue = HeaderValue::from_static("30");

/// What a page keeps of Spotify: its window and a session.
struct Spotify {
    window: Window,
    session: Mutex<Session>,
}

// driver begins
impl Spotify {
    async fn call<T>(&self, call: impl Into<Call<T>>) -> Result<Reply<T>, JsValue> {
        let session = || self.session.lock().expect("no call panics");
        let mut step = call.into().start(&mut session(), now());
        loop {
            step = match step {
                Step::Send(request, exchange) => {
                    exchange.receive(http(&self.window, request).await?, &mut session(), now())
                }
                Step::Wait(delay, pause) => {
                    sleep(&self.window, delay).await?;
                    pause.resume(&mut session(), now())
                }
                Step::Save(tokens, pause) => {
                    self.store(&tokens).await?;
                    pause.resume(&mut session(), now())
                }
                Step::Done(result) => return result.map_err(|error| JsError::from(error).into()),
            }
        }
    }
}

async fn http(window: &Window, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, JsValue> {
    let (head, body) = request.into_parts();
    let headers = Headers::new()?;
    for (name, value) in &head.headers {
        headers.append(name.as_str(), value.to_str().map_err(JsError::from)?)?;
    }
    let options = RequestInit::new();
    options.set_method(head.method.as_str());
    options.set_headers(&headers);
    options.set_redirect(RequestRedirect::Error);
    if !body.is_empty() {
        options.set_body(&Uint8Array::from(body.as_slice()));
    }
    let answer = JsFuture::from(window.fetch_with_str_and_init(&head.uri.to_string(), &options)).await?;
    let answer: web_sys::Response = answer.dyn_into()?;

    let status = StatusCode::from_u16(answer.status()).map_err(JsError::from)?;
    let mut response = Response::builder().status(status);
    for entry in js_sys::try_iter(&answer.headers())?.into_iter().flatten() {
        let entry = Array::from(&entry?);
        let (name, value) = (entry.get(0).as_string(), entry.get(1).as_string());
        response = response.header(name.unwrap_or_default(), value.unwrap_or_default());
    }
    // The browser hides it.
    if status == StatusCode::TOO_MANY_REQUESTS && !answer.headers().has(RETRY_AFTER.as_str())? {
        response = response.header(RETRY_AFTER, LIMIT_WINDOW);
    }
    let body = Uint8Array::new(&JsFuture::from(answer.array_buffer()?).await?);
    if body.length() as usize > BODY_MAX {
        return Err(JsError::new("the body is larger than any answer of the API").into());
    }
    Ok(response.body(body.to_vec()).map_err(JsError::from)?)
}
// driver ends

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(js_sys::Date::now() as u64)
}

async fn sleep(window: &Window, delay: Duration) -> Result<(), JsValue> {
    let millis = i32::try_from(delay.as_millis()).unwrap_or(i32::MAX);
    let promise = Promise::new(&mut |resolve, reject| {
        if let Err(error) = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis) {
            let _ = reject.call1(&JsValue::NULL, &error);
        }
    });
    JsFuture::from(promise).await.map(|_| ())
}

impl Spotify {
    /// A user's tokens would be put into the page's storage here; this example is given one that does not change.
    async fn store(&self, _: &Tokens) -> Result<(), JsValue> {
        Ok(())
    }
}

/// The name of an album, and how many tracks it has.
#[wasm_bindgen]
pub async fn album(access_token: String, id: String) -> Result<String, JsValue> {
    let window = web_sys::window().ok_or_else(|| JsError::new("this is no page"))?;
    let spotify = Spotify { window, session: Mutex::new(Session::fixed(access_token)) };
    let id: AlbumId = id.parse().map_err(JsError::from)?;
    let album = spotify.call(GetAlbum::new(id)).await?.value;
    Ok(format!("{}, {} tracks", album.name, album.total_tracks.unwrap_or(0)))
}
