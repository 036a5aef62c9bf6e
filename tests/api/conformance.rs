//! Compares every operation with the official OpenAPI description, except for the intended differences in a list.
//!
//! `operations.json` is an extract of Spotify's OpenAPI document as of May 2026: ids, methods, routes, parameter names,
//! scopes and deprecations. It is compared with the requests in the golden table.

#![allow(deprecated, reason = "deprecated operations are tested too")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use spotify_proto::api::{self, OPERATIONS};
use spotify_proto::http::Method;
use spotify_proto::{Operation, QuotaMode, ScopeRequirement};

use crate::api::request_goldens;

/// Reviewed differences between the library and the description, grouped by reason.
const DIFFERENCES: &[(&str, &str)] = &[
    // The server also accepts both parameters in the body. In the query, the maximum URI length would limit the number
    // of URIs.
    ("add-items-to-playlist", "query without position"),
    ("add-items-to-playlist", "query without uris"),
    ("add-tracks-to-playlist", "query without position"),
    ("add-tracks-to-playlist", "query without uris"),
    ("reorder-or-replace-playlists-items", "query without uris"),
    ("reorder-or-replace-playlists-tracks", "query without uris"),
    // The server accepts ids in the query or in the body, but only the query parameter is documented as required.
    ("save-albums-user", "body without ids"),
    ("remove-albums-user", "body without ids"),
    ("remove-tracks-user", "body without ids"),
    ("save-episodes-user", "body without ids"),
    ("remove-episodes-user", "body without ids"),
    ("follow-artists-users", "body without ids"),
    ("unfollow-artists-users", "body without ids"),
    ("follow-artists-users", "body does not always have ids"),
    // The description requires `uris` but does not define the field; the server expects `ids`.
    ("save-tracks-user", "body does not always have uris"),
    ("save-episodes-user", "body does not always have uris"),
    // Each parameter is required "only if the others are not set", according to its description.
    ("get-recommendations", "query does not always have seed_artists"),
    ("get-recommendations", "query does not always have seed_genres"),
    ("get-recommendations", "query does not always have seed_tracks"),
];

/// Maximum number of ids or URIs per call, from the library's constants.
const MAXIMA: &[(&str, usize)] = &[
    ("get-multiple-albums", api::GetAlbums::MAX_IDS),
    ("save-albums-user", api::SaveAlbums::MAX_IDS),
    ("remove-albums-user", api::RemoveSavedAlbums::MAX_IDS),
    ("check-users-saved-albums", api::CheckSavedAlbums::MAX_IDS),
    ("get-multiple-artists", api::GetArtists::MAX_IDS),
    ("get-multiple-shows", api::GetShows::MAX_IDS),
    ("save-shows-user", api::SaveShows::MAX_IDS),
    ("remove-shows-user", api::RemoveSavedShows::MAX_IDS),
    ("check-users-saved-shows", api::CheckSavedShows::MAX_IDS),
    ("get-multiple-episodes", api::GetEpisodes::MAX_IDS),
    ("save-episodes-user", api::SaveEpisodes::MAX_IDS),
    ("remove-episodes-user", api::RemoveSavedEpisodes::MAX_IDS),
    ("check-users-saved-episodes", api::CheckSavedEpisodes::MAX_IDS),
    ("get-multiple-audiobooks", api::GetAudiobooks::MAX_IDS),
    ("save-audiobooks-user", api::SaveAudiobooks::MAX_IDS),
    ("remove-audiobooks-user", api::RemoveSavedAudiobooks::MAX_IDS),
    ("check-users-saved-audiobooks", api::CheckSavedAudiobooks::MAX_IDS),
    ("get-several-chapters", api::GetChapters::MAX_IDS),
    ("get-several-tracks", api::GetTracks::MAX_IDS),
    ("save-tracks-user", api::SaveTracks::MAX_IDS),
    ("remove-tracks-user", api::RemoveSavedTracks::MAX_IDS),
    ("check-users-saved-tracks", api::CheckSavedTracks::MAX_IDS),
    ("get-several-audio-features", api::GetSeveralAudioFeatures::MAX_IDS),
    ("save-library-items", api::SaveLibraryItems::MAX_URIS),
    ("remove-library-items", api::RemoveLibraryItems::MAX_URIS),
    ("check-library-contains", api::CheckLibraryItems::MAX_URIS),
    ("add-tracks-to-playlist", api::AddPlaylistTracks::MAX_URIS),
    ("reorder-or-replace-playlists-tracks", api::UpdatePlaylistTracks::MAX_URIS),
    ("remove-tracks-playlist", api::RemovePlaylistTracks::MAX_URIS),
    ("add-items-to-playlist", api::AddPlaylistItems::MAX_URIS),
    ("reorder-or-replace-playlists-items", api::UpdatePlaylistItems::MAX_URIS),
    ("remove-items-playlist", api::RemovePlaylistItems::MAX_URIS),
    ("follow-artists-users", api::Followees::MAX_IDS),
    ("unfollow-artists-users", api::Followees::MAX_IDS),
    ("check-current-user-follows", api::Followees::MAX_IDS),
    // The type of the first operation's parameter limits it to one id. The server no longer needs the list in the
    // second one.
    ("transfer-a-users-playback", 1),
    ("check-if-user-follows-playlist", 1),
];

/// An operation in the official OpenAPI document.
#[derive(Deserialize)]
struct Described {
    id: String,
    method: String,
    route: String,
    deprecated: bool,
    scopes: Vec<String>,
    path: Vec<String>,
    query: Vec<String>,
    required_query: Vec<String>,
    content_type: Option<String>,
    body: Vec<String>,
    required_body: Vec<String>,
}

fn described() -> Vec<Described> {
    serde_json::from_str(include_str!("../api/operations.json")).unwrap()
}

/// The parameter names in at least one golden row of an operation, and the names in all of its rows.
#[derive(Clone, Debug, Default)]
struct Names {
    some: BTreeSet<String>,
    all: Option<BTreeSet<String>>,
}

impl Names {
    fn add(&mut self, names: impl IntoIterator<Item = String>) {
        let names: BTreeSet<String> = names.into_iter().collect();
        self.all = Some(match self.all.take() {
            Some(all) => all.intersection(&names).cloned().collect(),
            None => names.clone(),
        });
        self.some.extend(names);
    }

    fn faults(&self, place: &str, described: &[String], required: &[String]) -> Vec<String> {
        let known: BTreeSet<String> = described.iter().cloned().collect();
        let all = self.all.clone().unwrap_or_default();
        let missing = known.difference(&self.some).map(|name| format!("{place} without {name}"));
        let unknown = self.some.difference(&known).map(|name| format!("{place} with {name}"));
        let optional = required.iter().filter(|name| !all.contains(*name));
        let optional = optional.map(|name| format!("{place} does not always have {name}"));
        missing.chain(unknown).chain(optional).collect()
    }
}

/// The parameters and content types in the golden rows of an operation.
#[derive(Clone, Debug, Default)]
struct Sent {
    query: Names,
    body: Names,
    json: Names,
    content_types: BTreeSet<&'static str>,
}

fn sent() -> BTreeMap<&'static str, Sent> {
    let mut operations: BTreeMap<&'static str, Sent> = BTreeMap::new();
    for row in request_goldens::rows() {
        let sent = operations.entry(row.id).or_default();
        let mut parts = row.sent.splitn(3, ' ').skip(1);
        let (target, body) = (parts.next().unwrap(), parts.next().unwrap_or_default());
        let query = target.split_once('?').map_or("", |(_, query)| query);
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        sent.query.add(pairs.map(|(name, _)| name.to_owned()));
        let fields: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        sent.body.add(fields.as_object().into_iter().flatten().map(|(name, _)| name.clone()));
        sent.json.add(row.json.as_object().into_iter().flatten().map(|(name, _)| name.clone()));
        if body.starts_with('{') {
            sent.content_types.insert("application/json");
        } else if body.starts_with("image/jpeg ") {
            sent.content_types.insert("image/jpeg");
        }
    }
    operations
}

/// Returns the names of all scopes in a requirement, including optional scopes.
fn scopes(requirement: &ScopeRequirement) -> BTreeSet<String> {
    requirement.iter().map(|scope| scope.as_str().to_owned()).collect()
}

fn faults(described: &Described, ours: &Operation, sent: &Sent) -> Vec<String> {
    let mut faults = Vec::new();
    if ours.method != *described.method {
        faults.push(format!("method {}", ours.method));
    }
    if ours.route != format!("/v1{}", described.route) {
        faults.push(format!("route {}", ours.route));
    }
    if ours.is_deprecated() != described.deprecated {
        faults.push(format!("deprecated: {}", ours.is_deprecated()));
    }
    let known: BTreeSet<String> = described.scopes.iter().cloned().collect();
    let needed = scopes(&ours.scopes);
    faults.extend(known.difference(&needed).map(|scope| format!("scopes without {scope}")));
    faults.extend(needed.difference(&known).map(|scope| format!("scopes with {scope}")));
    faults.extend(sent.query.faults("query", &described.query, &described.required_query));
    faults.extend(sent.body.faults("body", &described.body, &described.required_body));
    if let Some(other) = sent.content_types.iter().find(|it| Some(**it) != described.content_type.as_deref())
    {
        faults.push(format!("content type {other}"));
    }
    faults
}

#[test]
fn operations_match_the_description_except_for_reviewed_differences() {
    let (described, sent) = (described(), sent());
    let ids: Vec<_> = described.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(OPERATIONS.iter().map(|it| it.id).collect::<Vec<_>>(), ids);
    let found: BTreeSet<(&str, String)> = described
        .iter()
        .zip(OPERATIONS)
        .flat_map(|(it, ours)| faults(it, ours, &sent[ours.id]).into_iter().map(|fault| (ours.id, fault)))
        .collect();
    let reviewed = DIFFERENCES.iter().map(|(id, what)| (*id, (*what).to_owned())).collect();
    assert_eq!(
        found.difference(&reviewed).collect::<Vec<_>>(),
        Vec::<&(&str, String)>::new(),
        "unreviewed differences"
    );
    assert_eq!(
        reviewed.difference(&found).collect::<Vec<_>>(),
        Vec::<&(&str, String)>::new(),
        "outdated reviews"
    );
}

/// Parameters in stored and queued jobs have the names from the reference.
#[test]
fn parameters_are_serialized_under_their_wire_names() {
    let sent = sent();
    for described in described() {
        let sent = &sent[&*described.id];
        let mut names: BTreeSet<String> = described.path.iter().cloned().collect();
        names.extend(sent.query.some.iter().chain(&sent.body.some).cloned());
        if described.content_type.as_deref() == Some("image/jpeg") {
            // The body consists of the picture itself, so the parameter has no wire name.
            names.insert("image".to_owned());
        }
        assert_eq!(sent.json.some, names, "{}", described.id);
    }
}

#[test]
fn half_of_the_operations_require_extended_quota_mode() {
    let gone = OPERATIONS.iter().filter(|it| it.quota_mode == QuotaMode::Extended).count();
    assert_eq!((gone, OPERATIONS.len()), (48, 96));
}

#[test]
fn only_additions_posts_and_reorders_are_non_idempotent() {
    let once: Vec<_> = OPERATIONS.iter().filter(|it| !it.idempotent).map(|it| it.id).collect();
    assert_eq!(
        once,
        [
            "add-tracks-to-playlist",
            "reorder-or-replace-playlists-tracks",
            "add-items-to-playlist",
            "reorder-or-replace-playlists-items",
            "create-playlist",
            "create-playlist-for-user",
            "skip-users-playback-to-next-track",
            "skip-users-playback-to-previous-track",
            "add-to-queue",
        ]
    );
    let has_separate_rate_limit: Vec<_> =
        OPERATIONS.iter().filter(|it| it.has_separate_rate_limit).map(|it| it.id).collect();
    assert_eq!(has_separate_rate_limit, ["upload-custom-playlist-cover"]);
}

#[test]
fn every_write_invalidates_some_reads_and_no_read_invalidates_any() {
    let reads: BTreeSet<_> =
        OPERATIONS.iter().filter(|it| it.method == Method::GET).map(|it| it.id).collect();
    for operation in OPERATIONS {
        let (id, invalidated) = (operation.id, operation.invalidated());
        assert_eq!(invalidated.is_empty(), operation.method == Method::GET, "{id}");
        assert_eq!(
            invalidated.iter().map(|it| it.id).collect::<BTreeSet<_>>().len(),
            invalidated.len(),
            "{id} has a duplicate in its list of invalidated reads"
        );
        for read in invalidated {
            assert!(reads.contains(read.id), "{id} invalidates {}, which is not a GET operation", read.id);
        }
    }
    assert_eq!((reads.len(), OPERATIONS.len() - reads.len()), (60, 36));
}

/// A write changes the resource at its route, so it must invalidate every read of that route.
#[test]
fn a_write_invalidates_the_reads_of_its_own_route() {
    let mut count = 0;
    for write in OPERATIONS.iter().filter(|it| it.method != Method::GET) {
        let at = |read: &&Operation| read.method == Method::GET && read.route == write.route;
        for read in OPERATIONS.iter().filter(at) {
            assert!(write.invalidated().contains(&read), "{} does not invalidate {}", write.id, read.id);
            count += 1;
        }
    }
    assert!(count > 20, "{count} pairs");
}

/// The table lists each operation's scope rule and maximum number of ids, which are not part of the OpenAPI document.
#[test]
fn scope_rules_and_maximum_id_counts_match_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/spotify/operations.tsv");
    let Ok(table) = std::fs::read_to_string(&path) else {
        println!("skipped: ../shared/spotify/operations.tsv does not exist");
        return;
    };
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows.len(), OPERATIONS.len());
    for (row, ours) in rows.iter().zip(OPERATIONS) {
        let (id, method, route, rule, deprecated) = (row[0], row[1], row[2], row[5], row[6]);
        assert_eq!(
            (ours.id, ours.method.as_str(), ours.route),
            (id, method, &*format!("/v1{route}")),
            "{id}"
        );
        assert_eq!(ours.is_deprecated(), deprecated == "yes", "{id}");
        let max = MAXIMA.iter().find(|(known, _)| *known == id).map(|(_, max)| max.to_string());
        assert_eq!(max.unwrap_or_default(), row[14], "{id}: wrong maximum number of ids");
        let ScopeRequirement { all, any, optional, .. } = ours.scopes;
        let has = [!all.is_empty(), !any.is_empty(), !optional.is_empty()];
        let is_right = match rule.split([':', ' ']).next().unwrap_or("") {
            "-" => has == [false; 3],
            "optional" => has == [false, false, true],
            "any" => has == [false, true, false],
            "ugc-image-upload" => has == [true, true, false],
            // "user-library-read required; position scope only unlocks resume_point"
            "user-library-read" => has == [true, false, true],
            // "+playlist-read-collaborative for collaborative lists (scopes page)"; the reference omits it.
            "all" | "spec" | "+playlist-read-collaborative" => has == [true, false, false],
            _ => false,
        };
        let named = row[4].split(',').filter(|scope| *scope != "-").map(str::to_owned).collect();
        assert_eq!(scopes(&ours.scopes), named, "{id}");
        assert!(is_right, "{id}: expected {rule}, got {:?}", ours.scopes);
    }
}
