#!/bin/sh
# test-python-asan.sh — the Python module's tests with the extension and the library built for the address and undefined-
# behaviour sanitizers (build-asan), whose runtime is loaded into Python before everything else.
# Nothing is captured (-s), so that what a sanitizer says before it ends a process is seen. Leaks are not looked for here:
# Python keeps things to the end. tests/python/test_leaks.py counts what is ours.
set -eu
cd "$(dirname "$0")/.."
tools/build.sh asan >/dev/null
runtime=$(clang -print-file-name=libclang_rt.asan-x86_64.so)
[ -e "$runtime" ] || runtime=$(clang -print-file-name=libclang_rt.asan.so)
python=${PYTHON:-/usr/bin/python3} shared=""
if "$python" -c 'import xdist' 2>/dev/null; then shared="-n ${JOBS:-$(nproc)}"; fi
# shellcheck disable=SC2086  # no word or two
LD_PRELOAD=$runtime ASAN_OPTIONS=detect_leaks=0:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1 PYTHONMALLOC=malloc \
    FRAME_BUILD=build-asan "$python" -m pytest -q -rs -s -p no:cacheprovider --durations=8 $shared "${@:-tests/python}"
