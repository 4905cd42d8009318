# The two commands a newcomer needs are `make demo` and `make test`; the real build is CMakeLists.txt with its presets.
# Debian's Python, which sees Debian's pytest, before any other in the PATH.
PYTHON := $(or $(wildcard /usr/bin/python3),python3)

.PHONY: help build demo test test-interop data bench bench-breadth bench-instructions gallery packages-build packages-test clean

help:
	@echo 'make demo     install what is missing, build, generate sample data, show libframe at work'
	@echo 'make test     install what is missing, build, run every test'
	@echo 'make test-interop  the Python module against current pandas, polars, pyarrow and DuckDB from PyPI (MINUTES=1)'
	@echo 'make bench    compare with polars, DuckDB, DataFusion, pandas and data.table (ROWS=1e7; ROWS=1e6 takes minutes)'
	@echo 'make bench-breadth  some hundred operations more, libframe and polars by turns'
	@echo 'make bench-instructions  count instructions of the kernels and compare with those recorded'
	@echo 'make build    build only: build/bin/frame, build/lib/libframe-1.so'
	@echo 'make clean    remove build/'
	@echo
	@echo 'Presets for developers (cmake --preset X && cmake --build --preset X): dev asan tsan fuzz coverage'

packages-build:
	@tools/install-packages.sh build

packages-test:
	@tools/install-packages.sh build test

build: packages-build
	@tools/build.sh release $(if $(wildcard /usr/include/CUnit/CUnit.h),,-DFRAME_TESTS=OFF)

data: build
	@build/bin/make-datasets datasets

demo: data
	@tools/demo.sh

# The pictures of docs/gallery, drawn again by the library as it is.
gallery: data
	@$(PYTHON) tools/make_gallery.py build

test: packages-test
	@tools/build.sh release -DFRAME_TESTS=ON
	@build/bin/make-datasets datasets
	@PYTHON='$(PYTHON)' tools/run-tests.sh build

# The Python module against what PyPI has today, in build/interop; MINUTES of each kind of random steps at the end.
MINUTES ?= 1
test-interop: packages-test
	@tools/build.sh release -DFRAME_TESTS=ON
	@PYTHON='$(PYTHON)' tools/test-interop.sh build '$(MINUTES)'

# PyPI's engines go into build/bench-venv; data.table joins in where R and r-cran-data.table are installed.
ROWS ?= 1e7
bench: build
	@cmake --build build --target bench >/dev/null
	@'$(PYTHON)' bench/compare/run.py --rows '$(ROWS)' $(BENCH)

# Some hundred operations that are no rows of the benchmark, with the Python modules of libframe and polars.
bench-breadth: build
	@'$(PYTHON)' bench/breadth/breadth.py $(BREADTH)

# Instructions of some kernels under valgrind, beside those recorded for the compiler (KERNELS=--record writes them).
bench-instructions: build
	@cmake --build build --target bench_kernels >/dev/null
	@'$(PYTHON)' bench/instructions/count.py $(KERNELS)

clean:
	rm -rf build
