#!/bin/sh
# test-wheel.sh — the Python module as a stranger gets it: `pip install ./bindings/python` into an empty virtual environment,
# without PyPI, then its tests on what was installed, from another folder. An sdist must hold all that CMake asks for.
# Ends with pytest's counts as "N passed, N failed, N skipped".
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-/usr/bin/python3}
room=$(mktemp -d)
tree=$PWD/build-wheel           # below the sources, where ccache has the objects of make test
trap 'rm -rf "$room" "$tree"' EXIT

rm -rf "$tree"
"$python" -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --no-index --disable-pip-version-check \
    --config-settings "build-dir=$tree" ./bindings/python
cp -r tests/python "$room/tests"
cp -r tests/golden "$room/golden"

cd "$room"
echo "a,b
1,x
2,y" >small.csv
venv/bin/python -c 'import libframe as lf; print(lf.read_csv("small.csv").filter("a > 1"))'
[ "$(venv/bin/python -m libframe count small.csv)" = 2 ]
[ "$(venv/bin/frame count small.csv)" = 2 ]
if grep -rqF "$OLDPWD" venv/lib/python3*/site-packages/libframe; then
    echo "the wheel names the folder it was built in" >&2
    exit 1
fi

"$python" -c "import sys; sys.path.insert(0, '$OLDPWD/bindings/python'); import frame_build; frame_build.build_sdist('.')"
mkdir sdist
tar -xzf libframe-*.tar.gz -C sdist --strip-components 1
cmake -S sdist/core -B sdist/build -DFRAME_TESTS=OFF -DFRAME_PYTHON_DIR="$room/sdist" -DFRAME_PYTHON="$python" >cmake.log || {
    cat cmake.log
    exit 1
}

# pytest, with xdist, is the system's; everything else comes from the environment
status=0 shared=""
if PYTHONPATH=/usr/lib/python3/dist-packages venv/bin/python -c 'import xdist' 2>/dev/null; then shared="-n ${JOBS:-$(nproc)}"; fi
# shellcheck disable=SC2086  # no word or two
FRAME_INSTALLED=1 PYTHONPATH=/usr/lib/python3/dist-packages \
    venv/bin/python -m pytest -q -p no:cacheprovider $shared tests >log 2>&1 || status=$?
cat log
counted() { tail -n 1 log | grep -oE "[0-9]+ $1" | grep -oE '[0-9]+' || echo 0; }
# a file that could not be collected is an error of its own
echo "$(counted passed) passed, $(($(counted failed) + $(counted error))) failed, $(counted skipped) skipped"
exit "$status"
