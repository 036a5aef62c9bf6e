//! What was played: a list with two directions in time.

use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};

use crate::auth::scope::Scope;
use crate::endpoint::{Endpoint, Operation, Paged, next_cursor, setters};
use crate::error::DecodeError;
use crate::model::{CursorPage, PlayHistory};
use crate::origin::Target;
use crate::response;

/// The tracks that were played last, the latest first; no episodes.
///
/// [`next`](Paged::next) goes back in time, or forward in time after [`after`](Self::after).
///
/// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-recently-played).
/// Scopes: `user-read-recently-played`.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(try_from = "Flat", into = "Flat")]
#[must_use = "an endpoint does nothing until its request is sent"]
pub struct GetRecentlyPlayed {
    limit: Option<u32>,
    from: Start,
}

/// Where the list begins, in Unix milliseconds: at the latest, or on one side of a time.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Start {
    Latest,
    After(u64),
    Before(u64),
}

impl GetRecentlyPlayed {
    /// What was played last.
    #[allow(clippy::new_without_default, reason = "one way to make an endpoint")]
    pub fn new() -> Self {
        Self { limit: None, from: Start::Latest }
    }

    setters! {
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
    }

    /// Only what was played after this time, in Unix milliseconds; instead of [`before`](Self::before).
    pub fn after(mut self, after: u64) -> Self {
        self.from = Start::After(after);
        self
    }

    /// Only what was played before this time, in Unix milliseconds; instead of [`after`](Self::after).
    pub fn before(mut self, before: u64) -> Self {
        self.from = Start::Before(before);
        self
    }
}

impl Endpoint for GetRecentlyPlayed {
    type Output = CursorPage<PlayHistory>;

    const OPERATION: Operation =
        Operation::new("get-recently-played", Method::GET, "/v1/me/player/recently-played")
            .all(&[Scope::UserReadRecentlyPlayed]);

    fn target(&self, target: &mut Target) {
        target.path(Self::OPERATION.route, &[]);
        if let Some(limit) = self.limit {
            target.query("limit", limit);
        }
        match self.from {
            Start::Latest => {}
            Start::After(after) => target.query("after", after),
            Start::Before(before) => target.query("before", before),
        }
    }

    fn decode(status: StatusCode, body: &[u8]) -> Result<Self::Output, DecodeError> {
        response::decode(status, body)
    }
}

impl Paged for GetRecentlyPlayed {
    fn next(&self, page: &Self::Output) -> Option<Self> {
        let is_forward = matches!(self.from, Start::After(_));
        let cursor = next_cursor(page, if is_forward { "after" } else { "before" })?.parse().ok()?;
        let from = match self.from {
            Start::After(last) => (cursor > last).then_some(Start::After(cursor)),
            Start::Before(last) => (cursor < last).then_some(Start::Before(cursor)),
            Start::Latest => Some(Start::Before(cursor)),
        }?;
        Some(Self { from, ..self.clone() })
    }
}

/// The parameters as on the wire.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Flat {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<u64>,
}

impl TryFrom<Flat> for GetRecentlyPlayed {
    type Error = &'static str;

    fn try_from(flat: Flat) -> Result<Self, &'static str> {
        let from = match (flat.after, flat.before) {
            (None, None) => Start::Latest,
            (Some(after), None) => Start::After(after),
            (None, Some(before)) => Start::Before(before),
            (Some(_), Some(_)) => return Err("`after` and `before` exclude each other"),
        };
        Ok(Self { limit: flat.limit, from })
    }
}

impl From<GetRecentlyPlayed> for Flat {
    fn from(get: GetRecentlyPlayed) -> Self {
        let (after, before) = match get.from {
            Start::Latest => (None, None),
            Start::After(after) => (Some(after), None),
            Start::Before(before) => (None, Some(before)),
        };
        Self { limit: get.limit, after, before }
    }
}
