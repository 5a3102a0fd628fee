#!/usr/bin/env bash
# The checks that run nothing of the program: format, lint, types, layers, length of files. Reports all that fail.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
check() {
    echo "== $*"
    "$@" || failed=1
}
check .venv/bin/ruff format --check --quiet
check .venv/bin/ruff check --quiet
check .venv/bin/mypy
check .venv/bin/lint-imports --no-cache --no-logo
check .venv/bin/python scripts/file_length.py solver meshes
exit "$failed"
