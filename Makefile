# `make demo` sets up what is missing and runs the main job; `make test` sets up and runs every check.
.DEFAULT_GOAL := help
export OMP_NUM_THREADS ?= 1

.PHONY: help setup setup-peers demo demo-3d test verify planted torture bench bench-quick lint format lock clean

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1	/p' Makefile

setup: ## make .venv/, or do nothing when it is up to date
	@scripts/setup.sh

setup-peers: ## the same with the other programs that tests and verification compare with
	@scripts/setup.sh peers

demo: setup ## liquid against solid synthesis: runs, comparison and pictures, in demo/
	@scripts/demo.sh

demo-3d: setup ## the same in three dimensions, and grains around a cavity, in demo-3d/
	@scripts/demo_3d.sh

test: setup-peers ## every check: format, lint, types, layers, tests on one rank and on several
	@scripts/test.sh

verify: setup-peers ## the verification book: every page computed and written to docs/verification/
	@.venv/bin/python -m benchmarks.verification

planted: setup-peers ## errors planted one at a time: which page and which test of the program catch each
	@.venv/bin/python -m benchmarks.planted

torture: setup-peers ## kills, damage and full disks by the thousand, counted (an hour)
	@.venv/bin/python -m benchmarks.torture

bench: setup-peers ## what it costs beside other programs: docs/performance.md (hours; goes on where it stopped)
	@scripts/peer_env.sh festim
	@.venv/bin/python -m benchmarks.performance

bench-quick: setup-peers ## the same with small sizes, in ten minutes: runs/performance-quick/performance.md
	@scripts/peer_env.sh festim
	@.venv/bin/python -m benchmarks.performance --quick

lint: setup ## the checks of `make test` that run nothing
	@scripts/lint.sh

format: setup ## put the code into its one format
	@.venv/bin/ruff format
	@.venv/bin/ruff check --fix-only --quiet

lock: ## write the locks anew from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --upgrade \
	    --custom-compile-command 'make lock' --extra wheel --extra cluster --group dev pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --upgrade \
	    --custom-compile-command 'make lock' --constraint requirements.lock --group peers -o requirements-peers.lock
	uv pip compile --quiet --universal --python-version 3.9 --generate-hashes --no-emit-index-url --upgrade \
	    --custom-compile-command 'make lock' scripts/bootstrap.in -o scripts/bootstrap.lock

clean: ## remove the environment, caches and the demos' results
	rm -rf .venv .venv-bootstrap .venv-festim .setup.lock .mypy_cache .pytest_cache .ruff_cache .import_linter_cache demo demo-3d
