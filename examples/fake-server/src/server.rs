//! The fake as an HTTP server.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use spotify_proto::MAX_BODY_LEN;
use spotify_proto_testing::fake::{Fake, Lost};
use tokio::net::TcpListener;

/// Origin of the URLs in the fake's responses.
const SPOTIFY: &str = "https://api.spotify.com";

/// The fake, and the origin that replaces Spotify's origin in responses, if any.
struct Server {
    fake: Mutex<Fake>,
    own_origin: Option<String>,
}

/// Serves the fake until interrupted by Ctrl-C.
pub(crate) async fn serve(listener: TcpListener, fake: Fake, own_origin: Option<String>) -> io::Result<()> {
    let server = Arc::new(Server { fake: Mutex::new(fake), own_origin });
    loop {
        let (stream, _) = tokio::select! {
            accepted = listener.accept() => accepted?,
            interrupted = tokio::signal::ctrl_c() => return interrupted,
        };
        let server = Arc::clone(&server);
        let service = service_fn(move |request| {
            let server = Arc::clone(&server);
            async move { server.respond(request).await }
        });
        // If a client disconnects or its response is lost, only the connection of that client ends.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

impl Server {
    async fn respond(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Lost> {
        let (head, body) = request.into_parts();
        let Ok(body) = Limited::new(body, MAX_BODY_LEN).collect().await else {
            let mut response = Response::default();
            *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
            return Ok(response);
        };
        let request = Request::from_parts(head, body.to_bytes().to_vec());
        let response = {
            let mut fake = self.fake.lock().expect("the fake should not panic");
            fake.respond(&request, SystemTime::now())?
        };
        Ok(self.with_own_addresses(response).map(Full::from))
    }

    /// Replaces the origin of the URLs in a JSON body if `own_origin` is set.
    fn with_own_addresses(&self, response: Response<Vec<u8>>) -> Response<Vec<u8>> {
        let content_type = response.headers().get(CONTENT_TYPE);
        let is_json = content_type.is_some_and(|it| it.as_bytes().starts_with(b"application/json"));
        match self.own_origin.as_deref().filter(|_| is_json) {
            Some(origin) => {
                response.map(|body| String::from_utf8_lossy(&body).replace(SPOTIFY, origin).into_bytes())
            }
            None => response,
        }
    }
}
