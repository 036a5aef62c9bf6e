//! Histories of calls: sessions of several users of two applications, concurrent calls, failures, and machines with
//! different clocks.
//!
//! [`run`] executes one history against `spotify_proto_testing::fake` and checks the invariants in `invariants.rs`,
//! `token_invariants.rs` and `lists.rs` at every step.

#[path = "calls/environment.rs"]
mod environment;
#[path = "calls/faulty_pages.rs"]
mod faulty_pages;
#[path = "calls/invariants.rs"]
mod invariants;
#[path = "calls/lists.rs"]
mod lists;
#[path = "calls/network_faults.rs"]
pub mod network_faults;
#[path = "calls/server.rs"]
mod server;
#[path = "calls/token_invariants.rs"]
mod token_invariants;
#[path = "calls/workload.rs"]
mod workload;

use std::ops::AddAssign;

use super::{DecisionSource, Failure, Size};

macro_rules! tally {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// Counts of the events in histories, for the check that every kind of event occurs.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Tally {
            $($(#[$doc])* pub $name: u64,)+
        }

        impl AddAssign for Tally {
            fn add_assign(&mut self, other: Self) {
                $(self.$name += other.$name;)+
            }
        }
    };
}

tally! {
    calls,
    steps,
    sends,
    token_requests,
    /// Successful calls; `not_modified` is the number that returned a response from the client's store.
    successes,
    not_modified,
    /// Calls that were dropped.
    dropped,
    /// Token steps that were dropped, token steps that continued after their call was dropped, and failed saves.
    dropped_token_steps,
    detached,
    failed_saves,
    /// Calls that ended with the transport error.
    losses,
    /// Lists that were read to the end. Some were compared with the server's list, and some had errors in their pages.
    lists,
    compared,
    faulty_lists,
    /// Non-idempotent calls; `doubtful` is the number with a request that was lost or resulted in a 5xx.
    writes,
    doubtful,
    /// 429 responses, and delays caused by the pace.
    limits,
    paced,
    clock_jumps,
    /// Merges of rate limiters, and tokens that were adopted from the store.
    merges,
    adopted,
    /// Logins that ended because of a revocation or because the only valid token was never received.
    logins_lost,
}

/// Executes one history.
pub fn run(decisions: &mut impl DecisionSource, is_traced: bool) -> Result<Tally, Failure> {
    let mut environment = environment::Environment::new(decisions, is_traced);
    environment.history().map_err(|message| Failure { message, transcript: environment.transcript() })
}
