#!/usr/bin/env bash
# Runs the named fuzz targets, or all of them, for the given number of seconds each. Prints one line for each target with
# the executions, the executions per second, the coverage (edges and features) and the inputs that failed. Exits with 1 if
# a target failed. New inputs and logs are written to the target folder; the committed corpus is not modified.
#
#     fuzz/run-all.sh SECONDS [--jobs N] [TARGET...]
#
# Requires a nightly toolchain and cargo-fuzz. With `--jobs N`, N targets run at once; the default is 1.
#
# The inputs of `call` are numbers, so recording the operands of comparisons does not help to find new ones. Its checks
# need no address sanitizer, because neither the library nor the target has unsafe code. Without both, the target is
# several times faster.
set -euo pipefail

usage() {
    echo "usage: fuzz/run-all.sh SECONDS [--jobs N] [TARGET...]" >&2
    exit 2
}

seconds="" jobs=1 targets=()
while [ $# -gt 0 ]; do
    case "$1" in
    --jobs) jobs="${2:-}" && shift ;;
    -*) usage ;;
    *) if [ -z "$seconds" ]; then seconds="$1"; else targets+=("$1"); fi ;;
    esac
    shift
done
[[ "$seconds" =~ ^[1-9][0-9]*$ && "$jobs" =~ ^[1-9][0-9]*$ ]] || usage

cd "$(dirname "$0")/.."
if [ ${#targets[@]} -eq 0 ]; then
    for file in fuzz/fuzz_targets/*.rs; do targets+=("$(basename "$file" .rs)"); done
fi
export CARGO_TARGET_DIR="${FUZZ_TARGET_DIR:-${CARGO_TARGET_DIR:-$PWD/target}/fuzz}"
work="$CARGO_TARGET_DIR/run-all"
triple="$(rustc +nightly -vV | sed -n 's/^host: //p')"
plain="$CARGO_TARGET_DIR/plain"
for target in "${targets[@]}"; do
    [ -f "fuzz/fuzz_targets/$target.rs" ] || { echo "there is no target $target" >&2 && exit 2; }
    case "$target" in
    call) cargo +nightly fuzz build --sanitizer none --no-trace-compares --target-dir "$plain" "$target" ;;
    *) cargo +nightly fuzz build --target-dir "$CARGO_TARGET_DIR" "$target" ;;
    esac
done
# Removes the results of earlier runs, whose inputs may have another format.
rm -rf "$work"

# Runs one target and writes its output to its log.
run_one() {
    local folder="$CARGO_TARGET_DIR" length=4096
    # A small history has fewer than 512 decisions.
    [ "$1" = call ] && folder="$plain" length=512
    mkdir -p "$work/$1/corpus" "$work/$1/artifacts"
    "$folder/$triple/release/$1" \
        -max_total_time="$seconds" -print_final_stats=1 -timeout=20 -max_len="$length" -rss_limit_mb=4096 \
        -dict="fuzz/dictionaries/$1.dict" -artifact_prefix="$work/$1/artifacts/" \
        "$work/$1/corpus" "fuzz/corpus/$1" >"$work/$1/log" 2>&1 || echo "$?" >"$work/$1/failed"
}
export -f run_one
export work plain seconds triple ASAN_OPTIONS="${ASAN_OPTIONS:-detect_odr_violation=0}"
printf '%s\n' "${targets[@]}" | xargs -P "$jobs" -I{} bash -c 'run_one {}'

status=0
printf '\n%-10s %12s %8s %8s %10s %s\n' target executions exec/s edges features failures
for target in "${targets[@]}"; do
    log="$work/$target/log"
    stat() { sed -n "s/^stat::$1: *//p" "$log"; }
    last() { sed -n "s/.* $1: \([0-9]*\).*/\1/p" "$log" | tail -n 1; }
    failures="$(find "$work/$target/artifacts" -type f | tr '\n' ' ')"
    if [ -e "$work/$target/failed" ]; then
        status=1
        failures="${failures:-none: see $log}"
    fi
    printf '%-10s %12s %8s %8s %10s %s\n' "$target" "$(stat number_of_executed_units)" \
        "$(stat average_exec_per_sec)" "$(last cov)" "$(last ft)" "${failures:--}"
done
exit "$status"
