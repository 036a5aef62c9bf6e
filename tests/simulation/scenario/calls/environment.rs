//! The environment of a history: machines with clocks, applications, users with sessions, and the network.

#[path = "environment/events.rs"]
mod events;
#[path = "environment/final_checks.rs"]
mod final_checks;
#[path = "environment/setup.rs"]
mod setup;
#[path = "environment/steps.rs"]
mod steps;

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use http::{Request, Response};
use spotify_proto::{
    App, Error, Exchange, Reply, Saving, Session, TokenExchange, Tokens, Waiting, cache::Key,
};

use super::faulty_pages::PageFault;
use super::invariants::{Limits, Record};
use super::lists::ListRead;
use super::server::{Account, Base, News, begin};
use super::token_invariants::TokenSteps;
use super::workload::{Cursor, Got, Listed, Prepared, Read, Store, Stored, Write};
use super::{DecisionSource, Size, Tally};

/// Maximum number of steps of one call without failures. After the clock was set back, a waiting call polls every 5 ms
/// until the token request in flight has ended, for at most two minutes.
const STEPS_MAX: u32 = 30_000;

/// The clock of a machine, as the durations by which the clock is ahead and behind.
#[derive(Clone, Copy, Debug)]
struct Clock {
    ahead: Duration,
    behind: Duration,
}

/// A process of one of the applications, with one application value for all sessions in the process.
struct Process {
    app: App,
    /// Index of the application, 0 or 1.
    which: usize,
    clock: usize,
    attempts: u32,
    longest_delay: Duration,
    limits: Limits,
}

/// A user's authorization, which processes share through a token store.
struct Login {
    stored: Tokens,
    /// Refresh tokens that have been written to the store at any time, and refresh tokens that a session has received.
    saved: HashSet<String>,
    received: HashSet<String>,
    /// The refresh token that the server accepts.
    latest: String,
    /// Number of sessions that use the login.
    sessions: u32,
}

/// A session with the records of its requests.
struct Party {
    session: Session,
    process: usize,
    account: usize,
    /// Index of the login; `None` for a session without a user.
    login: Option<usize>,
    /// The client's response store, if any.
    store: Option<Store>,
    steps: TokenSteps,
    /// Secrets that must not appear in any output.
    secrets: Vec<String>,
}

enum Job {
    Read(Read),
    Write(Write),
    Page { list_read: usize, part: usize, cursor: Cursor },
}

/// A call.
struct Slot {
    number: u64,
    party: usize,
    job: Job,
    record: Record,
    key: Option<Key>,
    state: State,
    /// Time of the call's next event on the monotonic clock.
    due: Duration,
    /// Number of times that the album had been renamed when the call began.
    renames: u32,
    /// `true` if the call began after the last failure.
    began_healthy: bool,
    /// Number of steps in the phase without failures.
    steps: u32,
    /// Number of consecutive waits for a token.
    token_waits: u32,
    last: Option<News>,
}

type Arrived = Option<(Response<Vec<u8>>, News)>;

enum State {
    /// The request is on its way to the server.
    Away(Exchange<Got>, Request<Vec<u8>>),
    /// The response is on its way to the client; `None` if the response is lost.
    Back(Exchange<Got>, Arrived),
    Wait(Waiting<Got>),
    /// The call waits for a token step of the same task.
    Parked(Waiting<Got>),
    Over,
}

/// A task that executes a token step.
struct Task {
    number: u64,
    party: usize,
    work: Work,
    due: Duration,
    /// The call that waits for the task and is dropped together with the task; `None` for a detached task.
    owner: Option<u64>,
    /// The call that returned the token step.
    origin: u64,
}

enum Work {
    Away(TokenExchange, Request<Vec<u8>>),
    Back(TokenExchange, Arrived),
    Save(Tokens, Saving),
}

/// The outcome of a call.
#[allow(clippy::large_enum_variant, reason = "most calls end with a result")]
enum End {
    Done(Result<Reply<Got>, Error>),
    Lost,
    Dropped,
}

pub struct Environment<'d, D> {
    decisions: &'d mut D,
    base: &'static Base,
    clocks: Vec<Clock>,
    processes: Vec<Process>,
    accounts: Vec<Account>,
    logins: Vec<Login>,
    parties: Vec<Party>,
    slots: Vec<Slot>,
    tasks: Vec<Task>,
    list_reads: Vec<ListRead>,
    /// For each account's playlist, the number of items that were certainly added and the number that were possibly
    /// added.
    adds: Vec<(usize, usize)>,
    /// Time since the start of the history.
    real: Duration,
    /// A request has a network error with a probability of 1 in this number.
    fault_rate: u64,
    is_healthy: bool,
    /// `true` if the processes of an application merge their rate limiters before every call.
    merges_always: bool,
    task_count: u64,
    tally: Tally,
    /// The result of the last call that was neither dropped nor ended by a lost response.
    ended: Option<Result<(), Error>>,
    is_traced: bool,
    transcript: Vec<String>,
    shown: String,
}

impl<D: DecisionSource> Environment<'_, D> {
    /// Executes the history: a phase with failures, a phase without failures, and a final call in every session.
    pub fn history(&mut self) -> Result<Tally, String> {
        let mut jobs = match self.decisions.size() {
            Size::Full => 90 - self.decisions.below(80),
            Size::Small => 6 - self.decisions.below(6),
        };
        let mut arrival = self.real;
        while jobs > 0 || !self.slots.is_empty() || !self.tasks.is_empty() {
            let (at, next) = self.next_event();
            if jobs == 0 || at < arrival {
                self.real = self.real.max(at);
                self.continue_with(next)?;
            } else {
                self.real = self.real.max(arrival);
                self.new_job()?;
                jobs = if self.decisions.is_exhausted() { 0 } else { jobs - 1 };
                let pause = self.decisions.one_of(&[20_000, 2000, 300, 300, 50, 50, 5, 5]);
                arrival = self.real + Duration::from_millis(pause);
                if jobs == 0 {
                    self.end_failures();
                }
            }
            if !self.is_healthy && self.decisions.once_in(15) {
                self.event()?;
            }
        }
        for party in 0..self.parties.len() {
            self.last_call(party)?;
        }
        self.check_effects()?;
        self.tally.logins_lost += (0..self.parties.len()).filter(|party| self.is_dead(*party)).count() as u64;
        Ok(self.tally)
    }

    pub fn transcript(&mut self) -> Vec<String> {
        std::mem::take(&mut self.transcript)
    }

    fn trace(&mut self, line: impl FnOnce() -> String) {
        if self.is_traced {
            self.transcript.push(format!("{:>9}  {}", self.real.as_millis(), line()));
        }
    }

    /// Returns the current time on a machine's clock.
    fn clock(&self, clock: usize) -> SystemTime {
        let Clock { ahead, behind } = self.clocks[clock];
        begin() + self.real + ahead - behind
    }

    /// Returns the current time on the clock of a session's machine.
    fn now(&self, party: usize) -> SystemTime {
        self.clock(self.processes[self.parties[party].process].clock)
    }

    /// Begins the phase without failures.
    fn end_failures(&mut self) {
        self.is_healthy = true;
        self.accounts.iter_mut().for_each(|account| account.fake.token_life(Duration::from_secs(3600)));
        self.trace(|| "-- no failures from here on".into());
    }

    fn latency(&mut self) -> Duration {
        let millis = if self.decisions.once_in(200) {
            self.decisions.one_of(&[130_000, 45_000, 31_000])
        } else {
            self.decisions.one_of(&[3000, 900, 300, 120, 60, 30, 15, 5])
        };
        Duration::from_millis(millis)
    }

    /// Returns the time of the earliest event, and the index of its call (`Ok`) or its token step (`Err`).
    fn next_event(&self) -> (Duration, Option<Result<usize, usize>>) {
        let calls = self.slots.iter().enumerate().filter(|(_, it)| !matches!(it.state, State::Parked(_)));
        let calls = calls.map(|(slot, it)| (it.due, Ok(slot)));
        let tasks = self.tasks.iter().enumerate().map(|(task, it)| (it.due, Err(task)));
        match tasks.chain(calls).min_by_key(|(due, _)| *due) {
            Some((due, next)) => (due, Some(next)),
            None => (Duration::MAX, None),
        }
    }

    fn continue_with(&mut self, next: Option<Result<usize, usize>>) -> Result<(), String> {
        match next {
            Some(Ok(slot)) => self.continue_call(slot),
            Some(Err(task)) => self.continue_task(task),
            None => Err("a call waits for a token step that does not exist".into()),
        }
    }

    /// Starts a read, a write, or a list.
    fn new_job(&mut self) -> Result<(), String> {
        let party = self.decisions.index(self.parties.len());
        let is_user = self.parties[party].login.is_some();
        match self.decisions.below(13) {
            0..=3 => {
                let (list, fault) = self.some_list(is_user);
                let limit = match list {
                    Listed::ArtistAlbums | Listed::Followed => self.decisions.one_of(&[8, 10]),
                    // If a page omitted its only item, the empty page would end the list.
                    _ if fault.is_some() => self.decisions.one_of(&[5, 4, 3]),
                    _ => self.decisions.one_of(&[1, 5, 4, 3]),
                };
                let is_prefetched = self.decisions.below(3) == 0;
                let versions = self.versions(party);
                let list_read = ListRead::new(list, fault, limit, is_prefetched, versions);
                let cursor = list_read.first();
                self.list_reads.push(list_read);
                let list_read = self.list_reads.len() - 1;
                self.start(party, Job::Page { list_read, part: 0, cursor })
            }
            4..=9 if is_user => {
                let at = usize::try_from(self.decisions.below(11)).expect("the number should fit the type");
                let write = match self.decisions.below(12) {
                    0 | 1 => Write::Save(at),
                    2 => Write::Remove(at),
                    3 => Write::Follow,
                    4 => Write::Volume(at as u8),
                    5 => Write::Cover,
                    6..=8 => Write::Add(at),
                    9 => Write::Enqueue(at),
                    _ => Write::Next,
                };
                self.start(party, Job::Write(write))
            }
            _ => {
                let reads = [Read::Devices, Read::Episode, Read::Track, Read::Artist];
                let read = reads[usize::from(!is_user)..][self.decisions.index(3)];
                self.start(party, Job::Read(read))
            }
        }
    }

    fn some_list(&mut self, is_user: bool) -> (Listed, Option<PageFault>) {
        if self.decisions.once_in(6) {
            let fault = PageFault::any(self.decisions);
            if is_user || fault.list().is_public() {
                return (fault.list(), Some(fault));
            }
        }
        let lists = [
            Listed::ArtistAlbums,
            Listed::AlbumTracks,
            Listed::AlbumTracks,
            Listed::Saved,
            Listed::Recent,
            Listed::Followed,
            Listed::Items,
            Listed::Items,
            Listed::Playlists,
        ];
        let lists = if is_user { &lists[..] } else { &lists[..3] };
        (self.decisions.one_of(lists), None)
    }

    fn versions(&self, party: usize) -> (u32, u32) {
        let account = &self.accounts[self.parties[party].account];
        (account.library, account.playlist)
    }

    fn start(&mut self, party: usize, job: Job) -> Result<(), String> {
        let (process, account) = (self.parties[party].process, self.parties[party].account);
        if self.merges_always {
            self.merge_all(process)?;
        }
        self.adopt(party);
        let now = self.now(party);
        let fault = match &job {
            Job::Page { list_read, .. } => self.list_reads[*list_read].fault,
            _ => None,
        };
        let it = &self.parties[party];
        let app = &self.processes[process].app;
        let store = it.store.as_ref().filter(|_| fault.is_none());
        let stored = store.map(|store| Stored { store, partition: account, app, now });
        let Prepared { call, operation, key } = match &job {
            Job::Read(read) => read.prepare(stored),
            Job::Write(write) => write.prepare(&self.base.tracks, stored),
            Job::Page { cursor, .. } => cursor.prepare(stored),
        };
        let Process { attempts, longest_delay, .. } = self.processes[process];
        let mut record = Record::new(operation, attempts, longest_delay, key.is_some());
        let mut deadline = None;
        if !self.is_healthy && self.decisions.once_in(8) {
            deadline = Some(now + Duration::from_secs(self.decisions.one_of(&[1, 60, 10])));
            record.deadline = deadline;
        }
        self.tally.calls += 1;
        self.tally.writes += u64::from(!operation.idempotent);
        let number = self.tally.calls;
        let renames = self.accounts[account].renames;
        let began_healthy = self.is_healthy && !self.tasks.iter().any(|it| it.party == party);
        self.trace(|| format!("call {number} of session {party}: {} ({fault:?})", operation.id));
        self.slots.push(Slot {
            number,
            party,
            job,
            record,
            key,
            state: State::Over,
            due: self.real,
            renames,
            began_healthy,
            steps: 0,
            token_waits: 0,
            last: None,
        });
        let slot = self.slots.len() - 1;
        let mut call = match call {
            Ok(call) => call,
            Err(reply) => return self.finish(slot, End::Done(Ok(reply))),
        };
        if let Some(at) = deadline {
            call = call.deadline(at);
        }
        let step = call.start(&mut self.processes[process].app, &mut self.parties[party].session, now);
        self.take(slot, step)
    }
}
