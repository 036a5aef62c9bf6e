//! The history of played tracks, which can be read backward or forward in time.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::endpoint::{Check, Endpoint, Paged, next_cursor, setters};
use crate::error::{DecodeError, RequestError};
use crate::model::{CursorPage, PageInfo, PlayHistory};
use crate::response::{FromResponse, ResponseRef};
use crate::types::operation::Operation;
use crate::types::origin::{Route, Target, Value};
use crate::types::scope::Scope;

/// Gets a page of the user's recently played tracks, most recent first.
///
/// The history does not include episodes. [`next`](Paged::next) moves backward in time, or forward in time if
/// [`after`](Self::after) is set. An empty page means that nothing was played in the requested period.
///
/// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-recently-played).
/// * Scopes: `user-read-recently-played`.
/// * Quota mode: any.
/// * Limits: 1 to 50 items per page, default 20.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(try_from = "Flat", into = "Flat")]
#[must_use = "an endpoint does nothing until its request is sent"]
#[non_exhaustive]
pub struct GetRecentlyPlayed {
    /// Query parameter, set by [`limit`](method@Self::limit).
    pub limit: Option<u32>,
    /// Query parameter `after` or `before`, set by [`after`](Self::after) or [`before`](Self::before).
    pub from: HistoryStart,
}

/// Start of a page of the history; times are in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum HistoryStart {
    /// The most recently played track.
    Latest,
    /// Tracks that were played after a time (exclusive).
    After(u64),
    /// Tracks that were played before a time (exclusive).
    Before(u64),
}

impl GetRecentlyPlayed {
    /// Starts with the most recently played track.
    #[allow(clippy::new_without_default, reason = "`new` is the only constructor")]
    pub fn new() -> Self {
        Self { limit: None, from: HistoryStart::Latest }
    }

    setters! {
        RULES []
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
    }

    /// Lists only tracks that were played after a time (exclusive), in milliseconds since the Unix epoch.
    ///
    /// Replaces a time set by [`before`](Self::before).
    pub fn after(mut self, after: u64) -> Self {
        self.from = HistoryStart::After(after);
        self
    }

    /// Lists only tracks that were played before a time (exclusive), in milliseconds since the Unix epoch.
    ///
    /// Replaces a time set by [`after`](Self::after).
    pub fn before(mut self, before: u64) -> Self {
        self.from = HistoryStart::Before(before);
        self
    }
}

impl Endpoint for GetRecentlyPlayed {
    type Output = CursorPage<PlayHistory>;

    const OPERATION: Operation =
        Operation::new("get-recently-played", Method::GET, "/v1/me/player/recently-played")
            .all(&[Scope::UserReadRecentlyPlayed]);

    fn target(&self, target: &mut Target) {
        target.route(const { &Route::of(Self::OPERATION) }, []);
        if let Some(limit) = self.limit {
            Value(&limit).add("limit", target);
        }
        match self.from {
            HistoryStart::Latest => {}
            HistoryStart::After(after) => target.query("after", after),
            HistoryStart::Before(before) => target.query("before", before),
        }
    }

    fn check(&self) -> Result<(), RequestError> {
        Check::new(Self::OPERATION.id, Self::RULES).option("limit", self.limit.as_ref())
    }

    fn decode(&self, response: ResponseRef<'_>) -> Result<Self::Output, DecodeError> {
        FromResponse::from_response(response)
    }
}

impl Paged for GetRecentlyPlayed {
    type Item = PlayHistory;

    fn page_info(&self, page: &Self::Output) -> PageInfo {
        page.info()
    }

    fn items(page: Self::Output) -> Vec<PlayHistory> {
        page.into_iter().collect()
    }

    fn next(&self, page: &Self::Output) -> Option<Self> {
        let is_forward = matches!(self.from, HistoryStart::After(_));
        let cursor = next_cursor(page, if is_forward { "after" } else { "before" })?.parse().ok()?;
        let from = match self.from {
            HistoryStart::After(last) => (cursor > last).then_some(HistoryStart::After(cursor)),
            HistoryStart::Before(last) => (cursor < last).then_some(HistoryStart::Before(cursor)),
            HistoryStart::Latest => Some(HistoryStart::Before(cursor)),
        }?;
        Some(Self { from, ..self.clone() })
    }
}

/// Parameters, with their names on the wire.
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
            (None, None) => HistoryStart::Latest,
            (Some(after), None) => HistoryStart::After(after),
            (None, Some(before)) => HistoryStart::Before(before),
            (Some(_), Some(_)) => return Err("`after` and `before` are mutually exclusive"),
        };
        Ok(Self { limit: flat.limit, from })
    }
}

impl From<GetRecentlyPlayed> for Flat {
    fn from(get: GetRecentlyPlayed) -> Self {
        let (after, before) = match get.from {
            HistoryStart::Latest => (None, None),
            HistoryStart::After(after) => (Some(after), None),
            HistoryStart::Before(before) => (None, Some(before)),
        };
        Self { limit: get.limit, after, before }
    }
}
