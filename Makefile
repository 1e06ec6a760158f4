# The one door. `make` alone lists what is behind it.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
# Tests wait now and then, so one more than there are cores keeps them busy.
WORKERS = $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 1)")

# Settings from .env, where there is one.
-include .env
export

.PHONY: help run dev test lint types accuracy bench soak pictures lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/run: requirements.txt
	@echo "Installing into .venv; this takes a minute, once." >&2
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	@echo "Installing what the tests need." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: .venv/run ## Start the bot: in Slack when the tokens are set, else in a local workspace
	@if [ -n "$$SLACK_BOT_TOKEN$$SLACK_APP_TOKEN" ]; then exec $(BIN)/python -m bot; else exec $(BIN)/python -m bot workspace; fi

dev: .venv/dev ## Start the local workspace, and start it anew whenever the code changes
	@exec $(BIN)/python -m bot workspace --watch

# Dozens of tests start the bot in a process of its own, which reads compiled code where there is some.
test: .venv/dev ## Run the tests
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q --numprocesses $(WORKERS) --dist loadscope

lint: .venv/dev ## Check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev ## Check types
	$(BIN)/mypy

accuracy: .venv/dev ## Show how accurate predictions are, or cross-validate anew on DATA=FILE.csv
	@$(BIN)/python -m calculator.validation $(if $(DATA),"$(DATA)")

bench: .venv/dev ## Measure speed against a baseline of the same run
	$(BIN)/python -m tests.bench

soak: .venv/dev ## The long checks: 100,000 mutated inputs, load, kills
	$(BIN)/python -m pytest -q -m soak --timeout=3600

pictures: .venv/dev ## Make the README's pictures anew, with Chromium
	$(BIN)/python -m tests.bot.browser.pictures

lock: .venv/dev ## Write the lock files anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements-dev.txt

clean: ## Remove what was installed and cached
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
