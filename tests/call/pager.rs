//! Tests of pagers that read a list to its end.

use http::Response;
use spotify_proto::PlaylistId;
use spotify_proto::api::{GetFollowedArtists, GetPlaylistItems, GetSavedTracks};
use spotify_proto::{Completeness, IncompleteReason, Paged, Pager};

/// Reads a list whose pages have these bodies; the last body is repeated as necessary.
fn read<E: Paged>(endpoint: E, bodies: &[&str]) -> (u32, Completeness) {
    let (mut pager, mut pages) = (Pager::new(endpoint), 0);
    while let Some(endpoint) = pager.request() {
        let body = bodies.get(pages as usize).or(bodies.last()).expect("expected a body");
        let page = endpoint
            .parse(&Response::new(*body))
            .map_err(|error| error.to_string())
            .expect("expected a page");
        pager.receive(page);
        pages += 1;
        assert!(pages < 100, "the list does not end");
    }
    (pages, pager.finish())
}

fn why(completeness: Completeness) -> Option<(u64, Option<u64>, IncompleteReason)> {
    match completeness {
        Completeness::Complete => None,
        Completeness::Incomplete { read, expected, reason } => Some((read, expected, reason)),
    }
}

fn saved() -> GetSavedTracks {
    GetSavedTracks::new().limit(2)
}

#[test]
fn a_list_that_is_read_to_its_total_is_complete() {
    for bodies in [
        &[
            r#"{"items":[null,null],"offset":0,"limit":2,"total":3,"next":"x"}"#,
            r#"{"items":[null],"offset":2,"limit":2,"total":3,"next":null}"#,
        ][..],
        &[r#"{"items":[],"offset":0,"limit":2,"total":0,"next":null}"#],
        // The list shrinks while it is read, and its last page is empty.
        &[
            r#"{"items":[null,null],"offset":0,"limit":2,"total":4,"next":"x"}"#,
            r#"{"items":[],"offset":2,"limit":2,"total":2,"next":"x"}"#,
        ],
        // The server has filtered an item out of the last page.
        &[r#"{"items":[null],"offset":0,"limit":2,"total":2,"next":null}"#],
    ] {
        assert_eq!(read(saved(), bodies).1, Completeness::Complete, "{bodies:?}");
    }
}

#[test]
fn an_empty_page_in_the_middle_is_skipped_and_reported() {
    let bodies = [
        r#"{"items":[null,null],"offset":0,"limit":2,"total":6,"next":"x"}"#,
        r#"{"items":[],"offset":2,"limit":2,"total":6,"next":"x"}"#,
        r#"{"items":[null,null],"offset":4,"limit":2,"total":6,"next":null}"#,
    ];
    let (pages, completeness) = read(saved(), &bodies);
    assert_eq!((pages, why(completeness)), (3, Some((4, Some(6), IncompleteReason::EmptyPage))));
    let empty = [r#"{"items":[],"offset":100,"limit":50,"total":2400,"next":"x"}"#];
    let (pages, completeness) = read(GetSavedTracks::new().limit(50).offset(100), &empty);
    let (_, _, reason) = why(completeness).expect("incomplete");
    assert_eq!(
        (pages, reason),
        (2, IncompleteReason::EmptyPage),
        "the pager should stop if the server does not advance"
    );
}

#[test]
fn lists_that_end_early_are_reported_as_incomplete() {
    for (bodies, reason) in [
        (
            &[r#"{"items":[null,null],"offset":0,"limit":2,"total":9,"next":null}"#][..],
            IncompleteReason::EndedEarly,
        ),
        (
            &[
                r#"{"items":[null,null],"offset":0,"limit":2,"total":9,"next":"x"}"#,
                r#"{"items":[],"offset":0,"limit":0,"total":0,"next":null}"#,
            ],
            IncompleteReason::ZeroedPage,
        ),
        (
            &[
                r#"{"items":[null,null],"offset":0,"limit":2,"total":9,"next":"x"}"#,
                r#"{"items":[null,null],"offset":0,"limit":2,"total":9,"next":"x"}"#,
            ],
            IncompleteReason::RepeatedCursor,
        ),
    ] {
        let (_, completeness) = read(saved(), bodies);
        assert_eq!(why(completeness).map(|it| it.2), Some(reason), "{bodies:?}");
    }
}

#[test]
fn no_items_are_missing_if_the_server_ignores_the_limit() {
    let bodies = [
        r#"{"items":[null,null],"offset":0,"limit":100,"total":4,"next":"https://h/v1/me/tracks?offset=2&limit=100"}"#,
        r#"{"items":[null,null],"offset":2,"limit":100,"total":4,"next":null}"#,
    ];
    let (pages, completeness) = read(GetSavedTracks::new().limit(100), &bodies);
    assert_eq!((pages, completeness), (2, Completeness::Complete));
}

#[test]
fn a_field_filter_that_removes_the_total_is_reported() {
    let playlist: PlaylistId = "3cEYpjA9oz9GiPac4AsH4n".parse().expect("expected an id");
    let (_, completeness) = read(GetPlaylistItems::new(playlist), &[r#"{"items":[{"item":{"name":"x"}}]}"#]);
    assert_eq!(why(completeness).map(|it| it.2), Some(IncompleteReason::Unknown));
}

#[test]
fn a_list_with_alternating_cursors_ends() {
    let page = |after: &str| {
        format!(r#"{{"artists":{{"items":[null],"limit":1,"next":"x","cursors":{{"after":"{after}"}}}}}}"#)
    };
    let pages = ["a", "b", "c"].map(page);
    let bodies: Vec<&str> = (0..60).map(|at| &*pages[at % 3]).collect();
    let (pages, completeness) = read(GetFollowedArtists::new(), &bodies);
    assert!(pages < 12, "{pages}");
    assert_eq!(why(completeness).map(|it| it.2), Some(IncompleteReason::RepeatedCursor));
}
