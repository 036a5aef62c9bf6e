//! One throttle for all: what one worker is told by a 429 holds for every worker.
//!
//! Throttles are joined, and joining is commutative, associative and idempotent: whoever comes first or twice, the
//! longest closure stays.

use std::mem;
use std::time::{SystemTime, UNIX_EPOCH};

use redis::RedisResult;
use spotify_proto::{Session, Throttle};

use crate::Failure;
use crate::store::Store;

/// What this worker knows of the shared throttle.
#[derive(Default)]
pub(crate) struct Shared {
    /// The stored form, read last: what has not changed is not read again.
    text: Option<String>,
    throttle: Throttle,
}

impl Shared {
    /// Joins what is stored into the session's own throttle.
    pub(crate) fn look(&mut self, session: &mut Session, text: Option<String>) {
        if text == self.text {
            return;
        }
        let own = mem::take(session.throttle());
        *session.throttle() = own.join(read(text.as_deref()));
        self.throttle = session.throttle().clone();
        self.text = text;
    }

    /// Reads what is stored, for a worker that has waited.
    pub(crate) fn look_again(&mut self, session: &mut Session, store: &mut Store) -> RedisResult<()> {
        let text = store.ask(redis::cmd("GET").arg(store.key("throttle")))?;
        self.look(session, text);
        Ok(())
    }

    /// Joins the session's throttle into what is stored, if it has changed: compare and set, until nobody is faster.
    pub(crate) fn publish(&mut self, session: &mut Session, store: &mut Store) -> Result<(), Failure> {
        if *session.throttle() == self.throttle {
            return Ok(());
        }
        let key = store.key("throttle");
        loop {
            let mut look = redis::pipe();
            look.cmd("WATCH").arg(&key).ignore().get(&key);
            let (stored,): (Option<String>,) = store.ask_all(&look)?;
            let joined = session.throttle().clone().join(read(stored.as_deref()));
            let text = serde_json::to_string(&joined)?;
            let mut set = redis::pipe();
            set.atomic().set(&key, &text).ignore();
            // Nothing comes back where another worker has written since the look.
            if store.ask_all::<Option<()>>(&set)?.is_some() {
                *session.throttle() = joined.clone();
                *self = Self { text: Some(text), throttle: joined };
                break;
            }
        }
        // From now on nobody can miss it: the time is noted for the proof at the end.
        let micros = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros())?;
        Ok(store.ask(redis::cmd("RPUSH").arg(store.key("closed_at")).arg(micros))?)
    }
}

/// The stored form; one of another version counts as absent.
fn read(text: Option<&str>) -> Throttle {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}
