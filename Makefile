# crmsync: `make demo` shows the whole way, `make test` proves it. Each target sets up .venv when it is missing.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
CODE := crmsync tests benchmarks docs
# Empty is no: what `make prove` compiled of tests and code, `make test` need not compile again.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo test test-clients test-live record check lint types layers prove bench bench-large docs schemas wheel clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/.runs ## two simulated CRMs, audited, planned, written, proved; in crmsync-demo/
	@$(BIN)/crmsync demo

test: $(VENV)/.tests ## the suite: offline, a few minutes
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow and not clients and not live"

test-clients: $(VENV)/.tests ## round trips of jsforce and @hubspot/api-client (Node, npm) against the simulated CRMs
	$(BIN)/python -m pytest -n 0 -rs -m clients tests/clients

test-live: $(VENV)/.tests ## reads a real org and portal, writes nothing; skipped without credentials (docs/connectors.md)
	$(BIN)/python -m pytest -n 0 -rs -m live tests/live

record: $(VENV)/.tests ## the cassettes of tests/recorded anew, from the simulated CRMs
	cd tests && ../$(BIN)/python -m recorded.record sandbox

check: lint types layers test ## everything a commit has to pass

lint: $(VENV)/.tests
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/crmsync lint

types: $(VENV)/.tests
	$(BIN)/mypy

layers: $(VENV)/.tests
	$(BIN)/lint-imports

prove: $(VENV)/.tests ## the long proofs: more examples, more rounds
	$(BIN)/python -m pytest -n auto --dist worksteal -m slow

bench: $(VENV)/.tests ## seconds and memory, written to docs/benchmarks.md
	$(BIN)/python -m benchmarks

bench-large: $(VENV)/.tests ## a million contacts of each CRM, in every way they are read, into docs/benchmarks.md
	$(BIN)/python -m benchmarks.large

docs: $(VENV)/.tests schemas ## docs/commands.md from the help texts, docs/audits.md from audits/, schemas/ from the types
	$(BIN)/python docs/generate_commands.py
	$(BIN)/python docs/generate_audits.py

schemas: $(VENV)/.tests
	$(BIN)/python docs/generate_schemas.py

wheel: $(VENV)/.tests ## the package, in dist/
	$(BIN)/python -m build --wheel --outdir dist

clean: ## forgets everything that was made
	rm -rf $(VENV) dist build crmsync-demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .bench .clients

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)

$(VENV)/.runs: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.tests: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[test,dev]'
	@touch $@ $(VENV)/.runs
