//! What a run with trouble has to show.

use std::fmt;
use std::time::Duration;

use spotify_proto::http::StatusCode;

use crate::run::{CLOSED, Ran};

/// Claims, each with whether it holds and the figures that say so.
pub(crate) struct Proof(Vec<Claim>);

struct Claim {
    holds: bool,
    text: String,
}

impl Proof {
    pub(crate) fn of(ran: &Ran) -> Self {
        Self(vec![every_job_is_done(ran), the_dead_hand_came_back(ran), one_token(ran), nobody_knocks(ran)])
    }

    pub(crate) fn holds(&self) -> bool {
        self.0.iter().all(|claim| claim.holds)
    }
}

fn every_job_is_done(ran: &Ran) -> Claim {
    let missing = (0..ran.jobs).filter(|id| !ran.results.contains_key(id)).count();
    let failed = ran.results.values().filter(|result| result.contains(": failed: ")).count();
    Claim {
        holds: missing == 0 && failed == 0 && ran.results.len() == ran.jobs as usize,
        text: format!("every job is done, and counted once: {missing} of {} lost, {failed} failed", ran.jobs),
    }
}

fn the_dead_hand_came_back(ran: &Ran) -> Claim {
    let Some(killed) = &ran.killed else {
        return Claim { holds: false, text: "no worker was killed".to_owned() };
    };
    Claim {
        holds: killed.in_hand > 0 && ran.returned >= killed.in_hand,
        text: format!(
            "what {} had in hand when it was killed came back: {} job, {} returned to the queue",
            killed.name, killed.in_hand, ran.returned
        ),
    }
}

fn one_token(ran: &Ran) -> Claim {
    let count = ran.token_requests();
    Claim { holds: count == 1, text: format!("one token for all: Spotify was asked for {count}") }
}

/// A worker looks at the throttle before each request, so each of the others has at most one request under way
/// when it closes. Whatever arrives beyond that was sent against better knowledge.
fn nobody_knocks(ran: &Ran) -> Claim {
    let limited: Vec<_> =
        ran.api_requests().filter(|(_, seen)| seen.status == Some(StatusCode::TOO_MANY_REQUESTS)).collect();
    let ([(limited_at, _)], Some(closed_at)) = (limited.as_slice(), ran.closed_at) else {
        let text = format!("one 429 is shared: there were {}, none of them shared", limited.len());
        return Claim { holds: false, text };
    };
    let opened_at = *limited_at + Duration::from_secs(CLOSED);
    let arrived = ran.api_requests().filter(|(at, _)| (closed_at..opened_at).contains(at)).count();
    let under_way = arrived.min(ran.workers - 1);
    let sent = arrived - under_way;
    let closed_for = opened_at.duration_since(closed_at).unwrap_or_default().as_millis();
    Claim {
        holds: sent == 0 && closed_for > 0,
        text: format!(
            "one 429 held for all: in the {closed_for} ms that the shared throttle was closed, {sent} requests were \
             sent ({under_way} more were under way when it closed)"
        ),
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.0.iter().map(|claim| {
            let mark = if claim.holds { "holds " } else { "FAILED" };
            format!("  {mark}  {}", claim.text)
        });
        f.write_str(&lines.collect::<Vec<_>>().join("\n"))
    }
}
