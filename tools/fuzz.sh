#!/bin/bash
# fuzz.sh SECONDS [name…] — runs each libFuzzer target for so long on its corpus; a finding stays in build-fuzz/findings.
# With FRAME_SEED the inputs are drawn from that seed: from an empty build-fuzz/corpus a build tries the same ones again.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
seconds=$1
shift
tools/build.sh fuzz || exit 1
passed=0 failed=0
for target in build-fuzz/bin/fuzz-*; do
    [ -x "$target" ] || continue
    name=${target##*/fuzz-}
    if [ $# -gt 0 ] && [[ " $* " != *" $name "* ]]; then continue; fi
    mkdir -p "build-fuzz/corpus/$name" build-fuzz/findings
    seeds="tests/fuzz/corpus/$name"
    [ -d "$seeds" ] || seeds=""
    dictionary="tests/fuzz/$name.dict"
    [ -e "$dictionary" ] && dictionary="-dict=$dictionary" || dictionary=""
    # shellcheck disable=SC2086  # empty words must vanish
    if "$target" -max_total_time="$seconds" -seed="${FRAME_SEED:-0}" -timeout=5 -rss_limit_mb=2048 -max_len=65536 -verbosity=0 \
        -artifact_prefix="build-fuzz/findings/$name-" $dictionary "build-fuzz/corpus/$name" $seeds \
        >"build-fuzz/$name.log" 2>&1; then
        echo "ok    fuzz-$name for $seconds s"
        passed=$((passed + 1))
    else
        echo "FAIL  fuzz-$name"
        tail -n 60 "build-fuzz/$name.log"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
