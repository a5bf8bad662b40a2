# Tổng hợp. 'make' lists the targets. Needs Linux, Python 3.11+, make and git; everything else is installed here.

PYTHON ?= python3
UV     := .uv/bin/uv
BIN    := .venv/bin
READY  := .venv/.ready
E    ?=
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help env demo up down test lint types browser lock bench fuzz clean

help:  ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: $(READY)  ## make the virtual environment from requirements.lock

$(UV):
	$(PYTHON) -m venv .uv
	.uv/bin/pip install --quiet --disable-pip-version-check uv

$(READY): $(UV) requirements.lock pyproject.toml
	$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	$(UV) pip sync --quiet --compile-bytecode --python .venv requirements.lock
	$(UV) pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY)  ## submit the sample, run one night under a real Airflow, print where to look
	$(BIN)/tonghop demo

up: $(READY)  ## start PostgreSQL and Airflow, and leave them running
	$(BIN)/tonghop up

down: $(READY)  ## stop everything that 'make up' started
	$(BIN)/tonghop down

test: lint types browser  ## everything: lint, types, and all tests against the real parts (WORKERS=2 side by side)
	$(BIN)/pytest -n $(WORKERS) $(E)

lint: $(READY)  ## style of Python and its formatting rules
	$(BIN)/ruff check .

types: $(READY)  ## static types
	$(BIN)/mypy

browser:  ## Chromium for the tests of the pages, from Debian's packages, as root; elsewhere those tests are skipped
	@{ command -v chromium && command -v chromedriver; } >/dev/null || test $$(id -u) -ne 0 || ! command -v apt-get >/dev/null || \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium chromium-driver >/dev/null; } || \
		echo 'Chromium could not be installed: the pages are not looked at in a browser.'

lock: $(UV)  ## resolve requirements.lock anew (versions and hashes, no addresses)
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra dev --output-file requirements.lock pyproject.toml requirements.build.in

bench: $(READY)  ## the nation beside its floor; what a night costs before any data, a dated register, reading files
	$(BIN)/tonghop bench
	$(BIN)/python tests/bench/fixed_cost.py
	$(BIN)/python tests/bench/register.py
	$(BIN)/python tests/bench/reading.py
	$(BIN)/python -m tests.bench.reading_workbook

fuzz: $(READY)  ## fuzz every reader, guided by coverage, FUZZ seconds each (120); Python 3.11 or 3.12
	$(UV) pip install --quiet --python .venv --constraint requirements.lock --requirements pyproject.toml --extra fuzz
	for reader in $$($(BIN)/python -m tests.fuzz.targets); do \
		$(BIN)/python -m tests.fuzz.atheris_targets $$reader $(or $(FUZZ),120) || exit 1; done

clean: $(READY)  ## stop everything and remove what was made here (data included: asks first)
	@printf 'Remove .tonghop with all its data? [y/N] '; read answer; test "$$answer" = y
	-$(BIN)/tonghop down
	rm -rf .tonghop .venv .uv
