//! Tests of the login example with Chromium and the consent page of the fake.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use spotify_proto::Scope;
use spotify_proto::http::Method;
use spotify_proto_testing::fake::{Consent, Fake, PUBLIC_CLIENT_ID, ids};
use spotify_proto_testing::loopback::Loopback;
use tempfile::TempDir;

/// Time limit for a run of the program.
const LIMIT: Duration = Duration::from_secs(30);

/// Waits until a program ends and returns its exit code. Kills the program after the time limit.
fn end(child: &mut Child) -> Option<i32> {
    let start = Instant::now();
    while start.elapsed() < LIMIT {
        if let Some(status) = child.try_wait().expect("a child process") {
            return status.code();
        }
        thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("a child process");
    child.wait().expect("a child process");
    None
}

/// Arguments for a browser that connects only to loopback addresses.
const ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/// Chromium and ChromeDriver, both on loopback. Dropping this value stops them.
struct Browser {
    driver: Child,
    /// Output pipe, kept open because writing to a closed pipe would end the process.
    _output: BufReader<ChildStdout>,
    port: u16,
    name: &'static str,
    profile: TempDir,
}

impl Browser {
    /// Starts ChromeDriver. Prints a message and returns `None` if Chromium or ChromeDriver is not installed.
    fn start() -> Option<Self> {
        let is_installed = |name: &&str| {
            let run =
                Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            run.is_ok_and(|status| status.success())
        };
        let Some(name) = ["chromium", "google-chrome"].into_iter().find(is_installed) else {
            eprintln!("skipped: chromium is not installed");
            return None;
        };
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let Ok(mut driver) = command.spawn() else {
            eprintln!("skipped: chromedriver is not installed");
            return None;
        };
        let mut output = BufReader::new(driver.stdout.take().expect("a pipe"));
        let port = port(&mut output);
        let profile = tempfile::tempdir().expect("a folder");
        Some(Self { driver, _output: output, port, name, profile })
    }

    /// Opens a window.
    async fn open(&self) -> Client {
        let mut arguments = ARGUMENTS.map(str::to_owned).to_vec();
        arguments.push(format!("--user-data-dir={}", self.profile.path().display()));
        let path = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
            .map(|folder| folder.join(self.name))
            .find(|path| path.is_file());
        let options = json!({ "binary": path.expect("an installed browser"), "args": arguments });
        let capabilities = [("goog:chromeOptions".to_owned(), options)].into_iter().collect();
        ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .expect("a window")
    }

    /// Returns the debugging port of the browser.
    fn own_port(&self) -> u16 {
        let text = std::fs::read_to_string(self.profile.path().join("DevToolsActivePort")).expect("a file");
        text.lines().next().and_then(|line| line.parse().ok()).expect("a port")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // On shutdown, ChromeDriver stops its browsers before it exits.
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.write_all(b"GET /shutdown HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
        }
        end(&mut self.driver);
    }
}

/// Returns the port that ChromeDriver has chosen.
fn port(output: &mut BufReader<ChildStdout>) -> u16 {
    let start = "ChromeDriver was started successfully on port ";
    let mut lines = output.by_ref().lines().map_while(Result::ok);
    let line =
        lines.find_map(|line| line.strip_prefix(start).map(str::to_owned)).expect("a running ChromeDriver");
    line.trim_end_matches('.').parse().expect("a port")
}

/// Runs `act` in a new window and closes the window.
fn in_window<T>(browser: &Browser, act: impl AsyncFnOnce(&Client) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let client = browser.open().await;
        let done = act(&client).await;
        client.close().await.expect("a closed window");
        done
    })
}

/// Waits for the page with the given heading, checks that the page loads no other resources, and returns its text.
async fn page(client: &Client, heading: &str) -> String {
    let xpath = format!("//h1[text()='{heading}']");
    let found = client.wait().at_most(LIMIT).for_element(Locator::XPath(&xpath)).await;
    let text = client.find(Locator::Css("body")).await.expect("a body").text().await.expect("a text");
    assert!(found.is_ok(), "expected a page with the heading {heading}, got: {text}");
    let others = client.find_all(Locator::Css("script, link, img, iframe")).await.expect("a list");
    assert!(others.is_empty(), "the page {heading} should not load other resources");
    text
}

async fn press(client: &Client, value: &str) {
    let css = format!("button[value={value}]");
    client.find(Locator::Css(&css)).await.expect("a button").click().await.expect("a click");
}

/// The running login example.
struct Program {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Program {
    fn start(server: &Loopback, client_id: &str, state: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_login"));
        command.env("SPOTIFY_CLIENT_ID", client_id).env("SPOTIFY_ORIGIN", server.origin().as_str());
        command.env("XDG_STATE_HOME", state).env("RUST_BACKTRACE", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("a built example");
        let out = BufReader::new(child.stdout.take().expect("a pipe"));
        Self { child, out }
    }

    /// Returns the URL that the program prints.
    fn url(&mut self) -> String {
        let mut lines = self.out.by_ref().lines().map_while(Result::ok);
        lines
            .find_map(|line| line.trim().strip_prefix("http").map(|rest| format!("http{rest}")))
            .expect("a URL")
    }

    /// Waits until the program ends and returns its exit code and output.
    fn end(mut self) -> (Option<i32>, String, String) {
        let code = end(&mut self.child);
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).expect("UTF-8");
        self.child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("UTF-8");
        (code, out, err)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns a fake with a consent page, and a folder for the tokens.
fn setup() -> (Loopback, TempDir) {
    let mut fake = Fake::new();
    fake.consent(Consent::Page);
    (Loopback::start(fake).expect("a free port"), tempfile::tempdir().expect("a folder"))
}

#[test]
fn a_user_who_accepts_in_a_browser_stays_logged_in() {
    let Some(browser) = Browser::start() else { return };
    let (server, state) = setup();
    let mut program = Program::start(&server, PUBLIC_CLIENT_ID, state.path());
    in_window(&browser, async |client| {
        client.goto(&program.url()).await.expect("a page");
        let text = page(client, "Authorize this application?").await;
        assert!(text.contains(PUBLIC_CLIENT_ID) && text.contains("user-library-read"), "{text}");
        press(client, "accept").await;
        assert!(page(client, "Consent received").await.contains("You can close this window"));
    });
    let (code, out, err) = program.end();
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains("63 saved tracks"), "{out}");

    let (code, out, err) = Program::start(&server, PUBLIC_CLIENT_ID, state.path()).end();
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.starts_with("Already logged in") && out.contains("63 saved tracks"), "{out}");
}

#[test]
fn a_denial_in_a_browser_is_reported_on_the_page_and_by_the_program() {
    let Some(browser) = Browser::start() else { return };
    let (server, state) = setup();
    let mut program = Program::start(&server, PUBLIC_CLIENT_ID, state.path());
    in_window(&browser, async |client| {
        client.goto(&program.url()).await.expect("a page");
        page(client, "Authorize this application?").await;
        press(client, "deny").await;
        page(client, "You are not logged in").await;
    });
    let (code, _, err) = program.end();
    assert_eq!((code, err.lines().count()), (Some(1), 1), "{err}");
    assert!(err.starts_with("login: ") && err.contains("denied"), "{err}");
}

#[test]
fn a_wrong_client_id_is_reported_on_the_page() {
    let Some(browser) = Browser::start() else { return };
    let (server, state) = setup();
    let mut program = Program::start(&server, "unknown", state.path());
    let text = in_window(&browser, async |client| {
        client.goto(&program.url()).await.expect("a page");
        client.find(Locator::Css("body")).await.expect("a body").text().await.expect("a text")
    });
    assert_eq!(text, "INVALID_CLIENT: Invalid client");
}

#[test]
fn a_page_with_a_different_origin_can_call_the_api() {
    let Some(browser) = Browser::start() else { return };
    let (page, _) = setup();
    let mut fake = Fake::new();
    let token = fake.user_token(Scope::ALL, SystemTime::now());
    let server = Loopback::start(fake).expect("a free port");
    let script = "
        const [api, token, done] = arguments;
        const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
        const call = (method, path) => fetch(api + path, { method, headers });
        call('GET', '/v1/me').then(response => response.json()).then(async user => {
            const command = await call('PUT', '/v1/me/player/volume?volume_percent=7');
            const missing = await call('GET', '/v1/albums/7AAAAAAAAAAAAAAAAAAAAA');
            done([user.id, command.status, missing.status]);
        }).catch(error => done(String(error)));";
    let done = in_window(&browser, async |client| {
        client.goto(&format!("{}/authorize", page.origin())).await.expect("a page");
        let arguments = vec![json!(server.origin().as_str()), json!(token)];
        client.execute_async(script, arguments).await.expect("a result")
    });
    assert_eq!(done, json!([ids::USER, 204, 404]));
    let requests = server.requests();
    assert!(requests.iter().any(|(_, it)| it.method == Method::OPTIONS), "expected a preflight request");
}

#[test]
fn a_failed_test_leaves_no_browser_running() {
    let Some(browser) = Browser::start() else { return };
    let driver = browser.port;
    let mut own = 0;
    let failed = catch_unwind(AssertUnwindSafe(|| {
        let browser = browser;
        in_window(&browser, async |_| {
            own = browser.own_port();
            TcpStream::connect(("127.0.0.1", own)).expect("an open port");
            std::panic::resume_unwind(Box::new("a test fails"));
        })
    }));
    assert!(failed.is_err());
    for port in [own, driver] {
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "port {port} should be closed");
    }
}
