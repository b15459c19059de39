# Everything a developer types. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:

# A machine's own uv and node are used when they work; otherwise .tools/ gets those that uv.lock names.
UV := $(or $(shell uv --version >/dev/null 2>&1 && command -v uv),.tools/bin/uv)
NODE := $(or $(shell node -e 'const [a, b] = process.versions.node.split("."); process.exit(a * 100 + +b < 2019 ? 1 : 0)' 2>/dev/null \
	&& command -v npm >/dev/null && command -v node),.tools/node/bin/node)
NPM := npm_config_update_notifier=false PATH="$(abspath $(dir $(NODE))):$$PATH" npm --prefix frontend
PYTHON := .venv/bin/python

# Trust whom the machine trusts, also behind a company's proxy (the first name is uv's newer, the second its older one).
export UV_SYSTEM_CERTS := 1
export UV_NATIVE_TLS := 1
export NODE_EXTRA_CA_CERTS ?= $(wildcard /etc/ssl/certs/ca-certificates.crt)

ISLANDS := $(shell find frontend src/homeshore/web/components -type f -not -path '*/node_modules/*' 2>/dev/null)
BUILT := src/homeshore/web/static/built
MESSAGES := $(patsubst %.po,%.mo,$(shell find src -name '*.po'))

##@ Use it

.PHONY: run
run: sync assets ## Start the demonstration on http://localhost:8000 (HOMESHORE_PORT changes the port)
	.venv/bin/homeshore demo

.PHONY: cluster
cluster: sync-all assets test-needs ## Start the demonstration as PostgreSQL, 3 webs behind nginx, 2 routers, 2 channel workers
	$(PYTHON) -m tests.servers.cluster $(or $(HOMESHORE_PORT),8000)

.PHONY: voice
voice: sync-all assets test-needs ## Start the demonstration with a telephone: Kamailio and rtpengine on loopback, ours alone
	$(PYTHON) -m tests.servers.telephony

.PHONY: sync
sync: .venv/.synced ## Install what uv.lock names into .venv, where it changed

.PHONY: sync-all
sync-all: $(UV) ## … and the optional parts, which tests and checks need too
	@$(UV) sync --frozen --quiet --all-extras --group bench

.PHONY: assets
assets: sync $(BUILT)/.stamp $(MESSAGES) ## Build the islands and compile the translations, where something changed

.PHONY: wheel
wheel: assets ## Build dist/homeshore-*.whl, which needs neither Node nor this folder
	$(UV) build --wheel --quiet
	@ls dist/*.whl

##@ Test it

.PHONY: test
test: sync-all assets test-needs ## Run the tests on SQLite and PostgreSQL (a quarter of an hour)
	$(PYTHON) scripts/run_tests.py test

.PHONY: screens
screens: sync-all assets test-needs ## Open and use every screen in Chromium, in both languages (another quarter of an hour)
	$(PYTHON) scripts/run_tests.py screens

.PHONY: test-needs
test-needs: ## Install with apt (as root) the servers and the browser that tests need
	@scripts/install_test_needs.sh

.PHONY: test-fast
test-fast: sync-all assets ## Run the unit and integration tests on SQLite only
	$(PYTHON) -m pytest tests/unit tests/integration -n 2

.PHONY: looks
looks: sync-all assets test-needs ## Take every picture of every screen (language × width × theme) into var/looks, and the README's
	$(PYTHON) -m pytest tests/e2e -m looks --all-looks --no-migrations -n 2 --dist worksteal

# CHAOS=cut takes some three minutes; CHAOS=long goes on from var/chaos/book.json for CHAOS_MINUTES, or until all is done.
CHAOS := cut
CHAOS_MINUTES := 0
.PHONY: chaos
chaos: sync-all assets test-needs ## Kill, stop and cut things, and see that nothing is lost (CHAOS=long: for hours)
	$(PYTHON) $(if $(filter long,$(CHAOS)),-m tests.chaos.long --minutes $(CHAOS_MINUTES),scripts/run_tests.py chaos)

.PHONY: cluster-test
cluster-test: sync-all assets test-needs ## Chat with the cluster in Chromium while its processes are killed
	$(PYTHON) -m pytest tests/cluster

##@ Measure it

.PHONY: bench-push bench-replay bench-mail bench-routing bench-take-over bench-durable bench-hour bench-policy bench-waits bench-planning bench-income bench-assets bench-voice
bench-push: sync-all assets ## POST of a message to its push, with 2,000 desks on one process
	$(PYTHON) -m benchmarks.push
bench-replay: sync-all assets ## The busiest day of February 1999 at full speed, as a multiple of real time
	$(PYTHON) -m benchmarks.replay
bench-policy: sync-all ## The rules against the exact optimum of small floors
	$(PYTHON) -m benchmarks.policy
bench-waits: sync-all ## Expected waits against what happened, on simulated and recorded days
	$(PYTHON) -m benchmarks.waits
bench-voice: sync-all assets test-needs ## From an agent's click to sound both ways, by browsers and by telephone; bad lines, as the line check sees them; thousands of calls, and what is left of them
	$(PYTHON) -m benchmarks.voice
	$(PYTHON) -m benchmarks.voice_telephone
	$(PYTHON) -m benchmarks.voice_line
	$(PYTHON) -m benchmarks.voice_load
	$(PYTHON) -m benchmarks.voice_standing
bench-mail: sync-all test-needs ## Mails taken in a second from Dovecot
	$(PYTHON) -m benchmarks.mail
bench-routing: sync-all test-needs ## All measures of routing: the core, durable on both databases, a simulated hour
	$(PYTHON) -m benchmarks.routing
bench-durable: sync-all ## Routing decisions a second that are on disk before they are shown
	$(PYTHON) -m benchmarks.routing_durable
bench-take-over: sync-all test-needs ## How long a floor is without decisions when the router that owns it is killed
	$(PYTHON) -m benchmarks.take_over
bench-hour: sync-all ## An hour of a floor of 10,000 agents, simulated through the routing core
	$(PYTHON) -m benchmarks.routing_simulated_hour
bench-planning: sync-all ## The planning engine beside its peers: Erlang, simulation, forecast, schedule, income
	$(PYTHON) -m benchmarks.planning
bench-income: sync-all ## How often a promise of income holds, against a simulated truth
	$(PYTHON) -m benchmarks.planning_income
bench-assets: assets ## Size of the desk's JavaScript and CSS, gzipped
	@$(NPM) run --silent size

##@ Keep it clean

.PHONY: quality
quality: ## Check everything that can be checked without running it
	@$(MAKE) --no-print-directory --keep-going lint types layers templates migrations messages-complete islands
	@echo "Quality: all checks passed."

.PHONY: lint types layers templates migrations messages-complete islands
lint: sync-all ## … style of the Python code (ruff)
	$(PYTHON) -m ruff check --quiet .
	$(PYTHON) -m ruff format --quiet --check .
types: sync-all ## … types (mypy; strict in pure folders)
	$(PYTHON) -m mypy
layers: sync-all ## … who imports whom (import-linter)
	.venv/bin/lint-imports
templates: sync-all ## … style of the templates (djlint)
	.venv/bin/djlint --quiet --lint --check src
migrations: sync-all ## … that no migration is missing
	$(PYTHON) manage.py makemigrations --check --dry-run
messages-complete: sync-all ## … that every message has its French
	$(PYTHON) scripts/messages.py check
islands: assets ## … types, style, tests and size of the islands (svelte-check, eslint, vitest)
	@$(NPM) run --silent check
	@$(NPM) run --silent test
	@$(NPM) run --silent size

.PHONY: format
format: sync-all ## Put code and templates into the house's style
	$(PYTHON) -m ruff check --quiet --fix .
	$(PYTHON) -m ruff format --quiet .
	.venv/bin/djlint --quiet --reformat src

.PHONY: messages
messages: sync-all ## Bring the French catalogue up to date with the code; then translate what is empty in it
	$(PYTHON) scripts/messages.py update

.PHONY: clean
clean: ## Remove what was built and downloaded; the data stay
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
	rm -rf frontend/node_modules $(BUILT) $(MESSAGES)

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# How things are made

.venv/.synced: uv.lock pyproject.toml | $(UV)
	@$(UV) sync --frozen --inexact --no-dev --extra planning --group build $(if $(wildcard .venv),--quiet)
	@touch $@

.tools/bin/uv: scripts/bootstrap_uv.py
	@python3 scripts/bootstrap_uv.py

.tools/node/bin/node: uv.lock | $(UV)
	@echo "This machine has no Node 20.19 or later: fetching one into .tools/ …"
	@UV_PROJECT_ENVIRONMENT=.tools/node $(UV) sync --frozen --quiet --only-group tools --no-install-package uv --no-install-project
	@touch $@

frontend/node_modules/.package-lock.json: frontend/package.json frontend/package-lock.json | $(NODE)
	@$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BUILT)/.stamp: $(ISLANDS) frontend/node_modules/.package-lock.json | $(NODE)
	@$(NPM) run --silent build
	@touch $@

%.mo: %.po scripts/messages.py | sync
	@$(PYTHON) scripts/messages.py compile $<
