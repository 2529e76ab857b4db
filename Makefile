# make demo   train Power et al.'s modular division and draw it
# make claims reproduce all papers at laptop scale, and write the verdicts into CLAIMS.md, those of ledger/ (reached on
#             a GPU) beside them: over an hour on two cores; with LOCKED=1 by the package versions of constraints.txt
# make docs   the documentation as a site, into site/
# make lessons run the six lessons, each into a page in build/lessons; one that fails ends it
# make test   the suite, with nothing but Python
# make test-outside  the tests with other programs, a browser (Chromium must be installed), Ray, an S3 server, TensorBoard,
#             and those that train until a network groks or is killed
# make check  format, lint, types, imports
# Each sets up .venv first where that is needed: with uv if it is there, else with venv and pip.

PYTHON ?= python3
VENV := $(if $(LOCKED),.venv-locked,.venv)
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)

ifdef UV
CREATE := uv venv --quiet --python ">=3.11" $(VENV)
INSTALL := uv pip install --quiet --python $(BIN)/python
else
CREATE := $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "groklab needs Python 3.11 or newer, got " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 ...")' && $(PYTHON) -m venv $(VENV)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif
OUTSIDE := browser or cluster or trackers or whole
INSTALL += $(if $(LOCKED),--constraint constraints.txt)

.PHONY: demo claims docs lessons test test-outside check clean

demo: $(VENV)/.installed
	$(BIN)/groklab run division fraction=0.45 growth=1.04 stop_after=3 --steps 20000 --seed 2

claims: $(VENV)/.installed
	mkdir -p runs/claims && cp ledger/*.json runs/claims
	$(BIN)/groklab reproduce power2022 nanda2023 olsson2022 omnigrok2023 levi2024 double_descent gromov2023 kumar2023 thilak2022 millidge2022 prieto2025
	$(BIN)/groklab claims --format markdown > CLAIMS.new && mv CLAIMS.new CLAIMS.md

lessons: $(VENV)/.installed-lessons
	$(BIN)/python docs/lessons.py build/lessons

docs: $(VENV)/.installed-docs lessons
	$(BIN)/python docs/pages.py build/pages
	$(BIN)/zensical build --strict

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest -q -m "not ($(OUTSIDE))" -n 2 --dist loadfile --no-loadscope-reorder --max-worker-restart 0

test-outside: $(VENV)/.installed-outside
	$(BIN)/python -m pytest -q -m "$(OUTSIDE)"

check: $(VENV)/.installed-check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/python -m pytest -q tests/test_imports.py

clean:
	rm -rf $(VENV)

$(BIN)/python:
	$(CREATE)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(INSTALL) --editable .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(INSTALL) --editable ".[test,page]"
	touch $@

$(VENV)/.installed-outside: $(VENV)/.installed-test
	$(INSTALL) --editable ".[outside,ray,s3,tensorboard]"
	touch $@

$(VENV)/.installed-lessons: $(VENV)/.installed
	$(INSTALL) --editable ".[lessons]"
	touch $@

$(VENV)/.installed-docs: $(VENV)/.installed
	$(INSTALL) --editable ".[docs]"
	touch $@

$(VENV)/.installed-check: $(VENV)/.installed-outside
	$(INSTALL) --editable ".[check]"
	touch $@
