//! Basic public types: ids, URIs, markets, times, scopes, secrets and short strings.

pub(crate) mod delay;
pub(crate) mod id;
pub(crate) mod language;
pub(crate) mod market;
pub(crate) mod operation;
pub(crate) mod origin;
pub(crate) mod query;
pub(crate) mod reference;
pub(crate) mod resource_kind;
pub(crate) mod scope;
pub(crate) mod secret;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod uri;
