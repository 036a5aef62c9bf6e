#!/usr/bin/env bash
# Compares the compile times of this library and rspotify, with cold, sequential builds and default features.
# Then builds the library with up to 160 additional operations and a program that calls all of them, and prints the number
# of functions in the program. Each operation should add only the code of its macro and `Call::new`; the functions of the
# state machine should stay the same.
# If the machine is busy, compare the processor seconds.
set -euo pipefail
project=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG
# The copy of the library without additional operations has unused items.
export RUSTFLAGS=-Awarnings
TIMEFORMAT='%R %U %S'

# Creates a crate with one dependency: package <name> <dependency line>.
package() {
    mkdir -p "$work/$1/src"
    printf '[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n[dependencies]\n%s\n[workspace]\n' "$1" "$2" \
        >"$work/$1/Cargo.toml"
    : >"$work/$1/src/lib.rs"
    cargo fetch --quiet --manifest-path "$work/$1/Cargo.toml"
}

# Builds a crate and prints the elapsed seconds and the processor seconds.
build() {
    { time cargo build --quiet --offline --manifest-path "$work/$1/Cargo.toml" 2>"$work/log" || cat "$work/log" >&2; } 2>&1 |
        awk '{ printf "%.1f %.1f", $1, $2 + $3 }'
}

crates() {
    cargo tree --offline --manifest-path "$work/$1/Cargo.toml" --edges normal,build --prefix none --no-dedupe |
        awk 'NR > 1 && NF { print $1, $2 }' | sort -u | wc -l
}

package ours "spotify-proto = { path = \"$project\" }"
package theirs 'rspotify = "=0.16.1"'
printf '%-16s %8s %10s %10s\n' cold crates seconds processor
read -r our_real our_cpu <<<"$(build ours)"
printf '%-16s %8d %10s %10s\n' spotify-proto "$(crates ours)" "$our_real" "$our_cpu"
read -r their_real their_cpu <<<"$(build theirs)"
printf '%-16s %8d %10s %10s\n' rspotify "$(crates theirs)" "$their_real" "$their_cpu"
awk -v a="$our_real" -v b="$their_real" -v c="$our_cpu" -v d="$their_cpu" \
    'BEGIN { printf "%-16s %8s %10.2f %10.2f\n", "ratio", "", a / b, c / d }'

# Writes a copy of the library with the given number of additional operations, and a program that calls each of them.
extend() {
    rm -rf "$work/copy/src" "$work/user/src/main.rs"
    mkdir -p "$work/copy" "$work/user/src"
    cp -r "$project/src" "$project/Cargo.toml" "$project/README.md" "$work/copy/"
    # Removes the targets whose files are not copied.
    sed -i '/^\[\[/,/^$/d' "$work/copy/Cargo.toml"
    sed -i 's/^mod users;/mod extra;\nmod users;\npub use extra::*;/' "$work/copy/src/api.rs"
    {
        echo 'use crate::endpoint::endpoint; use crate::types::id::AlbumId; use crate::types::market::Market;'
        echo 'use crate::model::{Page, SimplifiedTrack};'
        for ((i = 0; i < $1; i++)); do
            cat <<OPERATION
endpoint! {
    /// Gets the tracks of an album.
    "extra-$i" GET "/v1/extra$i/{id}/tracks" => Page<SimplifiedTrack>;
    Extra$i { id: AlbumId } ? {
        /// Market of the tracks.
        market: Market,
        /// Maximum number of tracks.
        limit: u32,
        /// Index of the first track.
        offset: u32,
    }
}
OPERATION
        done
    } >"$work/copy/src/api/extra.rs"
    {
        echo 'use spotify_proto::{AlbumId, App, Call, Endpoint, Session, Step, api, http::Response, model};'
        echo 'type Tracks = model::Page<model::SimplifiedTrack>;'
        echo 'fn run(call: Call<Tracks>, app: &mut App, session: &mut Session) -> bool {'
        echo '    let now = std::time::SystemTime::now();'
        echo '    let mut step = call.start(app, session, now);'
        echo '    loop { step = match step {'
        echo '        Step::Send(_, exchange) => {'
        echo '            let received = exchange.receive(Ok::<_, ()>(Response::new("{}")), now);'
        echo '            received.apply(app, session, now).unwrap()'
        echo '        }'
        echo '        Step::Wait(_, waiting) | Step::Authorize(_, waiting) => waiting.resume(app, session, now),'
        echo '        Step::Done(result) => return result.is_ok(),'
        echo '    } }'
        echo '}'
        echo 'fn main() {'
        echo '    let id: AlbumId = "4aawyAB9vmqN3uQ7FjRGTy".parse().unwrap();'
        echo '    let (mut app, mut session) = (App::without_credentials(), Session::from_access_token("token"));'
        echo '    println!("{}", run(Call::new(api::GetAlbumTracks::new(id.clone())), &mut app, &mut session));'
        for ((i = 0; i < $1; i++)); do
            echo "    println!(\"{}\", run(Call::new(api::Extra$i::new(id.clone()).limit(5)), &mut app, &mut session));"
        done
        echo '}'
    } >"$work/user/src/main.rs"
}

symbols() { nm -C "$work/user/target/debug/user" | grep -E -- "$1" | cut -d ' ' -f 3-; }

# Prints the processor seconds of building the crate without its dependencies: the minimum of three builds.
alone() {
    for _ in 1 2 3; do
        touch "$work/copy/src/lib.rs"
        { time cargo build --quiet --offline --manifest-path "$work/user/Cargo.toml" -p spotify-proto; } 2>&1 |
            awk '{ print $2 + $3 }'
    done | sort -n | head -1
}

extend 0
package user "spotify-proto = { path = \"$work/copy\" }"
rm -f "$work/user/src/lib.rs"
printf '\n%-16s %10s %18s %18s %14s\n' 'more operations' processor 'machine functions' 'functions of call' 'program bytes'
declare -A seconds bytes
for count in 0 40 80 160; do
    extend "$count"
    cargo build --quiet --offline --manifest-path "$work/user/Cargo.toml"
    bytes[$count]=$(size "$work/user/target/debug/user" | awk 'NR == 2 { print $1 }')
    seconds[$count]=$(alone)
    printf '%-16d %10.2f %18d %18d %14d\n' "$count" "${seconds[$count]}" \
        "$(symbols 'spotify_proto::call::machine::' | wc -l)" "$(symbols 'spotify_proto::call::' | wc -l)" "${bytes[$count]}"
done
awk -v a="${seconds[0]}" -v b="${seconds[160]}" -v c="${bytes[0]}" -v d="${bytes[160]}" \
    'BEGIN { printf "%-16s %10.2f %18s %18s %14.0f\n", "per 10 more", (b - a) / 16, "", "", (d - c) / 16 }'
printf '\nFunctions of one operation in the program, in addition to Call::new:\n'
symbols '\bExtra7\b'
