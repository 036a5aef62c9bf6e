//! The loaded sessions of all users.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::session::SessionState;

/// Number of sessions at which unused sessions are dropped for the first time.
const MIN_SWEEP: usize = 1024;

/// The loaded sessions, one for each user, by user id.
///
/// There must be only one session for each user: two sessions would both request tokens, and Spotify may revoke a login
/// if an old refresh token is reused.
#[derive(Default)]
pub(crate) struct Users(Mutex<Sessions>);

#[derive(Default)]
struct Sessions {
    by_user: HashMap<String, Arc<SessionState>>,
    /// Number of sessions at which unused sessions are dropped next.
    sweep_at: usize,
}

impl Users {
    pub(crate) fn get(&self, user: &str) -> Option<Arc<SessionState>> {
        self.lock().by_user.get(user).cloned()
    }

    /// Returns the loaded session of the user. Inserts and returns `session` if the user has none.
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

    /// Removes the session of the user if it is `session`.
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
    /// Drops unused sessions each time the number of sessions has doubled. Keeps sessions whose tokens have not been
    /// stored.
    fn sweep(&mut self) {
        if self.by_user.len() < self.sweep_at.max(MIN_SWEEP) {
            return;
        }
        self.by_user.retain(|_, session| Arc::strong_count(session) > 1 || session.has_unsaved_tokens());
        self.sweep_at = self.by_user.len().saturating_mul(2);
    }
}
