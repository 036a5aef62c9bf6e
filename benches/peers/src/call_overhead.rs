//! Measures all steps of a call that succeeds at the first attempt, with nothing to decode.

use std::hint::black_box;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Method, Response};
use spotify_proto::{App, Call, DecodeError, Endpoint, Operation, Session, Step, Target};

use crate::allocations::{self, Taken};
use crate::measure::{self, Times};

struct Unread;

impl Endpoint for Unread {
    type Output = ();

    const OPERATION: Operation = Operation::new("unread", Method::GET, "/v1/albums/{id}");

    fn target(&self, target: &mut Target) {
        target.path("/v1/albums/{id}", &["4aawyAB9vmqN3uQ7FjRGTy"]);
    }

    fn decode(&self, _: spotify_proto::ResponseRef<'_>) -> Result<(), DecodeError> {
        Ok(())
    }
}

fn call(app: &mut App, session: &mut Session, now: SystemTime) {
    let Step::Send(request, exchange) = Call::new(black_box(Unread)).start(app, session, now) else {
        panic!("a call with a token begins with its request")
    };
    black_box(request);
    let step = exchange.receive(Ok::<_, ()>(Response::new("{}")), now).apply(app, session, now);
    assert!(matches!(black_box(step), Ok(Step::Done(Ok(_)))), "the response is a success");
}

pub fn measure() -> (Times, Taken) {
    let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
    let (mut app, mut session) = (App::without_credentials(), Session::from_access_token("BQDaccess"));
    call(&mut app, &mut session, now);
    let taken = allocations::count(|hold| {
        call(&mut app, &mut session, now);
        hold();
    });
    let times = measure::measure(&mut [Box::new(|| call(&mut app, &mut session, now))]).remove(0);
    (times, taken)
}
