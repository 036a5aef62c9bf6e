//! One cache for all: an answer that one worker got is every worker's.

use redis::Pipeline;
use spotify_proto::cache::{Entry, Key, Store as Keep};

use crate::Failure;
use crate::store::Store;

/// How long an entry may lie unused, in seconds.
const DAY: u64 = 24 * 60 * 60;

fn name(store: &Store, key: &Key) -> String {
    store.key(&format!("cache:{key}"))
}

/// The command that reads an entry.
pub(crate) fn get(commands: &mut Pipeline, store: &Store, key: &Key) {
    commands.get(name(store, key));
}

/// An entry as it is stored; one of another version counts as absent.
pub(crate) fn read(text: Option<String>) -> Option<Entry> {
    text.and_then(|text| serde_json::from_str(&text).ok())
}

/// The commands that do with an entry what the reply says.
pub(crate) fn keep(commands: &mut Pipeline, store: &Store, key: &Key, what: &Keep) -> Result<(), Failure> {
    match what {
        Keep::Keep => {}
        Keep::Put(entry) => {
            commands.set_ex(name(store, key), serde_json::to_string(entry)?, DAY).ignore();
        }
        Keep::Remove => {
            commands.del(name(store, key)).ignore();
        }
    }
    Ok(())
}
