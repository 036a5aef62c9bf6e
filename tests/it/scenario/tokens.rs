//! Histories of one session's tokens: a clock that jumps, servers that fail, processes that crash.
//!
//! [`run`] lets one history happen and checks the invariants of `watch.rs` at every step of it.

#[path = "tokens/server.rs"]
mod server;
#[path = "tokens/watch.rs"]
mod watch;
#[path = "tokens/world.rs"]
mod world;

use super::{Chooser, Failure};

/// What a history came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Summary {
    pub steps: u32,
    pub token_requests: u32,
    pub crashes: u32,
    /// Logins lost because nobody could read or write down the only token: not a fault.
    pub losses: u32,
    pub revocations: u32,
}

/// Lets one history happen.
pub fn run(chooser: &mut impl Chooser, is_told: bool) -> Result<Summary, Failure> {
    let mut world = world::World::new(chooser, is_told);
    world.history().map_err(|message| Failure { message, transcript: world.transcript() })
}

/// Lets many calls start at once on a token that has expired, with servers that work; counts the token requests.
pub fn burst(chooser: &mut impl Chooser, calls: usize) -> Result<u32, Failure> {
    let mut world = world::World::burst(chooser, calls);
    world.settle().map_err(|message| Failure { message, transcript: world.transcript() })?;
    Ok(world.token_requests())
}
