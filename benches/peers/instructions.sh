#!/usr/bin/env bash
# Prints the instructions that each reader needs to decode a body, in thousands. Callgrind counts them, so the numbers are
# the same on every run.
# Requires valgrind. Usage: `instructions.sh [body]...`; the default is the bodies of the figures. `recorded artists`
# selects the recorded responses of a family, and `recorded errors` selects the recorded errors.
set -euo pipefail
cd "$(dirname "$0")"

cargo build --release --quiet --bin read
read="${CARGO_TARGET_DIR:-target}/release/read"
if [ $# -eq 0 ]; then
    set -- 'playlist 2026' 'playlist 2026, 184 markets' 'saved tracks' "artist's albums" search 'audio analysis'
fi
readers=('spotify-proto' 'derived, strict' rspotify-model aspotify spotify-rs 'serde_json: Value' 'serde_json: IgnoredAny' 'IgnoredAny, serde_json')

# Counts the instructions of the given number of reads, including the start of the program.
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$read" "$@" 2>&1 | sed -n 's/.*Collected : //p'
}

for body in "$@"; do
    printf '\n%s\n' "$body"
    for reader in "${readers[@]}"; do
        if ! reason=$("$read" "$body" "$reader" 1 2>&1); then
            printf '  %-26s %s\n' "$reader" "$reason"
            continue
        fi
        one=$(count "$body" "$reader" 1)
        three=$(count "$body" "$reader" 3)
        printf '  %-26s %8d\n' "$reader" $(((three - one) / 2 / 1000))
    done
done
