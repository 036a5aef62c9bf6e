//! Limits of the application: the rate limiter and its pacer, quota budgets, and the retry policy.

mod block;
mod budget;
mod pacer;
mod queue;
mod rate_limiter;
mod retry;

pub use budget::Budget;
pub(crate) use queue::{Place, Queue};
pub use rate_limiter::RateLimiter;
pub use retry::{AttemptOutcome, RetryPolicy};
pub(crate) use retry::{Jitter, fraction};
