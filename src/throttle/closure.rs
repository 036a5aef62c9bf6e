//! One closed door: until when, and why.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Wait, Why};
use crate::time::Span;

/// A span and the reason for it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub(super) struct Closure {
    // First, so that the greater of two is the one that ends later.
    until: SystemTime,
    from: SystemTime,
    /// `None` where an older version, or one that knows more reasons, has stored it.
    #[serde(default, deserialize_with = "read_why", serialize_with = "write_why")]
    why: Option<Why>,
}

impl Closure {
    pub(super) fn new(delay: Duration, why: Why, now: SystemTime) -> Self {
        let Span { until, from } = Span::new(delay, now);
        Self { until, from, why: Some(why) }
    }

    pub(super) fn is_closed(&self, now: SystemTime) -> bool {
        self.left(now).is_some()
    }

    /// What is left of it; `usual` is the reason where none was stored.
    pub(super) fn wait(&self, usual: Why, now: SystemTime) -> Option<Wait> {
        self.left(now).map(|delay| Wait::new(delay, self.why.unwrap_or(usual)))
    }

    fn left(&self, now: SystemTime) -> Option<Duration> {
        Span { until: self.until, from: self.from }.left(now)
    }
}

fn read_why<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Why>, D::Error> {
    let name = Option::<Cow<'de, str>>::deserialize(deserializer)?;
    Ok(name.and_then(|name| Why::from_name(&name)))
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn write_why<S: Serializer>(why: &Option<Why>, serializer: S) -> Result<S::Ok, S::Error> {
    why.map(Why::name).serialize(serializer)
}
