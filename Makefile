# What a newcomer types: `make demo` and `make test`. Each sets up what it needs and reuses it.
# `make test` leaves out what is marked long; `make check` and `make test-all` do not.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A file is one worker's, and files go out in the order of tests/conftest.py. Tests of real processes wait now and then.
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
PYTEST := $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder
STAMP := $(VENV)/.ready
TOOLS := $(VENV)/.tools
DATASETS := .cache/datasets
NOTEBOOK := .cache/notebook
BESIDE := .cache/bench
PIP := $(BIN)/python -m pip --disable-pip-version-check
# A lock is complete: pip installs what it lists and resolves nothing, whatever has been released since.
LOCKED := install --quiet --no-deps --require-hashes

# Interpreters keep the bytecode of what they import: hundreds of processes of the tests import it again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup tools demo test test-all durations check coverage notebook tck interop soak test-postgres attack worlds screens bench bench-edc lock clean help

help:  ## show the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{ printf "%-15s %s\n", $$1, $$2 }'

setup: $(STAMP)  ## make the virtual environment (done by the others when needed)

$(STAMP): requirements/base.txt requirements/build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Voile needs Python 3.11 or newer; found $$($(PYTHON) --version). Say PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python cannot make virtual environments; on Debian and Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	@echo "setting up $(VENV) (once)"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(PIP) $(LOCKED) -r requirements/base.txt -r requirements/build.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@$(PIP) check >/dev/null || { $(PIP) check; exit 1; }
	@touch $@

# What the tests and checks need beside; the data sets are data only, unpacked and never imported.
tools: $(TOOLS)

$(TOOLS): $(STAMP) requirements/dev.txt requirements/datasets.txt
	@echo "setting up what the tests need (once)"
	@$(PIP) $(LOCKED) -r requirements/dev.txt
	@$(PIP) check >/dev/null || { $(PIP) check; exit 1; }
	@rm -rf $(DATASETS)
	@$(PIP) $(LOCKED) --no-build-isolation --only-binary statsmodels --target $(DATASETS) -r requirements/datasets.txt || { rm -rf $(DATASETS); echo "the public data sets could not be installed: their tests are skipped; the next make test tries again"; }
	@test ! -d $(DATASETS) || touch $@

demo: setup  ## five processes, from certification to audited answers
	@$(BIN)/voile demo $(ARGS)

test: tools  ## the loop: all tests but the long ones, real processes included
	@$(PYTEST) --loop $(ARGS)

test-all: tools  ## all tests, the long ones too
	@$(PYTEST) $(ARGS)

durations: tools  ## the loop once more, and what of it took longer than a second
	@$(PYTEST) --loop --durations=0 --durations-min=1 $(ARGS)

check: tools  ## lint, types, import rules, tests of the five rooms
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/lint-imports --config walls.toml
	@$(PYTEST) -m "not e2e" $(ARGS)

coverage: tools  ## branch coverage of the five rooms by the tests that start no process
	@$(PYTEST) -m "not e2e" --cov --cov-report=html:.cache/coverage $(ARGS)
	@echo "branch coverage $$($(BIN)/coverage report --format=total) %, line by line in .cache/coverage/index.html"

# In a folder of its own, on the path of the process that asks and of no other: it brings telemetry.
$(NOTEBOOK)/.ready: $(STAMP) requirements/notebook.txt
	@rm -rf $(NOTEBOOK)
	@$(PIP) $(LOCKED) --target $(NOTEBOOK) -r requirements/notebook.txt
	@touch $@

notebook: tools $(NOTEBOOK)/.ready  ## SQL from a notebook: jupysql asks and plots, and calls nobody else
	@$(BIN)/python -m pytest -q -n 0 tests/e2e/test_python_notebook.py $(ARGS)

tck: tools  ## the 65 cases of the official test kit, replayed; TCK_LIB=DIR runs the kit itself
	@$(BIN)/python -m tests.tck $(if $(TCK_LIB),--kit "$(TCK_LIB)") $(ARGS)

interop: tools  ## a live Eclipse EDC on either side (needs Java 17 and Maven)
	@$(BIN)/python -m tests.interop $(ARGS)

soak: tools  ## 1,000 negotiations and transfers while the wire and the processes fail
	@$(BIN)/python -m tests.soak --count 1000 $(ARGS)

test-postgres: tools  ## store, protocol and demonstration on PostgreSQL (needs its server binaries)
	@$(BIN)/python -m tests.postgres $(ARGS)

attack: tools  ## drills against running connectors, two worlds; ARGS=--long: ten thousand tables, too
	@$(BIN)/python -m tests.attack $(ARGS)

screens: tools  ## pictures of every page, zh and en, light and dark, into .cache/screens (needs Chromium)
	@$(BIN)/python -m tests.browser.screens $(ARGS)

worlds: tools  ## two worlds that differ in rows alone must answer alike
	@$(BIN)/python -m tests.worlds $(ARGS)

# What the console is measured beside, in a folder of its own too: only the benchmark has it on its path.
$(BESIDE)/.ready: $(STAMP) requirements/bench.txt
	@rm -rf $(BESIDE)
	@$(PIP) $(LOCKED) --target $(BESIDE) -r requirements/bench.txt
	@touch $@

bench: tools $(if $(filter console,$(or $(ARGS),console)),$(BESIDE)/.ready)  ## the measured figures, as ratios to named references
	@$(BIN)/python -m benchmarks $(ARGS)

bench-edc: tools  ## Voile beside an Eclipse EDC, measured in one run (needs Java 17 and Maven)
	@$(BIN)/python -m benchmarks.edc $(ARGS)

COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q
lock:  ## renew the locked versions (needs uv)
	$(COMPILE) pyproject.toml -o requirements/base.txt
	$(COMPILE) pyproject.toml -c requirements/base.txt --extra postgres -o requirements/postgres.txt
	$(COMPILE) pyproject.toml -c requirements/base.txt --extra zst -o requirements/zst.txt
	$(COMPILE) pyproject.toml -c requirements/base.txt --extra excel -o requirements/excel.txt
	$(COMPILE) pyproject.toml -c requirements/base.txt --extra dev -o requirements/dev.txt
	$(COMPILE) pyproject.toml -c requirements/base.txt -c requirements/dev.txt --extra odcs -o requirements/odcs.txt
	$(COMPILE) requirements/build.in -c requirements/dev.txt -o requirements/build.txt
	$(COMPILE) requirements/notebook.in -c requirements/base.txt -c requirements/dev.txt -o requirements/notebook.txt
	$(COMPILE) requirements/bench.in -c requirements/base.txt -c requirements/dev.txt -o requirements/bench.txt
	$(COMPILE) --no-deps requirements/datasets.in -o requirements/datasets.txt

clean:  ## remove what the commands made
	rm -rf $(VENV) .cache demo-out benchmarks/out .pytest_cache .mypy_cache .ruff_cache .hypothesis htmlcov .coverage
