# Two commands are all a newcomer needs: `make demo` and `make test`. Both set up their own
# virtual environment on first use.
PYTHON ?= python3
VENV ?= .venv
EXTRAS ?= dev
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test test-async test-clients differential cases fuzz format lint types layers wheel bench clean

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "dqlmock needs Python 3.10 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$(EXTRAS)]'
	touch $@

demo: $(READY)
	$(BIN)/python -m pytest -v --no-header examples/

test: lint types layers
	$(BIN)/python -m pytest -q -rs -n auto --cov --cov-report=term

test-async: $(READY)
	$(BIN)/python -m pytest -q tests/clients/test_aio*.py tests/unit/intercept

test-clients: $(READY)
	$(BIN)/python -m pytest -v -rs tests/clients/suites.py

differential: $(READY)
	$(BIN)/python -m differential $(ARGS)

cases: $(READY)
	$(BIN)/python -m differential --record tests/cases

fuzz: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check '.[fuzz]' || echo 'SKIPPED coverage-guided fuzzing: atheris does not install here'
	DQLMOCK_FUZZ_EXAMPLES=20000 DQLMOCK_FUZZ_S=$(or $(SECONDS),600) $(BIN)/python -m pytest -q -rs tests/fuzz

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

layers: $(READY)
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

wheel: $(READY)
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

bench: $(READY)
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv* .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist build
