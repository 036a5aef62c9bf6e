//! Logins over a socket, with a simulated browser.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use spotify_proto::{App, CallbackError, Scope, Tokens, api::GetSavedTracks};
use spotify_proto_reqwest::{BrowserLogin, Client, Error, LoginError, TokenFile};
use spotify_proto_testing::fake::{Consent, Fake, PUBLIC_CLIENT_ID};

use crate::{client, count, start};
use spotify_proto_testing::loopback::Loopback;

/// Returns a client for an application without a secret.
fn public(server: &Loopback) -> Client {
    let app = App::public(PUBLIC_CLIENT_ID).with_origins(server.origin(), server.origin());
    Client::new(app).expect("TLS")
}

/// Opens a page and follows its redirects, like a browser.
pub(crate) fn browse(url: &str) {
    let mut url = url.to_owned();
    loop {
        let (address, target) = url["http://".len()..].split_once('/').expect("a path");
        let mut stream = TcpStream::connect(address).expect("the port should be open");
        let request = format!("GET /{target} HTTP/1.1\r\nhost: {address}\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("the connection should be open");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("a response");
            head.extend(byte);
        }
        let head = String::from_utf8(head).expect("text");
        match head.lines().find_map(|line| line.strip_prefix("location: ")) {
            Some(location) => location.clone_into(&mut url),
            None => return,
        }
    }
}

/// Returns a login with a user who opens the consent page immediately.
pub(crate) fn login(scope: Scope) -> BrowserLogin {
    let open = |url: &str| {
        let url = url.to_owned();
        thread::spawn(move || browse(&url));
    };
    BrowserLogin::new([scope]).timeout(Duration::from_secs(20)).show(open)
}

/// Returns a login that panics if the user has to consent.
fn no_login() -> BrowserLogin {
    BrowserLogin::new([Scope::UserLibraryRead]).show(|_| panic!("unexpected login"))
}

fn file() -> (tempfile::TempDir, TokenFile) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = TokenFile::new(folder.path().join("state/tokens.json"));
    (folder, file)
}

fn refresh_token(file: &TokenFile) -> String {
    let tokens: Tokens = file.load().expect("the file should be readable").expect("stored tokens");
    tokens.refresh_token().expect("a user's tokens").expose().to_owned()
}

#[tokio::test]
async fn the_tokens_of_a_login_are_stored() {
    for make in [public, client] {
        let (server, (_folder, file)) = (start(Fake::new()), file());
        let login = login(Scope::UserLibraryRead);
        let user = make(&server).log_in_with(file.clone(), login).await.expect("a login");
        assert_eq!(count(&server, "/v1/"), 0, "a login should send no API request");
        assert!(!refresh_token(&file).is_empty());
        assert_eq!(user.collect(GetSavedTracks::new().limit(50)).await.expect("a list").items.len(), 63);

        // The next run of the program needs neither a browser nor a token request.
        let user = make(&server).log_in_with(file, no_login()).await.expect("tokens");
        user.call(GetSavedTracks::new()).await.expect("a page");
        assert_eq!(count(&server, "/api/token"), 1);
    }
}

#[tokio::test]
async fn unusable_stored_tokens_lead_to_a_login() {
    let (server, (_folder, file)) = (start(Fake::new()), file());
    // A revoked token. A wrong clock has dated its login in the future.
    let revoked = r#"{"version":2,"refresh_token":"revoked","chain":99999999999999,"generation":5}"#;
    file.save(&serde_json::from_str(revoked).expect("tokens")).expect("the file should be writable");
    let client = public(&server);
    let login_for = |scope| client.log_in_with(file.clone(), login(scope));
    drop(login_for(Scope::UserReadPrivate).await.expect("a login"));
    let first = refresh_token(&file);
    assert_ne!(first, "revoked");
    // The stored token does not have the scope that is required now.
    let user = login_for(Scope::UserLibraryRead).await.expect("a login");
    user.call(GetSavedTracks::new()).await.expect("a page");
    assert_ne!(refresh_token(&file), first);
}

#[tokio::test]
async fn a_refused_login_does_not_change_the_file() {
    let mut fake = Fake::new();
    fake.consent(Consent::Deny);
    let (server, (_folder, file)) = (start(fake), file());
    let login = login(Scope::UserLibraryRead);
    let error = public(&server).log_in_with(file.clone(), login).await.expect_err("denied");
    assert!(matches!(error, Error::Login(LoginError::Callback(CallbackError::Denied))), "{error:?}");
    assert!(file.load().expect("the file should be readable").is_none());
}

#[tokio::test]
async fn dropping_the_future_of_a_login_closes_its_port() {
    let (server, (_folder, file)) = (start(Fake::new()), file());
    let (sender, shown) = mpsc::channel();
    let login = BrowserLogin::new([Scope::UserLibraryRead])
        .show(move |url| sender.send(url.to_owned()).expect("the channel should be open"));
    let client = public(&server);
    let waiting = client.log_in_with(file, login);
    tokio::time::timeout(Duration::from_millis(200), waiting)
        .await
        .expect_err("the login should wait for the user");
    let url = shown.recv().expect("an address");
    let (_, rest) = url.split_once("127.0.0.1:").filter(|_| url.starts_with("http://")).expect("an address");
    let (_, rest) = rest.split_once("127.0.0.1").expect("a redirect URI");
    let port: String = rest
        .trim_start_matches("%3A")
        .trim_start_matches(':')
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let address = format!("127.0.0.1:{port}");
    assert!(!port.is_empty(), "{url}");
    for _ in 0..100 {
        if TcpStream::connect(&address).is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the port is still open");
}
