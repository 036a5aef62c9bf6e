//! What a user listens to most.
//!
//! The reference has one operation for artists and tracks. [`GetTopArtists`] and [`GetTopTracks`] are typed and for
//! applications; [`GetTopItems`] is the operation as the reference has it, for tools that know it by its id.

use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};

use crate::api::words::{TimeRange, TopType};
use crate::auth::scope::Scope;
use crate::endpoint::{Endpoint, Operation, Paged, endpoint, next_offset, offset_pages, setters};
use crate::error::{DecodeError, RequestError};
use crate::model::{Artist, ObjectType, Page, Track};
use crate::origin::Target;
use crate::response::{self, Answer};

const READ: &[Scope] = &[Scope::UserTopRead];

endpoint! {
    /// The artists or tracks that the user listens to most; [`GetTopArtists`] and [`GetTopTracks`] know which.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-top-artists-and-tracks).
    /// Scopes: `user-top-read`.
    "get-users-top-artists-and-tracks" GET "/v1/me/top/{type}" => TopItems, all(READ);
    GetTopItems { r#type: TopType } ? {
        /// Over which time; about six months unless set.
        time_range: TimeRange,
        /// Sets the largest number of items on a page.
        limit: u32 where range(1..=50, default 20),
        /// Sets the position of the first item, from 0.
        offset: u32,
    }
}

impl Paged for GetTopItems {
    fn next(&self, items: &TopItems) -> Option<Self> {
        let next = match items {
            TopItems::Artists(page) => next_offset(page, self.offset),
            TopItems::Tracks(page) => next_offset(page, self.offset),
        };
        next.map(|offset| self.clone().offset(offset))
    }
}

/// A page of top artists or of top tracks.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(untagged)]
pub enum TopItems {
    /// Artists; an empty page too.
    Artists(Page<Artist>),
    /// Tracks.
    Tracks(Page<Track>),
}

/// The first item tells which they are.
impl Answer for TopItems {
    fn from_body(status: StatusCode, body: &[u8]) -> Result<Self, DecodeError> {
        let artists: Page<Artist> = response::decode(status, body)?;
        let first = artists.iter().find_map(|item| item.r#type.as_ref());
        if first == Some(&ObjectType::Track) {
            response::decode(status, body).map(Self::Tracks)
        } else {
            Ok(Self::Artists(artists))
        }
    }
}

macro_rules! top {
    ($($(#[$doc:meta])* $name:ident $type:ident $item:ident;)+) => {$(
        $(#[$doc])*
        ///
        /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-top-artists-and-tracks).
        /// Scopes: `user-top-read`.
        #[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
        #[serde(deny_unknown_fields)]
        #[must_use = "an endpoint does nothing until its request is sent"]
        #[non_exhaustive]
        pub struct $name {
            /// Query parameter, set by [`time_range`](method@Self::time_range).
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub time_range: Option<TimeRange>,
            /// Query parameter, set by [`limit`](method@Self::limit).
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub limit: Option<u32>,
            /// Query parameter, set by [`offset`](method@Self::offset).
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub offset: Option<u32>,
        }

        impl $name {
            /// The call with its required parameters.
            #[allow(clippy::new_without_default, reason = "one way to make an endpoint")]
            pub fn new() -> Self {
                Self { time_range: None, limit: None, offset: None }
            }

            setters! {
                RULES []
                /// Over which time; about six months unless set.
                time_range: TimeRange,
                /// Sets the largest number of items on a page.
                limit: u32 where range(1..=50, default 20),
                /// Sets the position of the first item, from 0.
                offset: u32,
            }
        }

        impl $name {
            fn untyped(&self) -> GetTopItems {
                let Self { time_range, limit, offset } = self.clone();
                GetTopItems { r#type: TopType::$type, time_range, limit, offset }
            }
        }

        impl Endpoint for $name {
            type Output = Page<$item>;

            const OPERATION: Operation =
                Operation::new("get-users-top-artists-and-tracks", Method::GET, "/v1/me/top/{type}").all(READ);

            fn target(&self, target: &mut Target) {
                self.untyped().target(target);
            }

            fn check(&self) -> Result<(), RequestError> {
                self.untyped().check()
            }

            fn decode(status: StatusCode, body: &[u8]) -> Result<Page<$item>, DecodeError> {
                response::decode(status, body)
            }
        }
    )+};
}

top! {
    /// The artists that the user listens to most.
    GetTopArtists Artists Artist;
    /// The tracks that the user listens to most.
    GetTopTracks Tracks Track;
}
offset_pages!(GetTopArtists, GetTopTracks);
