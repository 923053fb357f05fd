# Caravane: `make` lists the commands. Everything installed or built stays in this folder.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --no-builtin-rules

export UV_PYTHON_PREFERENCE ?= system
export RASA_TELEMETRY_ENABLED := false
# Rasa keeps what components learned by their own text only; the lists they read may have changed.
export RASA_MAX_CACHE_SIZE := 0
UV = $(shell cat .tools/uv.path 2>/dev/null)
RASA_PYTHON = PYTHONWARNINGS=ignore TF_CPP_MIN_LOG_LEVEL=3 nlu/.venv/bin/python
NLU_INPUTS := config.yml $(wildcard nlu/components/*.py nlu/data/*.yml nlu/lexicon/*) \
	actions/programme/wilayas.csv actions/programme/towns.csv
MODEL := $(or $(CARAVANE_MODEL),models/nlu.tar.gz)

.PHONY: help setup run test check-code no-model train evaluate bench catalogues messages clean

help: ## List the commands
	@echo "Caravane: the assistant about the micro-enterprise caravan."
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

run: setup ## Set up what is missing and start: the bot with TELEGRAM_BOT_TOKEN, else the simulator
	@exec .venv/bin/caravane run

test: setup ## Set up what is missing and run every check and test
	@scripts/test

setup: .tools/uv.path .venv/.done nlu/.venv/.done .data/catalogues.done models/.trained ## Install, translate and train, where inputs changed

.tools/uv.path: scripts/get-uv
	@echo "[1/5] uv, which installs the rest"
	@scripts/get-uv

.venv/.done: .tools/uv.path pyproject.toml uv.lock
	@echo "[2/5] The assistant's libraries"
	@$(UV) sync --locked --compile-bytecode
	@touch $@

nlu/.venv/.done: .tools/uv.path nlu/pyproject.toml nlu/uv.lock nlu/.python-version
	@echo "[3/5] Rasa and its libraries (about 2.5 GB on disk; the longest step)"
	@UV=$(UV) scripts/get-rasa
	@touch $@

.data/catalogues.done: .venv/.done $(wildcard locales/*/LC_MESSAGES/caravane.po)
	@echo "[4/5] The French and Arabic catalogues"
	@.venv/bin/pybabel --quiet compile --domain caravane --directory locales
	@mkdir -p .data && touch $@

# The mark of a training is as old as its beginning: what is edited meanwhile is trained again.
# A model that is refused (3) was trained all the same, and the one before it serves.
models/.trained: .venv/.done nlu/.venv/.done $(NLU_INPUTS) $(if $(wildcard $(MODEL)),,no-model)
	@echo "[5/5] The model"
	@mkdir -p models
	@touch models/.begun
	@.venv/bin/caravane train || [ $$? -eq 3 ]
	@mv models/.begun $@

train: .venv/.done nlu/.venv/.done ## Train a model; it serves if it understands no less, or with FORCE="reason"
	@mkdir -p models
	@touch models/.begun
	@code=0; .venv/bin/caravane train $${FORCE:+--force "$$FORCE"} || code=$$?; \
	if [ $$code -eq 0 ] || [ $$code -eq 3 ]; then mv models/.begun models/.trained; fi; exit $$code

evaluate: setup ## Write how well messages are understood, by language, in docs/understanding
	@$(RASA_PYTHON) -m nlu.evaluation report $(if $(wildcard models/previous.tar.gz),--in-service models/previous.tar.gz)

bench: setup ## Print the speed of a start, a parse and a whole turn
	@.venv/bin/python -m tests.bench

catalogues: .data/catalogues.done ## Compile the catalogues

messages: .venv/.done ## Bring new sentences of the code into the catalogues, to be translated
	@.venv/bin/pybabel --quiet extract --mapping babel.cfg --keywords "_ ngettext:1,2" --no-wrap --sort-by-file --no-location --output .data/caravane.pot bot
	@for language in fr ar; do .venv/bin/pybabel --quiet update --domain caravane --input-file .data/caravane.pot --output-dir locales --locale $$language --no-wrap --no-fuzzy-matching --ignore-obsolete; done

clean: ## Remove everything that was installed, built or trained; conversations stay in .data
	@rm -rf .venv nlu/.venv .tools models .data/catalogues.done locales/*/LC_MESSAGES/*.mo
