//! Time and memory of each page while a list of a million items is copied, from the first page to the last.
//!
//! `cargo bench --bench mirror` reads 20,000 pages of 50 generated items with a pager, and prints the processor time per
//! page and the peak heap memory for each tenth of the pages. The time includes building the request, decoding the
//! response and dropping the items. The bench fails if the heap grows.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "benches measure time and print"
)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "a bench that panics has failed"
)]
#![allow(unreachable_pub, reason = "the bodies are shared with other benches")]

use std::hint::black_box;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cpu_time::ThreadTime;
use http::Response;
use serde_json::json;
use spotify_proto::api::GetSavedTracks;
use spotify_proto::{App, Call, Completeness, Pager, Session, Step};

#[path = "bodies.rs"]
#[allow(dead_code, reason = "other benches use the rest")]
mod bodies;

const PAGES: u64 = 20_000;
const TENTHS: u64 = 10;
const LIMIT: u64 = 50;

/// List of saved tracks. Each page contains one of 16 generated lists of items.
struct Server {
    items: Vec<String>,
}

impl Server {
    fn new() -> Self {
        let mut seeded = bodies::Seeded(0x5eed);
        let mut items = || {
            let mut item =
                || json!({"added_at": bodies::time(&mut seeded), "track": bodies::track(&mut seeded, None)});
            json!((0..LIMIT).map(|_| item()).collect::<Vec<_>>()).to_string()
        };
        Self { items: (0..16).map(|_| items()).collect() }
    }

    fn page(&self, number: u64) -> String {
        let url = "https://api.spotify.com/v1/me/tracks";
        let (items, offset, total) =
            (&self.items[number as usize % self.items.len()], number * LIMIT, PAGES * LIMIT);
        let next = match offset + LIMIT {
            end if end < total => format!("\"{url}?offset={end}&limit={LIMIT}\""),
            _ => "null".to_owned(),
        };
        format!(
            r#"{{"href":"{url}?offset={offset}&limit={LIMIT}","items":{items},"limit":{LIMIT},"next":{next},"offset":{offset},"previous":null,"total":{total}}}"#
        )
    }
}

/// Client that reads the list page by page.
struct Mirror {
    app: App,
    session: Session,
    pager: Pager<GetSavedTracks>,
    items: usize,
}

impl Mirror {
    /// Reads one page and returns the processor time.
    fn read(&mut self, body: &str, now: SystemTime) -> Duration {
        let begin = ThreadTime::now();
        let endpoint = self.pager.request().expect("another page").clone();
        let Step::Send(request, exchange) = Call::new(endpoint).start(&mut self.app, &mut self.session, now)
        else {
            panic!("a call with a token begins with its request")
        };
        drop(black_box(request));
        let received = exchange.receive(Ok::<_, ()>(Response::new(body)), now);
        let Ok(Step::Done(Ok(reply))) = received.apply(&mut self.app, &mut self.session, now) else {
            panic!("the response is a page")
        };
        let items = self.pager.receive(reply.value);
        self.items += items.len();
        drop(black_box(items));
        begin.elapsed()
    }
}

fn main() {
    let server = Server::new();
    let mut mirror = Mirror {
        app: App::without_credentials(),
        session: Session::from_access_token("BQDaccess"),
        pager: Pager::new(GetSavedTracks::new().limit(LIMIT as u32)),
        items: 0,
    };
    println!(
        "page of {} KB\n{:>6} {:>12} {:>12}",
        server.page(0).len() / 1000,
        "tenth",
        "us per page",
        "heap, bytes"
    );
    let mut heaps = Vec::new();
    for tenth in 0..TENTHS {
        let mut time = Duration::ZERO;
        let taken = allocation_counter::measure(|| {
            for number in tenth * PAGES / TENTHS..(tenth + 1) * PAGES / TENTHS {
                let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000 + number);
                time += mirror.read(&server.page(number), now);
            }
        });
        let micros = time.as_secs_f64() * 1e6 / (PAGES / TENTHS) as f64;
        println!("{:>6} {micros:>12.1} {:>12}", tenth + 1, taken.bytes_max);
        heaps.push(taken.bytes_max);
    }
    println!("{} items, {:?}", mirror.items, mirror.pager.completeness());
    assert_eq!((mirror.items as u64, mirror.pager.finish()), (PAGES * LIMIT, Completeness::Complete));
    let (first, last) = (heaps[0], heaps[heaps.len() - 1]);
    assert!(last <= first + first / 20, "the heap grows from {first} to {last} bytes");
}
