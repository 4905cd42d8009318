#!/bin/sh
# analyse.sh — cppcheck over our sources; what is suppressed, and why, is in tools/cppcheck-suppressions.txt.
set -eu
cd "$(dirname "$0")/.."
sources=$(git ls-files 'src/*.c' ':!*.isa.c')
# shellcheck disable=SC2086  # a list of file names is meant
cppcheck --std=c11 --language=c --enable=warning,portability,performance --inline-suppr --error-exitcode=1 --quiet \
    -j "${JOBS:-$(nproc)}" -D__x86_64__ -D__GNUC__ -D__SIZEOF_INT128__ -D__LITTLE_ENDIAN__ '-D__BYTE_ORDER__=1234' \
    -D__ORDER_LITTLE_ENDIAN__=1234 -DFRAME_VERSION='"0"' \
    -Iinclude -Isrc/frame -Isrc --suppressions-list=tools/cppcheck-suppressions.txt \
    --template='{file}:{line}: {severity}: {id}: {message}' $sources
