# Everything a developer does, each on its own from a fresh clone. `make` alone lists it.
BIN := .venv/bin
WORKERS ?= 2
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check style shape words drill docs bench lock assets

help: ## List what you can make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: .venv/.installed assets ## Get everything Lamplit needs, into this folder only

demo: setup ## Run the whole system on this machine, with a made-up landlord
	@$(BIN)/lamplit demo $(ARGS)

test: setup ## Run every test but those of the shape of the code, which `make check` runs; ARGS="-k repair" for some
	@if browser=$$(bin/find-browser); then \
		LAMPLIT_BROWSER="$$browser" $(BIN)/python -m pytest -n $(WORKERS) --ignore=tests/architecture $(ARGS); \
	else \
		echo "No browser could be found or fetched: the tests that drive one are left out."; \
		$(BIN)/python -m pytest -n $(WORKERS) --ignore=tests/architecture -m "not browser" $(ARGS); \
	fi

check: setup ## Read the code: style, types, which part may use which, its shape
	@$(MAKE) --no-print-directory -j2 --output-sync=target style shape

style:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

shape:
	@$(BIN)/python -m tests.architecture.contracts
	@LAMPLIT_HOME=$$(mktemp -d) DJANGO_SETTINGS_MODULE=lamplit.config.settings $(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run
	@$(BIN)/python bin/write_docs.py --check
	@$(BIN)/python bin/catalogues.py --check
	@$(BIN)/python -m pytest -q tests/architecture

words: setup ## Gather the words of pages into the translators' catalogues
	@$(BIN)/python bin/catalogues.py

drill: setup ## Destroy main in front of you, take over, and bring it back; ARGS="--homes 20000 --years 3"
	@$(BIN)/python -m tests.drill $(ARGS)

docs: setup ## Write the docs that follow from code
	@$(BIN)/python bin/write_docs.py

bench: setup ## Measure how fast it is on this machine
	@$(BIN)/python -m tests.bench $(ARGS)

lock: setup ## Write requirements.lock anew; ARGS=--upgrade takes newer versions
	@$(BIN)/uv pip compile requirements-dev.in --output-file requirements.lock --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet $(ARGS)
	@! grep -nE 'https?:|file:|--index|--find-links' requirements.lock

.venv/.installed: requirements.lock bin/install bin/find-python
	@bin/install
	@touch $@

assets: .venv/.installed
	@if [ -f bin/build_assets.py ]; then $(BIN)/python bin/build_assets.py && $(BIN)/python bin/catalogues.py compile; fi
