//! Logins over a socket, with a simulated browser.

use std::thread;
use std::time::{Duration, SystemTime};

use spotify_proto::{App, CallbackError, Scope, api::GetSavedTracks};
use spotify_proto_testing::fake::{Consent, Fake, PUBLIC_CLIENT_ID};
use spotify_proto_ureq::{BrowserLogin, Client, Error, LoginError, TokenFile, Tokens};

use crate::{client, count, start};
use spotify_proto_testing::loopback::Loopback;

/// Returns a client for an application without a secret.
fn public(server: &Loopback) -> Client {
    Client::new(App::public(PUBLIC_CLIENT_ID).with_origins(server.origin(), server.origin()))
}

/// Returns a login with a user who opens the consent page immediately.
fn login(scope: Scope) -> BrowserLogin {
    let open = |url: &str| {
        let url = url.to_owned();
        thread::spawn(move || ureq::get(&url).call().map(drop));
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

#[test]
fn the_tokens_of_a_login_are_stored() {
    for make in [public, client] {
        let (server, (_folder, file)) = (start(Fake::new()), file());
        let user = make(&server).log_in_with(file.clone(), login(Scope::UserLibraryRead)).expect("a login");
        assert_eq!(count(&server, "/v1/"), 0, "a login should send no API request");
        assert!(!refresh_token(&file).is_empty());
        assert_eq!(user.collect(GetSavedTracks::new().limit(50)).expect("a list").items.len(), 63);

        // The next run of the program needs neither a browser nor a token request.
        let user = make(&server).log_in_with(file, no_login()).expect("tokens");
        assert_eq!(user.items(GetSavedTracks::new().limit(50)).filter_map(Result::ok).count(), 63);
        assert_eq!(count(&server, "/api/token"), 1);
    }
}

#[test]
fn invalid_stored_tokens_lead_to_a_login() {
    let (server, (_folder, file)) = (start(Fake::new()), file());
    file.save(&Tokens::from_refresh_token("revoked")).expect("the file should be writable");
    let user = public(&server).log_in_with(file.clone(), login(Scope::UserLibraryRead)).expect("a login");
    user.call(GetSavedTracks::new()).expect("a page");
    assert_ne!(refresh_token(&file), "revoked");
}

#[test]
fn stored_tokens_without_the_requested_scopes_lead_to_a_login() {
    let (server, (_folder, file)) = (start(Fake::new()), file());
    public(&server).log_in_with(file.clone(), login(Scope::UserReadPrivate)).expect("a login");
    let first = refresh_token(&file);
    let user = public(&server).log_in_with(file.clone(), login(Scope::UserLibraryRead)).expect("a login");
    user.call(GetSavedTracks::new()).expect("a page");
    assert_ne!(refresh_token(&file), first, "the tokens of the new login should be stored");
}

#[test]
fn stored_tokens_dated_in_the_future_are_replaced_by_a_login() {
    let (server, (_folder, file)) = (start(Fake::new()), file());
    let future = r#"{"version":2,"refresh_token":"revoked","chain":99999999999999,"generation":5}"#;
    file.save(&serde_json::from_str(future).expect("tokens")).expect("the file should be writable");
    public(&server).log_in_with(file.clone(), login(Scope::UserLibraryRead)).expect("a login");
    assert_ne!(refresh_token(&file), "revoked");
}

#[test]
fn a_refused_login_does_not_change_the_file() {
    let mut fake = Fake::new();
    fake.consent(Consent::Deny);
    let (server, (_folder, file)) = (start(fake), file());
    let error = public(&server).log_in_with(file.clone(), login(Scope::UserLibraryRead)).expect_err("denied");
    assert!(matches!(error, Error::Login(LoginError::Callback(CallbackError::Denied))), "{error:?}");
    assert!(file.load().expect("the file should be readable").is_none());
}

#[test]
fn a_session_continues_after_a_second_login() {
    let mut fake = Fake::new();
    let now = SystemTime::now();
    let tokens = fake.user_tokens(&[Scope::UserReadPrivate], now);
    let (server, (_folder, file)) = (start(fake), file());
    file.save(&tokens).expect("the file should be writable");
    let client = client(&server);
    let user = client.user(file.clone()).expect("the file should be readable").expect("tokens");
    user.call(GetSavedTracks::new()).expect_err("a missing scope");
    let pending = client.with_app(|app| login(Scope::UserLibraryRead).start(app)).expect("a port");
    user.log_in(pending.wait().expect("consent")).expect("tokens");
    user.call(GetSavedTracks::new()).expect("a page");
    let before = tokens.refresh_token().map(|token| token.expose().to_owned());
    assert_ne!(Some(refresh_token(&file)), before);
}
