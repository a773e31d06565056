# One target for each job. `make` alone lists them.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
TOOLS := .venv/.tools-ready
AT_ONCE := --numprocesses 3 --dist worksteal  # tests wait for servers more than they compute
SYNAPSE := .synapse/.ready
BROWSER := tests/matrix/js/node_modules/.ready
PIP := $(BIN)/python -m pip --quiet --no-input --no-cache-dir --disable-pip-version-check
# The lists are complete, so nothing is resolved: neither a newer release in the registry nor the
# version of pip changes what is installed. What has no wheel (atomicwrites) is built with what
# requirements-setup.txt pins. uv takes seconds where pip takes a minute; where only pip knows the
# way to the registry (pip.conf), pip goes. `$(call INSTALL,LIST,PYTHON)`.
AS_LISTED := --no-deps --require-hashes --no-build-isolation
INSTALL = { $(BIN)/uv pip install --quiet --no-cache $(AS_LISTED) --python $(2) -r $(1) >&2 || { \
	echo "  uv did not succeed, so pip goes, which takes longer ..." >&2; \
	$(PIP) --python $(2) install --no-compile --use-pep517 $(AS_LISTED) -r $(1) >&2; }; } && \
	{ $(BIN)/uv pip check --quiet --python $(2) 2>/dev/null || $(subst --quiet,,$(PIP)) --python $(2) check >&2; }
MO := $(patsubst %.po,%.mo,$(wildcard locales/*/LC_MESSAGES/*.po))
LOCK := $(BIN)/uv pip compile --quiet --no-cache --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command "make lock" $(UPGRADE)
EXTRACT := $(BIN)/pybabel -q extract --no-default-keywords -k _ -k n_:1,2 \
	--add-location=file --sort-by-file --add-comments=Translators: --no-wrap \
	--project=Stadtdialog --version=0.1 --msgid-bugs-address="see CONTRIBUTING.md" \
	--last-translator=Stadtdialog \
	--header-comment="\# PROJECT: what the bot says. Licence: EUPL-1.2."
UPDATE := $(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --init-missing \
	--ignore-pot-creation-date --no-wrap

.PHONY: help setup chat test quick coverage lint types contracts translations format catalogues \
	lock bench soak pictures wheel clean

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup: $(TOOLS) $(MO)  ## build .venv with all tools, if the requirements have changed

chat: $(READY) $(MO)  ## talk to the bot in this terminal, with the example events
	@$(BIN)/stadtdialog chat --example

test: $(TOOLS) $(SYNAPSE) $(BROWSER) $(MO)  ## run the whole suite
	$(BIN)/python -m pytest $(AT_ONCE)

quick: $(TOOLS) $(MO)  ## run the part of the suite that takes seconds
	$(BIN)/python -m pytest $(AT_ONCE) -m "not slow and not soak"

coverage: $(TOOLS) $(SYNAPSE) $(BROWSER) $(MO)  ## run the whole suite and show what it does not reach
	$(BIN)/python -m pytest --cov

lint: $(TOOLS)  ## check style and spelling
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell

types: $(TOOLS)  ## check types
	$(BIN)/mypy

contracts: $(TOOLS)  ## check that imports point downwards
	$(BIN)/lint-imports

# Not `pybabel update --check`: it finds every catalogue that has a message context out of date.
translations: templates  ## check that the catalogues hold every text
	@rm -rf build/locales && cp -R locales build/locales
	@$(MAKE) --no-print-directory update INTO=build/locales
	@diff -r -u -x '*.mo' locales build/locales || { echo "Run: make catalogues" >&2; exit 1; }

catalogues: templates  ## bring new texts into the catalogues
	@$(MAKE) --no-print-directory update INTO=locales

format: $(TOOLS)  ## put the code in order
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: $(TOOLS)  ## pin what pyproject.toml asks for (newer: make lock UPGRADE=--upgrade)
	$(LOCK) pyproject.toml --output-file requirements.txt
	$(LOCK) --group setup --constraints requirements.txt --output-file requirements-setup.txt
	$(LOCK) pyproject.toml --group dev --constraints requirements.txt \
		--constraints requirements-setup.txt --output-file requirements-dev.txt
	$(LOCK) --group synapse --output-file requirements-synapse.txt

bench: $(TOOLS) $(SYNAPSE) $(MO)  ## measure
	$(BIN)/python -m tests.bench

soak: $(TOOLS) $(SYNAPSE) $(BROWSER) $(MO)  ## run for minutes under load and failure
	$(BIN)/python -m pytest -m soak

pictures: $(TOOLS) $(MO)  ## draw docs/pictures anew, as the program now answers (needs Chromium)
	$(BIN)/python -m tests.pictures

wheel: $(TOOLS)  ## build the wheel into dist/
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

clean:  ## remove what can be built again
	rm -rf .venv .synapse $(dir $(BROWSER)) build dist htmlcov .coverage .*_cache .hypothesis $(MO)

.PHONY: templates update
templates: $(TOOLS)
	@mkdir -p build
	@$(EXTRACT) --mapping=babel.cfg --output-file=build/stadtdialog.pot bot
	@$(EXTRACT) --output-file=build/staff.pot bot/flows/staff

update: $(TOOLS)
	@$(UPDATE) -d $(INTO) --domain=stadtdialog --input-file=build/stadtdialog.pot --locale=de
	@$(UPDATE) -d $(INTO) --domain=stadtdialog --input-file=build/stadtdialog.pot --locale=de@leicht
	@$(UPDATE) -d $(INTO) --domain=staff --input-file=build/staff.pot --locale=de

%.mo: %.po $(READY)
	@$(BIN)/pybabel -q compile --input-file=$< --output-file=$@ >&2

# Everything goes to stderr: `make -s chat` says nothing on stdout but the conversation.
$(READY): pyproject.toml requirements.txt requirements-setup.txt hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Stadtdialog needs Python 3.11 or newer, and '$(PYTHON)' is not." >&2; \
		echo "Name another one: make setup PYTHON=python3.12" >&2; exit 1; }
	@echo "Preparing .venv, once, until the requirements change." >&2
	@echo "  1/3 An empty environment ..." >&2
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv >&2
	@echo "  2/3 What installs the rest ..." >&2
	@$(PIP) install --no-compile $(AS_LISTED) -r requirements-setup.txt >&2
	@echo "  3/3 What a conversation needs ..." >&2
	@$(call INSTALL,requirements.txt,$(BIN)/python)
	@$(PIP) install --no-deps --no-build-isolation --editable . >&2
	@touch $@

$(TOOLS): $(READY) requirements-dev.txt
	@echo "Adding the tools for tests and checks, once, until their requirements change ..." >&2
	@$(call INSTALL,requirements-dev.txt,$(BIN)/python)
	@touch $@

# The homeserver needs versions that the bot does not, so it has an environment of its own.
$(SYNAPSE): requirements-synapse.txt | $(READY)
	@echo "Preparing .synapse, once, until its requirements change ..." >&2
	@.synapse/bin/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear --without-pip .synapse >&2
	@$(call INSTALL,requirements-synapse.txt,.synapse/bin/python)
	@touch $@

# matrix-js-sdk, and a Node that is new enough for it, to write to the bot as Element does.
$(BROWSER): $(addprefix tests/matrix/js/,package.json package-lock.json .npmrc)
	@if command -v npm >/dev/null; then \
		echo "Preparing $(@D), once, until its lock changes ..." >&2; \
		cd tests/matrix/js && npm ci --loglevel=error --cache="$(CURDIR)/build/npm" >&2 && \
			touch node_modules/.ready; \
	else \
		echo "Left out, because there is no npm here: what matrix-js-sdk makes of the bot" >&2; \
	fi
