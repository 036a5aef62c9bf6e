//! Decodes a body repeatedly with one reader, for tools that count instructions: `read <body> <reader> <times>`.
//!
//! Without arguments, lists the bodies and the readers. The body `recorded artists` stands for the recorded responses of
//! a family, minified, and `recorded errors` for the recorded errors.

use std::env;
use std::process::ExitCode;

use spotify_proto_peers::decode::able;
use spotify_proto_peers::readers::READERS;
use spotify_proto_peers::{bodies, recorded};

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [body, reader, times] = arguments.as_slice() else {
        bodies::generated().iter().for_each(|body| println!("body\t{}", body.name));
        READERS.iter().for_each(|reader| println!("reader\t{}", reader.name));
        return ExitCode::SUCCESS;
    };
    match run(body, reader, times) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(body: &str, reader: &str, times: &str) -> Result<(), String> {
    let count = times.parse::<u32>().map_err(|error| error.to_string())?;
    if let Some(family) = body.strip_prefix("recorded ") {
        return recorded::read(family, reader, count);
    }
    let body = bodies::generated().into_iter().find(|it| it.name == body).ok_or("no such body")?;
    let reader = READERS.iter().find(|it| it.name == reader).ok_or("no such reader")?;
    let read = able(reader, &body, body.witness().as_deref())?;
    for _ in 0..count {
        read(&body.json, &mut |_| ())?;
    }
    Ok(())
}
