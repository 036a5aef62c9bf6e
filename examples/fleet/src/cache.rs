//! The response store, which all workers share.

use redis::Pipeline;
use spotify_proto::cache::{Entry, Key, StoreAction};

use crate::Failure;
use crate::store::Store;

/// Lifetime of an entry that is not replaced, in seconds.
const DAY: u64 = 24 * 60 * 60;

fn name(store: &Store, key: &Key) -> String {
    store.key(&format!("cache:{key}"))
}

/// Adds the command that reads an entry to a pipeline.
pub(crate) fn get(commands: &mut Pipeline, store: &Store, key: &Key) {
    commands.get(name(store, key));
}

/// Parses a stored entry. Returns `None` if the entry is missing or was written by a different version.
pub(crate) fn parse(text: Option<String>) -> Option<Entry> {
    text.and_then(|text| serde_json::from_str(&text).ok())
}

/// Adds the command that stores or removes an entry to a pipeline.
pub(crate) fn apply(
    commands: &mut Pipeline,
    store: &Store,
    key: &Key,
    action: &StoreAction,
) -> Result<(), Failure> {
    match action {
        StoreAction::Keep => {}
        StoreAction::Put(entry) => {
            commands.set_ex(name(store, key), serde_json::to_string(entry)?, DAY).ignore();
        }
        StoreAction::Remove => {
            commands.del(name(store, key)).ignore();
        }
    }
    Ok(())
}
