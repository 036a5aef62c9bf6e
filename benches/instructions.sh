#!/usr/bin/env bash
# Counts the instructions of all readers for hostile inputs of two lengths with callgrind. Prints the exponent of the
# growth and the memory of the value for each byte of the input. Fails if an exponent exceeds 1.3 or a factor exceeds 8.
# Requires valgrind. An argument selects the readers whose names contain it.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cargo test --release --all-features --bench instructions --no-run 2>&1 | tee "$folder/build" >&2
program=$(sed -n 's/.*Executable.*(\(.*\))/\1/p' "$folder/build")

# Prevents copies by `rep movsb`, which callgrind counts as one instruction for each byte. Vector instructions copy many
# bytes each.
export GLIBC_TUNABLES=glibc.cpu.x86_rep_movsb_threshold=0x10000000

# Writes one profile for each read, in the order of the printed lines.
valgrind --tool=callgrind --callgrind-out-file="$folder/profile" \
    --toggle-collect=instructions::measured_reading --dump-after=instructions::measured_reading \
    "$program" "$@" >"$folder/cases" 2>"$folder/valgrind" || { cat "$folder/valgrind" >&2; exit 1; }
count=$(wc -l <"$folder/cases")
for ((number = 1; number <= 2 * count; number++)); do
    sed -n 's/^totals: //p' "$folder/profile.$number"
done | paste - - >"$folder/totals"

paste "$folder/cases" "$folder/totals" | awk -F '\t' '
    BEGIN { printf "%-28s %-52s %12s %12s %8s %6s\n", "reader", "input", "at n", "at 8 n", "exponent", "factor" }
    {
        # Each byte of the input counts as one instruction, because even a copy accesses it.
        exponent = log(($7 + $4) / ($6 + $3)) / log($4 / $3)
        is_bad = exponent > 1.3 || $5 > 8
        printf "%-28s %-52s %12.0f %12.0f %8.2f %6.2f%s\n", $1, $2, $6, $7, exponent, $5, is_bad ? "  <-" : ""
        bad += is_bad
        if (exponent > worst) worst = exponent
        if ($5 > most) most = $5
    }
    END {
        printf "%d inputs, greatest exponent %.2f, greatest factor %.2f, %d outside the bounds\n", NR, worst, most, bad
        exit bad > 0 || NR == 0
    }'
