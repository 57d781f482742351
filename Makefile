# Two commands do all the set-up: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run demo test test-all check bench lock clean

# Plays a market morning into a house of its own and serves it on http://127.0.0.1:8000 (another: PORT=8001).
run: $(VENV)/.run
	CARRIOLE_STATE=$(CURDIR)/out/house $(BIN)/carriole serve --morning --port $(PORT)

demo: $(VENV)/.run
	$(BIN)/carriole demo

# Bytecode is kept: reading and rewriting every test takes each process of the tests half a minute else.
test: $(VENV)/.dev
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --dist loadgroup

test-all: $(VENV)/.dev
	PYTHONDONTWRITEBYTECODE= CARRIOLE_THOROUGH=1 $(BIN)/python -m pytest -n 2 --dist loadgroup -m "slow or not slow"

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

# Measures the search beside VROOM, PyVRP and OR-Tools, in a few small runs; more: docs/benchmarks.md.
bench: $(VENV)/.bench
	$(BIN)/python -m bench.search --quick

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Carriole needs Python 3.11 or later; $(PYTHON) is older. Say which one: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing from the lock file (about a minute, once)"
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@echo "Compiling the road engine and the search (a minute and a half, once)"
	@$(BIN)/python -m geodata.warming & roads=$$!; $(BIN)/python -m routing.warming && wait $$roads
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installing what the tests need, from the lock file"
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.bench: requirements-bench.lock $(VENV)/.dev
	@echo "Installing what the search is measured beside, from the lock file"
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

# Writes the lock files anew from pyproject.toml.
lock: $(VENV)/bin/python
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --group build -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group bench -c requirements-dev.lock -o requirements-bench.lock

clean:
	rm -rf $(VENV) out
