//! Authorization: which flow for whom.
//!
//! | who asks | flow | session |
//! |---|---|---|
//! | an application, for catalogue data | client credentials | [`Session::client_credentials`](crate::Session::client_credentials) |
//! | a user who has logged in before | refresh token | [`Session::resume`](crate::Session::resume) |
//! | whoever has an access token | none | [`Session::fixed`](crate::Session::fixed) |

pub(crate) mod access;
pub(crate) mod grant;
pub mod scope;
