//! The application token, which all workers share.
//!
//! The driver loads stored tokens before it sends a token request. If the stored tokens are missing or outdated, one
//! worker acquires a lease and sends the request; the other workers wait until the new tokens are stored.

use std::thread;
use std::time::Duration;

use redis::RedisResult;
use spotify_proto::Tokens;

use crate::Failure;
use crate::store::Store;

/// Lifetime of the lease in milliseconds, which is also the time limit for a token request. If a worker ends while it
/// holds the lease, the others wait until the lease expires.
const LEASE_MILLIS: u64 = 10_000;

/// Interval between two checks by a worker that waits for the tokens of another worker.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Script that deletes the lease if it still belongs to this worker. The lease may have expired, and another worker may
/// have acquired a new lease.
const RELEASE: &str =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end";

/// Returns stored tokens that replace `current`, or `None` if this worker has acquired the lease and has to request
/// tokens.
pub(crate) fn load(
    store: &mut Store,
    worker: &str,
    current: Option<&Tokens>,
) -> Result<Option<Tokens>, Failure> {
    // After a failed token request, this worker may still hold the lease.
    release(store, worker)?;
    loop {
        if let Some(tokens) = newer(store, current)? {
            return Ok(Some(tokens));
        }
        let mut lease = redis::cmd("SET");
        lease.arg(store.key("lease")).arg(worker).arg("NX").arg("PX").arg(LEASE_MILLIS);
        if store.query::<Option<String>>(&lease)?.is_none() {
            thread::sleep(POLL_INTERVAL);
            continue;
        }
        // Another worker may have stored tokens and released the lease after the check above.
        let tokens = newer(store, current)?;
        if tokens.is_some() {
            release(store, worker)?;
        }
        return Ok(tokens);
    }
}

/// Returns the stored tokens if they replace the current ones.
fn newer(store: &mut Store, current: Option<&Tokens>) -> RedisResult<Option<Tokens>> {
    let text: Option<String> = store.query(redis::cmd("GET").arg(store.key("tokens")))?;
    Ok(parse(text.as_deref()).filter(|tokens| current.is_none_or(|current| tokens.replaces(current))))
}

/// Stores new tokens by compare-and-set, unless newer tokens are already stored, and releases the lease.
pub(crate) fn save(store: &mut Store, worker: &str, tokens: &Tokens) -> Result<(), Failure> {
    store.update(&store.key("tokens"), |stored| -> Result<_, Failure> {
        let is_newer = parse(stored.as_deref()).is_none_or(|stored| tokens.replaces(&stored));
        Ok(if is_newer { Some(serde_json::to_string(tokens)?) } else { None })
    })?;
    Ok(release(store, worker)?)
}

/// Releases the lease if it belongs to this worker.
pub(crate) fn release(store: &mut Store, worker: &str) -> RedisResult<()> {
    store.query(redis::cmd("EVAL").arg(RELEASE).arg(1).arg(store.key("lease")).arg(worker))
}

/// Parses stored tokens. Returns `None` if the tokens are missing or were written by a different version.
fn parse(text: Option<&str>) -> Option<Tokens> {
    text.and_then(|text| serde_json::from_str(text).ok())
}
