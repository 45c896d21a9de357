# The portal's commands; `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
API_PORT ?= 9400
SITE_PORT ?= 8001
.DEFAULT_GOAL := help
.PHONY: help demo test install run lint bench faults messages css requirements clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

demo: .venv/.installed ## try the portal against a simulated gym (PORT=8000 API_PORT=9400 SITE_PORT=8001)
	@$(BIN)/python manage.py demo --port $(PORT) --api-port $(API_PORT) --site-port $(SITE_PORT)

test: .venv/.installed-dev ## run every test, those in a real browser included
	@$(BIN)/python tests/chromium.py
	@$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=term-missing:skip-covered

install: .venv/.installed ## install what the portal needs to run

run: .venv/.installed ## serve with gunicorn, as in production (needs .env and studios.toml)
	@$(BIN)/python manage.py collectstatic --noinput -v 0
	@$(BIN)/python manage.py migrate --noinput -v 0
	@$(BIN)/gunicorn --config portal/gunicorn.py portal.wsgi

lint: .venv/.installed-dev ## style, types, layers, known-bad patterns; lists what is installed in build/sbom.json
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/bandit --quiet --recursive --configfile pyproject.toml portal selfservice
	@mkdir -p build
	@$(BIN)/cyclonedx-py requirements requirements.txt --output-reproducible --output-file build/sbom.json

bench: .venv/.installed-dev ## measure the overview against an API that takes 100 ms per call
	@$(BIN)/python manage.py bench

faults: .venv/.installed ## try every way an answer can go wrong on every call of the portal (two minutes)
	@$(BIN)/python manage.py faults

messages: .venv/.installed-dev ## collect texts to translate, and compile the translations (needs gettext)
	@$(BIN)/python manage.py makemessages --settings portal.demo --no-obsolete --locale de --no-location --no-wrap --ignore .venv --ignore tests
	@$(BIN)/python manage.py compilemessages --settings portal.demo --locale de --ignore .venv -v 0

css: .venv/.installed-dev ## cut Bootstrap's CSS down to what the templates use
	@$(BIN)/python -m portal.css

requirements: .venv/.installed-dev ## pin the dependencies of pyproject.toml anew, with hashes
	@$(BIN)/uv pip compile --universal --generate-hashes --no-header --upgrade --python-version 3.11 pyproject.toml -o requirements.txt -q
	@$(BIN)/uv pip compile --universal --generate-hashes --no-header --upgrade --constraint requirements.txt --python-version 3.11 pyproject.toml --group dev -o requirements-dev.txt -q

clean: ## remove what was installed and generated
	rm -rf .venv build staticfiles .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage* demo.sqlite3*

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "The portal needs Python 3.11 or newer; name one with make PYTHON=python3.11.")'
	@echo "Setting up (once, a minute or two)…"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python can't make a virtual environment here: install python3-venv, then try again."; exit 1; }

.venv/.installed: requirements.txt | .venv/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt requirements.txt | .venv/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@ .venv/.installed
