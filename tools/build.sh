#!/bin/sh
# build.sh PRESET [-DNAME=VALUE…] [target…] — configures (once, or when options change) and builds a preset, quietly: all
# of it, or the targets that are named.
set -eu
cd "$(dirname "$0")/.."
preset=$1
shift
targets=""
for word in "$@"; do                    # options stay in "$@"
    shift
    case $word in
        -*) set -- "$@" "$word" ;;
        *) targets="$targets $word" ;;
    esac
done
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
# shellcheck disable=SC2086  # a list of words is meant
exec cmake --build "$directory" --parallel "${JOBS:-$(nproc)}" ${targets:+--target $targets}
