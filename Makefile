# Everything from a machine with Python 3 and make. `make help` lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON3 ?= python3
PROJECT ?= .
VENV := .venv/bin
LOGS := build/logs

# Rasa and TensorFlow talk a lot and call home; not here.
export TF_CPP_MIN_LOG_LEVEL := 3
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
# Compiled once, read at every start: without it a start takes seconds longer.
unexport PYTHONDONTWRITEBYTECODE

ifdef PORT
export SPORTELLO_PORT := $(PORT)
endif
ifdef STATE
export SPORTELLO_STATE := $(STATE)
endif

# $(call quietly,NAME,COMMAND): its output goes to a file, whose end is shown where it fails.
define quietly
	@mkdir -p $(LOGS)
	@echo "$(1)"
	@$(2) > "$(LOGS)/$(1).log" 2>&1 || { tail -n 40 "$(LOGS)/$(1).log"; echo "$(1) failed; all of it: $(LOGS)/$(1).log"; exit 1; }
endef

.PHONY: help setup setup-dev run train test check fuzz bench screenshots clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|'

setup: ## Install the environment, without starting anything
	@$(PYTHON3) tools/setup.py

setup-dev:
	@$(PYTHON3) tools/setup.py --dev

run: setup ## Start the desk (PORT=8080, STATE=folder of the database, PROJECT=a shop's folder)
	@exec $(VENV)/sportello run --project "$(PROJECT)"

train: setup ## Train the model where it is missing or older than its sources
	@exec $(VENV)/sportello train --project "$(PROJECT)"

test: ## Install what the tests need and run them all
	@$(PYTHON3) tools/setup.py --dev --encoders --tests
	@$(VENV)/sportello train
	@$(VENV)/pytest -o faulthandler_timeout=300
	$(call quietly,rasa-data-validate,$(VENV)/rasa data validate --fail-on-warnings)
	$(call quietly,rasa-test,$(VENV)/rasa test core --model models/sportello.tar.gz --stories tests/test_stories.yml --fail-on-prediction-errors --out build/rasa-test)
	@echo "All tests pass."

check: setup-dev ## Lint and types
	@$(VENV)/ruff check .
	@$(VENV)/mypy

fuzz: setup-dev ## Give the parsers of the channels 100,000 damaged inputs each (minutes), and Hypothesis' 100,000 (hours)
	@$(VENV)/pytest tests/channels/test_mutations.py --hypothesis-profile=full
	@$(VENV)/pytest tests/channels -m fuzz --hypothesis-profile=full --deselect tests/channels/test_mutations.py

bench: setup-dev ## Measure Sportello and a stock Rasa side by side (takes long; prints a table)
	@$(VENV)/python -m benchmarks.desk
	@$(VENV)/python -m benchmarks.growth
	@$(VENV)/python -m benchmarks.faq_live

screenshots: ## Take the pictures of docs/images anew
	@$(PYTHON3) tools/setup.py --dev --tests
	@$(VENV)/sportello train
	@$(VENV)/python -m tools.screenshots

clean: ## Remove what was built: the environment, the model, caches. Never the shop's data (state/)
	rm -rf .venv .uv build models results .rasa .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
