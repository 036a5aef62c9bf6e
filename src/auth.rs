//! Authorization: logins, grants and tokens.
//!
//! | program | flow | session |
//! |---|---|---|
//! | an application that reads the catalogue | client credentials | [`Session::client_credentials`](crate::Session::client_credentials) |
//! | a server that acts on behalf of users | authorization code | [`Login`](crate::Login), [`Session::from_code`](crate::Session::from_code) |
//! | a program on a user's device | authorization code with PKCE | the same as for a server, with [`App::public`](crate::App::public) |
//! | any of these, for a user who has logged in before | refresh token | [`Session::from_tokens`](crate::Session::from_tokens), [`Session::from_refresh_token`](crate::Session::from_refresh_token) |
//! | a program that obtains access tokens elsewhere | none | [`Session::from_access_token`](crate::Session::from_access_token) |
//!
//! A refresh token is valid for six months after the user's consent. The response to a refresh may contain a new
//! refresh token, which replaces the previous token; otherwise, the previous token remains valid. After
//! `invalid_grant`, the user has to log in again. All other failures are retried, and the refresh token is not lost.

pub(crate) mod grant;
pub(crate) mod pkce;
pub(crate) mod redirect;
pub(crate) mod token_machine;
pub(crate) mod tokens;
