# Everything runs in a virtual environment of its own; a second run of a target starts at once.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Only what is locked, and nothing that would be built with tools that are not; `make WHEELS=` lets pip
# build where a system has no wheel of a package.
WHEELS ?= --only-binary :all:
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
NEWEST := .venv-newest
# Tests share the machine's cores, two to a core since many wait; each works in folders of its own.
WORKERS ?= $(shell $(PYTHON) -c "import os; print(2 * (os.cpu_count() or 1))")
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist worksteal
PO := $(wildcard casework/locale/*/LC_MESSAGES/*.po)
# One file holds for every system and every Python from the oldest on.
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-config --no-emit-index-url --custom-compile-command 'make lock'

.PHONY: run demo test lint check bench nightly faults pages recording messages review lock newest clean

run: $(VENV)/.ready
	@$(BIN)/porras

demo: $(VENV)/.ready
	@$(BIN)/porras --demo

test: $(VENV)/.ready
	$(PYTEST)

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The type check takes one core, the tests the others; whatever fails, both are told.
check: $(VENV)/.ready
	@$(MAKE) --no-print-directory --keep-going --jobs 2 lint test

nightly: $(VENV)/.ready
	$(PYTEST) -m nightly

faults: $(VENV)/.ready
	$(BIN)/python -m tests.faults --write

bench: $(VENV)/.ready
	$(BIN)/python -m tests.bench

# Every page as a picture, in each language, theme and size; `make pages PAGES='--language fi --page result'`.
pages: $(VENV)/.ready
	$(BIN)/python -m tests.gallery $(PAGES)

# The main job as a moving picture for the README.
recording: $(VENV)/.ready
	$(BIN)/python -m tests.recording

# New sentences go into every catalogue, those that are no longer said go out.
messages: $(VENV)/.ready
	$(BIN)/python -m tests.messages

# The sheets to sign follow every change of the shipped pathways.
review: $(VENV)/.ready
	$(BIN)/python -m tests.review

# The newest versions that pyproject.toml allows become the locked ones.
lock: $(VENV)/.ready
	$(COMPILE) --extra dev --output-file requirements-dev.lock
	$(COMPILE) --constraint requirements-dev.lock --output-file requirements.lock

# The newest versions that pyproject.toml allows are tried without being locked: what differs, what breaks.
newest:
	rm -rf $(NEWEST)
	$(PYTHON) -m venv $(NEWEST)
	$(NEWEST)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(NEWEST)/bin/python -m pip install --quiet --editable '.[dev]'
	touch $(NEWEST)/.ready
	$(NEWEST)/bin/python -m tests.locked
	$(MAKE) --no-print-directory --keep-going VENV=$(NEWEST) lint test

$(VENV)/.ready: requirements-dev.lock pyproject.toml hatch_build.py $(PO)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes --no-deps $(WHEELS) --requirement requirements-dev.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf $(VENV) $(NEWEST) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
