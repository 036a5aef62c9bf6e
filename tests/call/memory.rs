//! Allocations of calls and requests.

use std::time::UNIX_EPOCH;

use allocation_counter::measure;
use http::Response;
use spotify_proto::api::{AddPlaylistItems, GetAlbumTracks};
use spotify_proto::{AlbumId, App, Call, Endpoint, Origin, PlaylistId, Session, SpotifyUri, Step};

/// Maximum heap memory of a call in flight without its endpoint, in bytes.
const CALL_MAX: usize = 136;

/// Returns an application and a session that have sent a request. The first request makes the header value of the token
/// shareable, which takes an allocation that the session retains.
fn state() -> (App, Session) {
    let (mut app, mut session) = (App::confidential("id", "secret"), Session::from_access_token("BQDaccess"));
    let step = Call::new(tracks()).start(&mut app, &mut session, UNIX_EPOCH);
    assert!(matches!(step, Step::Send(..)), "a call with a token begins with its request");
    (app, session)
}

/// Returns the bytes and the number of allocations that a call retains after it has returned its request.
fn in_flight<E: Endpoint + Clone>(endpoint: &E) -> (usize, i64) {
    let (mut app, mut session) = state();
    let mut exchange = None;
    let taken = measure(|| {
        let Step::Send(_, sent) = Call::new(endpoint.clone()).start(&mut app, &mut session, UNIX_EPOCH)
        else {
            panic!("a call with a token begins with its request")
        };
        exchange = Some(sent);
    });
    (usize::try_from(taken.bytes_current).expect("a call that frees no other memory"), taken.count_current)
}

fn tracks() -> GetAlbumTracks {
    GetAlbumTracks::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>().expect("an id")).limit(50).offset(100)
}

fn uris(count: usize) -> AddPlaylistItems {
    let uri: SpotifyUri = "spotify:track:6rqhFgbbKwnb9MLmUQDhG6".parse().expect("a URI");
    AddPlaylistItems::new("3cEYpjA9oz9GiPac4AsH4n".parse::<PlaylistId>().expect("an id"), vec![uri; count])
}

#[test]
fn a_call_in_flight_is_one_allocation_that_holds_the_endpoint_and_little_else() {
    let (bytes, count) = in_flight(&tracks());
    let max = CALL_MAX + size_of::<GetAlbumTracks>();
    assert!(bytes <= max, "{bytes} bytes, more than {max}");
    assert_eq!(count, 1);
}

#[test]
fn a_call_in_flight_does_not_hold_the_body_of_its_request() {
    let (bytes, count) = in_flight(&uris(100));
    let max = CALL_MAX + size_of::<AddPlaylistItems>() + 100 * size_of::<SpotifyUri>();
    assert!(bytes <= max, "{bytes} bytes, more than {max}");
    assert_eq!(count, 2, "the call, and the list of its endpoint");
}

#[test]
fn a_call_that_has_ended_holds_nothing() {
    let (mut app, mut session) = state();
    let taken = measure(|| {
        let Step::Send(_, exchange) = Call::new(tracks()).start(&mut app, &mut session, UNIX_EPOCH) else {
            panic!("a call with a token begins with its request")
        };
        let received = exchange.receive(Ok::<_, ()>(Response::new(r#"{"items":[]}"#)), UNIX_EPOCH);
        let step = received.apply(&mut app, &mut session, UNIX_EPOCH);
        assert!(matches!(step, Ok(Step::Done(Ok(_)))), "the response is a page");
    });
    assert_eq!((taken.bytes_current, taken.count_current), (0, 0));
}

#[test]
fn a_request_is_built_with_few_allocations() {
    let origin = Origin::api();
    for (name, count, max) in [
        ("a page", measure(|| drop(tracks().request(&origin))).count_total, 2),
        (
            "ten URIs",
            {
                let add = uris(10);
                measure(|| drop(add.request(&origin))).count_total
            },
            5,
        ),
    ] {
        assert!(count <= max, "{name}: {count} allocations, more than {max}");
    }
}
