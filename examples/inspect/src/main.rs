//! A tool for recordings of the Web API, without a network: it lists the operations, prints the request of a call, and
//! parses recorded responses.
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
Inspects recordings of the Spotify Web API, without a network.

usage:
  inspect operations             prints every operation as a JSON object, one per line
  inspect request OPERATION_ID   reads parameters as a JSON object from standard input, prints the request
  inspect response OPERATION_ID  reads an HTTP response in the format of `curl -i` from standard input, prints one
                                 line of JSON: {\"ok\": result}, or {\"error\": ...} with exit code 1
  inspect drift OPERATION_ID     reads the same input, prints the fields that the library does not read, one per
                                 line: path, JSON type and excerpt, separated by tabs; exit code 1 if there are
                                 any, otherwise `nothing`

Exit code 2 means that the arguments or the input are invalid.
";

fn main() -> ExitCode {
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|it| it.to_string_lossy().into_owned()).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if arguments.is_empty() {
        return report(USAGE);
    }
    match run(&arguments) {
        Ok(outcome) => outcome.print(),
        Err(Refusal(why)) => report(&format!("{}\n", one_line(&why))),
    }
}

/// Result of a command: the text for standard output, and the exit code.
struct Outcome {
    text: Vec<u8>,
    code: ExitCode,
}

/// Error message for invalid arguments or invalid input.
struct Refusal(String);

fn run(arguments: &[&str]) -> Result<Outcome, Refusal> {
    match arguments {
        _ if arguments.iter().any(|it| matches!(*it, "-h" | "--help")) => Ok(Outcome::success(USAGE)),
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

fn operations() -> Result<Outcome, Refusal> {
    let mut text = String::new();
    for operation in OPERATIONS {
        text += &json(&OperationLine::new(operation))?;
    }
    Ok(Outcome::success(text))
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

/// Returns an error with the three operations whose ids are most similar to `id`.
fn unknown_operation(id: &str) -> Refusal {
    let mut ids: Vec<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
    ids.sort_by(|a, b| likeness(b, id).total_cmp(&likeness(a, id)));
    ids.truncate(3);
    Refusal(format!("unknown operation {id:?}; the most similar ids are {}", ids.join(", ")))
}

/// Returns the fraction of adjacent letter pairs that two ids have in common, from 0 to 1 (Dice's coefficient).
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

fn request<E: Endpoint + DeserializeOwned>(
    input: &[u8],
    rules: &[ParameterRule],
) -> Result<Outcome, Refusal> {
    let endpoint: E = parameters(input, rules)?;
    let request = endpoint.try_request(&Origin::api()).map_err(|error| Refusal(error.to_string()))?;
    Ok(Outcome::success(recording::write_request(&request)))
}

/// Parses the parameters of an operation. An error names the invalid parameter and its bounds, if any.
fn parameters<E: DeserializeOwned>(input: &[u8], rules: &[ParameterRule]) -> Result<E, Refusal> {
    let expected = "standard input: expected a JSON object of parameters";
    let text = std::str::from_utf8(input).map_err(|_| Refusal(format!("{expected}, got invalid UTF-8")))?;
    let text = match text.trim_start_matches('\u{feff}').trim() {
        "" => "{}",
        text => text,
    };
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| Refusal(format!("{expected}: {error}")))?;
    if !text.starts_with('{') {
        return Err(Refusal(format!("{expected}, got another JSON value")));
    }
    let json = &mut serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(json).map_err(|error| Refusal(parameter_error(&error, rules)))
}

/// Returns a message such as `id: expected the album id …`. The parameter name is omitted if the error already contains
/// the name.
fn parameter_error(error: &serde_path_to_error::Error<serde_json::Error>, rules: &[ParameterRule]) -> String {
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

/// Returns the bounds of a rule, which are appended to the error if a value does not have the type of the parameter.
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

fn response<E: Endpoint<Output: FromResponse + Serialize>>(input: &[u8]) -> Result<Outcome, Refusal> {
    let response = recorded(input)?;
    match Parameterless::<E>(PhantomData).parse(&response) {
        Ok(output) => Ok(Outcome::success(json(&ResponseLine::Ok(output))?)),
        Err(error) => {
            let line = ErrorLine::new(&error, response.status(), response.headers());
            let text = json(&ResponseLine::<()>::Error(line))?;
            Ok(Outcome { text: text.into(), code: ExitCode::from(1) })
        }
    }
}

fn recorded(input: &[u8]) -> Result<Response<Vec<u8>>, Refusal> {
    let response = recording::parse_response(input)
        .map_err(|error| Refusal(format!("standard input is not an HTTP response: {error}")))?;
    check_decoded(&response)?;
    Ok(response)
}

/// Endpoint without parameters, which parses the responses to an operation.
struct Parameterless<E>(PhantomData<E>);

impl<E: Endpoint<Output: FromResponse>> Endpoint for Parameterless<E> {
    type Output = E::Output;

    const OPERATION: Operation = E::OPERATION;

    fn target(&self, _: &mut Target) {}

    fn decode(&self, response: ResponseRef<'_>) -> Result<Self::Output, DecodeError> {
        E::Output::from_response(response)
    }
}

/// Returns an error if the body is compressed. The header alone does not prove compression: `curl --compressed -i`
/// prints the header together with the decoded body.
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
    /// Returns the message of an error, followed by the message of its cause.
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

/// Returns the delay in `Retry-After` in seconds. An HTTP date is converted to the delay since the `Date` of the
/// response.
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

fn drifted<E: Endpoint<Output: FromResponse + Serialize>>(input: &[u8]) -> Result<Outcome, Refusal> {
    let response = recorded(input)?;
    let status = response.status();
    let refuse = |error: Error| Refusal(format!("no response to compare: {}", ErrorLine::text(&error)));
    let output = Parameterless::<E>(PhantomData).parse(&response).map_err(refuse)?;
    if value(&output).is_none_or(|written| written.is_null()) {
        // The response has no content, which is typical of commands.
        return Ok(Outcome::success("nothing\n"));
    }
    let body = serde_json::from_slice(response.body())
        .map_err(|error| Refusal(format!("no response to compare: the body is not JSON: {error}")))?;
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
        return Ok(Outcome::success("nothing\n"));
    }
    Ok(Outcome { text: found.to_string().into(), code: ExitCode::from(1) })
}

fn value(output: &impl Serialize) -> Option<serde_json::Value> {
    serde_json::to_value(output).ok()
}

// ── input and output ──────────────────────────────────────────────────────────────────────────────────────────

/// Maximum size of the input: the maximum body length plus 1 MiB for the head.
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
    text.map(|text| text + "\n").map_err(|error| Refusal(format!("could not serialize the result: {error}")))
}

impl Outcome {
    fn success(text: impl Into<Vec<u8>>) -> Self {
        Self { text: text.into(), code: ExitCode::SUCCESS }
    }

    fn print(self) -> ExitCode {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(&self.text).and_then(|()| stdout.flush()) {
            Ok(()) => self.code,
            // The reader has closed the pipe, which is not an error.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.code,
            Err(error) => report(&format!("standard output: {error}\n")),
        }
    }
}

fn report(text: &str) -> ExitCode {
    // An error while writing to standard error cannot be reported.
    let _ = io::stderr().write_all(text.as_bytes());
    ExitCode::from(2)
}

/// Returns the text as one line of at most 1000 characters, because error messages quote the input.
fn one_line(text: &str) -> String {
    text.chars().take(1000).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
