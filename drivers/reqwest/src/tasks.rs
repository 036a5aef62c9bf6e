//! A counter of running tasks that can wait until all of them have ended.

use std::sync::Arc;

use tokio::sync::watch;

/// The number of running tasks.
#[derive(Debug)]
pub(crate) struct Tasks(watch::Sender<usize>);

impl Tasks {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(watch::Sender::new(0)))
    }

    /// Counts a task as running until the returned value is dropped, even if the runtime aborts the task.
    pub(crate) fn begin(self: &Arc<Self>) -> Task {
        self.0.send_modify(|count| *count += 1);
        Task(Arc::clone(self))
    }

    /// Waits until no task is running.
    pub(crate) async fn finished(&self) {
        // Waiting cannot fail, because `self` keeps the sender alive.
        let _ = self.0.subscribe().wait_for(|count| *count == 0).await;
    }
}

/// A running task, counted until this value is dropped.
#[derive(Debug)]
pub(crate) struct Task(Arc<Tasks>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}
