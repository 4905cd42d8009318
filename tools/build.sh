#!/bin/sh
# build.sh PRESET [-DNAME=VALUE…] — configures (once, or when options change) and builds a preset, quietly.
set -eu
cd "$(dirname "$0")/.."
preset=$1
shift
if [ "$preset" = release ]; then directory=build; else directory=build-$preset; fi

generator=""
if [ ! -e "$directory/CMakeCache.txt" ] && command -v ninja >/dev/null; then generator="-G Ninja"; fi
# shellcheck disable=SC2086  # the option and its value are two words
cmake --preset "$preset" $generator "$@" >"/tmp/libframe-configure.$$" 2>&1 || {
    cat "/tmp/libframe-configure.$$"
    rm -f "/tmp/libframe-configure.$$"
    exit 1
}
rm -f "/tmp/libframe-configure.$$"
exec cmake --build "$directory" --parallel "${JOBS:-$(nproc)}"
