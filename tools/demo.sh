#!/bin/sh
# demo.sh — libframe on 50,000 generated sales: what `make demo` shows.
set -eu
cd "$(dirname "$0")/.."
PATH=$PWD/build/bin:$PATH

show() {
    printf '\n$ %s\n' "$*"
    eval "$*"
}

show "frame --help"
