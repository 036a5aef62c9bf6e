//! Tests of player errors that have a different cause than an invalid request.

use spotify_proto::api::{GetPlaybackState, PausePlayback, SetVolume};
use spotify_proto::{Call, Endpoint, Error, PlaybackStateAbsent, Step};

use crate::support::{World, answer, later};

/// Sends a command whose attempts receive these responses, and returns the resulting error.
fn error<E: Endpoint>(endpoint: E, responses: &[(u16, &str)]) -> spotify_proto::ApiError
where
    E::Output: std::fmt::Debug,
{
    let (mut world, mut now) = (World::fixed("token"), 0);
    let mut step = world.start(Call::new(endpoint), later(now));
    let mut responses = responses.iter();
    loop {
        step = match step {
            Step::Send(_, exchange) => {
                let (status, body) = responses.next().expect("expected a response for each attempt");
                world.receive(exchange, answer(*status, &[], body), later(now))
            }
            Step::Wait(_, waiting) => {
                now += 30;
                world.resume(waiting, later(now))
            }
            Step::Done(Err(Error::Api(error))) => return error,
            other => panic!("{other:?}"),
        };
    }
}

const RESTRICTION: &str =
    r#"{"error":{"status":403,"message":"Player command failed: Restriction violated","reason":"UNKNOWN"}}"#;

#[test]
fn a_missing_playback_state_is_distinguished_from_an_invalid_request() {
    let invalid = r#"{"error":{"status":400,"message":"invalid id"}}"#;
    let unknown = r#"{"error":{"status":404,"message":"non existing id"}}"#;
    let get = GetPlaybackState::new;
    let absent = |status, body| error(get(), &[(status, body)]).playback_state_absent();
    assert_eq!(absent(400, invalid), Some(PlaybackStateAbsent::ItemWithoutId));
    assert_eq!(absent(404, unknown), Some(PlaybackStateAbsent::Inactive));
    assert_eq!(absent(400, r#"{"error":{"status":400,"message":"Invalid market code"}}"#), None);
    assert_eq!(error(PausePlayback::new(), &[(400, invalid)]).playback_state_absent(), None);
}

#[test]
fn a_retry_that_fails_because_the_first_attempt_succeeded_is_reported_as_such() {
    let pause = PausePlayback::new;
    assert!(error(pause(), &[(502, ""), (403, RESTRICTION)]).has_taken_effect());
    assert!(!error(pause(), &[(403, RESTRICTION)]).has_taken_effect(), "the first attempt was rejected");
    let premium = r#"{"error":{"status":403,"message":"Player command failed: Premium required","reason":"PREMIUM_REQUIRED"}}"#;
    assert!(!error(pause(), &[(502, ""), (403, premium)]).has_taken_effect());
    assert!(!error(SetVolume::new(50_u32), &[(502, ""), (403, RESTRICTION)]).has_taken_effect());
}
