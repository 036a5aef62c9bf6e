//! A simulation of the accounts service and the API: expiring tokens, rotation, and errors.

use std::collections::HashMap;
use std::time::Duration;

use http::{Request, Response};

use super::DecisionSource;

/// The prefix of every secret of a history.
pub const MARK: &str = "s3cr3t";

/// The tokens in a request.
#[derive(Clone, Debug)]
pub enum Sent {
    Token { refresh: Option<String> },
    Api { access: String },
}

/// The meaning of a response.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    Token {
        access: String,
        refresh: Option<String>,
        life: Duration,
    },
    InvalidGrant,
    Limited {
        wait: Duration,
        is_quota: bool,
    },
    /// A 401 whose challenge reports an invalid access token.
    Refused,
    /// A 401 without a challenge.
    Spurious,
    Outage,
    Success,
    Nonsense,
}

/// The outcome of a request at the server.
pub enum Outcome {
    Response(Response<Vec<u8>>, News),
    /// The server has executed the request, but the response will not arrive.
    Lost,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rotation {
    Never,
    Sometimes,
    Always,
}

pub struct Server {
    pub rotation: Rotation,
    /// `true` if no more errors are simulated.
    pub is_healthy: bool,
    /// The only valid refresh token.
    pub refresh: String,
    pub is_revoked: bool,
    /// Access tokens with their expiry on the server's clock.
    access: HashMap<String, Duration>,
    issued: u32,
}

impl Server {
    pub fn new(rotation: Rotation) -> Self {
        Self {
            rotation,
            is_healthy: false,
            refresh: format!("{MARK}-refresh-0"),
            is_revoked: false,
            access: HashMap::new(),
            issued: 0,
        }
    }

    pub fn issue(&mut self, life: Duration, real: Duration) -> String {
        let access = format!("{MARK}-access-{}", self.issued);
        self.issued += 1;
        self.access.insert(access.clone(), real + life);
        access
    }

    /// Revokes all access tokens.
    pub fn revoke_access(&mut self) {
        self.access.clear();
    }

    pub fn act(
        &mut self,
        sent: &Sent,
        is_write: bool,
        real: Duration,
        decisions: &mut impl DecisionSource,
    ) -> Outcome {
        match sent {
            Sent::Token { refresh } => self.token(refresh.as_deref(), real, decisions),
            Sent::Api { access } => self.api(access, is_write, real, decisions),
        }
    }

    fn token(
        &mut self,
        refresh: Option<&str>,
        real: Duration,
        decisions: &mut impl DecisionSource,
    ) -> Outcome {
        match if self.is_healthy { 99 } else { decisions.below(14) } {
            0 => return respond(503, &[], "<html><title>Down</title></html>", News::Outage),
            1 => return limited(decisions),
            2 => return respond(500, &[], r#"{"error":"server_error"}"#, News::Outage),
            3 => return respond(200, &[], "<html>a portal</html>", News::Nonsense),
            // A JSON error from a proxy does not mean that the grant was rejected.
            4 => return respond(403, &[], r#"{"error":"Forbidden"}"#, News::Outage),
            _ => {}
        }
        if refresh.is_some_and(|token| self.is_revoked || token != self.refresh) {
            let body = r#"{"error":"invalid_grant","error_description":"Refresh token revoked"}"#;
            return respond(400, &[], body, News::InvalidGrant);
        }
        let lives: &[u64] = if self.is_healthy { &[3600] } else { &[3600, 3600, 3600, 3600, 120, 59, 1, 0] };
        let life = Duration::from_secs(decisions.one_of(lives));
        let access = self.issue(life, real);
        let rotates = refresh.is_some()
            && match self.rotation {
                Rotation::Never => false,
                Rotation::Sometimes => decisions.below(2) == 0,
                Rotation::Always => true,
            };
        let mut body =
            format!(r#"{{"access_token":"{access}","token_type":"Bearer","expires_in":{}"#, life.as_secs());
        let new = rotates.then(|| {
            self.refresh = format!("{MARK}-refresh-{}", self.issued);
            self.refresh.clone()
        });
        if let Some(refresh) = &new {
            body += &format!(r#","refresh_token":"{refresh}""#);
        }
        if !self.is_healthy && decisions.below(10) == 7 {
            return Outcome::Lost;
        }
        respond(200, &[], &(body + "}"), News::Token { access, refresh: new, life })
    }

    fn api(
        &mut self,
        access: &str,
        is_write: bool,
        real: Duration,
        decisions: &mut impl DecisionSource,
    ) -> Outcome {
        if self.access.get(access).is_none_or(|end| *end <= real) {
            let challenge = r#"Bearer realm="spotify", error="invalid_token""#;
            return respond(401, &[("www-authenticate", challenge)], "", News::Refused);
        }
        match if self.is_healthy { 99 } else { decisions.below(12) } {
            0 => respond(503, &[], "", News::Outage),
            1 => limited(decisions),
            2 => respond(500, &[], "<html></html>", News::Outage),
            3 => Outcome::Lost,
            4 => {
                let body = r#"{"error":{"status":401,"message":"Access token missing"}}"#;
                respond(401, &[], body, News::Spurious)
            }
            _ if is_write => respond(204, &[], "", News::Success),
            _ => respond(200, &[], r#"{"name":"Night Ferry"}"#, News::Success),
        }
    }
}

fn limited(decisions: &mut impl DecisionSource) -> Outcome {
    let after = decisions.one_of(&["1", "0", "", "5", "29", "40", "100"]);
    let is_quota = decisions.below(6) == 5;
    let headers: &[_] = if after.is_empty() { &[] } else { &[("retry-after", after)] };
    let reason = if is_quota { r#","reason":"QUOTA_EXCEEDED""# } else { "" };
    let body = format!(r#"{{"error":{{"status":429,"message":"Too many requests"{reason}}}}}"#);
    // A missing or zero delay counts as one second.
    let wait = Duration::from_secs(after.parse().unwrap_or(0).max(1));
    respond(429, headers, &body, News::Limited { wait, is_quota: is_quota || wait.as_secs() > 30 })
}

fn respond(status: u16, headers: &[(&str, &str)], body: &str, news: News) -> Outcome {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    Outcome::Response(response.body(body.as_bytes().to_vec()).expect("valid parts"), news)
}

/// Returns the tokens in a request.
pub fn read(request: &Request<Vec<u8>>) -> Sent {
    if request.uri().path() == "/api/token" {
        let form = String::from_utf8_lossy(request.body());
        let refresh = form.split('&').find_map(|pair| pair.strip_prefix("refresh_token="));
        return Sent::Token { refresh: refresh.map(str::to_owned) };
    }
    let header = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let access = header.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    Sent::Api { access: access.to_owned() }
}
