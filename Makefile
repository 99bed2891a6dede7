# Everything runs in a virtual environment of its own; a second run of a target starts at once.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Only what is locked, and nothing that would be built with tools that are not; `make WHEELS=` lets pip
# build where a system has no wheel of a package.
WHEELS ?= --only-binary :all:
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
NEWEST := .venv-newest
REFERENCE := .venv-reference
PACKING := .venv-packages
# Tests share the machine's cores, two to a core since many wait; each works in folders of its own.
WORKERS ?= $(shell $(PYTHON) -c "import os; print(2 * (os.cpu_count() or 1))")
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist worksteal
PO := $(wildcard casework/locale/*/LC_MESSAGES/*.po)
# One file holds for every system and every Python from the oldest on.
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-config --no-emit-index-url --custom-compile-command 'make lock'

# What runs on Windows, with the types of its Python; tests that ask for another system are left out.
ON_WINDOWS := --platform win32 --cache-dir .mypy_cache/windows --no-warn-unused-ignores \
	$(addprefix --package ,tui screens casework stepping store distribution.windows) \
	$(addprefix --module tests.windows.,observer lines sized test_console)

.PHONY: pythons run demo test lint check bench nightly reference interchange packages release faults pages recording messages review lock newest windows clean

run: $(VENV)/.ready
	@$(BIN)/porras

demo: $(VENV)/.ready
	@$(BIN)/porras --demo

# `make test TESTS='tests/store tests/tui'` runs some of them.
test: $(VENV)/.ready
	$(PYTEST) $(TESTS)

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy $(ON_WINDOWS)
	$(BIN)/lint-imports

# The type check takes one core, the tests the others; whatever fails, both are told.
check: $(VENV)/.ready
	@$(MAKE) --no-print-directory --keep-going --jobs 2 lint test

nightly: $(VENV)/.ready $(PACKING)/.ready reference
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

# What scikit-learn and statsmodels say of agreement is still what the tests hold ours against.
reference: requirements-reference.lock
	test -x $(REFERENCE)/bin/python || $(PYTHON) -m venv $(REFERENCE)
	$(REFERENCE)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
		$(WHEELS) --requirement requirements-reference.lock
	$(REFERENCE)/bin/python -W ignore::RuntimeWarning -m tests.kappa_reference

# Our forms in three renderers, in a real browser; needs node, npm and Debian's chromium. ARGS='--only phq9 --write'.
interchange: $(VENV)/.ready
	$(BIN)/python -m tests.interchange.validate
	$(BIN)/python -m tests.interchange $(ARGS)

# What is handed out goes into dist/; `make packages KEY=file NAME=signer` signs it, ONLY='wheelhouse' makes less.
packages: $(PACKING)/.ready
	PYTHONHASHSEED=1 $(PACKING)/bin/python -m distribution $(if $(KEY),--key '$(KEY)') $(if $(NAME),--signer '$(NAME)') \
		$(if $(ONLY),--only $(ONLY))

# A release, signed, in dist/porras-VERSION: `make release KEY=file NAME=signer`; docs/releasing.md tells what comes before.
release: $(VENV)/.ready $(PACKING)/.ready
	PYTHONHASHSEED=1 $(PACKING)/bin/python -m distribution.release $(if $(KEY),--key '$(KEY)') $(if $(NAME),--signer '$(NAME)')

# The Python that packages bring: once, as root and with network (distribution/frozen/python/README.md).
pythons:
	sh distribution/frozen/python/in_root.sh build/pythons

$(PACKING)/.ready: requirements-packages.lock
	test -x $(PACKING)/bin/python || $(PYTHON) -m venv $(PACKING)
	$(PACKING)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
		$(WHEELS) --requirement requirements-packages.lock
	@touch $@

# The zip for Windows is used under Wine, and tests run on its Python; `make windows TESTS='tests/store'` chooses them.
windows: $(VENV)/.ready $(PACKING)/.ready
	PYTHONHASHSEED=1 $(PACKING)/bin/python -m distribution --only windows
	$(BIN)/python -m tests.windows --write $(if $(TESTS),--tests $(TESTS))

# The newest versions that pyproject.toml allows become the locked ones.
lock: $(VENV)/.ready
	$(COMPILE) --extra dev --output-file requirements-dev.lock
	$(COMPILE) --constraint requirements-dev.lock --output-file requirements.lock
	$(COMPILE) --constraint requirements-dev.lock --extra reference --output-file requirements-reference.lock
	$(COMPILE) --constraint requirements-dev.lock --extra packages --output-file requirements-packages.lock

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
	rm -rf $(VENV) $(NEWEST) $(REFERENCE) $(PACKING) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
