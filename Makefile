# `make` shows what there is. Every target makes the virtual environment it needs.
# What is left empty here is as nba_pipeline/settings.py says.
SOURCE  ?= $(NBA_SOURCE)
ARCHIVE ?= $(NBA_ARCHIVE_DIR)
SEASONS ?= $(NBA_SEASONS)
EPOCHS  ?= $(NBA_EPOCHS)
DEVICE  ?= $(NBA_DEVICE)
PORT    ?= 3000

VENV  := .venv
STAMP := $(VENV)/.installed
BIN   := $(VENV)/bin

export DAGSTER_MODULE_NAME := nba_pipeline.definitions

.PHONY: help setup run test check format bench truth pictures ui clean
.DEFAULT_GOAL := help

help: ## this page
	@echo "Targets:"
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'
	@echo "Variables of run and ui, with what holds when they are left out:"
	@echo "  SOURCE   simulated: a league is made up, no data needed; archive: real files"
	@echo "  ARCHIVE  data/raw: folder of the real files, with SOURCE=archive (data/README.md says where to get them)"
	@echo "  SEASONS  2020-21:2022-23 simulated, 2018-19:2022-23 of an archive; a range A:B or a list A,B"
	@echo "  EPOCHS   4 simulated, 10 of an archive: the most passes of the fusion trainer"
	@echo "  DEVICE   auto, cpu or cuda"
	@echo "Now: SOURCE=$(SOURCE) ARCHIVE=$(ARCHIVE) SEASONS=$(SEASONS) EPOCHS=$(EPOCHS) DEVICE=$(DEVICE)"
	@echo "Examples:"
	@echo "  make run"
	@echo "  make run SOURCE=archive ARCHIVE=../archive SEASONS=2018-19:2022-23 EPOCHS=10"

setup: $(STAMP) ## virtual environment with the exact versions of constraints.txt

$(STAMP): pyproject.toml constraints.txt
	@python3 -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		|| { echo "python3 is $$(python3 --version 2>&1): install Python 3.11, 3.12 or 3.13 and put it first in PATH"; exit 1; }
	python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

run ui bench pictures: export NBA_SOURCE := $(SOURCE)
run ui bench pictures: export NBA_SEASONS := $(SEASONS)
run ui bench: export NBA_EPOCHS := $(EPOCHS)
run ui bench: export NBA_DEVICE := $(DEVICE)
run ui bench pictures: export NBA_ARCHIVE_DIR := $(abspath $(ARCHIVE))

run: $(STAMP) ## the main job: raw plays to a registered model version; of a simulated league where no SOURCE is given
	$(BIN)/nba run

test: $(STAMP) ## all tests; those on real data run when the archive is there
	$(BIN)/python -m pytest -q

check: $(STAMP) ## lint, format, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

format: $(STAMP) ## write the format that check asks for
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP) ## measure this machine, write docs/benchmarks.md
	$(BIN)/python -m nba_pipeline_tests.benchmarks

truth: $(STAMP) ## hold the simulated league against the real one, and the models against its truth; after make run
	$(BIN)/python -m nba_pipeline_tests.truth

pictures: $(STAMP) ## take the pictures of docs/images anew, after make run (needs chromium)
	$(BIN)/python -m nba_pipeline_tests.orchestration.screenshot

ui: $(STAMP) ## Dagster UI and daemon on http://localhost:3000 (PORT=…)
	home=$$($(BIN)/nba home) && DAGSTER_HOME=$$home exec env -u DAGSTER_MODULE_NAME $(BIN)/dagster dev --port $(PORT)

clean: ## remove caches and the virtual environment; data and run history stay
	rm -rf $(VENV) build .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -rf *.egg-info
