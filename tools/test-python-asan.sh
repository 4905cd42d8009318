#!/bin/sh
# test-python-asan.sh — the Python module's tests with the extension and the library built for the address and undefined-
# behaviour sanitizers (build-asan), whose runtime is loaded into Python before everything else.
# Leaks are not looked for here: Python keeps things to the end. tests/python/test_leaks.py counts what is ours.
set -eu
cd "$(dirname "$0")/.."
tools/build.sh asan >/dev/null
runtime=$(clang -print-file-name=libclang_rt.asan-x86_64.so)
[ -e "$runtime" ] || runtime=$(clang -print-file-name=libclang_rt.asan.so)
LD_PRELOAD=$runtime ASAN_OPTIONS=detect_leaks=0:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1 PYTHONMALLOC=malloc \
    FRAME_BUILD=build-asan "${PYTHON:-/usr/bin/python3}" -m pytest -q -rs -s -p no:cacheprovider "${@:-tests/python}"
