#!/bin/sh
# install-packages.sh GROUP… — installs the missing Debian packages of the given groups (build, test, ci).
# Does nothing, and needs no privileges, when all of them are there.
set -eu
list=$(dirname "$0")/debian-packages.txt
here=$(dpkg --print-architecture)

missing=""
for group in "$@"; do
    # shellcheck disable=SC2013  # words are meant: a package name has no space
    for package in $(awk -v group="$group" -v here="$here" '
            !/^#/ && $2 == group { fits = NF == 2; for (i = 3; i <= NF; i++) fits += $i == here; if (fits) print $1 }' "$list"); do
        state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$state" = installed ] || missing="$missing $package"
    done
done
[ -n "$missing" ] || exit 0

echo "installing:$missing"
as_root=""
[ "$(id -u)" = 0 ] || as_root=sudo
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # a list of words is meant
$as_root apt-get install -y --no-install-recommends $missing >/dev/null 2>&1 && exit 0
$as_root apt-get update -q
# shellcheck disable=SC2086
$as_root apt-get install -y -q --no-install-recommends $missing
