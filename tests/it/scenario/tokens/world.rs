//! The world around one session: its calls, its clock, its store, the network, and the process that runs it all.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Request, StatusCode};
use spotify_proto::api::{AddToQueue, GetAlbum};
use spotify_proto::{
    AlbumId, App, AuthError, Body, Call, DecodeError, Endpoint, Error, Exchange, Operation, Pause, Session,
    Step, Target, Tokens, Uri,
};

use super::server::{Fate, MARK, Rotation, Sent, Server, read};
use super::watch::{Record, Watch};
use super::{Chooser, Summary};

/// Steps of one call in a world without faults; what it waits for there is over in two minutes, looked at five
/// times a second.
const STEPS_MAX: u32 = 700;

/// The longest that any door is closed in this world.
const LONGEST: Duration = Duration::from_secs(100);

/// An endpoint whose result is of no interest, so that all calls have one type.
struct Quiet<E>(E);

impl<E: Endpoint> Endpoint for Quiet<E> {
    type Output = ();
    const OPERATION: Operation = E::OPERATION;

    fn target(&self, target: &mut Target) {
        self.0.target(target);
    }

    fn body(&self) -> Body {
        self.0.body()
    }

    fn decode(status: StatusCode, body: &[u8]) -> Result<(), DecodeError> {
        E::decode(status, body).map(drop)
    }
}

struct Slot {
    record: Record,
    state: State,
    /// Steps since the world is well.
    steps: u32,
    /// Whether its last step was a wait: one line tells of many.
    waited: bool,
    end: Option<Result<(), Error>>,
}

enum State {
    New,
    Flight(Flight),
    /// Until then, by the clock that only goes forwards.
    Wait(Pause<()>, Duration),
    Save(Tokens, Pause<()>),
    Over,
}

struct Flight {
    exchange: Exchange<()>,
    sent: Sent,
    /// The number of a token request.
    number: u32,
    /// What the server did with it, when it has.
    fate: Option<Fate>,
}

pub struct World<'c, C> {
    chooser: &'c mut C,
    app: App,
    /// A session of an application without a user has nothing to store.
    has_user: bool,
    /// Whether the driver writes the session's tokens, always the newest, rather than those of the step.
    writes_newest: bool,
    /// Time since the world began, and how far the wall clock has been set back.
    real: Duration,
    set_back: Duration,
    server: Server,
    session: Session,
    slots: Vec<Slot>,
    store: Option<Tokens>,
    /// A late save of older tokens has overwritten newer ones, and its call was dropped before it could tell.
    is_behind_unnoticed: bool,
    /// The process crashed before such a write was repaired.
    is_store_stale: bool,
    watch: Watch,
    summary: Summary,
    is_told: bool,
    transcript: Vec<String>,
    shown: String,
}

impl<'c, C: Chooser> World<'c, C> {
    pub fn new(chooser: &'c mut C, is_told: bool) -> Self {
        let rotation = chooser.one_of(&[Rotation::Always, Rotation::Sometimes, Rotation::Never]);
        let has_user = !chooser.once_in(6);
        let age = chooser.one_of(&[0, 0, 3550, 4000]);
        let mut world = Self::with(chooser, rotation, has_user, age);
        world.is_told = is_told;
        world.writes_newest = world.chooser.below(2) == 0;
        let calls =
            if world.chooser.below(40) == 20 { world.chooser.below(50) } else { world.chooser.below(16) };
        for _ in 0..=calls {
            world.add_call();
        }
        let (rotation, newest) = (world.server.rotation, world.writes_newest);
        world.tell(|| {
            format!("{} calls, user: {has_user}, rotation: {rotation:?}, writes newest: {newest}", calls + 1)
        });
        world
    }

    /// Many calls on an expired token, with servers that work.
    pub fn burst(chooser: &'c mut C, calls: usize) -> Self {
        let mut world = Self::with(chooser, Rotation::Always, true, 4000);
        world.server.is_well = true;
        for _ in 0..calls {
            world.add_call();
        }
        world
    }

    fn with(chooser: &'c mut C, rotation: Rotation, has_user: bool, age: u64) -> Self {
        let app = if chooser.below(2) == 0 {
            App::public("client")
        } else {
            App::confidential("client", &*format!("{MARK}-client"))
        };
        let mut server = Server::new(rotation);
        let mut watch = Watch::default();
        let life = Duration::from_secs(3600);
        let mut real = Duration::ZERO;
        let mut store = None;
        if has_user {
            let access = server.issue(life, real);
            watch.knows(&access, life, wall(real));
            watch.saved.insert(server.refresh.clone());
            let seconds = |at: SystemTime| {
                let since = at.duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
                format!(r#"{{"secs_since_epoch":{since},"nanos_since_epoch":0}}"#)
            };
            let stored = format!(
                r#"{{"version":1,"access_token":"{access}","refresh_token":"{}","issued_at":{},"expires_at":{}}}"#,
                server.refresh,
                seconds(wall(real)),
                seconds(wall(real + life)),
            );
            store = Some(serde_json::from_str(&stored).expect("tokens as they are stored"));
            real += Duration::from_secs(age);
        }
        let mut world = Self {
            chooser,
            session: Session::client_credentials(app.clone()),
            app,
            has_user,
            writes_newest: true,
            real,
            set_back: Duration::ZERO,
            server,
            slots: Vec::new(),
            store,
            is_behind_unnoticed: false,
            is_store_stale: false,
            watch,
            summary: Summary::default(),
            is_told: false,
            transcript: Vec::new(),
            shown: String::new(),
        };
        world.begin();
        world
    }

    /// The process starts with what is stored.
    fn begin(&mut self) {
        let app = self.app.clone();
        let session = match self.store.clone() {
            Some(tokens) if self.has_user => Session::resume(app, tokens),
            _ => Session::client_credentials(app),
        };
        self.session = session.with_jitter(self.chooser.below(1 << 32));
        let access =
            self.store.as_ref().filter(|_| self.has_user).map(|tokens| tokens.access_token().expose());
        self.watch.resumed(access);
    }

    fn add_call(&mut self) -> usize {
        let record = Record::new(self.chooser.once_in(3));
        self.slots.push(Slot { record, state: State::New, steps: 0, waited: false, end: None });
        self.slots.len() - 1
    }

    /// The whole history: a bad time, a good time, and a last call before and after one more start.
    pub fn history(&mut self) -> Result<Summary, String> {
        for _ in 0..20 + self.chooser.below(300) {
            self.happens()?;
        }
        self.tell(|| "-- from here on the world is well".into());
        self.server.is_well = true;
        self.settle()?;
        self.last_call()?;
        if self.is_store_behind() && !self.is_behind_unnoticed && !self.is_store_stale {
            return Err("(10) older tokens stay in the store after a late save".into());
        }
        self.crash()?;
        self.last_call()?;
        self.summary.token_requests = self.watch.token_requests;
        self.summary.losses += u32::from(self.is_lost());
        self.summary.revocations += u32::from(self.server.is_revoked);
        Ok(self.summary)
    }

    pub fn token_requests(&self) -> u32 {
        self.watch.token_requests
    }

    pub fn transcript(&mut self) -> Vec<String> {
        std::mem::take(&mut self.transcript)
    }

    fn tell(&mut self, line: impl FnOnce() -> String) {
        if self.is_told {
            let (at, now) = (self.real, self.now());
            let clock = now.duration_since(wall(Duration::ZERO)).map(|it| it.as_millis().to_string());
            let clock = clock.unwrap_or_else(|error| format!("-{}", error.duration().as_millis()));
            self.transcript.push(format!("{:>9} (clock {clock:>9})  {}", at.as_millis(), line()));
        }
    }

    fn now(&self) -> SystemTime {
        wall(self.real) - self.set_back
    }

    fn moves_on(&mut self, span: Duration) {
        self.real += span;
        self.watch.clock(self.now());
    }

    /// One thing happens, good or bad.
    fn happens(&mut self) -> Result<(), String> {
        match self.chooser.below(26) {
            0..=4 => match self.pick(|state| matches!(state, State::New)) {
                Some(slot) => self.start(slot),
                None => Ok(()),
            },
            5..=9 => {
                if let Some(slot) = self.pick(|state| is_flight(state, false)) {
                    self.act(slot);
                }
                Ok(())
            }
            10..=14 => match self.pick(|state| is_flight(state, true)) {
                Some(slot) => self.deliver(slot),
                None => Ok(()),
            },
            15..=17 => match self.pick(|state| matches!(state, State::Wait(..))) {
                Some(slot) => self.wake(slot),
                None => Ok(()),
            },
            18..=20 => match self.pick(|state| matches!(state, State::Save(..))) {
                Some(slot) => {
                    let is_dropped = self.chooser.below(8) == 7;
                    self.save(slot, is_dropped)
                }
                None => Ok(()),
            },
            21 => match self.pick(|state| is_flight(state, false)) {
                Some(slot) => {
                    let State::Flight(flight) = &mut self.slots[slot].state else { return Ok(()) };
                    flight.fate = Some(Fate::Lost);
                    self.deliver(slot)
                }
                None => Ok(()),
            },
            22 => {
                if let Some(slot) = self.pick(|state| !matches!(state, State::New | State::Over)) {
                    self.drop_call(slot);
                }
                Ok(())
            }
            23 => {
                let millis = self.chooser.one_of(&[100, 1000, 10_000, 31_000, 45_000, 3_000_000]);
                self.moves_on(Duration::from_millis(millis));
                Ok(())
            }
            24 if self.chooser.below(3) == 0 => {
                let seconds = self.chooser.one_of(&[1, 20, 20, 100, 4000, 86_400]);
                self.set_back += Duration::from_secs(seconds);
                self.tell(|| format!("the clock is set back by {seconds} s"));
                self.moves_on(Duration::ZERO);
                Ok(())
            }
            25 => match self.chooser.below(40) {
                30..=36 => self.crash(),
                37 => {
                    self.tell(|| "the refresh token is revoked".into());
                    self.server.is_revoked = true;
                    Ok(())
                }
                20..=29 => {
                    self.tell(|| "all access tokens are revoked".into());
                    self.server.revoke_access();
                    Ok(())
                }
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Goes on until every call has ended; nothing bad happens any more.
    pub fn settle(&mut self) -> Result<(), String> {
        loop {
            let is_ready = |state: &State| !matches!(state, State::Wait(..) | State::Over);
            let waiting = self.slots.iter().filter(|slot| matches!(slot.state, State::Wait(..))).count();
            let ready = self.pick(is_ready);
            // Answers take time: sometimes a call that waits is sooner.
            let slot = match ready {
                Some(slot) if waiting == 0 || self.chooser.below(4) != 0 => slot,
                _ => {
                    let due = |slot: &Slot| match slot.state {
                        State::Wait(_, until) => Some(until),
                        _ => None,
                    };
                    let first = (0..self.slots.len()).filter_map(|i| Some((due(&self.slots[i])?, i))).min();
                    match first.map(|(_, slot)| slot).or(ready) {
                        Some(slot) => slot,
                        None => return Ok(()),
                    }
                }
            };
            self.slots[slot].steps += 1;
            if self.slots[slot].steps > STEPS_MAX {
                return Err(format!("(9) call {slot} has not ended after {STEPS_MAX} steps in a well world"));
            }
            match &self.slots[slot].state {
                State::New => self.start(slot)?,
                State::Flight(Flight { fate: None, .. }) => self.act(slot),
                State::Flight(_) => self.deliver(slot)?,
                State::Wait(..) => self.wake_at_its_time(slot)?,
                State::Save(..) => self.save(slot, false)?,
                State::Over => {}
            }
        }
    }

    /// A call in a quiet, well world gets its answer, unless the login could not be kept.
    fn last_call(&mut self) -> Result<(), String> {
        self.moves_on(LONGEST + Duration::from_secs(30));
        let mut slot = self.add_call();
        self.settle()?;
        // A door stays closed where the clock was set back by as long as that, or by more before anybody looked.
        for _ in 0..3 {
            let Some(Err(Error::RateLimited(limit))) = &self.slots[slot].end else { break };
            let wait = limit.wait(self.now()).unwrap_or_default();
            if wait > LONGEST {
                return Err(format!("(10) a door stays closed for {wait:?} after the clock was set back"));
            }
            self.moves_on(wait);
            slot = self.add_call();
            self.settle()?;
        }
        let is_over = self.server.is_revoked || self.is_lost();
        match self.slots[slot].end.as_ref().expect("it has ended") {
            Ok(()) => Ok(()),
            Err(Error::Auth(AuthError::GrantRefused { code, .. }))
                if is_over && code.as_str() == "invalid_grant" =>
            {
                Ok(())
            }
            Err(error) if is_over => Err(format!("(10) a lost login ended with another error: {error:?}")),
            Err(error) => Err(format!("(10) the login was lost for no good reason: {error:?}")),
        }
    }

    /// Whether the refresh token that the server takes was never read, or died with a process before it was written.
    fn is_lost(&self) -> bool {
        let token = &self.server.refresh;
        let is_known = self.watch.heard.contains(token) || self.watch.saved.contains(token);
        self.has_user && (!is_known || self.is_store_stale)
    }

    fn pick(&mut self, fits: impl Fn(&State) -> bool) -> Option<usize> {
        let count = self.slots.iter().filter(|slot| fits(&slot.state)).count() as u64;
        if count == 0 {
            return None;
        }
        let nth = usize::try_from(self.chooser.below(count)).expect("an index");
        (0..self.slots.len()).filter(|i| fits(&self.slots[*i].state)).nth(nth)
    }

    fn start(&mut self, slot: usize) -> Result<(), String> {
        let now = self.now();
        self.tell(|| format!("call {slot} starts"));
        let step = if self.slots[slot].record.is_write {
            let uri: Uri = "spotify:track:4aawyAB9vmqN3uQ7FjRGTy".parse().expect("a uri");
            Call::new(Quiet(AddToQueue::new(uri))).start(&mut self.session, now)
        } else {
            let id: AlbumId = "4aawyAB9vmqN3uQ7FjRGTy".parse().expect("an id");
            Call::new(Quiet(GetAlbum::new(id))).start(&mut self.session, now)
        };
        self.take(slot, step)
    }

    /// The server takes a request that is on its way.
    fn act(&mut self, slot: usize) {
        let Slot { record, state: State::Flight(flight), .. } = &mut self.slots[slot] else { return };
        let fate = self.server.act(&flight.sent, record.is_write, self.real, self.chooser);
        let told = match &fate {
            Fate::Answered(response, news) => format!("{} {news:?}", response.status()),
            Fate::Lost => "an answer that gets lost".into(),
        };
        flight.fate = Some(fate);
        self.tell(|| format!("call {slot}: the server gives {told}"));
    }

    /// An answer arrives, or the news that none will.
    fn deliver(&mut self, slot: usize) -> Result<(), String> {
        let now = self.now();
        let Slot { record, state, .. } = &mut self.slots[slot];
        let State::Flight(Flight { exchange, sent, number, fate }) = std::mem::replace(state, State::Over)
        else {
            return Ok(());
        };
        let news = match &fate {
            Some(Fate::Answered(_, news)) => Some(news.clone()),
            _ => None,
        };
        match &sent {
            Sent::Token { .. } => self.watch.token_news(record, number, news.as_ref(), now),
            Sent::Api { access } => self.watch.api_news(record, access, news.as_ref(), now),
        }
        let told = news.as_ref().map_or_else(|| "nothing".to_owned(), |news| format!("{news:?}"));
        self.tell(|| format!("call {slot} receives {told}"));
        let step = match fate {
            Some(Fate::Answered(response, _)) => exchange.receive(response, &mut self.session, now),
            _ => match exchange.lost(&mut self.session, now) {
                Some(step) => step,
                None => {
                    self.tell(|| format!("call {slot} ends with its loss"));
                    return Ok(());
                }
            },
        };
        self.take(slot, step)
    }

    /// A wait is over, sometimes before its time.
    fn wake(&mut self, slot: usize) -> Result<(), String> {
        if self.chooser.below(8) != 7 {
            return self.wake_at_its_time(slot);
        }
        let State::Wait(pause, _) = std::mem::replace(&mut self.slots[slot].state, State::Over) else {
            return Ok(());
        };
        let now = self.now();
        let step = pause.resume(&mut self.session, now);
        self.take(slot, step)
    }

    fn wake_at_its_time(&mut self, slot: usize) -> Result<(), String> {
        let State::Wait(pause, until) = std::mem::replace(&mut self.slots[slot].state, State::Over) else {
            return Ok(());
        };
        self.moves_on(until.saturating_sub(self.real));
        let now = self.now();
        let step = pause.resume(&mut self.session, now);
        self.take(slot, step)
    }

    /// Tokens are written; the call goes on, or is dropped before it can tell.
    fn save(&mut self, slot: usize, is_dropped: bool) -> Result<(), String> {
        let Slot { record, state, .. } = &mut self.slots[slot];
        let State::Save(tokens, pause) = std::mem::replace(state, State::Over) else { return Ok(()) };
        Watch::resumes_after_save(record);
        let tokens = match self.session.tokens() {
            Some(newest) if self.writes_newest => newest.clone(),
            _ => tokens,
        };
        let refresh = tokens.refresh_token().map(|token| token.expose().to_owned());
        self.watch.saved.extend(refresh.clone());
        self.store = Some(tokens);
        self.tell(|| format!("call {slot} has saved {refresh:?}"));
        self.is_behind_unnoticed = (is_dropped || self.is_behind_unnoticed) && self.is_store_behind();
        if is_dropped {
            self.tell(|| format!("call {slot} is dropped"));
            return Ok(());
        }
        let now = self.now();
        let step = pause.resume(&mut self.session, now);
        self.take(slot, step)
    }

    /// Whether older tokens stand where newer ones stood: a driver that writes what it is handed may be slow.
    fn is_store_behind(&self) -> bool {
        let stored = self.store.as_ref().and_then(Tokens::refresh_token).map(|token| token.expose());
        let newest = &self.server.refresh;
        !self.writes_newest && self.watch.saved.contains(newest) && stored.is_some_and(|it| it != newest)
    }

    /// A call is dropped in the middle; its request may arrive all the same.
    fn drop_call(&mut self, slot: usize) {
        self.tell(|| format!("call {slot} is dropped"));
        if is_flight(&self.slots[slot].state, false) && self.chooser.below(2) == 0 {
            self.act(slot);
        }
        self.slots[slot].state = State::Over;
    }

    /// The process ends without warning and starts again.
    fn crash(&mut self) -> Result<(), String> {
        self.tell(|| "the process crashes and starts again".into());
        self.summary.crashes += 1;
        for slot in 0..self.slots.len() {
            if !matches!(self.slots[slot].state, State::New | State::Over) {
                self.drop_call(slot);
            }
        }
        self.is_store_stale |= self.is_store_behind();
        self.begin();
        Ok(())
    }

    /// Looks at a step and follows it.
    fn take(&mut self, slot: usize, step: Step<()>) -> Result<(), String> {
        self.summary.steps += 1;
        let now = self.now();
        if let Step::Send(request, _) = &step {
            self.learn_secrets(request);
        }
        self.shown.clear();
        write!(self.shown, "{step:?} {:?}", self.session).expect("a string takes all");
        if let Step::Done(Err(error)) = &step {
            write!(self.shown, " {error} {:?}", std::error::Error::source(error).map(ToString::to_string))
                .expect("a string takes all");
        }
        let is_shown = |secret: &str| self.shown.contains(secret);
        if is_shown(MARK) || self.watch.basic.as_deref().is_some_and(is_shown) {
            return Err(format!("(8) a secret is shown: {}", self.shown));
        }
        let waits_on = self.slots[slot].waited && matches!(step, Step::Wait(..));
        self.slots[slot].waited = matches!(step, Step::Wait(..));
        if self.is_told && !waits_on {
            let told = format!("call {slot}: {step:?}");
            self.tell(|| told);
        }
        let Slot { record, state, end, .. } = &mut self.slots[slot];
        Watch::stepped(record, matches!(step, Step::Save(..)))?;
        *state = match step {
            Step::Send(request, exchange) => {
                let sent = read(&request);
                let number = match &sent {
                    Sent::Token { refresh } => self.watch.token_request(record, refresh.as_deref(), now)?,
                    Sent::Api { access } => {
                        self.watch.api_request(record, access, now)?;
                        0
                    }
                };
                State::Flight(Flight { exchange, sent, number, fate: None })
            }
            Step::Wait(Duration::ZERO, _) => return Err("(9) a wait for nothing: its driver spins".into()),
            Step::Wait(delay, pause) => State::Wait(pause, self.real + delay),
            Step::Save(tokens, pause) => State::Save(tokens, pause),
            Step::Done(result) => {
                *end = Some(result.map(|reply| reply.value));
                State::Over
            }
        };
        Ok(())
    }

    /// The application's credentials, in the form in which they are sent.
    fn learn_secrets(&mut self, request: &Request<Vec<u8>>) {
        let header = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        if let Some(basic) = header.and_then(|value| value.strip_prefix("Basic ")) {
            self.watch.basic = Some(basic.to_owned());
        }
    }
}

fn is_flight(state: &State, has_fate: bool) -> bool {
    matches!(state, State::Flight(flight) if flight.fate.is_some() == has_fate)
}

/// The right time, that long after the world began.
fn wall(real: Duration) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000) + real
}
