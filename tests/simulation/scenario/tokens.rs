//! Histories of one session's tokens: clocks that jump, servers that fail, processes that crash, and dropped steps.
//!
//! [`run`] executes one history and checks the invariants of `invariants.rs` at every step.

#[path = "tokens/environment.rs"]
mod environment;
#[path = "tokens/invariants.rs"]
mod invariants;
#[path = "tokens/server.rs"]
mod server;

use super::{DecisionSource, Failure, Size};

/// The counts of a history.
#[derive(Clone, Copy, Debug, Default)]
pub struct Summary {
    pub steps: u32,
    pub token_requests: u32,
    pub crashes: u32,
    /// Token steps that were dropped, and those of them that were dropped together with their call.
    pub dropped_token_steps: u32,
    pub dropped_with_call: u32,
    /// Calls that ended while their token step continued.
    pub survived_calls: u32,
    /// Token requests that were sent while an older one was in flight for more than two minutes.
    pub overtaken: u32,
    /// Token responses to requests of an earlier session value that the current value accepted.
    pub taken_over: u32,
    /// Logins that were lost because the only refresh token was never received, or because of a crash before its save.
    pub losses: u32,
    pub revocations: u32,
}

/// Executes one history.
pub fn run(decisions: &mut impl DecisionSource, is_traced: bool) -> Result<Summary, Failure> {
    let mut environment = environment::Environment::new(decisions, is_traced);
    environment.history().map_err(|message| Failure { message, transcript: environment.transcript() })
}

/// Starts concurrent calls with an expired token and without failures; returns the number of token requests.
pub fn burst(decisions: &mut impl DecisionSource, calls: usize) -> Result<u32, Failure> {
    let mut environment = environment::Environment::burst(decisions, calls);
    environment.settle().map_err(|message| Failure { message, transcript: environment.transcript() })?;
    Ok(environment.token_requests())
}
