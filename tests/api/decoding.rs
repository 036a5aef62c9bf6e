//! Tests that endpoints can use their parameters, the status and the header fields to decode a response.

#![allow(deprecated, reason = "deprecated operations are tested too")]

use std::fmt::Debug;
use std::str::FromStr;

use http::{Method, Response, StatusCode};
use spotify_proto::api::{
    CheckFollowing, CheckFollowsPlaylist, CheckLibraryItems, CheckSavedAlbums, CheckSavedAudiobooks,
    CheckSavedEpisodes, CheckSavedShows, CheckSavedTracks, Followees, GetTopItems, TopItems, TopType,
};
use spotify_proto::cache::StoreAction;
use spotify_proto::model::Page;
use spotify_proto::{
    Cached, Call, CommaList, DecodeError, Endpoint, FromResponse, Operation, ResponseRef, Source, SpotifyUri,
    Target, UserId, model,
};

use crate::support::{World, done, later, sent};

const ID: &str = "4aawyAB9vmqN3uQ7FjRGTy";

fn id<I: FromStr<Err: Debug>>() -> I {
    ID.parse().expect("expected an id")
}

#[test]
fn a_response_with_the_wrong_number_of_flags_is_a_decode_error() {
    fn check<E: Endpoint<Output = Vec<bool>>>(endpoint: E) {
        let parse = |body: &str| endpoint.parse(&Response::new(body.to_owned())).ok();
        assert_eq!(parse("[true]"), Some(vec![true]), "{}", E::OPERATION.id);
        assert_eq!(parse("[]"), None, "{}", E::OPERATION.id);
        assert_eq!(parse("[true,false]"), None, "{}", E::OPERATION.id);
    }
    check(CheckSavedAlbums::new(id::<spotify_proto::AlbumId>()));
    check(CheckSavedAudiobooks::new(id::<spotify_proto::AudiobookId>()));
    check(CheckSavedEpisodes::new(id::<spotify_proto::EpisodeId>()));
    check(CheckSavedShows::new(id::<spotify_proto::ShowId>()));
    check(CheckSavedTracks::new(id::<spotify_proto::TrackId>()));
    check(CheckLibraryItems::new(
        format!("spotify:album:{ID}").parse::<SpotifyUri>().expect("expected a URI"),
    ));
    check(CheckFollowing::new(Followees::artists([id()]).next().expect("expected one artist")));
    check(CheckFollowing::new(Followees::users([id()]).next().expect("expected one user")));
    let playlist: spotify_proto::PlaylistId = id();
    check(CheckFollowsPlaylist::new(&playlist).ids(CommaList::from(id::<UserId>())));
    let current_user = CheckFollowsPlaylist::new(&playlist);
    assert_eq!(current_user.parse(&Response::new("[true]")).ok(), Some(vec![true]));
}

#[test]
fn an_empty_page_of_top_items_has_the_requested_item_type() {
    let empty = Response::new(r#"{"items":[],"total":0}"#);
    let parse = |of| GetTopItems::new(of).parse(&empty).expect("expected a page");
    assert!(matches!(parse(TopType::Tracks), TopItems::Tracks(_)));
    assert!(matches!(parse(TopType::Artists), TopItems::Artists(_)));
}

/// A custom endpoint whose result contains a header field and the endpoint's own parameter.
#[derive(Clone)]
struct Versioned(&'static str);

impl Endpoint for Versioned {
    type Output = (String, StatusCode, Option<String>, Page<model::Track>);

    const OPERATION: Operation = Operation::new("versioned", Method::GET, "/v1/versioned");

    fn target(&self, target: &mut Target) {
        target.path("/v1/versioned", &[]);
    }

    fn decode(&self, response: ResponseRef<'_>) -> Result<Self::Output, DecodeError> {
        let version = response.headers().get("x-version").and_then(|it| it.to_str().ok());
        let page = FromResponse::from_response(response)?;
        Ok((self.0.to_owned(), response.status(), version.map(str::to_owned), page))
    }
}

fn versioned(status: u16) -> Response<&'static str> {
    let response = Response::builder().status(status).header("x-version", "7").header("etag", "\"e\"");
    response
        .header("cache-control", "max-age=60")
        .body(r#"{"items":[{"name":"Night Ferry"}]}"#)
        .expect("expected a response")
}

#[test]
fn a_custom_endpoint_can_read_the_status_the_headers_and_its_parameters() {
    let (name, status, version, page) = Versioned("anna").parse(&versioned(203)).expect("expected a page");
    assert_eq!((name.as_str(), status.as_u16(), version.as_deref()), ("anna", 203, Some("7")));
    assert_eq!(page.into_iter().next().expect("expected a track").name, "Night Ferry");
}

#[test]
fn header_fields_of_a_stored_response_are_available_to_its_decoder() {
    let mut world = World::fixed("token");
    let now = later(0);
    let key = Call::new(Versioned("anna")).key(&world.app, "user").expect("expected a GET");
    let Cached::Call(call) = Call::new(Versioned("anna")).cached(&key, None, now) else {
        panic!("expected a call, as the store is empty")
    };
    let (_, exchange) = sent(world.start(call, now));
    let reply = done(world.receive(exchange, versioned(200), now)).expect("expected a reply");
    let StoreAction::Put(entry) = reply.store else { panic!("expected an entry to store") };
    let Cached::Fresh(fresh) = Call::new(Versioned("ben")).cached(&key, Some(entry), now) else {
        panic!("expected a fresh entry")
    };
    assert_eq!(fresh.source, Source::Fresh);
    assert_eq!((fresh.value.0.as_str(), fresh.value.2.as_deref()), ("ben", Some("7")));
}
