//! Transport of requests and responses with `ureq`.

use std::time::Duration;

use spotify_proto::MAX_BODY_LEN;
use spotify_proto::http::{Request, Response};
use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::typestate::AgentScope;

/// Time limit for a connection attempt, so that an unreachable server does not take up the whole time limit of the
/// request.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Builds an agent from the given settings, but overwrites the settings that calls depend on.
pub(crate) fn agent(config: ConfigBuilder<AgentScope>) -> Agent {
    config
        .http_status_as_error(false) // the library reads responses with any status
        .max_redirects(0) // the API never redirects, and a token must not be sent to another server
        .max_redirects_will_error(false)
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .build()
        .new_agent()
}

/// Returns the default settings of the driver, which the caller may change.
pub(crate) fn default_config() -> ConfigBuilder<AgentScope> {
    Agent::config_builder().user_agent(concat!("spotify-proto-ureq/", env!("CARGO_PKG_VERSION")))
}

/// Sends a request and reads the complete response within the timeout.
pub(crate) fn send(
    agent: &Agent,
    request: Request<Vec<u8>>,
    timeout: Duration,
) -> Result<Response<Vec<u8>>, ureq::Error> {
    let request = agent.configure_request(request).timeout_global(Some(timeout)).build();
    let (head, mut body) = agent.run(request)?.into_parts();
    // The limit applies to the decompressed body.
    let body = body.with_config().limit(MAX_BODY_LEN as u64).read_to_vec()?;
    Ok(Response::from_parts(head, body))
}
