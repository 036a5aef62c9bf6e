//! Looks into recordings without a network: which operations there are, what a call would send, and what a
//! recorded answer means.
//!
//! ```text
//! curl -i https://api.spotify.com/v1/albums/4aawyAB9vmqN3uQ7FjRGTy -H "Authorization: Bearer $TOKEN" |
//!     cargo run -p inspect -- response get-an-album
//! ```

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::marker::PhantomData;
use std::process::ExitCode;
use std::time::SystemTime;

use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use spotify_proto::Scope;
use spotify_proto::api::OPERATIONS;
use spotify_proto::http::header::{CONTENT_ENCODING, DATE, RETRY_AFTER};
use spotify_proto::http::{HeaderMap, HeaderName, Response, StatusCode};
use spotify_proto::{
    AuthError, DecodeError, Endpoint, Error, FromResponse, MAX_BODY_LEN, Operation, Origin, ParameterRule,
    QuotaMode, RequestRule, ResponseRef, RetryAfter, Target, with_endpoint,
};
use spotify_proto_testing::{recording, unread_fields};

const USAGE: &str = "\
Looks into recordings of the Spotify Web API, without a network.

usage:
  inspect operations             every operation, one JSON object a line
  inspect request OPERATION_ID   parameters as a JSON object on standard input, the request on standard output
  inspect response OPERATION_ID  an HTTP response on standard input, as `curl -i` prints it; one line of JSON
                                 on standard output: {\"ok\": result}, or {\"error\": ...} and exit code 1
  inspect drift OPERATION_ID     the same input; what the answer has that the library does not read, one line each:
                                 path, JSON type and excerpt with tabs between; `nothing`, or exit code 1

Exit code 2 means that the arguments or the input are not what they should be.
";

fn main() -> ExitCode {
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|it| it.to_string_lossy().into_owned()).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if arguments.is_empty() {
        return complain(USAGE);
    }
    match run(&arguments) {
        Ok(answer) => answer.print(),
        Err(Refusal(why)) => complain(&format!("{}\n", one_line(&why))),
    }
}

/// What goes to standard output, and the exit code.
struct Answer {
    text: Vec<u8>,
    code: ExitCode,
}

/// Why the arguments or the input are refused.
struct Refusal(String);

fn run(arguments: &[&str]) -> Result<Answer, Refusal> {
    match arguments {
        _ if arguments.iter().any(|it| matches!(*it, "-h" | "--help")) => Ok(Answer::success(USAGE)),
        ["operations"] => operations(),
        ["request", id] => {
            with_endpoint!(*id, E => request::<E>(&input()?, E::RULES), else Err(unknown_operation(id)))
        }
        ["response", id] => {
            with_endpoint!(*id, E => response::<E>(&input()?), else Err(unknown_operation(id)))
        }
        ["drift", id] => with_endpoint!(*id, E => drifted::<E>(&input()?), else Err(unknown_operation(id))),
        ["request" | "response" | "drift"] => {
            Err(Refusal("expected an operation id; `inspect operations` lists them".into()))
        }
        ["operations" | "request" | "response" | "drift", ..] => {
            Err(Refusal("too many arguments; `inspect --help` shows the usage".into()))
        }
        [other, ..] => Err(Refusal(format!("unknown command {other:?}; `inspect --help` shows the usage"))),
        [] => Err(Refusal("expected a command; `inspect --help` shows the usage".into())),
    }
}

// ── operations ────────────────────────────────────────────────────────────────────────────────────────────────

#[derive(Serialize)]
struct OperationLine {
    id: &'static str,
    method: &'static str,
    route: &'static str,
    scopes: Vec<&'static str>,
    scope_rule: &'static str,
    availability: &'static str,
    idempotent: bool,
    deprecated: bool,
    optional_scopes: Vec<&'static str>,
}

fn operations() -> Result<Answer, Refusal> {
    let mut text = String::new();
    for operation in OPERATIONS {
        text += &json(&OperationLine::new(operation))?;
    }
    Ok(Answer::success(text))
}

impl OperationLine {
    fn new(operation: &'static Operation) -> Self {
        let requirement = &operation.scopes;
        let scope_rule = match (requirement.all, requirement.any) {
            ([], []) => "none",
            ([], _) => "any",
            _ => "all",
        };
        let availability = match operation.quota_mode {
            QuotaMode::Extended => "extended_quota",
            _ => "everyone",
        };
        Self {
            id: operation.id,
            method: operation.method.as_str(),
            route: operation.route,
            scopes: requirement.iter().map(Scope::as_str).collect(),
            scope_rule,
            availability,
            idempotent: operation.idempotent,
            deprecated: operation.is_deprecated(),
            optional_scopes: requirement.optional.iter().map(Scope::as_str).collect(),
        }
    }
}

/// Names the operations whose ids share most with what was asked for.
fn unknown_operation(id: &str) -> Refusal {
    let mut ids: Vec<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
    ids.sort_by(|a, b| likeness(b, id).total_cmp(&likeness(a, id)));
    ids.truncate(3);
    Refusal(format!("unknown operation {id:?}; the nearest are {}", ids.join(", ")))
}

/// How many pairs of neighbouring letters two ids have in common: 0 for none, 1 for all (Dice's coefficient).
fn likeness(a: &str, b: &str) -> f64 {
    let pairs = |text: &str| -> Vec<[char; 2]> {
        let text: Vec<char> = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        text.windows(2).filter_map(|pair| pair.try_into().ok()).collect()
    };
    let (a, mut b) = (pairs(a), pairs(b));
    let total = a.len() + b.len();
    let mut shared = 0;
    for pair in a {
        if let Some(at) = b.iter().position(|other| *other == pair) {
            b.swap_remove(at);
            shared += 2;
        }
    }
    f64::from(shared) / total.max(1) as f64
}

// ── request ───────────────────────────────────────────────────────────────────────────────────────────────────

fn request<E: Endpoint + DeserializeOwned>(input: &[u8], rules: &[ParameterRule]) -> Result<Answer, Refusal> {
    let endpoint: E = parameters(input, rules)?;
    endpoint.check().map_err(|error| Refusal(error.to_string()))?;
    Ok(Answer::success(recording::write_request(&endpoint.request(&Origin::api()))))
}

/// Reads the parameters of an operation. An error names the parameter and its bounds, if it has any.
fn parameters<E: DeserializeOwned>(input: &[u8], rules: &[ParameterRule]) -> Result<E, Refusal> {
    let expected = "standard input: expected a JSON object of parameters";
    let text = std::str::from_utf8(input).map_err(|_| Refusal(format!("{expected}, found no UTF-8")))?;
    let text = match text.trim_start_matches('\u{feff}').trim() {
        "" => "{}",
        text => text,
    };
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| Refusal(format!("{expected}: {error}")))?;
    if !text.starts_with('{') {
        return Err(Refusal(format!("{expected}, found another JSON value")));
    }
    let json = &mut serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(json).map_err(|error| Refusal(parameter_fault(&error, rules)))
}

/// `id: expected the album id …`; a fault that names the parameter itself stands alone.
fn parameter_fault(error: &serde_path_to_error::Error<serde_json::Error>, rules: &[ParameterRule]) -> String {
    let (name, cause) = (error.path().to_string(), error.inner());
    let place = format!(" at line {} column {}", cause.line(), cause.column());
    let cause = cause.to_string();
    let cause = cause.strip_suffix(&place).unwrap_or(&cause);
    if name == "." || cause.contains(&format!("field `{name}`")) {
        cause.to_owned()
    } else {
        let bounds = rules.iter().find(|it| it.parameter == name).and_then(|it| bounds(it.rule));
        format!("{name}: {cause}{}", bounds.unwrap_or_default())
    }
}

/// The bounds of a rule, for a value that is not even of the type of the parameter.
fn bounds(rule: RequestRule) -> Option<String> {
    match rule {
        RequestRule::Range { min, max } => Some(format!("; the range is {min} to {max}")),
        RequestRule::TooMany { max } => Some(format!("; the maximum is {max} items")),
        RequestRule::TooLong { max } => Some(format!("; the maximum is {max} characters")),
        _ => None,
    }
}

// ── response ──────────────────────────────────────────────────────────────────────────────────────────────────

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum ResponseLine<T> {
    Ok(T),
    Error(ErrorLine),
}

#[derive(Serialize)]
struct ErrorLine {
    kind: &'static str,
    status: u16,
    message: Option<String>,
    reason: Option<String>,
    retry_after_s: Option<u64>,
}

fn response<E: Endpoint<Output: FromResponse + Serialize>>(input: &[u8]) -> Result<Answer, Refusal> {
    let response = recorded(input)?;
    match Parameterless::<E>(PhantomData).parse(&response) {
        Ok(output) => Ok(Answer::success(json(&ResponseLine::Ok(output))?)),
        Err(error) => {
            let line = ErrorLine::new(&error, response.status(), response.headers());
            let text = json(&ResponseLine::<()>::Error(line))?;
            Ok(Answer { text: text.into(), code: ExitCode::from(1) })
        }
    }
}

fn recorded(input: &[u8]) -> Result<Response<Vec<u8>>, Refusal> {
    let response = recording::parse_response(input)
        .map_err(|error| Refusal(format!("standard input is no HTTP response: {error}")))?;
    check_decoded(&response)?;
    Ok(response)
}

/// Reads the answers of an operation without knowing what was asked.
struct Parameterless<E>(PhantomData<E>);

impl<E: Endpoint<Output: FromResponse>> Endpoint for Parameterless<E> {
    type Output = E::Output;

    const OPERATION: Operation = E::OPERATION;

    fn target(&self, _: &mut Target) {}

    fn decode(&self, response: ResponseRef<'_>) -> Result<Self::Output, DecodeError> {
        E::Output::from_response(response)
    }
}

/// Refuses a compressed body. The header alone says little: `curl --compressed -i` prints it over a decoded body.
fn check_decoded(response: &Response<Vec<u8>>) -> Result<(), Refusal> {
    let encodings =
        response.headers().get_all(CONTENT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let encoding = encodings
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .find(|name| !name.is_empty() && !name.eq_ignore_ascii_case("identity"));
    match encoding {
        Some(name) if std::str::from_utf8(response.body()).is_err() => Err(Refusal(format!(
            "the body is encoded ({}: {name}); decode it first, as `curl --compressed -i` does",
            CONTENT_ENCODING
        ))),
        _ => Ok(()),
    }
}

impl ErrorLine {
    /// What an error says, for people.
    fn text(error: &Error) -> String {
        let cause = std::error::Error::source(error).map(|cause| format!(": {cause}"));
        format!("{error}{}", cause.unwrap_or_default())
    }

    fn new(error: &Error, status: StatusCode, headers: &HeaderMap) -> Self {
        let (kind, message, reason) = match error {
            Error::Api(error) => ("api", error.message().to_owned(), error.reason()),
            Error::Auth(AuthError::TokenRejected { description, .. }) => {
                ("auth", description.to_string(), None)
            }
            Error::Auth(error) => ("auth", error.to_string(), None),
            Error::Decode(error) => ("decode", error.to_string(), None),
            Error::RateLimited(error) => ("rate_limited", error.message().to_owned(), error.reason()),
            Error::Request(error) => ("request", error.to_string(), None),
            Error::Scope(error) => ("scope", error.to_string(), None),
            Error::Throttled(error) => ("throttled", error.to_string(), None),
            other => ("api", other.to_string(), None),
        };
        Self {
            kind,
            status: status.as_u16(),
            message: Some(message).filter(|text| !text.is_empty()),
            reason: reason.map(ToString::to_string),
            retry_after_s: retry_after_s(headers),
        }
    }
}

/// The wait in seconds; a wait until an instant counts from the answer's own date.
fn retry_after_s(headers: &HeaderMap) -> Option<u64> {
    match RetryAfter::parse(text(headers, RETRY_AFTER)?)? {
        RetryAfter::Delay(delay) => Some(delay.as_secs()),
        until @ RetryAfter::Date(_) => Some(until.delay(date(headers)?).as_secs()),
    }
}

fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(text(headers, DATE)?).ok()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

// ── drift ─────────────────────────────────────────────────────────────────────────────────────────────────────

fn drifted<E: Endpoint<Output: FromResponse + Serialize>>(input: &[u8]) -> Result<Answer, Refusal> {
    let response = recorded(input)?;
    let status = response.status();
    let refuse = |error: Error| Refusal(format!("no answer to compare: {}", ErrorLine::text(&error)));
    let output = Parameterless::<E>(PhantomData).parse(&response).map_err(refuse)?;
    if value(&output).is_none_or(|written| written.is_null()) {
        // A command, or a state that does not exist: there is nothing that could be read.
        return Ok(Answer::success("nothing\n"));
    }
    let body = serde_json::from_slice(response.body())
        .map_err(|error| Refusal(format!("no answer to compare: the body is no JSON: {error}")))?;
    let read = |body: &serde_json::Value| {
        let output = E::Output::from_response(ResponseRef::new(
            status,
            response.headers(),
            body.to_string().as_bytes(),
        ))
        .ok()?;
        value(&output)
    };
    let found = unread_fields::find(&body, E::OPERATION.route, read);
    if found.is_empty() {
        return Ok(Answer::success("nothing\n"));
    }
    Ok(Answer { text: found.to_string().into(), code: ExitCode::from(1) })
}

fn value(output: &impl Serialize) -> Option<serde_json::Value> {
    serde_json::to_value(output).ok()
}

// ── input and output ──────────────────────────────────────────────────────────────────────────────────────────

/// Room for the head beside the longest body.
const INPUT_MAX: usize = MAX_BODY_LEN + 1024 * 1024;

fn input() -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    io::stdin()
        .take(INPUT_MAX as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Refusal(format!("standard input: {error}")))?;
    if bytes.len() > INPUT_MAX {
        return Err(Refusal(format!("standard input: expected at most {INPUT_MAX} bytes")));
    }
    Ok(bytes)
}

fn json(value: &impl Serialize) -> Result<String, Refusal> {
    let text = serde_json::to_string(value);
    text.map(|text| text + "\n").map_err(|error| Refusal(format!("the result cannot be written: {error}")))
}

impl Answer {
    fn success(text: impl Into<Vec<u8>>) -> Self {
        Self { text: text.into(), code: ExitCode::SUCCESS }
    }

    fn print(self) -> ExitCode {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(&self.text).and_then(|()| stdout.flush()) {
            Ok(()) => self.code,
            // Whoever reads has seen enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.code,
            Err(error) => complain(&format!("standard output: {error}\n")),
        }
    }
}

fn complain(text: &str) -> ExitCode {
    // Nobody is left to tell when standard error is gone too.
    let _ = io::stderr().write_all(text.as_bytes());
    ExitCode::from(2)
}

/// Faults quote the input; they stay one line of bounded length.
fn one_line(text: &str) -> String {
    text.chars().take(1000).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
