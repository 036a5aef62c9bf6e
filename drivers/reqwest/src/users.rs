//! The sessions of the users that a process has loaded: one for each user.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::session::SessionState;

/// Sessions that are kept without a look at which of them are in use.
const MIN_SWEEP: usize = 1024;

/// The sessions by the program's own name for the user.
///
/// Two sessions of one user in one process would both request tokens, and Spotify may revoke a login whose old refresh
/// token is used again.
#[derive(Default)]
pub(crate) struct Users(Mutex<Sessions>);

#[derive(Default)]
struct Sessions {
    by_user: HashMap<String, Arc<SessionState>>,
    /// Number of sessions at which unused ones are dropped.
    sweep_at: usize,
}

impl Users {
    pub(crate) fn get(&self, user: &str) -> Option<Arc<SessionState>> {
        self.lock().by_user.get(user).cloned()
    }

    /// Returns the user's session, or this one if there is none yet.
    pub(crate) fn get_or_insert(&self, user: &str, session: SessionState) -> Arc<SessionState> {
        let mut sessions = self.lock();
        if let Some(session) = sessions.by_user.get(user) {
            return Arc::clone(session);
        }
        sessions.sweep();
        let session = Arc::new(session);
        sessions.by_user.insert(user.to_owned(), Arc::clone(&session));
        session
    }

    /// Removes this session of the user.
    pub(crate) fn remove(&self, user: &str, session: &Arc<SessionState>) {
        let mut sessions = self.lock();
        if sessions.by_user.get(user).is_some_and(|own| Arc::ptr_eq(own, session)) {
            sessions.by_user.remove(user);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().by_user.len()
    }

    fn lock(&self) -> MutexGuard<'_, Sessions> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sessions {
    /// Drops the sessions that nothing uses, each time their number has doubled. Those whose tokens are not stored stay.
    fn sweep(&mut self) {
        if self.by_user.len() < self.sweep_at.max(MIN_SWEEP) {
            return;
        }
        self.by_user.retain(|_, session| Arc::strong_count(session) > 1 || session.has_unsaved_tokens());
        self.sweep_at = self.by_user.len().saturating_mul(2);
    }
}
