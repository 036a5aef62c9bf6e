//! Periods during which requests are blocked, shared by machines with different clocks.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::types::delay::{Delay, WaitReason};
use crate::types::time::{Span, unix};

/// A period during which requests are blocked, and the reason.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub(super) struct Block {
    #[serde(with = "unix")]
    until: SystemTime,
    #[serde(with = "unix")]
    from: SystemTime,
    /// `None` if an older version stored the block, or if a newer version stored a reason that is unknown to this
    /// version.
    #[serde(default, rename = "why", deserialize_with = "read_reason", serialize_with = "write_reason")]
    reason: Option<WaitReason>,
}

impl Block {
    pub(super) fn new(duration: Duration, reason: WaitReason, now: SystemTime) -> Self {
        let Span { until, from } = Span::new(duration, now);
        Self { until, from, reason: Some(reason) }
    }

    const fn span(&self) -> Span {
        Span { until: self.until, from: self.from }
    }

    /// Returns whether this block is in effect whenever the other block is, regardless of the clock.
    fn covers(&self, other: &Self) -> bool {
        self.from <= other.from && self.until >= other.until
    }
}

/// The blocks of one route, or of all routes.
///
/// If machines with different clocks store blocks, no machine can order them: the later block may already have expired
/// on another machine's clock. The list therefore contains all blocks that no other block covers. The block that lasts
/// longest on the local clock applies.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub(super) struct Blocks(Vec<Block>);

/// Maximum number of blocks from machines with different clocks.
const FOREIGN_MAX: usize = 8;

impl Blocks {
    /// Returns the longest remaining delay; `usual` is the reason for a block that was stored without one.
    pub(super) fn delay(&self, usual: WaitReason, now: SystemTime) -> Option<Delay> {
        let delays = self.0.iter().filter_map(|block| {
            let left = block.span().left(now)?;
            Some(Delay::new(left, block.reason.unwrap_or(usual)))
        });
        delays.max_by_key(|delay| delay.duration)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Removes expired blocks.
    pub(super) fn prune(&mut self, now: SystemTime) {
        self.0.retain(|block| block.until > now);
    }

    /// Adds a block from this machine, unless a longer block is in effect.
    pub(super) fn add(&mut self, block: Block, now: SystemTime) {
        self.prune(now);
        let left = |it: &Block| it.span().left(now).unwrap_or_default();
        if self.0.iter().any(|it| it.from <= now && left(it) >= left(&block)) {
            return;
        }
        self.0.retain(|it| it.from > now);
        self.insert(block);
        // Blocks that begin in the future come from machines whose clocks are ahead.
        self.0.sort_unstable_by_key(|it| it.from);
        self.0.truncate(1 + FOREIGN_MAX);
    }

    /// Adds all blocks of the other list. Merging is commutative, associative and idempotent.
    pub(super) fn merge(&mut self, other: Self) {
        for block in other.0 {
            self.insert(block);
        }
    }

    fn insert(&mut self, block: Block) {
        if self
            .0
            .iter()
            .any(|it| it.covers(&block) && (it.span() != block.span() || it.reason >= block.reason))
        {
            return;
        }
        self.0.retain(|it| !block.covers(it));
        let at = self.0.partition_point(|it| *it < block);
        self.0.insert(at, block);
    }
}

/// Version 0.1 stored a single block, or `null`.
impl<'de> Deserialize<'de> for Blocks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Stored {
            Many(Vec<Block>),
            One(Option<Block>),
        }
        if !deserializer.is_human_readable() {
            return Vec::deserialize(deserializer).map(Self);
        }
        let blocks = match Stored::deserialize(deserializer)? {
            Stored::Many(blocks) => blocks,
            Stored::One(block) => block.into_iter().collect(),
        };
        Ok(Self(blocks))
    }
}

fn read_reason<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<WaitReason>, D::Error> {
    let name = Option::<Cow<'de, str>>::deserialize(deserializer)?;
    Ok(name.and_then(|name| WaitReason::from_name(&name)))
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn write_reason<S: Serializer>(reason: &Option<WaitReason>, serializer: S) -> Result<S::Ok, S::Error> {
    reason.map(WaitReason::name).serialize(serializer)
}
