//! One token for all: who asks for it, who waits, and where it is kept.
//!
//! The session says when a token is needed: a step sends a token request. Then one worker takes the lease and sends
//! it, and the others wait for what it stores.

use std::thread;
use std::time::Duration;

use redis::RedisResult;
use spotify_proto::http::Request;
use spotify_proto::{Session, Tokens};

use crate::Failure;
use crate::store::Store;

/// Whose turn it is to ask for a token.
pub(crate) enum Turn {
    /// This worker's: it holds the lease.
    Ours,
    /// Another worker has asked; the session has its tokens now.
    Theirs,
}

/// How long a token request may take, in milliseconds; a worker that dies with the lease holds the others up for so long.
const LEASE_MILLIS: u64 = 10_000;

/// How long those without the lease wait before they look again.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Deletes the lease if it is still this worker's: it may have run out and be another's by now.
const GIVE_BACK: &str =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end";

/// Whether a step's request is one for a token.
pub(crate) fn is_for_token(request: &Request<Vec<u8>>) -> bool {
    request.uri().path().ends_with("/api/token")
}

/// Gets the lease, or the tokens of whoever had it.
pub(crate) fn turn(store: &mut Store, worker: &str, session: &mut Session) -> Result<Turn, Failure> {
    loop {
        if look(store, session)? {
            return Ok(Turn::Theirs);
        }
        let mut lease = redis::cmd("SET");
        lease.arg(store.key("lease")).arg(worker).arg("NX").arg("PX").arg(LEASE_MILLIS);
        if store.ask::<Option<String>>(&lease)?.is_none() {
            thread::sleep(LOOK_AGAIN);
            continue;
        }
        // Another may have got tokens and given the lease back between our look and our taking it.
        if look(store, session)? {
            give_back(store, worker)?;
            return Ok(Turn::Theirs);
        }
        return Ok(Turn::Ours);
    }
}

/// Whether the store has tokens that are news to the session, which takes them.
fn look(store: &mut Store, session: &mut Session) -> Result<bool, Failure> {
    let text: Option<String> = store.ask(redis::cmd("GET").arg(store.key("tokens")))?;
    // Tokens of another version count as absent.
    let tokens: Option<Tokens> = text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(tokens.is_some_and(|tokens| session.adopt(tokens)))
}

/// Keeps new tokens, then ends the lease.
pub(crate) fn keep(store: &mut Store, worker: &str, tokens: &Tokens) -> Result<(), Failure> {
    let text = serde_json::to_string(tokens)?;
    store.ask::<()>(redis::cmd("SET").arg(store.key("tokens")).arg(text))?;
    Ok(give_back(store, worker)?)
}

/// Ends the lease, if it is this worker's.
pub(crate) fn give_back(store: &mut Store, worker: &str) -> RedisResult<()> {
    store.ask(redis::cmd("EVAL").arg(GIVE_BACK).arg(1).arg(store.key("lease")).arg(worker))
}
