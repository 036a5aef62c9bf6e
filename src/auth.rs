//! Authorization: which flow fits which program.
//!
//! | program | flow | session |
//! |---|---|---|
//! | an application that reads the catalogue | client credentials | [`Session::client_credentials`](crate::Session::client_credentials) |
//! | a server that acts for users | authorization code | [`Login`](crate::Login), [`Session::from_code`](crate::Session::from_code) |
//! | a program on a user's device | authorization code with PKCE | the same, with [`App::public`](crate::App::public) |
//! | any of them, for a user who has logged in before | refresh token | [`Session::from_tokens`](crate::Session::from_tokens), [`Session::from_refresh_token`](crate::Session::from_refresh_token) |
//! | a program that gets access tokens from elsewhere | none | [`Session::from_access_token`](crate::Session::from_access_token) |
//!
//! Refresh tokens live six months from the user's consent. The response to a refresh may hold a new refresh token,
//! which replaces the old one, or none, which keeps it. After `invalid_grant` the user has to log in again; all other
//! failures are retried and never cost the refresh token.

pub(crate) mod grant;
pub(crate) mod pkce;
pub(crate) mod redirect;
pub(crate) mod token_machine;
pub(crate) mod tokens;
