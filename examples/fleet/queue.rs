//! Jobs that no dead worker takes along: a queue, a list of jobs in hand for each worker, and results.
//!
//! ```text
//!   queue ──LMOVE──▶ hand:w1 ──MULTI { HSETNX results, LREM hand:w1 }──▶ results
//!     ▲                 │
//!     └─────LMOVE───────┘  when heart:w1 has expired
//! ```
//!
//! A job is in exactly one list until its result is there. One that was in the hand of a dead worker is done again,
//! so a request may be sent twice, but its result counts once.

use std::time::Duration;

use redis::{Pipeline, RedisResult};
use serde::{Deserialize, Serialize};
use spotify_proto::api::{GetAlbum, GetArtistAlbums, GetShow, GetTrack};
use spotify_proto::fake::ids;
use spotify_proto::{AlbumId, ArtistId, Market, ShowId, TrackId};

use crate::Failure;
use crate::store::Store;

/// One thing to do, as it stands in the list.
#[derive(Deserialize, Serialize)]
pub(crate) struct Job {
    /// Under which its result is written.
    pub(crate) id: u32,
    pub(crate) ask: Ask,
}

/// What may be asked: endpoints are plain values, so this is all it takes to send them elsewhere.
#[derive(Deserialize, Serialize)]
pub(crate) enum Ask {
    Album(GetAlbum),
    ArtistAlbums(GetArtistAlbums),
    Show(GetShow),
    Track(GetTrack),
}

/// A job in hand, with the text that it has in the list.
pub(crate) struct Taken {
    pub(crate) job: Job,
    text: String,
}

/// How long an idle worker waits for a job before it looks whether there will be more.
const IDLE_SECONDS: f64 = 0.1;

/// For how long a heartbeat counts, in milliseconds: a worker that has not been heard for so long is dead.
const HEARTBEAT_MILLIS: u64 = 1000;

/// How often a heart beats.
pub(crate) const BEAT: Duration = Duration::from_millis(200);

const MARKETS: [&str; 25] = [
    "SE", "NO", "DK", "FI", "IS", "DE", "AT", "CH", "FR", "BE", "NL", "LU", "GB", "IE", "ES", "PT", "IT",
    "GR", "PL", "CZ", "HU", "EE", "LV", "LT", "US",
];

impl Job {
    /// The job with that number: four things to ask in 25 markets, over and over.
    pub(crate) fn number(id: u32) -> Result<Self, Failure> {
        let market = MARKETS.iter().cycle().nth(id as usize / 4 % MARKETS.len()).ok_or("no market")?;
        let market: Market = market.parse()?;
        let ask = match id % 4 {
            0 => Ask::Album(GetAlbum::new(ids::ALBUM.parse::<AlbumId>()?).market(market)),
            1 => Ask::Track(GetTrack::new(ids::TRACK.parse::<TrackId>()?).market(market)),
            2 => Ask::Show(GetShow::new(ids::SHOW.parse::<ShowId>()?).market(market)),
            _ => {
                let albums = GetArtistAlbums::new(ids::ARTIST.parse::<ArtistId>()?);
                Ask::ArtistAlbums(albums.market(market).limit(10))
            }
        };
        Ok(Self { id, ask })
    }
}

/// Puts that many jobs into the queue.
pub(crate) fn fill(store: &mut Store, count: u32) -> Result<(), Failure> {
    let jobs: Result<Vec<String>, Failure> =
        (0..count).map(|id| Ok(serde_json::to_string(&Job::number(id)?)?)).collect();
    let mut commands = redis::pipe();
    commands.set(store.key("expected"), count).ignore();
    for some in jobs?.chunks(500) {
        commands.rpush(store.key("queue"), some).ignore();
    }
    Ok(store.ask_all(&commands)?)
}

/// Takes a job into the worker's hand; `None` when there is none for a while.
pub(crate) fn take(store: &mut Store, worker: &str) -> Result<Option<Taken>, Failure> {
    let mut command = redis::cmd("BLMOVE");
    command.arg(store.key("queue")).arg(store.key(&format!("hand:{worker}")));
    command.arg("LEFT").arg("RIGHT").arg(IDLE_SECONDS);
    let Some(text) = store.ask::<Option<String>>(&command)? else { return Ok(None) };
    let job = serde_json::from_str(&text).map_err(|error| format!("a job that cannot be read: {error}"))?;
    Ok(Some(Taken { job, text }))
}

/// The commands that end a job: its result and the end of its place in the hand, together or not at all.
///
/// The first result stays: a job that was done twice counts once.
pub(crate) fn finish(commands: &mut Pipeline, store: &Store, worker: &str, taken: &Taken, result: &str) {
    commands.hset_nx(store.key("results"), taken.job.id, result).ignore();
    commands.lrem(store.key(&format!("hand:{worker}")), 1, &taken.text).ignore();
}

/// Whether every job has its result.
pub(crate) fn is_done(store: &mut Store) -> RedisResult<bool> {
    let mut commands = redis::pipe();
    commands.hlen(store.key("results")).get(store.key("expected"));
    let (done, expected): (u32, u32) = store.ask_all(&commands)?;
    Ok(done >= expected)
}

/// Tells the others that the worker lives, and that its hand is to be looked after.
///
/// The name is said with every beat: a worker that was taken for dead and lives is looked after again.
pub(crate) fn beat(store: &mut Store, worker: &str) -> RedisResult<()> {
    let mut commands = redis::pipe();
    commands.atomic().pset_ex(store.key(&format!("heart:{worker}")), 1, HEARTBEAT_MILLIS).ignore();
    commands.sadd(store.key("workers"), worker).ignore();
    store.ask_all(&commands)
}

/// Puts what is in dead hands back to the front of the queue.
///
/// Several may do so at a time: each move takes one job, whole, to one place.
pub(crate) fn reap(store: &mut Store) -> RedisResult<()> {
    let workers: Vec<String> = store.ask(redis::cmd("SMEMBERS").arg(store.key("workers")))?;
    for worker in workers {
        if store.ask(redis::cmd("EXISTS").arg(store.key(&format!("heart:{worker}"))))? {
            continue;
        }
        let mut back = redis::cmd("LMOVE");
        back.arg(store.key(&format!("hand:{worker}"))).arg(store.key("queue")).arg("RIGHT").arg("LEFT");
        while store.ask::<Option<String>>(&back)?.is_some() {
            store.ask::<()>(redis::cmd("INCR").arg(store.key("returned")))?;
        }
        store.ask::<()>(redis::cmd("SREM").arg(store.key("workers")).arg(worker))?;
    }
    Ok(())
}
