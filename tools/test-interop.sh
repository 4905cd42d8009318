#!/bin/sh
# test-interop.sh BUILD [minutes] — the Python module against current releases of other libraries: an environment of its own
# in the build tree, with what PyPI has today; round trips, made-up frames, then the drivers of tests/differential: random
# chains, steps on long frames, moments, clocks, windows, constants, aggregates, casts, for so many minutes each (1).
# FRAME_HUGE=1 adds columns of more than 2^31 rows and 2 GB of text (12 GB of memory).
# Ends with "N passed, N failed, N skipped".
set -eu
cd "$(dirname "$0")/.."
build=$1
minutes=${2:-1}
environment=$build/interop
packages="numpy pandas polars pyarrow duckdb hypothesis pytest"

[ -x "$environment/bin/python" ] || "${PYTHON:-python3}" -m venv "$environment"
# shellcheck disable=SC2086  # a list of words is meant
"$environment/bin/pip" install --quiet --upgrade --disable-pip-version-check $packages
"$environment/bin/pip" list --format freeze | grep -E '^(numpy|pandas|polars|pyarrow|duckdb|hypothesis)=' | tr '\n' ' '
echo

log=$(mktemp)
trap 'rm -f "$log"' EXIT
# the number before a word in the last line of the log that counts something
count() { grep -E '[0-9]+ (passed|failed|skipped|error)' "$log" | tail -n 1 | grep -oE "[0-9]+ $1" | grep -oE '[0-9]+' || echo 0; }
passed=0 failed=0 skipped=0
run() {
    status=0
    "$@" >"$log" 2>&1 || status=$?
    cat "$log"
    f=$(($(count failed) + $(count error)))
    if [ "$status" != 0 ] && [ "$f" = 0 ]; then f=1; fi
    passed=$((passed + $(count passed))) failed=$((failed + f)) skipped=$((skipped + $(count skipped)))
}

run env FRAME_BUILD="$build" "$environment/bin/python" -m pytest -q -p no:cacheprovider tests/python tests/interop
for driver in run large joins asof rows budgets moments zones windows literals exact casts; do
    run env PYTHONPATH="$build/python" "$environment/bin/python" "tests/differential/$driver.py" --minutes "$minutes"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
