#!/usr/bin/env bash
# Starts a Prism server for the description on a free loopback port, and runs the tests that send requests to this
# server. Arguments: the Prism executable and the folder with the description.
set -euo pipefail
program="$1"
folder="$2"
log="$folder/prism.log"

port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')
"$program" mock --host 127.0.0.1 --port "$port" --json-schema-faker-fillProperties=false --verboseLevel warn \
    "$folder/description.yml" >"$log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT

# The server takes a few seconds to start.
for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
    kill -0 "$server" 2>/dev/null || { cat "$log" >&2; exit 1; }
    sleep 0.2
done

PRISM_ADDRESS="http://127.0.0.1:$port" cargo test -q --all-features --test it described_server:: -- \
    --nocapture --test-threads 1
