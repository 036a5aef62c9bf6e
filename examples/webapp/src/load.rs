//! The load generator. Its clients call the server; in the phase with cancellations, some clients disconnect before
//! they receive the response.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::Failure;

/// Number of concurrent clients.
const CLIENTS: u64 = 32;

/// Latency above which a call counts as stuck.
pub(crate) const STUCK: Duration = Duration::from_secs(2);

pub(crate) struct Load {
    client: reqwest::Client,
    address: SocketAddr,
    users: u64,
}

/// Counts and latencies of a phase.
#[derive(Clone, Debug, Default)]
pub(crate) struct Phase {
    pub(crate) duration: Duration,
    pub(crate) succeeded: u64,
    pub(crate) failed: u64,
    pub(crate) cancelled: u64,
    pub(crate) stuck: u64,
    pub(crate) longest: Duration,
    pub(crate) latencies: Vec<Duration>,
    pub(crate) last_error: Option<String>,
}

impl Phase {
    /// Returns the number of successful calls per second.
    pub(crate) fn rate(&self) -> f64 {
        self.succeeded as f64 / self.duration.as_secs_f64()
    }

    /// Returns the latency that the given fraction of the calls did not exceed.
    pub(crate) fn percentile(&self, share: f64) -> Duration {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        let index = (sorted.len() as f64 * share) as usize;
        sorted.get(index.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
    }

    fn add(&mut self, other: Self) {
        self.succeeded += other.succeeded;
        self.failed += other.failed;
        self.cancelled += other.cancelled;
        self.stuck += other.stuck;
        self.longest = self.longest.max(other.longest);
        self.latencies.extend(other.latencies);
        self.last_error = self.last_error.take().or(other.last_error);
    }
}

impl Load {
    pub(crate) fn new(address: SocketAddr, users: usize) -> Self {
        Self { client: reqwest::Client::new(), address, users: users as u64 }
    }

    /// Runs the clients for the given time. If `is_disturbed` is true, two in five calls are cancelled after less than
    /// 60 ms.
    pub(crate) async fn run(&self, duration: Duration, is_disturbed: bool) -> Result<Phase, Failure> {
        let mut clients = JoinSet::new();
        let end = Instant::now() + duration;
        for number in 0..CLIENTS {
            let (client, address, users) = (self.client.clone(), self.address, self.users);
            clients.spawn(async move {
                let mut random = Random(number + 1);
                let mut phase = Phase::default();
                while Instant::now() < end {
                    let route = ["profile", "track", "saved"][random.below(3) as usize];
                    let url = format!("http://{address}/{}/{route}", random.below(users));
                    let patience = (is_disturbed && random.below(5) < 2).then(|| random.below(60));
                    one(&client, &url, patience.map(Duration::from_millis), &mut phase).await;
                }
                phase
            });
        }
        let mut all = Phase { duration, ..Phase::default() };
        while let Some(phase) = clients.join_next().await {
            all.add(phase?);
        }
        Ok(all)
    }
}

/// Makes one call. If the call takes longer than `patience`, the call and its connection are dropped.
async fn one(client: &reqwest::Client, url: &str, patience: Option<Duration>, phase: &mut Phase) {
    let begin = Instant::now();
    let call = async { client.get(url).send().await?.error_for_status()?.text().await };
    let result = match patience {
        Some(patience) => match tokio::time::timeout(patience, call).await {
            Ok(result) => result,
            Err(_) => {
                phase.cancelled += 1;
                return;
            }
        },
        None => call.await,
    };
    let latency = begin.elapsed();
    phase.longest = phase.longest.max(latency);
    phase.stuck += u64::from(latency > STUCK);
    phase.latencies.push(latency);
    match result {
        Ok(_) => phase.succeeded += 1,
        Err(error) => {
            phase.failed += 1;
            phase.last_error = Some(error.to_string());
        }
    }
}

/// A pseudo-random number generator (xorshift) with fixed seeds, so that runs differ only in their timing.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
