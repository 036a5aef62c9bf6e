//! Authorization: which flow for whom.

pub mod scope;
