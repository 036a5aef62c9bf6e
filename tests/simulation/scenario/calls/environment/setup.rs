//! Creates the machines, applications, users and sessions of a history.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::time::Duration;

use spotify_proto::{RateLimiter, RetryPolicy, Session};
use spotify_proto_testing::fake::CLIENT_SECRET;

use super::super::invariants::Limits;
use super::super::server::{Account, Base, LOGINS, apps};
use super::super::token_invariants::TokenSteps;
use super::super::workload::Store;
use super::{Clock, DecisionSource, Environment, Login, Party, Process, Size, Tally};

/// Clock errors in seconds; they range from seconds to years.
const OFFSETS: [u64; 6] = [7, 180, 3900, 200_000, 31_536_000, 94_608_000];

impl<'d, D: DecisionSource> Environment<'d, D> {
    pub fn new(decisions: &'d mut D, is_traced: bool) -> Self {
        let base = Base::get();
        let others = match decisions.size() {
            Size::Full => decisions.below(2),
            Size::Small => u64::from(decisions.once_in(4)),
        };
        let accounts = 1 + others;
        let accounts: Vec<_> = (0..accounts).map(|_| Account::new(base, !decisions.once_in(2))).collect();
        let mut environment = Self {
            base,
            adds: vec![(0, 0); accounts.len()],
            accounts,
            clocks: Vec::new(),
            processes: Vec::new(),
            logins: Vec::new(),
            parties: Vec::new(),
            slots: Vec::new(),
            tasks: Vec::new(),
            list_reads: Vec::new(),
            real: Duration::ZERO,
            fault_rate: decisions.one_of(&[2, 2, 3, 4, 5, 12]),
            is_healthy: false,
            merges_always: decisions.once_in(3),
            task_count: 0,
            tally: Tally::default(),
            ended: None,
            is_traced,
            transcript: Vec::new(),
            shown: String::new(),
            decisions,
        };
        environment.add_clocks();
        environment.add_process(0);
        environment.add_process(1);
        for which in 0..2 {
            if environment.decisions.once_in(3) {
                environment.add_process(which);
            }
        }
        for account in 0..environment.accounts.len() {
            let logins = match environment.decisions.size() {
                Size::Full => 1 + environment.decisions.index(LOGINS - 1),
                Size::Small => 1 + usize::from(environment.decisions.once_in(4)),
            };
            for login in 0..logins {
                environment.add_user(account, login);
            }
        }
        if environment.decisions.once_in(2) {
            environment.add_application();
        }
        if !environment.decisions.once_in(2) {
            environment.real = Duration::from_secs(environment.decisions.one_of(&[4000, 3550]));
        }
        environment
    }

    /// Adds the clocks, the first of which is correct.
    fn add_clocks(&mut self) {
        self.clocks.push(Clock { ahead: Duration::ZERO, behind: Duration::ZERO });
        for _ in 0..self.decisions.below(3) {
            let offset = Duration::from_secs(self.decisions.one_of(&OFFSETS));
            let (ahead, behind) =
                if self.decisions.once_in(2) { (offset, Duration::ZERO) } else { (Duration::ZERO, offset) };
            self.clocks.push(Clock { ahead, behind });
        }
    }

    fn add_process(&mut self, which: usize) {
        let attempts = u32::try_from(self.decisions.one_of(&[1, 2, 6, 4, 4, 4]))
            .expect("the number should fit the type");
        let longest_delay = Duration::from_secs(self.decisions.one_of(&[5, 300, 60, 60]));
        let pace = self.decisions.one_of(&[Some(15), Some(40), None, None, None]);
        let limiter = match pace.and_then(NonZeroU32::new) {
            Some(pace) => RateLimiter::default().with_pace(pace),
            None => RateLimiter::default(),
        };
        let [confidential, public] = apps();
        let app = if which == 0 { confidential } else { public };
        let app = app
            .with_retry_policy(RetryPolicy::new().max_attempts(attempts).max_delay(longest_delay))
            .with_rate_limiter(limiter)
            .with_jitter(self.decisions.below(1 << 32));
        let clock = self.decisions.index(self.clocks.len());
        self.processes.push(Process {
            app,
            which,
            clock,
            attempts,
            longest_delay,
            limits: Limits::new(pace),
        });
    }

    /// Returns a random process of the application.
    fn some_process(&mut self, which: usize) -> usize {
        let of: Vec<_> = (0..self.processes.len()).filter(|it| self.processes[*it].which == which).collect();
        self.decisions.one_of(&of)
    }

    /// Adds a login of a user in one or two processes of the same application.
    fn add_user(&mut self, account: usize, login: usize) {
        let which = usize::from(self.decisions.once_in(2));
        let stored = self.base.logins[which][login].clone();
        let latest = stored.refresh_token().expect("expected a refresh token").expose().to_owned();
        let known = HashSet::from([latest.clone()]);
        self.logins.push(Login { stored, saved: known.clone(), received: known, latest, sessions: 0 });
        let login = self.logins.len() - 1;
        let process = self.some_process(which);
        self.add_session(account, process, Some(login));
        let others: Vec<_> = (0..self.processes.len())
            .filter(|it| *it != process && self.processes[*it].which == which)
            .collect();
        if !others.is_empty() && self.decisions.once_in(2) {
            let other = self.decisions.one_of(&others);
            self.add_session(account, other, Some(login));
        }
    }

    fn add_application(&mut self) {
        let account = usize::from(self.accounts.len() > 1 && self.decisions.once_in(2));
        let process = self.some_process(0);
        self.add_session(account, process, None);
    }

    fn add_session(&mut self, account: usize, process: usize, login: Option<usize>) {
        let mut secrets = vec![CLIENT_SECRET.to_owned()];
        let session = match login {
            Some(login) => {
                self.logins[login].sessions += 1;
                let tokens = self.logins[login].stored.clone();
                let texts = [tokens.access_token(), tokens.refresh_token()];
                secrets.extend(texts.into_iter().flatten().map(|it| it.expose().to_owned()));
                Session::from_tokens(tokens)
            }
            None => Session::client_credentials(),
        };
        self.parties.push(Party {
            session,
            process,
            account,
            login,
            store: self.decisions.once_in(2).then(Store::new),
            steps: TokenSteps::default(),
            secrets,
        });
    }
}
