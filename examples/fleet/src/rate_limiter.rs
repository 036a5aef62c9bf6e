//! The rate limiter, which all workers share: a 429 that one worker receives blocks every worker.
//!
//! The workers merge their states. Merging is commutative, associative and idempotent, so the longest block remains,
//! regardless of the order in which workers store their states.

use std::mem;
use std::time::{SystemTime, UNIX_EPOCH};

use redis::{Pipeline, RedisResult};
use spotify_proto::{App, RateLimiter};

use crate::Failure;
use crate::store::Store;

/// The shared state as this worker last read it.
#[derive(Default)]
pub(crate) struct Shared {
    /// The stored form that was read last; an unchanged form is not merged again.
    text: Option<String>,
}

impl Shared {
    /// Adds the command that reads the stored state to a pipeline.
    pub(crate) fn get(commands: &mut Pipeline, store: &Store) {
        commands.get(store.key("rate_limiter"));
    }

    /// Merges the stored state into the application's state.
    pub(crate) fn merge(&mut self, app: &mut App, text: Option<String>) {
        if text == self.text {
            return;
        }
        let own = mem::take(app.rate_limiter_mut());
        *app.rate_limiter_mut() = own.merge(parse(text.as_deref()));
        self.text = text;
    }

    /// Reads the stored state, which may have changed during a delay.
    pub(crate) fn load(&mut self, store: &mut Store) -> RedisResult<Option<String>> {
        store.query(redis::cmd("GET").arg(store.key("rate_limiter")))
    }

    /// Merges the worker's state into the stored state by compare-and-set. Returns the merged state.
    pub(crate) fn publish(&mut self, own: &RateLimiter, store: &mut Store) -> Result<RateLimiter, Failure> {
        let (mut merged, mut text) = (own.clone(), None);
        let is_new = store.update(&store.key("rate_limiter"), |stored| -> Result<_, Failure> {
            let known = parse(stored.as_deref());
            merged = own.clone().merge(known.clone());
            if merged == known {
                text = stored;
                return Ok(None);
            }
            let new = serde_json::to_string(&merged)?;
            text = Some(new.clone());
            Ok(Some(new))
        })?;
        self.text = text;
        if is_new {
            // Record the time from which every worker can read the block, for the checks at the end of the run.
            let micros = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros())?;
            store.query::<()>(redis::cmd("RPUSH").arg(store.key("blocked_at")).arg(micros))?;
        }
        Ok(merged)
    }
}

/// Parses the stored state. Returns the initial state if the stored state is missing or was written by a different
/// version.
fn parse(text: Option<&str>) -> RateLimiter {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}
