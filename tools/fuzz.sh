#!/bin/bash
# fuzz.sh SECONDS [name…] — runs each libFuzzer target for so long on its corpus; a finding stays in build-fuzz/findings.
# With FRAME_SEED the inputs are drawn from that seed: from an empty build-fuzz/corpus a build tries the same ones again.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
seconds=$1
shift
tools/build.sh fuzz || exit 1
export seconds

# fuzz_one NAME — one target on its corpus; says how it went in a line, and what it found.
fuzz_one() {
    local name=$1 target=build-fuzz/bin/fuzz-$1 seeds="tests/fuzz/corpus/$1" dictionary="tests/fuzz/$1.dict"
    mkdir -p "build-fuzz/corpus/$name" build-fuzz/findings
    [ -d "$seeds" ] || seeds=""
    [ -e "$dictionary" ] && dictionary="-dict=$dictionary" || dictionary=""
    # shellcheck disable=SC2086  # empty words must vanish
    if "$target" -max_total_time="$seconds" -seed="${FRAME_SEED:-0}" -timeout=5 -rss_limit_mb=2048 -max_len=65536 -verbosity=0 \
        -artifact_prefix="build-fuzz/findings/$name-" $dictionary "build-fuzz/corpus/$name" $seeds \
        >"build-fuzz/$name.log" 2>&1; then
        echo "ok    fuzz-$name for $seconds s"
    else
        echo "FAIL  fuzz-$name"$'\n'"$(tail -n 60 "build-fuzz/$name.log")"
    fi
}
export -f fuzz_one

names=()
for target in build-fuzz/bin/fuzz-*; do
    [ -x "$target" ] || continue
    name=${target##*/fuzz-}
    if [ $# -gt 0 ] && [[ " $* " != *" $name "* ]]; then continue; fi
    names+=("$name")
done

# A target is one thread, so as many run as there are processors.
outcome=$(mktemp)
trap 'rm -f "$outcome"' EXIT
# shellcheck disable=SC2016  # bash -c expands it
[ ${#names[@]} = 0 ] || printf '%s\n' "${names[@]}" | xargs -P "${JOBS:-$(nproc)}" -I{} bash -c 'fuzz_one "$1"' fuzz_one {} |
    tee "$outcome"
passed=$(grep -c '^ok    fuzz-' "$outcome") failed=$((${#names[@]} - passed))       # one that said nothing has failed
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
