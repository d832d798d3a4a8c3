# What a newcomer types: `make demo` and `make test`. Each sets up what it needs and reuses it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: setup demo test check tck interop soak test-postgres bench bench-edc lock clean help

help:  ## show the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

setup: $(STAMP)  ## make the virtual environment (done by the others when needed)

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Voile needs Python 3.11 or newer; found $$($(PYTHON) --version). Say PYTHON=/path/to/python3.11"; exit 1; }
	@echo "setting up $(VENV) (once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup  ## five processes, from certification to audited answers
	@$(BIN)/voile demo $(ARGS)

test: setup  ## all tests, real processes included
	@$(BIN)/python -m pytest -q -n auto --dist loadfile $(ARGS)

check: setup  ## lint, types, import rules, tests of the five rooms with branch coverage
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q -n auto --dist loadfile -m "not e2e" --cov --cov-report=html:.cache/coverage $(ARGS)
	@echo "branch coverage $$($(BIN)/coverage report --format=total) %, line by line in .cache/coverage/index.html"

tck: setup  ## the 65 cases of the official test kit, replayed; TCK_LIB=DIR runs the kit itself
	@$(BIN)/python -m tests.tck $(if $(TCK_LIB),--kit "$(TCK_LIB)") $(ARGS)

interop: setup  ## a live Eclipse EDC on either side (needs Java 17 and Maven)
	@$(BIN)/python -m tests.interop $(ARGS)

soak: setup  ## 1,000 negotiations and transfers while the wire and the processes fail
	@$(BIN)/python -m tests.soak --count 1000 $(ARGS)

test-postgres: setup  ## store, protocol and demonstration on PostgreSQL (needs its server binaries)
	@$(BIN)/python -m tests.postgres $(ARGS)

bench: setup  ## the measured figures, as ratios to named references
	@$(BIN)/python -m benchmarks $(ARGS)

bench-edc: setup  ## Voile beside an Eclipse EDC, measured in one run (needs Java 17 and Maven)
	@$(BIN)/python -m benchmarks.edc $(ARGS)

lock: setup  ## renew the locked versions (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements/base.txt -q
	uv pip compile pyproject.toml --extra postgres --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements/postgres.txt -q
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements/dev.txt -q

clean:  ## remove what the commands made
	rm -rf $(VENV) .cache demo-out benchmarks/out .pytest_cache .mypy_cache .ruff_cache .hypothesis htmlcov .coverage
