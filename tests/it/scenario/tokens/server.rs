//! The accounts service and the API, as far as calls can tell: tokens with lives, rotation, and faults.

use std::collections::HashMap;
use std::time::Duration;

use http::{Request, Response};

use super::Chooser;

/// What every secret of the world begins with.
pub const MARK: &str = "s3cr3t";

/// What a request was, as the server reads it.
#[derive(Clone, Debug)]
pub enum Sent {
    Token { refresh: Option<String> },
    Api { access: String },
}

/// What an answer means, for those who watch.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    Token { access: String, refresh: Option<String>, life: Duration },
    InvalidGrant,
    Limited { wait: Duration, is_quota: bool },
    Refused,
    Outage,
    Success,
    Nonsense,
}

/// What the server did with a request.
pub enum Fate {
    Answered(Response<Vec<u8>>, News),
    /// It acted, and its answer will not arrive.
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
    /// From now on without faults.
    pub is_well: bool,
    /// The one refresh token that it takes.
    pub refresh: String,
    pub is_revoked: bool,
    /// Access tokens and when they end, by the server's own clock.
    access: HashMap<String, Duration>,
    issued: u32,
}

impl Server {
    pub fn new(rotation: Rotation) -> Self {
        Self {
            rotation,
            is_well: false,
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

    /// Ends all access tokens before their time.
    pub fn revoke_access(&mut self) {
        self.access.clear();
    }

    pub fn act(&mut self, sent: &Sent, is_write: bool, real: Duration, chooser: &mut impl Chooser) -> Fate {
        match sent {
            Sent::Token { refresh } => self.token(refresh.as_deref(), real, chooser),
            Sent::Api { access } => self.api(access, is_write, real, chooser),
        }
    }

    fn token(&mut self, refresh: Option<&str>, real: Duration, chooser: &mut impl Chooser) -> Fate {
        match if self.is_well { 99 } else { chooser.below(14) } {
            0 => return answered(503, &[], "<html><title>Down</title></html>", News::Outage),
            1 => return limited(chooser),
            2 => return answered(500, &[], r#"{"error":"server_error"}"#, News::Outage),
            3 => return answered(200, &[], "<html>a portal</html>", News::Nonsense),
            _ => {}
        }
        if refresh.is_some_and(|token| self.is_revoked || token != self.refresh) {
            let body = r#"{"error":"invalid_grant","error_description":"Refresh token revoked"}"#;
            return answered(400, &[], body, News::InvalidGrant);
        }
        let lives: &[u64] = if self.is_well { &[3600] } else { &[3600, 3600, 3600, 3600, 120, 59, 1, 0] };
        let life = Duration::from_secs(chooser.one_of(lives));
        let access = self.issue(life, real);
        let rotates = refresh.is_some()
            && match self.rotation {
                Rotation::Never => false,
                Rotation::Sometimes => chooser.below(2) == 0,
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
        if !self.is_well && chooser.below(10) == 7 {
            return Fate::Lost;
        }
        answered(200, &[], &(body + "}"), News::Token { access, refresh: new, life })
    }

    fn api(&mut self, access: &str, is_write: bool, real: Duration, chooser: &mut impl Chooser) -> Fate {
        if self.access.get(access).is_none_or(|end| *end <= real) {
            let says = r#"Bearer realm="spotify", error="invalid_token""#;
            return answered(401, &[("www-authenticate", says)], "", News::Refused);
        }
        match if self.is_well { 99 } else { chooser.below(12) } {
            0 => answered(503, &[], "", News::Outage),
            1 => limited(chooser),
            2 => answered(500, &[], "<html></html>", News::Outage),
            3 => Fate::Lost,
            _ if is_write => answered(204, &[], "", News::Success),
            _ => answered(200, &[], r#"{"name":"Night Ferry"}"#, News::Success),
        }
    }
}

fn limited(chooser: &mut impl Chooser) -> Fate {
    let after = chooser.one_of(&["1", "0", "", "5", "29", "40", "100"]);
    let is_quota = chooser.below(6) == 5;
    let headers: &[_] = if after.is_empty() { &[] } else { &[("retry-after", after)] };
    let reason = if is_quota { r#","reason":"QUOTA_EXCEEDED""# } else { "" };
    let body = format!(r#"{{"error":{{"status":429,"message":"Too many requests"{reason}}}}}"#);
    // A wait that is not said, or said to be nothing, is a second all the same.
    let wait = Duration::from_secs(after.parse().unwrap_or(0).max(1));
    answered(429, headers, &body, News::Limited { wait, is_quota: is_quota || wait.as_secs() > 30 })
}

fn answered(status: u16, headers: &[(&str, &str)], body: &str, news: News) -> Fate {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    Fate::Answered(response.body(body.as_bytes().to_vec()).expect("valid parts"), news)
}

/// Reads a request as a server would.
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
