#!/usr/bin/env bash
# Instructions for one reading of a body, by reader: thousands, counted by callgrind, the same on every run.
# Needs valgrind. `instructions.sh [body]...`; without bodies: those of the figures. `recorded artists` names the recorded
# responses of a family, `recorded errors` the recorded errors.
set -euo pipefail
cd "$(dirname "$0")"

cargo build --release --quiet --bin read
read="${CARGO_TARGET_DIR:-target}/release/read"
if [ $# -eq 0 ]; then
    set -- 'playlist 2026' 'playlist 2026, 184 markets' 'saved tracks' "artist's albums" search 'audio analysis'
fi
readers=('spotify-proto' 'derived, strict' rspotify-model aspotify spotify-rs 'serde_json: Value' 'serde_json: IgnoredAny' 'IgnoredAny, serde_json')

# What so many readings take, the start of the program included.
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
