//! Users.

#![allow(deprecated, reason = "the operations that development mode lost are offered all the same")]

use crate::auth::scope::Scope;
use crate::bounded::{List, QueryText, chunks, words};
use crate::endpoint::{Paged, endpoint, next_cursor, offset_pages};
use crate::id::UserId;
use crate::model::{Artist, FollowedArtists, Page, PrivateUser, PublicUser, TopItem, Track};

words! {
    /// Whom to follow.
    FollowType {
        /// Artists.
        Artist = "artist",
        /// Users.
        User = "user",
    }

    /// Over how long tastes are measured.
    TimeRange {
        /// About a year.
        LongTerm = "long_term",
        /// About six months.
        MediumTerm = "medium_term",
        /// About four weeks.
        ShortTerm = "short_term",
    }
}

endpoint! {
    /// The user whose token it is.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-current-users-profile).
    /// Scopes: none; `user-read-private` and `user-read-email` unlock more.
    "get-current-users-profile" GET "/v1/me" => PrivateUser, optional(&[Scope::UserReadPrivate, Scope::UserReadEmail]);
    GetCurrentUserProfile {  }
}

words! {
    /// Which of the user's favourites.
    TopType {
        /// Artists.
        Artists = "artists",
        /// Tracks.
        Tracks = "tracks",
    }
}

endpoint! {
    /// The artists or tracks that the user plays most.
    ///
    /// Where the type is known when the code is written, [`GetTopArtists`] and [`GetTopTracks`] answer with it.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-top-artists-and-tracks).
    /// Scopes: `user-top-read`.
    "get-users-top-artists-and-tracks" GET "/v1/me/top/{type}" => Page<TopItem>, all(&[Scope::UserTopRead]);
    GetTopItems { r#type: TopType = "type" } ? {
        /// Over how long; about six months unless set.
        time_range: TimeRange,
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
        /// The first item, from 0.
        offset: u32,
    }
}

macro_rules! top {
    ($($(#[$doc:meta])* $name:ident $item:ident $path:literal;)+) => {$(
        endpoint! {
            $(#[$doc])*
            ///
            /// One half of [`GetTopItems`], with its id and its scopes.
            ///
            /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-top-artists-and-tracks).
            /// Scopes: `user-top-read`.
            "get-users-top-artists-and-tracks" GET $path => Page<$item>, all(&[Scope::UserTopRead]);
            $name {} ? {
                /// Over how long; about six months unless set.
                time_range: TimeRange,
                /// How many items, 1 to 50; 20 unless set.
                limit: u32,
                /// The first item, from 0.
                offset: u32,
            }
        }
    )+};
}

top! {
    /// The artists that the user plays most.
    GetTopArtists Artist "/v1/me/top/artists";
    /// The tracks that the user plays most.
    GetTopTracks Track "/v1/me/top/tracks";
}
offset_pages!(GetTopItems, GetTopArtists, GetTopTracks);

endpoint! {
    /// A user.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-users-profile).
    /// Scopes: none.
    #[deprecated(note = "gone for applications in development mode; there is no replacement; use `GetCurrentUserProfile` for the user of the token")]
    "get-users-profile" GET "/v1/users/{user_id}" => PublicUser, extended_quota();
    GetUserProfile { user_id: UserId }
}

endpoint! {
    /// The artists that the user follows, by cursor.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-followed).
    /// Scopes: `user-follow-read`.
    "get-followed" GET "/v1/me/following" => FollowedArtists, all(&[Scope::UserFollowRead]);
    GetFollowed {} & { r#type: FollowedType = "type" } ? {
        /// The last artist of the page before.
        after: QueryText,
        /// How many items, 1 to 50; 20 unless set.
        limit: u32,
    }
}

words! {
    /// What kind of followed things to list: artists only.
    FollowedType {
        /// Artists.
        Artist = "artist",
    }
}

impl GetFollowed {
    /// The artists that the user follows.
    pub fn artists() -> Self {
        Self::new(FollowedType::Artist)
    }
}

impl Paged for GetFollowed {
    fn next(&self, page: &FollowedArtists) -> Option<Self> {
        let after = next_cursor(&page.artists, "after")?;
        let requested = self.after.as_ref().map(QueryText::as_str);
        (requested != Some(&*after)).then(|| Some(self.clone().after(QueryText::new(after).ok()?)))?
    }
}

endpoint! {
    /// Follows artists or users.
    ///
    /// Up to 50 ids, of artists or of users as the type says.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/follow-artists-users).
    /// Scopes: `user-follow-modify`.
    #[deprecated(note = "gone for applications in development mode; use `SaveLibraryItems`")]
    "follow-artists-users" PUT "/v1/me/following" => (), all(&[Scope::UserFollowModify]), extended_quota();
    FollowArtistsOrUsers {  } & { r#type: FollowType = "type", ids: List<UserId> }
}

endpoint! {
    /// Unfollows artists or users.
    ///
    /// Up to 50 ids, of artists or of users as the type says.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/unfollow-artists-users).
    /// Scopes: `user-follow-modify`.
    #[deprecated(note = "gone for applications in development mode; use `RemoveLibraryItems`")]
    "unfollow-artists-users" DELETE "/v1/me/following" => (), all(&[Scope::UserFollowModify]), extended_quota();
    UnfollowArtistsOrUsers {  } & { r#type: FollowType = "type", ids: List<UserId> }
}

endpoint! {
    /// Whether the user follows artists or users, in the order of the ids.
    ///
    /// Up to 50 ids, of artists or of users as the type says.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/check-current-user-follows).
    /// Scopes: `user-follow-read`.
    #[deprecated(note = "gone for applications in development mode; use `CheckLibraryContains`")]
    "check-current-user-follows" GET "/v1/me/following/contains" => Vec<bool>, all(&[Scope::UserFollowRead]), extended_quota();
    CheckFollowing {  } & { r#type: FollowType = "type", ids: List<UserId> }
}

macro_rules! typed_batches {
    ($($name:ident),+) => {$(
        impl $name {
            /// The greatest number of ids that the reference documents for one request.
            pub const MAX: usize = 50;

            /// As many calls as all ids need, each within the documented maximum, in their order.
            pub fn batches(
                r#type: FollowType,
                ids: impl IntoIterator<Item = UserId>,
            ) -> impl Iterator<Item = Self> {
                chunks(ids, Self::MAX).map(move |ids| Self::new(r#type, ids))
            }
        }
    )+};
}
typed_batches!(FollowArtistsOrUsers, UnfollowArtistsOrUsers, CheckFollowing);
