//! The world of a history: users and their sessions, the clock, the network, and what comes to pass.

#[path = "world/ends.rs"]
mod ends;
#[path = "world/mishaps.rs"]
mod mishaps;

use std::num::NonZeroU32;
use std::time::{Duration, SystemTime};

use http::{Request, Response};
use spotify_proto::fake::CLIENT_SECRET;
use spotify_proto::{Error, Exchange, Pause, Reply, RetryPolicy, Session, Step, Throttle, Tokens};

use super::jobs::{Asked, Cursor, Got, Listed, Read, Store, Write};
use super::liar::Lie;
use super::lists::Walk;
use super::server::{Account, Base, LOGINS, News, apps, begin, is_token, refresh_token};
use super::trouble::{self, Trouble};
use super::watch::{Record, Watch};
use super::{Chooser, Tally};

/// Steps of one call in a world without faults; what it waits for there is looked at five times a second.
const STEPS_MAX: u32 = 700;

/// A session and those who watch it.
struct Party {
    session: Session,
    account: usize,
    is_user: bool,
    tries: u32,
    longest_wait: Duration,
    /// The client's store of answers, where it keeps one.
    store: Option<Store>,
    watch: Watch,
    /// The refresh token that the server takes.
    latest: Option<String>,
    /// What must not be shown.
    secrets: Vec<String>,
}

enum Job {
    Read(Read),
    Write(Write),
    Page { walk: usize, part: usize, cursor: Cursor },
}

struct Slot {
    number: u64,
    party: usize,
    job: Job,
    record: Record,
    key: Option<spotify_proto::cache::Key>,
    state: State,
    /// When something happens to it, by the clock that only goes forwards.
    due: Duration,
    /// How often the album had been renamed when it began.
    renames: u32,
    /// Whether the world was well when it began, with no token of the bad times on its way, and the steps since it is.
    is_of_good_times: bool,
    steps: u32,
    last: Option<News>,
}

impl Slot {
    /// Whether a token is on its way to it, which may be one that lives for a second.
    fn awaits_token(&self) -> bool {
        matches!(&self.state, State::Back(_, number, _) if *number != 0)
    }
}

enum State {
    Away(Exchange<Got>, Request<Vec<u8>>, u32),
    Back(Exchange<Got>, u32, Option<(Response<Vec<u8>>, News)>),
    Wait(Pause<Got>),
    Save(Tokens, Pause<Got>),
    Over,
}

/// How a call ended.
#[allow(clippy::large_enum_variant, reason = "most calls end that way")]
enum End {
    Done(Result<Reply<Got>, Error>),
    Lost,
    Dropped,
}

pub struct World<'c, C> {
    chooser: &'c mut C,
    base: &'static Base,
    accounts: Vec<Account>,
    parties: Vec<Party>,
    slots: Vec<Slot>,
    walks: Vec<Walk>,
    /// Items that were added to each account's playlist, as far as calls could tell: surely, and perhaps.
    adds: Vec<(usize, usize)>,
    /// Time since the world began, and how far the clients' clock is before and behind it.
    real: Duration,
    ahead: Duration,
    behind: Duration,
    /// The latest that the clients' clock has shown before it was moved.
    furthest: SystemTime,
    /// Trouble comes once in so many requests.
    weather: u64,
    is_well: bool,
    /// Whether all sessions tell each other what is closed before every call.
    joins_always: bool,
    tally: Tally,
    /// How the last call of good times ended.
    ended: Option<Result<(), Error>>,
    is_told: bool,
    transcript: Vec<String>,
    shown: String,
}

impl<'c, C: Chooser> World<'c, C> {
    pub fn new(chooser: &'c mut C, is_told: bool) -> Self {
        let base = Base::get();
        let accounts = 1 + chooser.below(2);
        let accounts: Vec<_> = (0..accounts).map(|_| Account::new(base, !chooser.once_in(2))).collect();
        let mut world = Self {
            base,
            adds: vec![(0, 0); accounts.len()],
            accounts,
            parties: Vec::new(),
            slots: Vec::new(),
            walks: Vec::new(),
            real: Duration::ZERO,
            ahead: Duration::ZERO,
            behind: Duration::ZERO,
            furthest: begin(),
            weather: chooser.one_of(&[2, 2, 3, 4, 5, 12]),
            is_well: false,
            joins_always: chooser.once_in(3),
            tally: Tally::default(),
            ended: None,
            is_told,
            transcript: Vec::new(),
            shown: String::new(),
            chooser,
        };
        for account in 0..world.accounts.len() {
            let logins = 1 + world.chooser.below(LOGINS as u64 - 1);
            for login in 0..usize::try_from(logins).expect("a few") {
                world.add_user(account, login);
            }
        }
        if world.chooser.once_in(2) {
            world.add_application();
        }
        if !world.chooser.once_in(2) {
            world.real = Duration::from_secs(world.chooser.one_of(&[4000, 3550]));
        }
        world
    }

    fn add_user(&mut self, account: usize, login: usize) {
        let which = usize::from(self.chooser.once_in(2));
        let tokens = self.base.logins[which][login].clone();
        let refresh = tokens.refresh_token().expect("a refresh token").expose().to_owned();
        let access = tokens.access_token().expose().to_owned();
        let session = Session::resume(apps()[which].clone(), tokens);
        let party = self.add_party(session, account);
        party.is_user = true;
        party.watch.saved.insert(refresh.clone());
        party.watch.heard.insert(refresh.clone());
        party.secrets.extend([access, refresh.clone()]);
        party.latest = Some(refresh);
    }

    fn add_application(&mut self) {
        let account = usize::from(self.accounts.len() > 1 && self.chooser.once_in(2));
        self.add_party(Session::client_credentials(apps()[0].clone()), account);
    }

    fn add_party(&mut self, session: Session, account: usize) -> &mut Party {
        let tries = u32::try_from(self.chooser.one_of(&[1, 2, 6, 4, 4, 4])).expect("a few");
        let longest_wait = Duration::from_secs(self.chooser.one_of(&[5, 300, 60, 60]));
        let policy = RetryPolicy::new().tries(tries).longest_wait(longest_wait);
        let pace = self.chooser.one_of(&[Some(15), Some(40), None, None, None]);
        let throttle = match pace.and_then(NonZeroU32::new) {
            Some(pace) => Throttle::default().paced(pace),
            None => Throttle::default(),
        };
        self.parties.push(Party {
            session: session
                .with_throttle(throttle)
                .with_retry(policy)
                .with_jitter(self.chooser.below(1 << 32)),
            account,
            is_user: false,
            tries,
            longest_wait,
            store: self.chooser.once_in(2).then(Store::new),
            watch: Watch::new(pace),
            latest: None,
            secrets: vec![CLIENT_SECRET.to_owned()],
        });
        self.parties.last_mut().expect("the one just added")
    }

    /// The whole history: a bad time, a good time, and a last call of every session.
    pub fn history(&mut self) -> Result<Tally, String> {
        let mut jobs = 90 - self.chooser.below(80);
        let mut arrival = self.real;
        while jobs > 0 || !self.slots.is_empty() {
            let next = (0..self.slots.len()).min_by_key(|slot| self.slots[*slot].due);
            let next = next.filter(|slot| jobs == 0 || self.slots[*slot].due < arrival);
            match next {
                Some(slot) => {
                    self.real = self.real.max(self.slots[slot].due);
                    self.go_on(slot)?;
                }
                None => {
                    self.real = self.real.max(arrival);
                    self.new_job()?;
                    jobs -= 1;
                    let pause = self.chooser.one_of(&[20_000, 2000, 300, 300, 50, 50, 5, 5]);
                    arrival = self.real + Duration::from_millis(pause);
                    if jobs == 0 {
                        self.turn_well();
                    }
                }
            }
            if !self.is_well && self.chooser.once_in(15) {
                self.mishap()?;
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

    fn tell(&mut self, line: impl FnOnce() -> String) {
        if self.is_told {
            let clock = match self.now().duration_since(begin()) {
                Ok(since) => since.as_millis().to_string(),
                Err(error) => format!("-{}", error.duration().as_millis()),
            };
            self.transcript.push(format!("{:>9} (clock {clock:>9})  {}", self.real.as_millis(), line()));
        }
    }

    /// What the clients' clock shows.
    fn now(&self) -> SystemTime {
        begin() + self.real + self.ahead - self.behind
    }

    /// From here on nothing goes wrong any more.
    fn turn_well(&mut self) {
        self.is_well = true;
        self.accounts.iter_mut().for_each(|account| account.fake.token_life(Duration::from_secs(3600)));
        self.tell(|| "-- from here on the world is well".into());
    }

    fn latency(&mut self) -> Duration {
        let millis = if self.chooser.once_in(200) {
            self.chooser.one_of(&[45_000, 31_000])
        } else {
            self.chooser.one_of(&[3000, 900, 300, 120, 60, 30, 15, 5])
        };
        Duration::from_millis(millis)
    }

    /// Something begins: a read, a write, or the reading of a list.
    fn new_job(&mut self) -> Result<(), String> {
        let party = usize::try_from(self.chooser.below(self.parties.len() as u64)).expect("an index");
        let is_user = self.parties[party].is_user;
        match self.chooser.below(13) {
            0..=3 => {
                let (list, lie) = self.some_list(is_user);
                let limit = match list {
                    Listed::ArtistAlbums | Listed::Followed => self.chooser.one_of(&[8, 10]),
                    // A page that lost its only item would be empty, which is an end.
                    _ if lie.is_some() => self.chooser.one_of(&[5, 4, 3]),
                    _ => self.chooser.one_of(&[1, 5, 4, 3]),
                };
                let is_prefetched = self.chooser.below(3) == 0;
                let versions = self.versions(party);
                let walk = Walk::new(list, lie, limit, is_prefetched, versions);
                let cursor = walk.first();
                self.walks.push(walk);
                let walk = self.walks.len() - 1;
                self.start(party, Job::Page { walk, part: 0, cursor })
            }
            4..=9 if is_user => {
                let at = usize::try_from(self.chooser.below(11)).expect("a few");
                let write = match self.chooser.below(12) {
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
                let read = reads[usize::from(!is_user)..][self.chooser.below(3) as usize];
                self.start(party, Job::Read(read))
            }
        }
    }

    fn some_list(&mut self, is_user: bool) -> (Listed, Option<Lie>) {
        if self.chooser.once_in(6) {
            let lie = Lie::any(self.chooser);
            if is_user || lie.list().is_public() {
                return (lie.list(), Some(lie));
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
        (self.chooser.one_of(lists), None)
    }

    fn versions(&self, party: usize) -> (u32, u32) {
        let account = &self.accounts[self.parties[party].account];
        (account.library, account.playlist)
    }

    fn start(&mut self, party: usize, job: Job) -> Result<(), String> {
        if self.joins_always {
            for other in (0..self.parties.len()).filter(|other| *other != party) {
                self.join(party, other);
            }
        }
        let now = self.now();
        let it = &mut self.parties[party];
        let lie = match &job {
            Job::Page { walk, .. } => self.walks[*walk].lie,
            _ => None,
        };
        let store = it.store.as_ref().filter(|_| lie.is_none()).map(|store| (store, it.account));
        let Asked { mut call, operation, key } = match &job {
            Job::Read(read) => read.ask(store),
            Job::Write(write) => write.ask(&self.base.tracks),
            Job::Page { cursor, .. } => cursor.ask(store),
        };
        let mut record = Record::new(operation, it.tries, it.longest_wait, key.is_some());
        if !self.is_well && self.chooser.once_in(8) {
            let at = now + Duration::from_secs(self.chooser.one_of(&[1, 60, 10]));
            record.deadline = Some(at);
            call = call.deadline(at);
        }
        self.tally.calls += 1;
        self.tally.writes += u64::from(!operation.idempotent);
        let number = self.tally.calls;
        let renames = self.accounts[it.account].renames;
        let is_of_good_times =
            self.is_well && !self.slots.iter().any(|it| it.party == party && it.awaits_token());
        self.tell(|| format!("call {number} of session {party}: {} ({lie:?})", operation.id));
        self.slots.push(Slot {
            number,
            party,
            job,
            record,
            key,
            state: State::Over,
            due: self.real,
            renames,
            is_of_good_times,
            steps: 0,
            last: None,
        });
        let step = call.start(&mut self.parties[party].session, now);
        self.take(self.slots.len() - 1, step)
    }

    /// The next thing happens to a call.
    fn go_on(&mut self, slot: usize) -> Result<(), String> {
        let now = self.now();
        let it = &mut self.slots[slot];
        it.steps += u32::from(self.is_well);
        if it.steps > STEPS_MAX {
            return Err(format!("(9) a call has not ended after {STEPS_MAX} steps in a well world"));
        }
        let session = &mut self.parties[it.party].session;
        match std::mem::replace(&mut it.state, State::Over) {
            State::Away(exchange, request, number) => {
                self.arrive(slot, exchange, &request, number);
                Ok(())
            }
            State::Back(exchange, number, answer) => self.receive(slot, exchange, number, answer),
            State::Wait(pause) => {
                let step = pause.resume(session, now);
                self.take(slot, step)
            }
            State::Save(tokens, pause) => {
                let newest = session.tokens().unwrap_or(&tokens);
                let refresh = newest.refresh_token().map(|token| token.expose().to_owned());
                self.parties[it.party].watch.saved.extend(refresh);
                let step = pause.resume(&mut self.parties[it.party].session, now);
                self.take(slot, step)
            }
            State::Over => Ok(()),
        }
    }

    /// A request arrives at the server, or somewhere else.
    fn arrive(&mut self, slot: usize, exchange: Exchange<Got>, request: &Request<Vec<u8>>, number: u32) {
        let latency = self.latency();
        let real = begin() + self.real;
        let it = &mut self.slots[slot];
        let operation = it.record.operation;
        let trouble = if self.is_well || !self.chooser.once_in(self.weather) {
            Trouble::None
        } else if is_token(request) {
            trouble::of_accounts(self.chooser, real)
        } else {
            let is_write = operation.method != http::Method::GET;
            trouble::of_api(self.chooser, is_write, operation.own_limit, real)
        };
        let lie = match it.job {
            Job::Page { walk, .. } => self.walks[walk].lie,
            _ => None,
        };
        let party = &mut self.parties[it.party];
        let arrival = self.accounts[party.account].act(request, &trouble, lie, real);
        it.record.acts += arrival.acts;
        if let Some(issued) = arrival.issued {
            party.secrets.push(issued.clone());
            party.latest = Some(issued);
        }
        it.due = self.real + latency;
        it.state = State::Back(exchange, number, arrival.answer);
        let number = it.number;
        self.tell(|| format!("call {number}: arrives with {trouble:?}"));
    }

    /// An answer arrives at the client, or the news that none will.
    fn receive(
        &mut self,
        slot: usize,
        exchange: Exchange<Got>,
        number: u32,
        answer: Option<(Response<Vec<u8>>, News)>,
    ) -> Result<(), String> {
        let now = self.now();
        let it = &mut self.slots[slot];
        let party = &mut self.parties[it.party];
        let news = answer.as_ref().map(|(_, news)| news);
        let is_token = number != 0;
        if is_token {
            party.watch.token_news(number, news, now);
            if let Some(News::Token(access, _)) = news {
                party.secrets.push(access.clone());
                // The older ones are of no use any more.
                let excess = party.secrets.len().saturating_sub(8);
                party.secrets.drain(1..1 + excess);
            }
        } else {
            party.watch.api_news(&mut it.record, news, now);
        }
        it.last = news.cloned();
        self.tally.limits += u64::from(matches!(news, Some(News::Limited { .. })));
        if self.is_told {
            let told = format!(
                "call {} receives {}",
                it.number,
                match &answer {
                    Some((response, News::Token(..))) => format!("{} with a token", response.status()),
                    Some((response, news)) => format!("{} {news:?}", response.status()),
                    None => "nothing".into(),
                }
            );
            self.tell(|| told);
        }
        let session = &mut self.parties[self.slots[slot].party].session;
        let step = match answer {
            Some((response, _)) => exchange.receive(response, session, now),
            None => match exchange.lost(session, now) {
                Some(step) => step,
                None => return self.finish(slot, End::Lost),
            },
        };
        self.take(slot, step)
    }

    /// Looks at a step and follows it.
    fn take(&mut self, slot: usize, step: Step<Got>) -> Result<(), String> {
        self.tally.steps += 1;
        let now = self.now();
        self.check_shown(slot, &step)?;
        if self.is_told {
            let told = format!("call {}: {step:?}", self.slots[slot].number);
            self.tell(|| told);
        }
        let latency = self.latency();
        let it = &mut self.slots[slot];
        let party = &mut self.parties[it.party];
        it.due = self.real + latency;
        it.state = match step {
            Step::Send(request, exchange) => {
                let number = if is_token(&request) {
                    self.tally.token_requests += 1;
                    let refresh = refresh_token(&request);
                    party.watch.token_request(&mut it.record, refresh.as_deref(), now)?
                } else {
                    self.tally.sends += 1;
                    party.watch.api_request(&mut it.record, now)?;
                    0
                };
                State::Away(exchange, request, number)
            }
            Step::Wait(delay, pause) => {
                it.record.wait(delay, now)?;
                it.due = self.real + delay;
                State::Wait(pause)
            }
            Step::Save(tokens, pause) => State::Save(tokens, pause),
            Step::Done(result) => return self.finish(slot, End::Done(result)),
        };
        Ok(())
    }
}
