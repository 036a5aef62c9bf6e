//! Requests and responses over `reqwest`.

use std::time::Duration;

use reqwest::redirect::Policy;
use spotify_proto::MAX_BODY_LEN;
use spotify_proto::http::{Request, Response};

use crate::error::TransportError;

/// Time for a connection. A server that does not accept one must not use up the time of the whole request.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Returns a client with the settings that calls depend on, in place of those that were given.
pub(crate) fn client(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, TransportError> {
    let builder = builder
        .redirect(Policy::none()) // the API never redirects, and a token must not be sent elsewhere
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT);
    Ok(builder.build()?)
}

/// The settings before those of the caller.
pub(crate) fn default_builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder().user_agent(concat!("spotify-proto-reqwest/", env!("CARGO_PKG_VERSION")))
}

/// Sends a request and reads the whole response within the timeout.
pub(crate) async fn send(
    client: &reqwest::Client,
    request: Request<Vec<u8>>,
    timeout: Duration,
) -> Result<Response<Vec<u8>>, TransportError> {
    let mut request = reqwest::Request::try_from(request)?;
    *request.timeout_mut() = Some(timeout);
    let mut response = client.execute(request).await?;
    let (mut head, ()) = Response::new(()).into_parts();
    (head.status, head.headers) = (response.status(), response.headers().clone());
    let body = read(&mut response).await?;
    Ok(Response::from_parts(head, body))
}

/// Reads the body piece by piece. The limit counts the bytes after decompression.
async fn read(response: &mut reqwest::Response) -> Result<Vec<u8>, TransportError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len().saturating_add(chunk.len()) > MAX_BODY_LEN {
            return Err(TransportError::BodyTooLong);
        }
        body.extend(chunk);
    }
    Ok(body)
}
