#!/bin/bash
# coverage.sh [word…] — builds with gcov, runs all C tests (those containing a word), prints covered lines per file.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/build.sh coverage
find build-coverage -name '*.gcda' -delete
for runner in build-coverage/bin/frame{,-plot,-report}-tests; do
    [ ! -x "$runner" ] || FRAME_LEAKS=1 "$runner" "$@" | tail -n 1
done
objects=$(find build-coverage -name '*.gcda')
# shellcheck disable=SC2086  # a list of file names is meant
(cd build-coverage && gcov -n ${objects//build-coverage\//} 2>/dev/null) | awk '
    /^File / { file = $2; gsub(/\x27/, "", file) }
    /^Lines executed/ && file ~ /src\// {
        sub(/.*src\//, "src/", file)
        split($0, part, /[:% ]+/); share = part[3]; lines = part[5]
        if (lines > seen[file]) { seen[file] = lines; covered[file] = share * lines / 100 }
        file = ""
    }
    END {
        for (f in seen) {
            printf "%6.1f %%  %5d lines  %s\n", 100 * covered[f] / seen[f], seen[f], f | "sort -n"
            all += seen[f]
            hit += covered[f]
        }
        close("sort -n")
        if (all) printf "%6.1f %%  %5d lines  in all\n", 100 * hit / all, all
    }'
