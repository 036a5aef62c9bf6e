//! Measures contenders alternately in many rounds, in processor time, which excludes other programs.

use std::time::Duration;

use cpu_time::ThreadTime;

/// Number of rounds. Each contender has one turn in each round.
const ROUNDS: usize = 61;

/// Minimum duration of a turn.
const TURN: Duration = Duration::from_millis(1);

/// Nanoseconds for one run of a contender's work, one number for each round.
#[derive(Clone)]
pub struct Times(Vec<f64>);

impl Times {
    /// Returns the median of all rounds in nanoseconds.
    pub fn median(&self) -> f64 {
        median(self.0.clone())
    }

    /// Returns the sum of both times for each round.
    pub fn plus(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(one, other)| one + other).collect())
    }

    /// Returns the ratio of this time to the other: the median of the ratios of all rounds.
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

/// Returns the number of repetitions that fill a turn. Finding it also warms up the work.
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
