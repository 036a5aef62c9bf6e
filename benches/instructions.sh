#!/usr/bin/env bash
# Instructions of reading hostile bodies over doubling lengths, by callgrind, and the exponent of their growth.
# Needs valgrind. Fails if an exponent is above 1.3.
set -euo pipefail
cd "$(dirname "$0")/.."

program=$(cargo test --all-features --bench instructions --no-run 2>&1 | sed -n 's/.*Executable.*(\(.*\))/\1/p')

# Instructions of one reading: those of two readings less those of one.
count() {
    local one two
    one=$(run "$1" "$2" 1)
    two=$(run "$1" "$2" 2)
    echo $((two - one))
}

run() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$@" 2>&1 | sed -n 's/.*Collected : //p'
}

failed=0
printf '%-48s %10s %10s %10s %10s %9s\n' 'thousands of instructions' '8 KB' '16 KB' '32 KB' '64 KB' exponent
while IFS=$'\t' read -r number name; do
    counts=()
    for length in 8192 16384 32768 65536; do
        counts+=($(($(count "$number" "$length") / 1000)))
    done
    exponent=$(awk -v first="${counts[0]}" -v last="${counts[3]}" 'BEGIN { printf "%.2f", log(last / first) / log(8) }')
    printf '%-48s %10d %10d %10d %10d %9s\n' "$name" "${counts[@]}" "$exponent"
    if awk -v exponent="$exponent" 'BEGIN { exit exponent <= 1.3 }'; then failed=1; fi
done < <("$program")
exit "$failed"
