//! Tests of requests: the wire format of each operation, parameters, ids and URIs, and agreement with the reference.

pub mod building;
pub mod conformance;
pub mod decoding;
pub mod inputs;
pub mod lists;
pub mod origins;
pub mod parameters;
pub mod player_errors;
pub mod references;
pub mod request_goldens;
pub mod requests;
pub mod rules;
pub mod short_links;
pub mod stored;
pub mod timestamps;
