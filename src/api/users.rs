//! Users.

use crate::auth::scope::Scope;
use crate::endpoint::endpoint;
use crate::model::PrivateUser;

endpoint! {
    /// The user whose token it is.
    ///
    /// [Reference](https://developer.spotify.com/documentation/web-api/reference/get-current-users-profile).
    /// Scopes: none; `user-read-private` and `user-read-email` unlock more fields.
    "get-current-users-profile" GET "/v1/me" => PrivateUser, optional(&[Scope::UserReadPrivate, Scope::UserReadEmail]);
    GetCurrentUserProfile {  }
}
