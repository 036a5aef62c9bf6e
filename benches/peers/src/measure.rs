//! Contenders in turn, many rounds, by the processor's time: what other programs take of it does not count.

use std::time::Duration;

use cpu_time::ThreadTime;

/// How often each contender has its turn.
const ROUNDS: usize = 61;

/// How long a turn is at least.
const TURN: Duration = Duration::from_millis(1);

/// A contender's nanoseconds for one piece of work, one number a round.
#[derive(Clone)]
pub struct Times(Vec<f64>);

impl Times {
    /// The nanoseconds of the median round.
    pub fn median(&self) -> f64 {
        median(self.0.clone())
    }

    /// The times of both pieces of work together, round by round.
    pub fn plus(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(one, other)| one + other).collect())
    }

    /// How many times as long as the other: the median of the rounds.
    pub fn over(&self, other: &Self) -> f64 {
        median(self.0.iter().zip(&other.0).map(|(own, other)| own / other).collect())
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Measures all contenders, one after the other in each round.
pub fn measure(contenders: &mut [Box<dyn FnMut() + '_>]) -> Vec<Times> {
    let repeats: Vec<u32> = contenders.iter_mut().map(|work| repeats(work)).collect();
    let mut times: Vec<_> = contenders.iter().map(|_| Times(Vec::with_capacity(ROUNDS))).collect();
    for _ in 0..ROUNDS {
        for ((work, repeats), times) in contenders.iter_mut().zip(&repeats).zip(&mut times) {
            times.0.push(turn(work, *repeats).as_nanos() as f64 / f64::from(*repeats));
        }
    }
    times
}

/// How often the work fits into a turn; warms it up.
fn repeats(work: &mut dyn FnMut()) -> u32 {
    let mut repeats = 1;
    while turn(work, repeats) < TURN {
        repeats *= 2;
    }
    repeats
}

fn turn(work: &mut dyn FnMut(), repeats: u32) -> Duration {
    let start = ThreadTime::now();
    for _ in 0..repeats {
        work();
    }
    start.elapsed()
}
