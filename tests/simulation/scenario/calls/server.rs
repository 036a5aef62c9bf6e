//! User accounts on the fake: the outcome of requests with network failures, and the meaning of responses.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Method, Request, Response};
use serde_json::Value;
use spotify_proto::api::RemoveLibraryItems;
use spotify_proto::{
    App, Call, Login, Origin, RedirectUri, Scope, Scopes, Session, SpotifyUri, Step, TokenStep, Tokens,
};
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Fake, InjectedFault, PUBLIC_CLIENT_ID, ids};

use super::faulty_pages::PageFault;
use super::network_faults::{After, NetworkFault};
use super::workload::{Got, Listed};

/// Number of logins of a user for each of the two applications.
pub const LOGINS: usize = 3;

/// Number of saved tracks; the number is small, so that the list can be read quickly.
const SAVED: usize = 7;

/// The start time of every history.
pub fn begin() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000)
}

/// The meaning of a response.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    Success,
    /// The access token, and the refresh token that replaces the previous refresh token.
    Token(String, Option<String>),
    Limited {
        after: After,
        is_quota: bool,
    },
    Refused,
    Outage,
    Other,
}

/// The outcome of a request at the server.
#[derive(Default)]
pub struct Arrival {
    /// `None` if no response will arrive.
    pub response: Option<(Response<Vec<u8>>, News)>,
    /// Number of times that the server executed the request.
    pub acts: u32,
    /// The issued refresh token, even if the response does not arrive.
    pub issued: Option<String>,
}

/// The account of one user, with a separate fake for each user.
pub struct Account {
    pub fake: Fake,
    /// Counters of changes to the lists.
    pub library: u32,
    pub playlist: u32,
    /// Number of times that the album has been renamed.
    pub renames: u32,
    /// Number of items in the playlist that were added by duplicate deliveries.
    pub doubled: u32,
    pub is_revoked: bool,
}

impl Account {
    pub fn new(base: &Base, is_rotating: bool) -> Self {
        let mut fake = base.fake.clone();
        fake.rotating(is_rotating);
        Self { fake, library: 0, playlist: 0, renames: 0, doubled: 0, is_revoked: false }
    }

    /// Changes the name of the album.
    pub fn rename(&mut self) {
        self.renames += 1;
        self.fake.rename_album(ids::ALBUM, &format!("Tide {}", self.renames));
    }

    /// Returns the current items of a list.
    pub fn truth(&self, list: Listed, base: &Base) -> Vec<String> {
        match list {
            Listed::Items => self.fake.playlist_items(ids::PRIVATE_PLAYLIST).flatten().collect(),
            Listed::Saved | Listed::Recent => self.fake.saved_tracks().map(str::to_owned).collect(),
            Listed::AlbumTracks => base.tracks.clone(),
            Listed::ArtistAlbums => base.albums.clone(),
            Listed::Playlists => {
                [ids::PLAYLIST, ids::PRIVATE_PLAYLIST, ids::FOREIGN_PLAYLIST].map(str::to_owned).into()
            }
            Listed::Followed => base.artists.clone(),
        }
    }

    /// Executes a request with a network failure.
    pub fn act(
        &mut self,
        request: &Request<Vec<u8>>,
        network_fault: &NetworkFault,
        fault: Option<PageFault>,
        now: SystemTime,
    ) -> Arrival {
        let mut arrival = Arrival::default();
        match network_fault {
            NetworkFault::LostBefore => drop(self.faulty(InjectedFault::LostBefore, request, now)),
            NetworkFault::LostAfter => drop(self.deliver(request, fault, now, &mut arrival)),
            NetworkFault::Twice { is_second } => {
                let first = self.deliver(request, fault, now, &mut arrival);
                let acts = arrival.acts;
                let second = self.deliver(request, fault, now, &mut arrival);
                if arrival.acts > acts {
                    // The client has sent this request only once.
                    arrival.acts = acts.max(1);
                    self.doubled += u32::from(acts == 1 && is_add(request));
                }
                arrival.response = Some(if *is_second { second } else { first });
            }
            NetworkFault::Outage { fault: response, has_acted } => {
                if *has_acted {
                    drop(self.deliver(request, fault, now, &mut arrival));
                }
                let response = self.faulty(response.clone(), request, now);
                arrival.response = response.map(|response| (response, News::Outage));
            }
            NetworkFault::Limited { fault: response, after, more, is_quota } => {
                let mut response = self.faulty(response.clone(), request, now).expect("expected a response");
                if let Some(more) = more {
                    response
                        .headers_mut()
                        .append("retry-after", more.parse().expect("expected a header value"));
                }
                let news = News::Limited { after: *after, is_quota: *is_quota };
                arrival.response = Some((response, news));
            }
            NetworkFault::Expired => {
                let response =
                    self.faulty(InjectedFault::ExpiredToken, request, now).expect("expected a response");
                let news = self.news(request, &response, &mut arrival);
                arrival.response = Some((response, news));
            }
            NetworkFault::NotListed => {
                let response = self.faulty(InjectedFault::PlainText, request, now);
                arrival.response = response.map(|response| (response, News::Other));
            }
            NetworkFault::Portal => {
                let page = Response::new(b"<html><title>Welcome</title></html>".to_vec());
                let response = self.faulty(InjectedFault::Raw(page), request, now);
                arrival.response = response.map(|response| (response, News::Other));
            }
            NetworkFault::None => arrival.response = Some(self.deliver(request, fault, now, &mut arrival)),
        }
        arrival
    }

    fn faulty(
        &mut self,
        fault: InjectedFault,
        request: &Request<Vec<u8>>,
        now: SystemTime,
    ) -> Option<Response<Vec<u8>>> {
        self.fake.script([fault]);
        self.fake.respond(request, now).ok()
    }

    fn deliver(
        &mut self,
        request: &Request<Vec<u8>>,
        fault: Option<PageFault>,
        now: SystemTime,
        arrival: &mut Arrival,
    ) -> (Response<Vec<u8>>, News) {
        if let Some(fault) = fault.filter(|_| !is_token(request)) {
            return (fault.respond(request), News::Success);
        }
        let response =
            self.fake.respond(request, now).expect("the fake should respond, because no failure is scripted");
        let news = self.news(request, &response, arrival);
        (response, news)
    }

    /// Returns the meaning of a response from the server itself, and counts the effects of the request.
    fn news(
        &mut self,
        request: &Request<Vec<u8>>,
        response: &Response<Vec<u8>>,
        arrival: &mut Arrival,
    ) -> News {
        let status = response.status();
        if is_token(request) {
            return self.token_news(response, arrival);
        }
        match status.as_u16() {
            401 => News::Refused,
            304 => News::Success,
            _ if status.is_success() => {
                if request.method() != Method::GET {
                    arrival.acts += 1;
                    let path = request.uri().path();
                    self.library += u32::from(path == "/v1/me/library");
                    self.playlist += u32::from(path.ends_with("/items"));
                }
                News::Success
            }
            _ => News::Other,
        }
    }

    fn token_news(&mut self, response: &Response<Vec<u8>>, arrival: &mut Arrival) -> News {
        let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        match text("access_token").filter(|_| response.status().is_success()) {
            Some(access) => {
                let refresh = text("refresh_token");
                arrival.issued = refresh.clone().or(arrival.issued.take());
                News::Token(access, refresh)
            }
            None => News::Other,
        }
    }
}

pub fn is_token(request: &Request<Vec<u8>>) -> bool {
    request.uri().path() == "/api/token"
}

pub fn is_add(request: &Request<Vec<u8>>) -> bool {
    request.method() == Method::POST && request.uri().path().ends_with("/items")
}

/// Returns the refresh token in a token request.
pub fn refresh_token(request: &Request<Vec<u8>>) -> Option<String> {
    let form = std::str::from_utf8(request.body()).ok()?;
    form.split('&').find_map(|pair| pair.strip_prefix("refresh_token=")).map(str::to_owned)
}

/// The initial state of all histories: a user who has logged in several times.
pub struct Base {
    fake: Fake,
    /// Tokens from the logins of the confidential application, followed by those of the public application.
    pub logins: [Vec<Tokens>; 2],
    pub tracks: Vec<String>,
    albums: Vec<String>,
    artists: Vec<String>,
}

pub fn apps() -> [App; 2] {
    [App::confidential(CLIENT_ID, CLIENT_SECRET), App::public(PUBLIC_CLIENT_ID)]
}

impl Base {
    /// Returns the initial state that all histories share.
    pub fn get() -> &'static Self {
        static BASE: OnceLock<Base> = OnceLock::new();
        BASE.get_or_init(Self::new)
    }

    fn new() -> Self {
        let mut fake = Fake::new();
        fake.rename_album(ids::ALBUM, "Tide 0");
        let logins =
            apps().map(|mut app| (0..LOGINS).map(|_| log_in(&mut fake, &mut app)).collect::<Vec<_>>());
        let [_, mut app] = apps();
        let mut session = Session::from_tokens(logins[1][0].clone());
        let mut saved: Vec<_> = fake.saved_tracks().map(str::to_owned).collect();
        let gone: Vec<SpotifyUri> = saved
            .split_off(SAVED)
            .iter()
            .map(|id| format!("spotify:track:{id}").parse().expect("expected a URI"))
            .collect();
        for batch in RemoveLibraryItems::batches(gone) {
            call(&mut fake, &mut app, &mut session, batch.into());
        }
        let mut ids_of = |list: Listed, limit: u32| {
            let (mut cursor, mut ids) = (Some(list.first(limit)), Vec::new());
            while let Some(endpoint) = cursor {
                let read = endpoint.prepare(None).call.expect("expected no store");
                let page: Got = call(&mut fake, &mut app, &mut session, read);
                ids.extend(page.ids());
                cursor = endpoint.next(&page);
            }
            ids
        };
        let (tracks, albums) = (ids_of(Listed::AlbumTracks, 50), ids_of(Listed::ArtistAlbums, 10));
        let artists = ids_of(Listed::Followed, 50);
        assert_eq!(
            (tracks.len(), albums.len(), artists.len()),
            (11, 29, 22),
            "the fake's documented content"
        );
        Self { fake, logins, tracks, albums, artists }
    }
}

fn log_in(fake: &mut Fake, app: &mut App) -> Tokens {
    let callback: RedirectUri = "http://127.0.0.1:8888/callback".parse().expect("expected a redirect URI");
    let scopes = Scopes::from([
        Scope::UserLibraryRead,
        Scope::UserLibraryModify,
        Scope::UserFollowRead,
        Scope::UserReadRecentlyPlayed,
        Scope::UserReadPlaybackState,
        Scope::UserModifyPlaybackState,
        Scope::PlaylistReadPrivate,
        Scope::PlaylistModifyPublic,
        Scope::PlaylistModifyPrivate,
        Scope::UgcImageUpload,
    ]);
    let login = Login::new(app, callback, scopes, &[7; 32]);
    let request = Request::get(login.url(&Origin::accounts())).body(Vec::new()).expect("expected a URL");
    let response =
        fake.respond(&request, begin()).expect("the fake should respond, because no failure is scripted");
    let returned = response.headers()["location"].to_str().expect("ASCII");
    let code = login.callback(returned).expect("expected a code");
    let mut session = Session::from_code(code);
    let first = Listed::AlbumTracks.first(1).prepare(None).call.expect("expected no store");
    call(fake, app, &mut session, first);
    session.tokens().expect("tokens").clone()
}

/// Executes a call without failures.
fn call<T>(fake: &mut Fake, app: &mut App, session: &mut Session, call: Call<T>) -> T {
    let now = begin();
    let mut respond = |request: &Request<Vec<u8>>| fake.respond(request, now);
    let mut step = call.start(app, session, now);
    loop {
        step = match step {
            Step::Send(request, exchange) => exchange
                .receive(respond(&request), now)
                .apply(app, session, now)
                .expect("the fake should respond, because no failure is scripted"),
            Step::Authorize(mut token, waiting) => {
                loop {
                    token = match token {
                        TokenStep::Send(request, exchange) => {
                            let received = exchange.receive(respond(&request));
                            received
                                .apply(app, session, now)
                                .expect("the fake should respond, because no failure is scripted")
                        }
                        TokenStep::Save(_, saving) => saving.saved(app, session, now),
                        TokenStep::Done(result) => break result.expect("expected a token"),
                    };
                }
                waiting.resume(app, session, now)
            }
            Step::Wait(_, waiting) => waiting.resume(app, session, now),
            Step::Done(result) => {
                return result.expect("the request should succeed, because no failure is scripted").value;
            }
        }
    }
}
