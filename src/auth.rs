//! Authorization: which flow for whom.
//!
//! | who asks | flow | session |
//! |---|---|---|
//! | an application, for catalogue data | client credentials | [`Session::client_credentials`](crate::Session::client_credentials) |
//! | a user, in an application that keeps a secret | authorization code | [`Login`](crate::Login), [`Session::login`](crate::Session::login) |
//! | a user, in an application that cannot | authorization code with PKCE | the same, with [`App::public`](crate::App::public) |
//! | a user who has logged in before | refresh token | [`Session::resume`](crate::Session::resume) |
//! | whoever has an access token | none | [`Session::fixed`](crate::Session::fixed) |
//!
//! Refresh tokens live six months from the user's consent, whatever is done with them. An answer to a refresh may
//! bring a new refresh token, which replaces the old one, or none, which keeps it. When `invalid_grant` comes the
//! user has to log in again; everything else is worth another try, and never costs the refresh token.

pub(crate) mod access;
pub(crate) mod grant;
pub(crate) mod login;
mod pkce;
pub(crate) mod redirect;
pub mod scope;
