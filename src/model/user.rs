//! Users.

use super::common::{ExternalUrls, Followers, Image, ObjectType};
use crate::types::id::UserId;
use crate::types::text::Text;
use crate::types::uri::{Href, SpotifyUri};
use crate::wire::lenient::model;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// A subscription.
    Product {
        /// Premium.
        Premium = "premium",
        /// Free.
        Free = "free",
        /// The same as free.
        Open = "open",
    }
}

model! {
    /// The user who signed in.
    PrivateUser {
        /// A pseudonymous id that never changes: the one to link accounts by.
        account_id: Option<Text>,
        /// The country of the account, as an ISO 3166-1 alpha-2 code; only with the scope `user-read-private`.
        /// Deprecated; absent for applications in development mode.
        country: Option<Text>,
        /// Display name; absent if there is none.
        display_name: Option<Text>,
        /// The address, which nobody has verified; only with the scope `user-read-email`.
        /// Deprecated; absent for applications in development mode.
        email: Option<Text>,
        /// True if explicit content is played; needs the scope `user-read-private`.
        /// Deprecated; absent for applications in development mode.
        explicit_content: Option<ExplicitContent>,
        /// Public web pages of the profile, by site.
        external_urls: Option<ExternalUrls>,
        /// How many follow the user. Deprecated; gone for applications in development mode.
        followers: Option<Followers>,
        /// Address of the profile in the Web API.
        href: Option<Href>,
        /// Spotify ID.
        id: Option<UserId>,
        /// Images, widest first; often empty.
        images: Vec<Image>,
        /// The subscription; only with the scope `user-read-private`.
        /// Deprecated; absent for applications in development mode.
        product: Option<Product>,
        /// Always `user`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI.
        uri: Option<SpotifyUri>,
    }

    /// How an account deals with explicit content.
    ExplicitContent {
        /// True if explicit content is not played.
        filter_enabled: Option<bool>,
        /// True if the user cannot change that.
        filter_locked: Option<bool>,
    }

    /// A user as others see it.
    PublicUser {
        /// Display name; absent if there is none.
        display_name: Option<Text>,
        /// Public web pages of the profile, by site.
        external_urls: Option<ExternalUrls>,
        /// How many follow the user.
        followers: Option<Followers>,
        /// Address of the profile in the Web API.
        href: Option<Href>,
        /// Spotify ID.
        id: Option<UserId>,
        /// Images, widest first; often empty.
        images: Vec<Image>,
        /// Always `user`.
        r#type: Option<ObjectType> = "type",
        /// Spotify URI.
        uri: Option<SpotifyUri>,
    }
}
