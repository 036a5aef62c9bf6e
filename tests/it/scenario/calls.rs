//! Histories of calls: several users' sessions of one application, many calls at once, a world that fails.
//!
//! [`run`] lets one history happen on [`spotify_proto::fake`] and checks the invariants of `watch.rs` and of
//! `lists.rs` at every step of it.

#[path = "calls/jobs.rs"]
mod jobs;
#[path = "calls/liar.rs"]
mod liar;
#[path = "calls/lists.rs"]
mod lists;
#[path = "calls/server.rs"]
mod server;
#[path = "calls/trouble.rs"]
pub mod trouble;
#[path = "calls/watch.rs"]
mod watch;
#[path = "calls/world.rs"]
mod world;

use std::ops::AddAssign;

use super::{Chooser, Failure};

/// What histories came to: how much was tried, so that a world that is too kind is seen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub calls: u64,
    pub steps: u64,
    pub sends: u64,
    pub token_requests: u64,
    /// Calls that ended well, and of these the ones from the client's store.
    pub successes: u64,
    pub not_modified: u64,
    /// Calls that were dropped half way.
    pub dropped: u64,
    /// Calls that ended with the loss of their answer.
    pub losses: u64,
    /// Lists read to their end; those of them that could be compared with the server's, and those of a liar.
    pub lists: u64,
    pub compared: u64,
    pub lies: u64,
    /// Requests that are not idempotent, and how often one was answered by nothing or by a 5xx.
    pub writes: u64,
    pub doubtful: u64,
    /// Answers that say to wait.
    pub limits: u64,
    pub clock_jumps: u64,
    /// Logins that ended: revoked, or the only token was lost on its way.
    pub logins_lost: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        let pairs = [
            (&mut self.calls, other.calls),
            (&mut self.steps, other.steps),
            (&mut self.sends, other.sends),
            (&mut self.token_requests, other.token_requests),
            (&mut self.successes, other.successes),
            (&mut self.not_modified, other.not_modified),
            (&mut self.dropped, other.dropped),
            (&mut self.losses, other.losses),
            (&mut self.lists, other.lists),
            (&mut self.compared, other.compared),
            (&mut self.lies, other.lies),
            (&mut self.writes, other.writes),
            (&mut self.doubtful, other.doubtful),
            (&mut self.limits, other.limits),
            (&mut self.clock_jumps, other.clock_jumps),
            (&mut self.logins_lost, other.logins_lost),
        ];
        for (sum, more) in pairs {
            *sum += more;
        }
    }
}

/// Lets one history happen.
pub fn run(chooser: &mut impl Chooser, is_told: bool) -> Result<Tally, Failure> {
    let mut world = world::World::new(chooser, is_told);
    world.history().map_err(|message| Failure { message, transcript: world.transcript() })
}
