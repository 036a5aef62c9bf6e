//! Logins over a socket, with a simulated browser.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use spotify_proto::http::{Request, header::LOCATION};
use spotify_proto::{
    App, AuthorizationCode, Call, CallbackError, RedirectUri, Scope, Session, Step, TokenStep, api,
};
use spotify_proto_login::{BrowserLogin, LoginError, PendingLogin};
use spotify_proto_testing::fake::{CLIENT_ID, CLIENT_SECRET, Consent, Fake, PUBLIC_CLIENT_ID};

fn login() -> BrowserLogin {
    BrowserLogin::new([Scope::UserLibraryRead]).timeout(Duration::from_secs(20)).show(|_| {})
}

fn public() -> App {
    App::public(PUBLIC_CLIENT_ID)
}

/// Opens the consent page and returns the address to which the browser is redirected.
fn consent(fake: &mut Fake, pending: &PendingLogin) -> String {
    let request = Request::get(pending.url()).body(Vec::new()).expect("a request");
    let response = fake.respond(&request, SystemTime::now()).expect("a response");
    response.headers().get(LOCATION).expect("a redirect").to_str().expect("text").to_owned()
}

/// Sends a request and returns the complete response.
fn send(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("the port should be open");
    stream.write_all(request.as_bytes()).expect("the connection should be open");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("a response");
    response
}

fn get(address: SocketAddr, target: &str) -> String {
    send(address, &format!("GET {target} HTTP/1.1\r\nHost: {address}\r\n\r\n"))
}

/// Returns the path and query of an address.
fn target(url: &str) -> &str {
    url.splitn(4, '/').nth(3).map_or("/", |rest| &url[url.len() - rest.len() - 1..])
}

/// Exchanges the code for tokens.
fn exchange(fake: &mut Fake, mut app: App, code: AuthorizationCode) -> Session {
    let (mut session, now) = (Session::from_code(code), SystemTime::now());
    let step = Call::new(api::GetCurrentUserProfile::new()).start(&mut app, &mut session, now);
    let Step::Authorize(TokenStep::Send(request, exchange), _) = step else { panic!("{step:?}") };
    let received = exchange.receive(fake.respond(&request, now));
    let step = received.apply(&mut app, &mut session, now).expect("a response");
    assert!(matches!(step, TokenStep::Save(..)), "{step:?}");
    session
}

#[test]
fn the_redirect_in_the_browser_ends_the_login_with_a_code() {
    for app in [public, || App::confidential(CLIENT_ID, CLIENT_SECRET)] {
        let mut fake = Fake::new();
        let pending = login().start(&app()).expect("a port");
        assert!(pending.address().ip().is_loopback());
        assert_eq!(pending.url().contains("code_challenge_method=S256"), !app().is_confidential());
        let (address, back) = (pending.address(), consent(&mut fake, &pending));
        let waiter = thread::spawn(move || pending.wait());
        let page = get(address, target(&back));
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains("Consent received"), "{page}");
        for header in ["cache-control: no-store", "referrer-policy: no-referrer", "default-src 'none'"] {
            assert!(page.contains(header), "{page}");
        }
        let code = waiter.join().expect("the thread should not panic").expect("a code");
        assert!(exchange(&mut fake, app(), code).tokens().is_some());
    }
}

#[test]
fn a_callback_with_a_wrong_state_does_not_end_the_login() {
    let mut fake = Fake::new();
    let pending = login().start(&public()).expect("a port");
    let (address, back) = (pending.address(), consent(&mut fake, &pending));
    let waiter = thread::spawn(move || pending.wait());
    for (request, status) in [
        (format!("GET {}x HTTP/1.1\r\n\r\n", target(&back)), 400),
        ("GET /callback?code=x HTTP/1.1\r\n\r\n".to_owned(), 400),
        ("GET /callback?error=access_denied&state=x HTTP/1.1\r\n\r\n".to_owned(), 400),
        ("GET /favicon.ico HTTP/1.1\r\n\r\n".to_owned(), 404),
        (format!("POST {} HTTP/1.1\r\ncontent-length: 0\r\n\r\n", target(&back)), 400),
        (format!("GET /{} HTTP/1.1", "x".repeat(17_000)), 400),
    ] {
        let page = send(address, &request);
        assert!(page.starts_with(&format!("HTTP/1.1 {status} ")), "{request}: {page}");
    }
    assert!(!waiter.is_finished());
    get(address, target(&back));
    let _code = waiter.join().expect("the thread should not panic").expect("a code");
}

#[test]
fn idle_connections_do_not_delay_the_login() {
    let mut fake = Fake::new();
    let pending = login().start(&public()).expect("a port");
    let (address, back) = (pending.address(), consent(&mut fake, &pending));
    let waiter = thread::spawn(move || pending.wait());
    let mut idle: Vec<_> =
        (0..50).map(|_| TcpStream::connect(address).expect("the port should be open")).collect();
    idle[49].write_all(b"GET /call").expect("the connection should be open");
    let begin = Instant::now();
    get(address, target(&back));
    let _code = waiter.join().expect("the thread should not panic").expect("a code");
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
}

#[test]
fn a_user_who_denies_access_ends_the_login() {
    let mut fake = Fake::new();
    fake.consent(Consent::Deny);
    let pending = login().start(&public()).expect("a port");
    let (address, back) = (pending.address(), consent(&mut fake, &pending));
    let waiter = thread::spawn(move || pending.wait());
    assert!(get(address, target(&back)).contains("You are not logged in"));
    let error = waiter.join().expect("the thread should not panic").expect_err("a refusal");
    assert!(matches!(error, LoginError::Callback(CallbackError::Denied)), "{error:?}");
}

#[test]
fn a_login_ends_when_it_is_cancelled_or_times_out() {
    let pending = login().start(&public()).expect("a port");
    let (address, canceller) = (pending.address(), pending.canceller());
    let waiter = thread::spawn(move || pending.wait());
    canceller.cancel();
    let error = waiter.join().expect("the thread should not panic").expect_err("a cancelled login");
    assert!(matches!(error, LoginError::Cancelled), "{error:?}");
    TcpListener::bind(address).expect("the port should be closed");

    let pending = login().timeout(Duration::from_millis(50)).start(&public()).expect("a port");
    let begin = Instant::now();
    let error = pending.wait().expect_err("a login that timed out");
    assert!(matches!(error, LoginError::TimedOut), "{error:?}");
    assert!((Duration::from_millis(50)..Duration::from_secs(5)).contains(&begin.elapsed()));
}

#[test]
fn the_login_listens_on_the_port_of_the_redirect_uri() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("an address");
    let uri: RedirectUri = format!("http://{address}/callback").parse().expect("a redirect URI");
    let error = login().redirect_uri(uri.clone()).start(&public()).expect_err("the port is in use");
    assert!(matches!(error, LoginError::Listen { address: taken, .. } if taken == address), "{error:?}");
    drop(free);
    let pending = login().redirect_uri(uri).start(&public()).expect("a free port");
    assert_eq!(pending.address(), address);
}

#[test]
fn a_login_requires_a_loopback_redirect_uri_and_a_client_id() {
    let uri = "https://app.example/callback".parse().expect("a redirect URI");
    let error = login().redirect_uri(uri).start(&public()).expect_err("a redirect URI on another host");
    assert!(matches!(error, LoginError::NotLoopback(_)), "{error:?}");
    let error = login().start(&App::without_credentials()).expect_err("an application without a client id");
    assert!(matches!(error, LoginError::NoCredentials), "{error:?}");
}

#[test]
fn the_address_is_shown_and_debug_output_hides_the_state() {
    let (sender, shown) = std::sync::mpsc::channel();
    let pending = login().show(move |url| sender.send(url.to_owned()).expect("the channel should be open"));
    let pending = pending.timeout(Duration::ZERO).start(&public()).expect("a port");
    let (url, debug) = (pending.url().to_owned(), format!("{pending:?}"));
    let _ = pending.wait();
    assert_eq!(shown.recv().expect("an address"), url);
    let state = url.split("state=").nth(1).and_then(|rest| rest.split('&').next()).expect("a state");
    assert!(!state.is_empty() && !debug.contains(state), "{debug}");
}
