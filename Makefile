# Everything runs in a virtual environment of its own; a second run of a target starts at once.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Tests share the machine's cores, two to a core since many wait; each works in folders of its own.
WORKERS ?= $(shell $(PYTHON) -c "import os; print(2 * (os.cpu_count() or 1))")
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist worksteal
PO := $(wildcard screens/locale/*/LC_MESSAGES/*.po)

.PHONY: run demo test check bench nightly faults messages clean

run: $(VENV)/.ready
	@$(BIN)/porras

demo: $(VENV)/.ready
	@$(BIN)/porras --demo

test: $(VENV)/.ready
	$(PYTEST)

check: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST)

nightly: $(VENV)/.ready
	$(PYTEST) -m nightly

faults: $(VENV)/.ready
	$(BIN)/python -m tests.faults --write

bench: $(VENV)/.ready
	$(BIN)/python -m tests.bench

# New sentences go into every catalogue, those that are no longer said go out.
messages: $(VENV)/.ready
	$(BIN)/python -m tests.messages

$(VENV)/.ready: pyproject.toml hatch_build.py $(PO)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
