//! A count of tasks that can be waited for.

use std::sync::Arc;

use tokio::sync::watch;

/// The number of tasks that run.
#[derive(Debug)]
pub(crate) struct Tasks(watch::Sender<usize>);

impl Tasks {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(watch::Sender::new(0)))
    }

    /// Counts a task until the value is dropped, also if the runtime ends the task.
    pub(crate) fn begin(self: &Arc<Self>) -> Task {
        self.0.send_modify(|count| *count += 1);
        Task(Arc::clone(self))
    }

    /// Waits until no task runs.
    pub(crate) async fn finished(&self) {
        // The sender is this value, so that waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|count| *count == 0).await;
    }
}

/// A task that runs.
#[derive(Debug)]
pub(crate) struct Task(Arc<Tasks>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}
