//! Parsers for the command line and for files of injected faults.

use std::path::PathBuf;

use spotify_proto_testing::fake::Scripted;

pub(crate) const USAGE: &str = "\
usage: fake-server [OPTIONS]

  --port PORT                    port on 127.0.0.1; 0, the default, selects a free port
  --quota development|extended   quota mode of the applications; development by default
  --rotate                       a refresh returns a new refresh token and revokes the previous one
  --consent grant|deny|page      decision of the user at /authorize; grant by default
  --redirect-uri URI             additional redirect URI of the applications; may be repeated
  --own-addresses                next, previous and href contain the address of this server
  --faults FILE                  file of injected faults, one per line: NAME [KEY=VALUE ...]; # begins a comment
  --help                         prints this text

The first request that matches a fault consumes it. Names and keys are those of
spotify_proto_testing::fake::Scripted, for example

  rate-limited retry-after=2 times=3 at=/v1/me
  empty-page at=/v1/me/tracks
";

/// Parsed command line.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) port: u16,
    pub(crate) is_extended: bool,
    pub(crate) is_rotating: bool,
    pub(crate) consent: Option<String>,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) has_own_addresses: bool,
    pub(crate) faults: Option<PathBuf>,
    pub(crate) is_help: bool,
}

impl Options {
    /// Parses the arguments that follow the program name.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let (mut options, mut arguments) = (Self::default(), arguments.into_iter());
        while let Some(name) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("expected a value after {name}"));
            match name.as_str() {
                "--port" => {
                    let port = value()?;
                    options.port = port.parse().map_err(|_| format!("expected a port, got {port:?}"))?;
                }
                "--quota" => {
                    options.is_extended = match value()?.as_str() {
                        "development" => false,
                        "extended" => true,
                        other => return Err(format!("expected development or extended, got {other:?}")),
                    };
                }
                "--consent" => options.consent = Some(value()?),
                "--redirect-uri" => options.redirect_uris.push(value()?),
                "--faults" => options.faults = Some(value()?.into()),
                "--rotate" => options.is_rotating = true,
                "--own-addresses" => options.has_own_addresses = true,
                "--help" => options.is_help = true,
                _ => return Err(format!("unknown option {name:?}")),
            }
        }
        Ok(options)
    }
}

/// Parses a file of injected faults, one per line. The error contains the line number.
pub(crate) fn faults(text: &str) -> Result<Vec<Scripted>, String> {
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(at, line)| line.parse().map_err(|error| format!("line {at}: {error}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::{Options, faults};

    fn parse(arguments: &str) -> Result<Options, String> {
        Options::parse(arguments.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_are_parsed() {
        let options = parse("--port 8080 --quota extended --rotate --faults a.txt").expect("valid options");
        assert_eq!((options.port, options.is_extended, options.is_rotating), (8080, true, true));
        assert_eq!(options.faults.as_deref(), Some("a.txt".as_ref()));
    }

    #[test]
    fn the_error_describes_the_invalid_option() {
        for (arguments, why) in [
            ("--prot 1", "unknown option \"--prot\""),
            ("--port", "expected a value after --port"),
            ("--port high", "expected a port, got \"high\""),
            ("--quota full", "expected development or extended, got \"full\""),
        ] {
            assert_eq!(parse(arguments).expect_err(arguments), why);
        }
    }

    #[test]
    fn the_error_contains_the_line_number_of_an_invalid_fault() {
        assert_eq!(faults("# a series\n\nrate-limited times=3\nempty-page\n").map(|all| all.len()), Ok(2));
        let error = faults("empty-page\nempty-pag\n").expect_err("a typo");
        assert_eq!(error, "line 2: unknown fault \"empty-pag\"");
    }
}
