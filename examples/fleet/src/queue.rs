//! A queue from which no job is lost when a worker is killed. The queue consists of a list of jobs, a list of claimed
//! jobs for each worker, and a map of results.
//!
//! ```text
//!   queue ──LMOVE──▶ claimed:w1 ──MULTI { HSETNX results, LREM claimed:w1 }──▶ results
//!     ▲                  │
//!     └──────LMOVE───────┘  when heartbeat:w1 has expired
//! ```
//!
//! A job is in exactly one list until its result is stored. A claimed job of a killed worker is executed again: its
//! request may be sent twice, but its result counts once.

use std::time::Duration;

use redis::{Pipeline, RedisResult};
use serde::{Deserialize, Serialize};
use spotify_proto::api::{GetAlbum, GetArtistAlbums, GetShow, GetTrack};
use spotify_proto::{AlbumId, ArtistId, Market, ShowId, TrackId};
use spotify_proto_testing::fake::ids;

use crate::Failure;
use crate::store::Store;

/// A job in its stored form.
#[derive(Deserialize, Serialize)]
pub(crate) struct Job {
    /// Number of the job, which is also the key of its result in the map.
    pub(crate) id: u32,
    pub(crate) query: Query,
}

/// The endpoint of a job. Endpoints implement serde's traits, so they can be stored and sent to another process.
#[derive(Deserialize, Serialize)]
pub(crate) enum Query {
    Album(GetAlbum),
    ArtistAlbums(GetArtistAlbums),
    Show(GetShow),
    Track(GetTrack),
}

/// A claimed job, with its stored form.
pub(crate) struct Claimed {
    pub(crate) job: Job,
    text: String,
}

/// Time that an idle worker waits for a job before it checks whether all jobs are done, in seconds.
const IDLE_SECONDS: f64 = 0.1;

/// Lifetime of a heartbeat, in milliseconds. A worker without a heartbeat counts as dead.
const HEARTBEAT_MILLIS: u64 = 1000;

/// Interval between two heartbeats.
pub(crate) const HEARTBEAT_INTERVAL: Duration = Duration::from_millis(200);

const MARKETS: [&str; 25] = [
    "SE", "NO", "DK", "FI", "IS", "DE", "AT", "CH", "FR", "BE", "NL", "LU", "GB", "IE", "ES", "PT", "IT",
    "GR", "PL", "CZ", "HU", "EE", "LV", "LT", "US",
];

impl Job {
    /// Returns the job with the given number. The jobs repeat four endpoints in 25 markets.
    pub(crate) fn number(id: u32) -> Result<Self, Failure> {
        let market = MARKETS.get(id as usize / 4 % MARKETS.len()).ok_or("expected a market")?;
        let market: Market = market.parse()?;
        let query = match id % 4 {
            0 => Query::Album(GetAlbum::new(ids::ALBUM.parse::<AlbumId>()?).market(market)),
            1 => Query::Track(GetTrack::new(ids::TRACK.parse::<TrackId>()?).market(market)),
            2 => Query::Show(GetShow::new(ids::SHOW.parse::<ShowId>()?).market(market)),
            _ => {
                let albums = GetArtistAlbums::new(ids::ARTIST.parse::<ArtistId>()?);
                Query::ArtistAlbums(albums.market(market).limit(10))
            }
        };
        Ok(Self { id, query })
    }
}

/// Adds `count` jobs to the queue.
pub(crate) fn fill(store: &mut Store, count: u32) -> Result<(), Failure> {
    let jobs: Result<Vec<String>, Failure> =
        (0..count).map(|id| Ok(serde_json::to_string(&Job::number(id)?)?)).collect();
    let mut commands = redis::pipe();
    commands.set(store.key("expected"), count).ignore();
    for some in jobs?.chunks(500) {
        commands.rpush(store.key("queue"), some).ignore();
    }
    Ok(store.query_all(&commands)?)
}

/// Claims a job for the worker. Returns `None` if the queue remains empty for [`IDLE_SECONDS`].
pub(crate) fn claim(store: &mut Store, worker: &str) -> Result<Option<Claimed>, Failure> {
    let mut command = redis::cmd("BLMOVE");
    command.arg(store.key("queue")).arg(store.key(&format!("claimed:{worker}")));
    command.arg("LEFT").arg("RIGHT").arg(IDLE_SECONDS);
    let Some(text) = store.query::<Option<String>>(&command)? else { return Ok(None) };
    let job = serde_json::from_str(&text).map_err(|error| format!("could not parse a job: {error}"))?;
    Ok(Some(Claimed { job, text }))
}

/// Adds the commands that finish a job to an atomic pipeline: they store the result and remove the claim.
///
/// An existing result is not replaced, so a job that was executed twice counts once.
pub(crate) fn finish(commands: &mut Pipeline, store: &Store, worker: &str, claimed: &Claimed, result: &str) {
    commands.hset_nx(store.key("results"), claimed.job.id, result).ignore();
    commands.lrem(store.key(&format!("claimed:{worker}")), 1, &claimed.text).ignore();
}

/// Returns whether every job has a result.
pub(crate) fn is_done(store: &mut Store) -> RedisResult<bool> {
    let mut commands = redis::pipe();
    commands.hlen(store.key("results")).get(store.key("expected"));
    let (done, expected): (u32, u32) = store.query_all(&commands)?;
    Ok(done >= expected)
}

/// Renews the heartbeat of a worker.
///
/// Each call also registers the worker, because other workers unregister a worker that counts as dead.
pub(crate) fn send_heartbeat(store: &mut Store, worker: &str) -> RedisResult<()> {
    let mut commands = redis::pipe();
    commands.atomic().pset_ex(store.key(&format!("heartbeat:{worker}")), 1, HEARTBEAT_MILLIS).ignore();
    commands.sadd(store.key("workers"), worker).ignore();
    store.query_all(&commands)
}

/// Moves the claimed jobs of dead workers back to the front of the queue.
///
/// Several workers may do this concurrently, because each command moves a single job.
pub(crate) fn requeue(store: &mut Store) -> RedisResult<()> {
    let workers: Vec<String> = store.query(redis::cmd("SMEMBERS").arg(store.key("workers")))?;
    for worker in workers {
        if store.query(redis::cmd("EXISTS").arg(store.key(&format!("heartbeat:{worker}"))))? {
            continue;
        }
        let mut back = redis::cmd("LMOVE");
        back.arg(store.key(&format!("claimed:{worker}"))).arg(store.key("queue")).arg("RIGHT").arg("LEFT");
        while store.query::<Option<String>>(&back)?.is_some() {
            store.query::<()>(redis::cmd("INCR").arg(store.key("requeued")))?;
        }
        store.query::<()>(redis::cmd("SREM").arg(store.key("workers")).arg(worker))?;
    }
    Ok(())
}
