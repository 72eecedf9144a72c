# Everything a person types. `make` alone lists it.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || echo python3)
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin

.PHONY: bench bench-leases bench-prescore bench-takeout bench-vault bench-votes bench-withdrawals clean help lock screenshots test up

help: ## List the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

up: ## Start Choir on this machine (HOST=0.0.0.0: for the room, by HTTPS; PORT=…)
	@$(PYTHON) bootstrap.py && exec $(BIN)/python manage.py up --host $(HOST) --port $(PORT)

test: ## Everything that must hold: lint, types, tests of Python, pages and browser
	@$(PYTHON) bootstrap.py --dev --browser && exec $(BIN)/python -m tests.run

screenshots: ## Take the pictures in docs/screenshots anew
	@$(PYTHON) bootstrap.py --dev --browser && SCREENSHOTS_DIR=docs/screenshots $(BIN)/python -m pytest tests/journey

bench: ## Clips per second and core, the time of each step, and what the first page costs on a phone
	@$(PYTHON) bootstrap.py --dev --browser && exec $(BIN)/python -m bench

bench-prescore: ## What the pre-score is worth and costs on real speech (SPEECH_DIR=…)
	@$(PYTHON) bootstrap.py --dev && exec $(BIN)/python -m bench.prescore

bench-votes: ## Votes per clip and label error of every policy, on real speech
	@$(PYTHON) bootstrap.py --dev && exec $(BIN)/python -m bench.votes

bench-leases: ## Clips leased a second by 64 reviewers at once, at up to ten million waiting
	@$(PYTHON) bootstrap.py --dev && exec $(BIN)/python -m bench.leases

bench-vault: ## What encryption at rest costs a download, against plain storage
	@$(PYTHON) bootstrap.py --dev && exec $(BIN)/python -m bench.vault

bench-takeout: ## Everything that somebody gave, in one archive: how soon, how fast, in how much memory
	@$(PYTHON) bootstrap.py --dev && exec $(BIN)/python -m bench.takeout

bench-withdrawals: ## From the click to "in no download", to "erased" and to the signed list, at a million clips
	@$(PYTHON) bootstrap.py --dev && exec $(BIN)/python -m bench.withdrawals

lock: ## Pin the newest versions that requirements*.in allow
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --upgrade --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --annotation-style=line -o requirements.txt requirements.in
	@# pip-compile leaves out what this Python does not need; from 3.13 on pydub does.
	grep audioop-lts requirements.in >> requirements.txt
	$(BIN)/pip-compile --quiet --upgrade --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --annotation-style=line -o requirements-dev.txt requirements-dev.in
	@# A registry may mark its build of torch (+cpu); others know only the plain version.
	sed -i.bak 's/^\(torch==[0-9.]*\)+cpu/\1/' requirements-dev.txt && rm requirements-dev.txt.bak

clean: ## Remove what was installed and built; var/ (your data) stays
	rm -rf .venv frontend/node_modules frontend/dist
