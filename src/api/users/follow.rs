//! Artists and users that a user follows.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::endpoint::{Check, Endpoint, Paged, max_items, next_cursor, setters};
use crate::error::{DecodeError, RequestError};
use crate::model::{Artist, FollowedArtists, PageInfo};
use crate::response::{FromResponse, ResponseRef, contains};
use crate::types::id::{ArtistId, UserId};
use crate::types::operation::Operation;
use crate::types::origin::{Route, Target, Value};
use crate::types::query::{CommaList, QueryText, chunks, words};
use crate::types::scope::Scope;

const READ: &[Scope] = &[Scope::UserFollowRead];
const MODIFY: &[Scope] = &[Scope::UserFollowModify];

words! {
    /// Type of followed items to list; only artists are documented.
    FollowedType {
        /// Artists.
        Artist = "artist",
    }
}

/// Gets a page of the artists that the user follows.
///
/// An empty list means that the user does not follow any artists.
///
/// * [Reference](https://developer.spotify.com/documentation/web-api/reference/get-followed).
/// * Scopes: `user-follow-read`.
/// * Quota mode: any.
/// * Limits: 1 to 50 items per page, default 20.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
#[must_use = "an endpoint does nothing until its request is sent"]
#[non_exhaustive]
pub struct GetFollowedArtists {
    /// Query parameter `type`, whose only documented value is `artist`.
    #[serde(default = "artist")]
    pub r#type: FollowedType,
    /// Query parameter, set by [`after`](method@Self::after).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<QueryText>,
    /// Query parameter, set by [`limit`](method@Self::limit).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

const fn artist() -> FollowedType {
    FollowedType::Artist
}

impl GetFollowedArtists {
    /// Gets the first page.
    #[allow(clippy::new_without_default, reason = "`new` is the only constructor")]
    pub fn new() -> Self {
        Self { r#type: FollowedType::Artist, after: None, limit: None }
    }

    setters! {
        RULES []
        /// Sets the id of the last artist on the previous page. By default, the list is read from the start.
        after: QueryText,
        /// Sets the maximum number of items per page.
        limit: u32 where range(1..=50, default 20),
    }
}

impl Endpoint for GetFollowedArtists {
    type Output = FollowedArtists;

    const OPERATION: Operation = Operation::new("get-followed", Method::GET, "/v1/me/following").all(READ);

    fn target(&self, target: &mut Target) {
        target.route(const { &Route::of(Self::OPERATION) }, []);
        target.query("type", self.r#type);
        if let Some(after) = &self.after {
            target.query("after", after);
        }
        if let Some(limit) = self.limit {
            Value(&limit).add("limit", target);
        }
    }

    fn check(&self) -> Result<(), RequestError> {
        let check = Check::new(Self::OPERATION.id, Self::RULES);
        check.option("after", self.after.as_ref())?;
        check.option("limit", self.limit.as_ref())
    }

    fn decode(&self, response: ResponseRef<'_>) -> Result<FollowedArtists, DecodeError> {
        FromResponse::from_response(response)
    }
}

impl Paged for GetFollowedArtists {
    type Item = Artist;

    fn page_info(&self, page: &FollowedArtists) -> PageInfo {
        page.artists.info()
    }

    fn items(page: FollowedArtists) -> Vec<Artist> {
        page.artists.into_iter().collect()
    }

    fn next(&self, page: &FollowedArtists) -> Option<Self> {
        let after = QueryText::new(next_cursor(&page.artists, "after")?.as_str()).ok()?;
        (self.after.as_ref() != Some(&after)).then(|| self.clone().after(after))
    }
}

/// Up to 50 artists or up to 50 users.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(tag = "type", content = "ids", deny_unknown_fields)]
pub enum Followees {
    /// Artists.
    #[serde(rename = "artist")]
    Artists(CommaList<ArtistId>),
    /// Users.
    #[serde(rename = "user")]
    Users(CommaList<UserId>),
}

impl Followees {
    fn len(&self) -> usize {
        match self {
            Self::Artists(ids) => ids.as_slice().len(),
            Self::Users(ids) => ids.as_slice().len(),
        }
    }

    /// Documented maximum number of ids per request.
    pub const MAX_IDS: usize = max_items(FollowArtistsOrUsers::RULES);

    /// Splits any number of artists into groups of at most 50, in order.
    pub fn artists(ids: impl IntoIterator<Item = ArtistId>) -> impl Iterator<Item = Self> {
        chunks(ids, Self::MAX_IDS).map(Self::Artists)
    }

    /// Splits any number of users into groups of at most 50, in order.
    pub fn users(ids: impl IntoIterator<Item = UserId>) -> impl Iterator<Item = Self> {
        chunks(ids, Self::MAX_IDS).map(Self::Users)
    }
}

macro_rules! follow {
    ($(
        $(#[$doc:meta])*
        $name:ident $id:literal $method:ident $route:literal => $output:ty, $scopes:ident
            $(=> |$this:ident, $response:ident| $decode:expr)?;
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
        #[must_use = "an endpoint does nothing until its request is sent"]
        #[serde(transparent)]
        #[non_exhaustive]
        pub struct $name(
            /// Artists or users.
            pub Followees,
        );

        impl $name {
            setters! { RULES [ids at_most(50)] }

            /// Creates the endpoint for artists or users.
            ///
            /// For more than 50 ids, use `Followees::artists(ids).map(Self::new)`.
            pub fn new(followees: Followees) -> Self {
                Self(followees)
            }
        }

        impl Endpoint for $name {
            type Output = $output;

            const OPERATION: Operation =
                Operation::new($id, Method::$method, $route).all($scopes).extended_quota();

            fn target(&self, target: &mut Target) {
                target.route(const { &Route::new($route) }, []);
                match &self.0 {
                    Followees::Artists(ids) => {
                        target.query("type", "artist");
                        target.query("ids", ids);
                    }
                    Followees::Users(ids) => {
                        target.query("type", "user");
                        target.query("ids", ids);
                    }
                }
            }

            fn check(&self) -> Result<(), RequestError> {
                let check = Check::new($id, Self::RULES);
                match &self.0 {
                    Followees::Artists(ids) => check.parameter("ids", ids),
                    Followees::Users(ids) => check.parameter("ids", ids),
                }
            }

            fn decode(&self, response: ResponseRef<'_>) -> Result<$output, DecodeError> {
                crate::endpoint::decode!(self, response $(, |$this, $response| $decode)?)
            }
        }
    )+};
}

follow! {
    /// Follows artists or users.
    ///
    /// The response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/follow-artists-users).
    /// * Scopes: `user-follow-modify`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`Followees`] splits longer lists.
    #[deprecated(note = "not available in development mode; use `SaveLibraryItems`")]
    FollowArtistsOrUsers "follow-artists-users" PUT "/v1/me/following" => (), MODIFY;

    /// Unfollows artists or users.
    ///
    /// The response body is empty.
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/unfollow-artists-users).
    /// * Scopes: `user-follow-modify`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`Followees`] splits longer lists.
    #[deprecated(note = "not available in development mode; use `RemoveLibraryItems`")]
    UnfollowArtistsOrUsers "unfollow-artists-users" DELETE "/v1/me/following" => (), MODIFY;

    /// Checks whether the user follows artists or users.
    ///
    /// The response has one value per id, in the same order. Any other number of values is a
    /// [`DecodeError`](crate::DecodeError).
    ///
    /// * [Reference](https://developer.spotify.com/documentation/web-api/reference/check-current-user-follows).
    /// * Scopes: `user-follow-read`.
    /// * Quota mode: extended.
    /// * Limits: 1 to 50 ids per request; [`Followees`] splits longer lists.
    #[deprecated(note = "not available in development mode; use `CheckLibraryItems`")]
    CheckFollowing "check-current-user-follows" GET "/v1/me/following/contains" => Vec<bool>, READ
        => |it, response| contains(response, Some(it.0.len()));
}
