//! Histories of one session's tokens, with jumping clocks, failing servers, crashing processes, and dropped steps.
//!
//! [`run`] executes one history and checks the invariants in `invariants.rs` at every step.

#[path = "tokens/environment.rs"]
mod environment;
#[path = "tokens/invariants.rs"]
mod invariants;
#[path = "tokens/server.rs"]
mod server;

use super::{DecisionSource, Failure, Size};

/// Counts of the events in a history.
#[derive(Clone, Copy, Debug, Default)]
pub struct Summary {
    pub steps: u32,
    pub token_requests: u32,
    pub crashes: u32,
    /// Token steps that were dropped; `dropped_with_call` is the number that were dropped together with their call.
    pub dropped_token_steps: u32,
    pub dropped_with_call: u32,
    /// Calls that ended while their token step continued.
    pub survived_calls: u32,
    /// Token requests that were sent because an earlier token request had been in flight for more than two minutes.
    pub overtaken: u32,
    /// Token responses to requests of a previous session value that were accepted by the current session value.
    pub taken_over: u32,
    /// Logins that were lost because the only valid refresh token was never received or because of a crash before the
    /// token was saved.
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
