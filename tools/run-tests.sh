#!/bin/bash
# run-tests.sh BUILD [pytest argument…] — every test of a build tree: the C runner, then pytest (house, command,
# install). Ends with one line "N passed, N failed, N skipped" and fails when a test did, or when one of them crashed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
build=$1
shift
[ $# -gt 0 ] || set -- tests
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0

# The number before a word in the last line that has it; pytest leaves out words whose number is 0.
count() { grep -E '[0-9]+ (passed|failed|skipped|error)' "$log" | tail -n 1 | grep -oE "[0-9]+ $1" | grep -oE '[0-9]+' || echo 0; }

run() {
    "$@" 2>&1 | tee "$log"
    local status=${PIPESTATUS[0]} f
    f=$(($(count failed) + $(count error)))
    if [ "$status" != 0 ] && [ "$f" = 0 ]; then
        echo "FAIL  $1 ended with status $status"
        f=1
    fi
    passed=$((passed + $(count passed)))
    failed=$((failed + f))
    skipped=$((skipped + $(count skipped)))
}

jobs=${JOBS:-$(nproc)} python=${PYTHON:-python3} shared=""
if "$python" -c 'import xdist' 2>/dev/null; then shared="-n $jobs"; fi
export FRAME_LEAKS=1            # an object that outlives its program is named on stderr
export LSAN_OPTIONS=suppressions=$PWD/tools/lsan-suppressions.txt:print_suppressions=0
run "$build/bin/frame-tests" --jobs "$jobs" --slowest 8
for part in plot report; do
    [ ! -x "$build/bin/frame-$part-tests" ] || run "$build/bin/frame-$part-tests" --jobs "$jobs" --slowest 3
done
# shellcheck disable=SC2086  # no word or two
FRAME_BUILD=$build run "$python" -m pytest -q -rs -p no:cacheprovider --durations=8 $shared "$@"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
