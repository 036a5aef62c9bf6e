//! Tests that parameters are public fields of endpoints, so that applications can log and queue them.

#![allow(deprecated, reason = "deprecated operations are tested too")]

use serde_json::json;
use spotify_proto::api::{
    AddPlaylistItems, Attribute, CheckFollowing, CoverImage, Field, Fields, Followees, GetAlbum,
    GetFollowedArtists, GetPlaylist, GetRecentlyPlayed, GetRecommendations, GetTopTracks, HistoryStart,
    ItemType, Play, PlayFrom, PlaySource, PlaylistChange, RemovePlaylistItems, Reorder, SaveTracks, Search,
    Seed, SeekToPosition, SetVolume, StartPlayback, TimeRange, TimestampedId, TracksToSave,
    UpdatePlaylistItems, UploadPlaylistCover,
};
use spotify_proto::{
    AlbumId, ArtistId, CommaList, CommaSet, Endpoint, Origin, PlaylistId, QueryText, SpotifyUri, TrackId,
};

fn playlist() -> PlaylistId {
    "3cEYpjA9oz9GiPac4AsH4n".parse().expect("expected an id")
}

fn track() -> TrackId {
    "6rqhFgbbKwnb9MLmUQDhG6".parse().expect("expected an id")
}

fn text(text: &str) -> QueryText {
    QueryText::new(text).expect("the text should be within the limit")
}

#[test]
fn parameters_of_endpoints_are_public_fields() {
    let id: AlbumId = "4aawyAB9vmqN3uQ7FjRGTy".parse().expect("expected an id");
    let GetAlbum { id: read, market, .. } =
        GetAlbum::new(&id).market("SE".parse().expect("expected a market"));
    assert_eq!((read, market.map(|it| it.to_string()).as_deref()), (id, Some("SE")));
    let Search { q, r#type, limit, offset, .. } = Search::new(text("night"), [ItemType::Track]).limit(7);
    assert_eq!((q.as_str(), r#type.as_slice()), ("night", &[ItemType::Track][..]));
    assert_eq!((limit, offset), (Some(7), None));
    let fields = Fields::of([Field::new("name")]).expect("the text should be within the limit");
    let get = GetPlaylist::new(playlist()).fields(fields);
    assert_eq!(get.fields.as_ref().map(Fields::as_str), Some("name"));
}

#[test]
fn parameters_of_player_commands_are_public_fields() {
    let uri = SpotifyUri::from(track());
    let start = StartPlayback::new(Play::uris([uri.clone()]).offset(PlayFrom::Position(0))).position_ms(5);
    let play = start.play.expect("expected a source to play");
    assert_eq!((play.source, play.offset), (PlaySource::Uris(vec![uri]), Some(PlayFrom::Position(0))));
    assert_eq!((start.position_ms, start.device_id), (Some(5), None));
    let seek = SeekToPosition::new(9).device_id(text("device"));
    assert_eq!((seek.position_ms, seek.device_id), (9, Some(text("device"))));
    assert_eq!(SetVolume::new(30).volume_percent, 30);
    let recent = GetRecentlyPlayed::new().limit(3).after(1000);
    assert_eq!((recent.limit, recent.from), (Some(3), HistoryStart::After(1000)));
}

#[test]
fn parameters_of_playlist_changes_are_public_fields() {
    let uris = vec![SpotifyUri::from(track()); 101];
    let replace = UpdatePlaylistItems::replace(playlist(), uris.clone());
    assert_eq!((replace.playlist_id, replace.change), (playlist(), PlaylistChange::Replace(uris.clone())));
    let change = UpdatePlaylistItems::reorder(playlist(), Reorder::new(4, 2).range_length(3)).change;
    let PlaylistChange::Reorder(reorder) = change else { panic!("expected a reorder, got {change:?}") };
    assert_eq!((reorder.range_start, reorder.insert_before, reorder.range_length), (4, 2, Some(3)));
    assert_eq!(reorder.snapshot_id, None);
    assert_eq!(RemovePlaylistItems::new(playlist(), uris.clone()).items.as_slice(), uris);
    let batches = AddPlaylistItems::new(playlist(), uris).batches().expect("expected a batch");
    assert_eq!((batches.current().uris.len(), batches.remaining().len()), (100, 1));
    let image = CoverImage::from_jpeg([0xff, 0xd8, 0xff]).expect("the picture should be within the limit");
    let upload = UploadPlaylistCover::new(playlist(), image);
    assert_eq!((upload.playlist_id, upload.image.as_str()), (playlist(), "/9j/"));
}

#[test]
fn parameters_of_user_and_track_operations_are_public_fields() {
    let artist: ArtistId = "4aawyAB9vmqN3uQ7FjRGTy".parse().expect("expected an id");
    let followees = Followees::artists([artist.clone()]).next().expect("expected one artist");
    assert_eq!(CheckFollowing::new(followees.clone()).0, followees);
    let followed = GetFollowedArtists::new().after(text("x")).limit(2);
    assert_eq!(
        (followed.after, followed.limit, followed.r#type.as_str()),
        (Some(text("x")), Some(2), "artist")
    );
    let top = GetTopTracks::new().time_range(TimeRange::LongTerm).offset(3);
    assert_eq!((top.time_range, top.limit, top.offset), (Some(TimeRange::LongTerm), None, Some(3)));
    let added_at = "2024-01-01T00:00:00Z".parse().expect("expected a time");
    let save = SaveTracks::timestamped([TimestampedId::new(track(), added_at)]);
    let TracksToSave::Timestamped(tracks) = save.tracks else { panic!("expected tracks with timestamps") };
    assert_eq!(tracks.first().map(|it| (&it.id, it.added_at)), Some((&track(), added_at)));
    let get = GetRecommendations::new([Seed::Artist(artist.clone()), Seed::Genre(text("folk"))])
        .limit(4)
        .min(Attribute::Energy, 0.5);
    assert_eq!(
        (get.seeds.artists(), get.seeds.genres(), get.seeds.tracks()),
        (&[artist][..], &[text("folk")][..], &[][..])
    );
    assert_eq!((get.limit, get.market), (Some(4), None));
    assert_eq!(get.tunables().collect::<Vec<_>>(), [("min_energy", 0.5)]);
}

#[test]
fn lists_and_sets_of_parameters_can_be_iterated() {
    let list = CommaList::new(["a", "b", "a"]).expect("the list should be within the limit");
    assert_eq!(list.iter().copied().collect::<String>(), "aba");
    let mut texts = String::new();
    for text in &list {
        texts += text;
    }
    assert_eq!(texts, "aba");
    assert_eq!(list.into_iter().rev().collect::<Vec<_>>(), ["a", "b", "a"]);

    let set = CommaSet::from([3, 1, 3]);
    assert_eq!((&set).into_iter().sum::<i32>(), 4);
    assert_eq!(set.iter().len(), 2);
    assert_eq!(set.into_iter().collect::<Vec<_>>(), [3, 1]);
}

#[test]
fn uris_of_every_form_are_serialized_in_a_body_as_by_serde_json() {
    let texts = [
        "spotify:track:6rqhFgbbKwnb9MLmUQDhG6",
        "spotify:episode:512ojhOuo1ktJprKbVcKyQ",
        "spotify:user:a",
        "spotify:user:a\"b\\c",
        "spotify:user:\u{1}é",
        "spotify:user:maren:collection",
        "spotify:local:The+Quiet+Harbour::Night%22Ferry:253",
        "spotify:station:track:6rqhFgbbKwnb9MLmUQDhG6",
    ];
    for count in 0..=texts.len() {
        let texts = json!(texts[..count]);
        let uris: Vec<SpotifyUri> = serde_json::from_value(texts.clone()).expect("URIs");
        let request = AddPlaylistItems::new(playlist(), uris).position(1).request(&Origin::api());
        let body = std::str::from_utf8(request.body()).expect("UTF-8");
        assert_eq!(body, format!(r#"{{"uris":{texts},"position":1}}"#));
    }
}
