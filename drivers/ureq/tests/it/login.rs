//! Logins over a socket, with a browser that is played.

use std::thread;
use std::time::{Duration, SystemTime};

use spotify_proto::{App, CallbackError, Scope, api::GetSavedTracks};
use spotify_proto_testing::fake::{Consent, Fake, PUBLIC_CLIENT_ID};
use spotify_proto_ureq::{BrowserLogin, Client, Error, LoginError, TokenFile, Tokens};

use crate::{client, count, start};
use spotify_proto_testing::loopback::Loopback;

/// An application without a secret.
fn public(server: &Loopback) -> Client {
    Client::new(App::public(PUBLIC_CLIENT_ID).with_origins(server.origin(), server.origin()))
}

/// A login whose user opens the page at once.
fn login(scope: Scope) -> BrowserLogin {
    let open = |url: &str| {
        let url = url.to_owned();
        thread::spawn(move || ureq::get(&url).call().map(drop));
    };
    BrowserLogin::new([scope]).timeout(Duration::from_secs(20)).show(open)
}

/// A login whose user must not be asked.
fn no_login() -> BrowserLogin {
    BrowserLogin::new([Scope::UserLibraryRead]).show(|_| panic!("no login is needed"))
}

fn file() -> (tempfile::TempDir, TokenFile) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = TokenFile::new(folder.path().join("state/tokens.json"));
    (folder, file)
}

fn refresh_token(file: &TokenFile) -> String {
    let tokens: Tokens = file.load().expect("the file is read").expect("it has tokens");
    tokens.refresh_token().expect("a user's tokens").expose().to_owned()
}

#[test]
fn a_login_ends_with_a_session_whose_tokens_are_stored() {
    for make in [public, client] {
        let (server, (_folder, file)) = (start(Fake::new()), file());
        let user = make(&server).log_in_with(file.clone(), login(Scope::UserLibraryRead)).expect("a login");
        assert_eq!(count(&server, "/v1/"), 0, "the login itself calls no API");
        assert!(!refresh_token(&file).is_empty());
        assert_eq!(user.collect(GetSavedTracks::new().limit(50)).expect("a list").items.len(), 63);

        // The next start needs no browser, and no token request.
        let user = make(&server).log_in_with(file, no_login()).expect("tokens");
        assert_eq!(user.items(GetSavedTracks::new().limit(50)).filter_map(Result::ok).count(), 63);
        assert_eq!(count(&server, "/api/token"), 1);
    }
}

#[test]
fn stored_tokens_that_no_longer_work_lead_to_a_login() {
    let (server, (_folder, file)) = (start(Fake::new()), file());
    file.save(&Tokens::from_refresh_token("revoked")).expect("saved");
    let user = public(&server).log_in_with(file.clone(), login(Scope::UserLibraryRead)).expect("a login");
    user.call(GetSavedTracks::new()).expect("a page");
    assert_ne!(refresh_token(&file), "revoked");
}

#[test]
fn stored_tokens_without_the_scopes_lead_to_a_login() {
    let (server, (_folder, file)) = (start(Fake::new()), file());
    public(&server).log_in_with(file.clone(), login(Scope::UserReadPrivate)).expect("a login");
    let first = refresh_token(&file);
    let user = public(&server).log_in_with(file.clone(), login(Scope::UserLibraryRead)).expect("a login");
    user.call(GetSavedTracks::new()).expect("a page");
    assert_ne!(refresh_token(&file), first, "the tokens of the new login are stored");
}

#[test]
fn a_later_clock_does_not_keep_a_login_from_being_stored() {
    let (server, (_folder, file)) = (start(Fake::new()), file());
    let future = r#"{"version":2,"refresh_token":"revoked","chain":99999999999999,"generation":5}"#;
    file.save(&serde_json::from_str(future).expect("tokens")).expect("saved");
    public(&server).log_in_with(file.clone(), login(Scope::UserLibraryRead)).expect("a login");
    assert_ne!(refresh_token(&file), "revoked");
}

#[test]
fn a_user_who_refuses_leaves_the_file_as_it_was() {
    let mut fake = Fake::new();
    fake.consent(Consent::Deny);
    let (server, (_folder, file)) = (start(fake), file());
    let error = public(&server).log_in_with(file.clone(), login(Scope::UserLibraryRead)).expect_err("denied");
    assert!(matches!(error, Error::Login(LoginError::Callback(CallbackError::Denied))), "{error:?}");
    assert!(file.load().expect("the file is read").is_none());
}

#[test]
fn a_session_goes_on_after_a_second_login() {
    let mut fake = Fake::new();
    let now = SystemTime::now();
    let tokens = fake.user_tokens(&[Scope::UserReadPrivate], now);
    let (server, (_folder, file)) = (start(fake), file());
    file.save(&tokens).expect("saved");
    let client = client(&server);
    let user = client.user(file.clone()).expect("the file is read").expect("tokens");
    user.call(GetSavedTracks::new()).expect_err("the scope is missing");
    let pending = client.with_app(|app| login(Scope::UserLibraryRead).start(app)).expect("a port");
    user.log_in(pending.wait().expect("consent")).expect("tokens");
    user.call(GetSavedTracks::new()).expect("a page");
    let before = tokens.refresh_token().map(|token| token.expose().to_owned());
    assert_ne!(Some(refresh_token(&file)), before);
}
