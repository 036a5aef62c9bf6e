//! Tests of the authorization: logins, tokens and secrets.

pub mod adopt;
pub mod callbacks;
pub mod debug_types;
pub mod echoes;
pub mod login;
pub mod oauth2_peer;
pub mod planted_values;
pub mod secret_matcher;
pub mod secrets;
pub mod token_steps;
pub mod tokens;
