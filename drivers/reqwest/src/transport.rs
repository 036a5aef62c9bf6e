//! Transport of requests and responses with `reqwest`.

use std::time::Duration;

use reqwest::redirect::Policy;
use spotify_proto::MAX_BODY_LEN;
use spotify_proto::http::{Request, Response};

use crate::error::TransportError;

/// Time limit for a connection attempt, so that an unreachable server does not take up the whole time limit of the
/// request.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Builds a client from the given settings, but overwrites the settings that calls depend on.
pub(crate) fn client(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, TransportError> {
    let builder = builder
        .redirect(Policy::none()) // the API never redirects, and a token must not be sent to another server
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT);
    Ok(builder.build()?)
}

/// Returns the default settings of the driver, which the caller may change.
pub(crate) fn default_builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder().user_agent(concat!("spotify-proto-reqwest/", env!("CARGO_PKG_VERSION")))
}

/// Sends a request and reads the complete response within the timeout.
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

/// Reads the body in chunks. The limit applies to the decompressed body.
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
