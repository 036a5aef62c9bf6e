//! The figures of a run, and their limits.

use std::fmt;
use std::time::Duration;

use crate::load::{Phase, STUCK};
use crate::spotify::{TOKEN_LIFE, TokenReport};

pub(crate) struct Report {
    pub(crate) calm: Phase,
    pub(crate) disturbed: Phase,
    pub(crate) after: Phase,
    pub(crate) tokens: TokenReport,
}

/// Minimum rate with cancellations, as a fraction of the rate without cancellations.
const LEAST_RATE: f64 = 0.6;

impl Report {
    /// Returns a message for each figure that exceeds its limit.
    pub(crate) fn failures(&self) -> Vec<String> {
        let mut failures = Vec::new();
        let mut must = |holds: bool, failure: String| {
            if !holds {
                failures.push(failure);
            }
        };
        must(self.tokens.logged_out == 0, format!("{} users were logged out", self.tokens.logged_out));
        must(self.tokens.unsaved == 0, format!("{} users have unsaved tokens", self.tokens.unsaved));
        must(self.after.stuck == 0, format!("{} calls took longer than {STUCK:?}", self.after.stuck));
        for (name, phase) in self.phases() {
            let failed = format!("{} calls failed {name}: {:?}", phase.failed, phase.last_error);
            must(phase.failed == 0, failed);
        }
        // A token is renewed after half of its lifetime, so two requests at a shorter interval are for the same expiry.
        let least = TOKEN_LIFE / 2 - Duration::from_millis(200);
        let shortest = self.tokens.shortest_interval.unwrap_or(least);
        must(shortest >= least, format!("two token requests for one user within {shortest:?}"));
        let share = self.disturbed.rate() / self.calm.rate();
        must(
            share >= LEAST_RATE,
            format!(
                "expected at least {:.0} % of the rate without cancellations, got {:.0} %",
                LEAST_RATE * 100.0,
                share * 100.0
            ),
        );
        failures
    }

    fn phases(&self) -> [(&'static str, &Phase); 3] {
        [
            ("without cancellations", &self.calm),
            ("with cancellations", &self.disturbed),
            ("afterwards", &self.after),
        ]
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, phase) in self.phases() {
            let (median, high) = (phase.percentile(0.5), phase.percentile(0.99));
            writeln!(
                f,
                "{name:<21} {:>6.0} calls per second, {} cancelled, {} failed, {} stuck; median {median:.1?}, p99 {high:.1?}, longest {:.1?}",
                phase.rate(),
                phase.cancelled,
                phase.failed,
                phase.stuck,
                phase.longest,
            )?;
        }
        let users = crate::USERS;
        let tokens = &self.tokens;
        write!(
            f,
            "token requests        {} ({:.1} per user), shortest interval for one user {:.1?}; {} of {users} users logged out, {} unsaved",
            tokens.requests,
            tokens.requests as f64 / users as f64,
            tokens.shortest_interval.unwrap_or_default(),
            tokens.logged_out,
            tokens.unsaved,
        )
    }
}
