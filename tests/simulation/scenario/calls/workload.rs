//! The calls of a history: reads, writes and pages of lists, all with the same output type.

use std::collections::HashMap;
use std::fmt;
use std::time::{Duration, SystemTime};

use http::{Method, Response};
use spotify_proto::api::{
    AddPlaylistItems, AddToQueue, CoverImage, GetAlbumTracks, GetArtist, GetArtistAlbums,
    GetCurrentUserPlaylists, GetDevices, GetEpisode, GetFollowedArtists, GetPlaylistItems, GetRecentlyPlayed,
    GetSavedTracks, GetTrack, RemoveLibraryItems, SaveLibraryItems, SetVolume, SkipToNext,
    UploadPlaylistCover,
};
use spotify_proto::cache::{Entry, Key, StoreAction};
use spotify_proto::model::{
    Artist, CursorPage, Devices, Episode, FollowedArtists, Page, PlayHistory, Playable, PlaylistItem,
    SavedTrack, SimplifiedAlbum, SimplifiedPlaylist, SimplifiedTrack, Snapshot, Track,
};
use spotify_proto::{
    AlbumId, App, ArtistId, Body, Cached, Call, CommaList, DecodeError, Endpoint, EpisodeId, OffsetPaged,
    Operation, Paged, PlaylistId, Reply, ResponseRef, Session, SpotifyUri, Step, Target, TrackId,
};
use spotify_proto_testing::fake::ids;

/// An endpoint with the output type [`Got`], so that all calls have the same type.
struct As<E>(E);

impl<E: Endpoint<Output: Into<Got>>> Endpoint for As<E> {
    type Output = Got;
    const OPERATION: Operation = E::OPERATION;

    fn target(&self, target: &mut Target) {
        self.0.target(target);
    }

    fn body(&self) -> Body {
        self.0.body()
    }

    fn decode(&self, response: ResponseRef<'_>) -> Result<Got, DecodeError> {
        self.0.decode(response).map(Into::into)
    }
}

/// A client's response store.
pub type Store = HashMap<Key, Entry>;

/// The response store for a call, the user's partition, the application, and the time.
#[derive(Clone, Copy)]
pub struct Stored<'a> {
    pub store: &'a Store,
    pub partition: usize,
    pub app: &'a App,
    pub now: SystemTime,
}

/// A call with its operation and the key of its response in the store.
pub struct Prepared {
    /// The call, or the fresh response from the store.
    pub call: Result<Call<Got>, Reply<Got>>,
    pub operation: &'static Operation,
    pub key: Option<Key>,
}

fn prepare<E: Endpoint<Output: Into<Got>>>(endpoint: E, stored: Option<Stored<'_>>) -> Prepared {
    let call = Call::new(As(endpoint));
    let key = stored.and_then(|stored| call.key(stored.app, stored.partition));
    let call = match key.as_ref().zip(stored) {
        Some((key, stored)) => match call.cached(key, stored.store.get(key).cloned(), stored.now) {
            Cached::Fresh(reply) => Err(reply),
            Cached::Call(call) => Ok(call),
        },
        None => Ok(call),
    };
    Prepared { call, operation: const { &E::OPERATION }, key }
}

/// A read with the path and query of another operation.
struct ReadOf<E>(E);

impl<E: Endpoint> Endpoint for ReadOf<E> {
    type Output = ();
    const OPERATION: Operation = Operation::new("read", Method::GET, "/v1");

    fn target(&self, target: &mut Target) {
        self.0.target(target);
    }

    fn decode(&self, _: ResponseRef<'_>) -> Result<(), DecodeError> {
        Ok(())
    }
}

/// Prepares a write by a client that looks up stored responses by path only. The store contains a fresh or stale entry
/// of a read with the same path.
fn prepare_write<E: Endpoint<Output: Into<Got>> + Clone>(
    endpoint: E,
    stored: Option<Stored<'_>>,
) -> Prepared {
    let Some(stored) = stored else { return prepare(endpoint, None) };
    let (key, entry) = entry_of_a_read(&endpoint, stored);
    let Prepared { call, operation, key: own } = prepare(endpoint, Some(stored));
    let call = match call.map(|call| call.cached(&key, Some(entry), stored.now)) {
        Ok(Cached::Call(call)) => Ok(call),
        Ok(Cached::Fresh(reply)) | Err(reply) => Err(reply),
    };
    Prepared { call, operation, key: own }
}

fn entry_of_a_read<E: Endpoint + Clone>(endpoint: &E, stored: Stored<'_>) -> (Key, Entry) {
    let (mut app, mut session) = (App::without_credentials(), Session::from_access_token("other"));
    let is_fresh = stored.now.duration_since(SystemTime::UNIX_EPOCH).is_ok_and(|it| it.as_millis() % 2 == 0);
    let received = stored.now - Duration::from_secs(if is_fresh { 0 } else { 120 });
    let read = Call::new(ReadOf(endpoint.clone()));
    let key = read.key(&app, stored.partition).expect("expected a GET");
    let Cached::Call(read) = read.cached(&key, None, received) else {
        panic!("expected a call without a stored response")
    };
    let Step::Send(_, exchange) = read.start(&mut app, &mut session, received) else {
        panic!("expected a request")
    };
    let response = Response::builder()
        .header("cache-control", "max-age=60, stale-if-error=86400")
        .header("etag", "\"1\"")
        .body("{}")
        .expect("valid parts");
    let received = exchange.receive(Ok::<_, ()>(response), received).apply(&mut app, &mut session, received);
    match received {
        Ok(Step::Done(Ok(Reply { store: StoreAction::Put(entry), .. }))) => (key, entry),
        other => panic!("expected an entry, got {other:?}"),
    }
}

/// Declares the lists, each with the endpoint of a page, the page type, and the id of an item.
macro_rules! lists {
    ($($name:ident: $endpoint:ty => $page:ty, |$of:ident| $items:expr, |$item:ident| $id:expr;)+) => {
        /// A list on the server.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum Listed { $($name),+ }

        /// The part of a call's result that the invariants check.
        pub enum Got { Nothing, AlbumName(String), $($name($page)),+ }

        /// The endpoint of a page of a list.
        #[derive(Clone)]
        pub enum Cursor { $($name($endpoint)),+ }

        $(impl From<$page> for Got {
            fn from(page: $page) -> Self {
                Self::$name(page)
            }
        })+

        impl Cursor {
            pub fn prepare(&self, store: Option<Stored<'_>>) -> Prepared {
                match self { $(Self::$name(endpoint) => prepare(endpoint.clone(), store)),+ }
            }

            pub fn next(&self, page: &Got) -> Option<Self> {
                match (self, page) {
                    $((Self::$name(endpoint), Got::$name(page)) => endpoint.next(page).map(Self::$name),)+
                    _ => None,
                }
            }
        }

        impl Got {
            /// Returns the ids of the items on a page, in order.
            pub fn ids(&self) -> Vec<String> {
                match self {
                    $(Self::$name($of) => $items.iter().filter_map(|$item| $id).collect(),)+
                    _ => Vec::new(),
                }
            }
        }
    };
}

lists! {
    AlbumTracks: GetAlbumTracks => Page<SimplifiedTrack>, |page| page, |it| it.id.as_ref().map(ToString::to_string);
    ArtistAlbums: GetArtistAlbums => Page<SimplifiedAlbum>, |page| page, |it| it.id.as_ref().map(ToString::to_string);
    Items: GetPlaylistItems => Page<PlaylistItem>, |page| page, |it| uri(it.item.as_ref()?);
    Playlists: GetCurrentUserPlaylists => Page<SimplifiedPlaylist>, |page| page, |it| it.id.as_ref().map(ToString::to_string);
    Saved: GetSavedTracks => Page<SavedTrack>, |page| page, |it| Some(it.track.as_ref()?.id.as_ref()?.to_string());
    Recent: GetRecentlyPlayed => CursorPage<PlayHistory>, |page| page, |it| Some(it.track.as_ref()?.id.as_ref()?.to_string());
    Followed: GetFollowedArtists => FollowedArtists, |page| page.artists, |it| it.id.as_ref().map(ToString::to_string);
}

fn uri(item: &Playable) -> Option<String> {
    item.as_track().and_then(|track| track.uri.as_ref()).map(ToString::to_string)
}

impl Listed {
    /// Returns the endpoint of the first page.
    pub fn first(self, limit: u32) -> Cursor {
        match self {
            Self::AlbumTracks => {
                Cursor::AlbumTracks(GetAlbumTracks::new(id::<AlbumId>(ids::ALBUM)).limit(limit))
            }
            Self::ArtistAlbums => {
                Cursor::ArtistAlbums(GetArtistAlbums::new(id::<ArtistId>(ids::ARTIST)).limit(limit))
            }
            Self::Items => {
                Cursor::Items(GetPlaylistItems::new(id::<PlaylistId>(ids::PRIVATE_PLAYLIST)).limit(limit))
            }
            Self::Playlists => Cursor::Playlists(GetCurrentUserPlaylists::new().limit(limit)),
            Self::Saved => Cursor::Saved(GetSavedTracks::new().limit(limit)),
            Self::Recent => Cursor::Recent(GetRecentlyPlayed::new().limit(limit)),
            Self::Followed => Cursor::Followed(GetFollowedArtists::new().limit(limit)),
        }
    }

    /// Returns whether a session without a user may read the list.
    pub fn is_public(self) -> bool {
        matches!(self, Self::AlbumTracks | Self::ArtistAlbums)
    }
}

impl Cursor {
    /// Returns the endpoints of all pages after the first page; `None` if the list is cursor-paginated.
    pub fn rest(&self, page: &Got) -> Option<Vec<Self>> {
        match (self, page) {
            (Self::AlbumTracks(it), Got::AlbumTracks(page)) => {
                Some(it.remaining(page).map(Self::AlbumTracks).collect())
            }
            (Self::ArtistAlbums(it), Got::ArtistAlbums(page)) => {
                Some(it.remaining(page).map(Self::ArtistAlbums).collect())
            }
            (Self::Items(it), Got::Items(page)) => Some(it.remaining(page).map(Self::Items).collect()),
            (Self::Playlists(it), Got::Playlists(page)) => {
                Some(it.remaining(page).map(Self::Playlists).collect())
            }
            (Self::Saved(it), Got::Saved(page)) => Some(it.remaining(page).map(Self::Saved).collect()),
            _ => None,
        }
    }
}

/// A single read.
#[derive(Clone, Copy, Debug)]
pub enum Read {
    /// A track with the name of its album, which may change during the history.
    Track,
    Artist,
    Episode,
    Devices,
}

impl Read {
    pub fn prepare(self, store: Option<Stored<'_>>) -> Prepared {
        match self {
            Self::Track => prepare(GetTrack::new(id::<TrackId>(ids::TRACK)), store),
            Self::Artist => prepare(GetArtist::new(id::<ArtistId>(ids::ARTIST)), store),
            Self::Episode => prepare(
                GetEpisode::new(id::<EpisodeId>(ids::EPISODE))
                    .market("IE".parse().expect("expected a market")),
                store,
            ),
            Self::Devices => prepare(GetDevices::new(), store),
        }
    }
}

/// A write operation; the number selects the track or the volume.
#[derive(Clone, Copy, Debug)]
pub enum Write {
    Save(usize),
    Remove(usize),
    Follow,
    Volume(u8),
    Cover,
    Add(usize),
    Enqueue(usize),
    Next,
}

impl Write {
    /// Prepares the write. `tracks` are the ids of the tracks that can be saved, added and played.
    pub fn prepare(self, tracks: &[String], store: Option<Stored<'_>>) -> Prepared {
        let track =
            |at: usize| -> SpotifyUri { parsed(&format!("spotify:track:{}", tracks[at % tracks.len()])) };
        let one = |uri: SpotifyUri| CommaList::from(uri);
        match self {
            Self::Save(at) => prepare_write(SaveLibraryItems::new(one(track(at))), store),
            Self::Remove(at) => prepare_write(RemoveLibraryItems::new(one(track(at))), store),
            Self::Follow => {
                let playlist = parsed(&format!("spotify:playlist:{}", ids::FOREIGN_PLAYLIST));
                prepare_write(SaveLibraryItems::new(one(playlist)), store)
            }
            Self::Volume(percent) => prepare_write(SetVolume::new(percent.into()), store),
            Self::Cover => {
                let image = CoverImage::from_base64("/9j/2Q==").expect("expected a picture");
                prepare_write(UploadPlaylistCover::new(id::<PlaylistId>(ids::PRIVATE_PLAYLIST), image), store)
            }
            Self::Add(at) => prepare_write(
                AddPlaylistItems::new(id::<PlaylistId>(ids::PRIVATE_PLAYLIST), vec![track(at)]),
                store,
            ),
            Self::Enqueue(at) => prepare_write(AddToQueue::new(track(at)), store),
            Self::Next => prepare_write(SkipToNext::new(), store),
        }
    }
}

fn id<T: std::str::FromStr<Err: fmt::Debug>>(text: &str) -> T {
    text.parse().expect("expected an id")
}

fn parsed(text: &str) -> SpotifyUri {
    text.parse().expect("expected a URI")
}

impl From<()> for Got {
    fn from((): ()) -> Self {
        Self::Nothing
    }
}

impl From<Track> for Got {
    fn from(track: Track) -> Self {
        track.album.map_or(Self::Nothing, |album| Self::AlbumName(album.name.to_string()))
    }
}

macro_rules! nothing {
    ($($of:ty),+) => {$(
        impl From<$of> for Got {
            fn from(_: $of) -> Self {
                Self::Nothing
            }
        }
    )+};
}
nothing!(Artist, Episode, Devices, Snapshot);

/// Omits the content, because pages are long.
impl fmt::Debug for Got {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Got")
    }
}
