//! Histories of calls: sessions of several users of two applications, concurrent calls, failures, and machines whose
//! clocks differ.
//!
//! [`run`] executes one history on `spotify_proto_testing::fake` and checks the invariants of `invariants.rs`,
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
        /// The counts of histories, to show that every kind of event occurs.
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
    /// Calls that succeeded, and those of them that returned a response from the client's store.
    successes,
    not_modified,
    /// Calls that were dropped.
    dropped,
    /// Token steps that were dropped, those that continued after their call was dropped, and saves that failed.
    dropped_token_steps,
    detached,
    failed_saves,
    /// Calls that ended with the transport's error.
    losses,
    /// Lists that were read to their end, those of them that were compared with the server's, and those with page
    /// faults.
    lists,
    compared,
    faulty_lists,
    /// Calls that are not idempotent, and those of them with a request that was lost or ended with a 5xx.
    writes,
    doubtful,
    /// 429 responses, and delays because of the pace.
    limits,
    paced,
    clock_jumps,
    /// Merges of rate limiters, and tokens that were adopted from the store.
    merges,
    adopted,
    /// Logins that ended because they were revoked or because the only token was never received.
    logins_lost,
}

/// Executes one history.
pub fn run(decisions: &mut impl DecisionSource, is_traced: bool) -> Result<Tally, Failure> {
    let mut environment = environment::Environment::new(decisions, is_traced);
    environment.history().map_err(|message| Failure { message, transcript: environment.transcript() })
}
