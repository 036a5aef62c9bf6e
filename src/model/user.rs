//! Users.

use super::common::{ExternalUrls, Followers, Image, ObjectType};
use crate::types::id::UserId;
use crate::types::text::Text;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// Subscription of a user.
    Product {
        /// Spotify Premium.
        Premium = "premium",
        /// The free tier.
        Free = "free",
        /// An older name for the free tier; treat it as [`Free`](Self::Free).
        Open = "open",
    }
}

model! {
    /// The user to whom the access token belongs.
    ///
    /// Response to [`GetCurrentUserProfile`](crate::api::GetCurrentUserProfile).
    ///
    /// Reference:
    /// [Get Current User's Profile](https://developer.spotify.com/documentation/web-api/reference/get-current-users-profile).
    PrivateUser {
        /// Pseudonymous id of the account, which never changes. Use this id to link accounts. Sent since May 2026.
        account_id: Option<Text>,
        /// Country of the account as an ISO 3166-1 alpha-2 code; `None` unless the scope `user-read-private` is
        /// granted. Deprecated; `None` in development mode.
        country: Option<Text>,
        /// Display name; `None` if the user has no display name.
        display_name: Option<Text>,
        /// Email address, not verified by Spotify; `None` unless the scope `user-read-email` is granted. Deprecated;
        /// `None` in development mode.
        email: Option<Text>,
        /// Settings for explicit content; `None` unless the scope `user-read-private` is granted. Deprecated; `None` in
        /// development mode.
        explicit_content: Option<ExplicitContent>,
        /// Public URLs of the profile, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Number of followers. Deprecated; `None` in development mode.
        followers: Option<Followers>,
        /// Web API URL of the profile.
        href: Option<Href>,
        /// Spotify ID of the user. To link accounts, use `account_id` instead.
        id: Option<UserId>,
        /// Profile image in several sizes, widest first; empty if there is none.
        images: Vec<Image>,
        /// Subscription; `None` unless the scope `user-read-private` is granted. Deprecated; `None` in development
        /// mode.
        product: Option<Product>,
        /// Type of the object: always `user`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the user.
        uri: Option<SpotifyUri>,
    }

    /// Settings of an account for explicit content.
    ///
    /// Reference:
    /// [Get Current User's Profile](https://developer.spotify.com/documentation/web-api/reference/get-current-users-profile).
    ExplicitContent {
        /// True if explicit content must not be played.
        filter_enabled: Option<bool>,
        /// True if the user cannot change the setting.
        filter_locked: Option<bool>,
    }

    /// Public profile of a user.
    ///
    /// Response to [`GetUserProfile`](crate::api::GetUserProfile).
    ///
    /// Reference:
    /// [Get User's Profile](https://developer.spotify.com/documentation/web-api/reference/get-users-profile).
    PublicUser {
        /// Display name; `None` if the user has no display name.
        display_name: Option<Text>,
        /// Public URLs of the profile, keyed by site.
        external_urls: Option<ExternalUrls>,
        /// Number of followers. Deprecated.
        followers: Option<Followers>,
        /// Web API URL of the profile.
        href: Option<Href>,
        /// Spotify ID of the user.
        id: Option<UserId>,
        /// Profile image in several sizes, widest first; empty if there is none.
        images: Vec<Image>,
        /// Type of the object: always `user`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI of the user.
        uri: Option<SpotifyUri>,
    }
}
