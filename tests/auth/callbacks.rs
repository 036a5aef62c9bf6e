//! Tests of login callbacks in the forms that users paste.

use std::time::UNIX_EPOCH;

use spotify_proto::api::GetDevices;
use spotify_proto::{
    App, AuthorizationCode, Call, CallbackError, Login, Origin, RedirectUri, Scopes, Session, Step, TokenStep,
};

use crate::auth::secrets::CODE;

fn login(redirect: &str) -> Login {
    let redirect: RedirectUri = redirect.parse().expect("expected a redirect URI");
    Login::new(&App::public("client"), redirect, Scopes::new(), &[1; 32])
}

fn state(login: &Login) -> String {
    let url = login.url(&Origin::accounts());
    let (_, after) = url.split_once("state=").expect("expected a state");
    after.split('&').next().expect("expected a state").to_owned()
}

/// Returns the form-encoded code that a session sends to the accounts service.
fn code_sent(code: AuthorizationCode) -> String {
    let (mut app, mut session) = (App::public("client"), Session::from_code(code));
    let step = Call::new(GetDevices::new()).start(&mut app, &mut session, UNIX_EPOCH);
    let Step::Authorize(TokenStep::Send(request, _), _) = step else {
        panic!("expected the token request of a login")
    };
    let form = std::str::from_utf8(request.body()).expect("form bodies should be ASCII");
    form.split('&').find_map(|pair| pair.strip_prefix("code=")).expect("expected a code").to_owned()
}

#[test]
fn surrounding_white_space_quotes_and_brackets_of_a_callback_are_ignored() {
    let login = login("http://127.0.0.1:8888/callback");
    let state = state(&login);
    for order in [format!("code={CODE}&state={state}"), format!("state={state}&code={CODE}")] {
        for place in ["http://127.0.0.1:8888/callback?", "127.0.0.1:8888/callback?", "/callback?", "?", ""] {
            let url = format!("{place}{order}");
            for pasted in [
                format!("{url}\n"),
                format!("  {url}\r\n"),
                format!("\u{a0}{url}\t"),
                format!("<{url}>"),
                format!("\"{url}\""),
                format!("'{url}'"),
                format!("`{url}`\n"),
                format!("“{url}”"),
                format!("«{url}»"),
                format!("‘{url}’"),
                format!(" <\"{url}\"> "),
                format!("\"'<{url}>'\"\n"),
                format!("{url}>"),
                format!("<{url}#_=_>"),
            ] {
                let code = login.callback(&pasted).unwrap_or_else(|error| panic!("{pasted:?}: {error}"));
                assert_eq!(code_sent(code), CODE, "{pasted:?}");
            }
        }
    }
}

#[test]
fn quotes_and_encoded_white_space_inside_a_code_are_preserved() {
    let login = login("http://127.0.0.1:8888/callback");
    let state = state(&login);
    for (written, sent) in
        [("AQ'", "AQ%27"), ("AQ%0A", "AQ%0A"), ("%22AQ%22", "%22AQ%22"), ("%3CAQ%3E", "%3CAQ%3E")]
    {
        let code = login.callback(&format!("?state={state}&code={written}")).expect("expected a code");
        assert_eq!(code_sent(code), sent);
    }
}

#[test]
fn a_pasted_callback_must_contain_the_exact_state() {
    let login = login("http://127.0.0.1:8888/callback");
    let state = state(&login);
    for wrong in [
        format!("{state}A"),
        format!("{state}%0A"),
        format!("{state}%20"),
        format!("<{state}>"),
        format!("{state}\n"),
        format!("\"{state}"),
        state.to_ascii_uppercase(),
        state[1..].to_owned(),
    ] {
        for callback in [format!("?state={wrong}&code={CODE}"), format!("<?state={wrong}&code={CODE}>\n")] {
            let found = login.callback(&callback).expect_err(&callback);
            assert_eq!(found, CallbackError::WrongState, "{callback:?}");
        }
    }
}

#[test]
fn a_callback_without_a_scheme_must_have_the_host_and_path_of_the_redirect_uri() {
    for (redirect, own, foreign) in [
        (
            "http://127.0.0.1:8888/callback",
            vec!["127.0.0.1:8888/callback", "127.0.0.1:50123/callback", "127.0.0.1/callback"],
            vec!["127.0.0.1:8888/other", "127.0.0.2:8888/callback", "[::1]:8888/callback", "127.0.0.1:8888"],
        ),
        (
            "https://app.example/callback",
            vec!["app.example/callback", "App.Example/callback"],
            vec![
                "app.example:8443/callback",
                "app.example/Callback",
                "evil.example/callback",
                "x@app.example/callback",
            ],
        ),
        ("com.example.app://login/done", vec!["login/done"], vec!["login/other", "done"]),
    ] {
        let login = login(redirect);
        let query = format!("code={CODE}&state={}", state(&login));
        for place in own {
            assert!(login.callback(&format!("{place}?{query}")).is_ok(), "{place}");
        }
        for place in foreign {
            let found = login.callback(&format!("{place}?{query}")).expect_err(place);
            assert_eq!(found, CallbackError::ForeignRedirect, "{place}");
        }
    }
}
