#!/usr/bin/env bash
# The hook under the real pre-commit: it stops a commit with a mistake, and lets a right one pass.
# usage: tests/pre-commit.sh PRE-COMMIT PIPEC
set -euo pipefail
pre_commit=$1
repository=$(cd "$(dirname "$0")/.." && pwd)
PATH="$(cd "$(dirname "$2")" && pwd):$PATH"
export PATH

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PRE_COMMIT_HOME="$scratch/cache"
git init -q "$scratch/project"
cd "$scratch/project"

hook() { "$pre_commit" try-repo "$repository" pipec-check-system --all-files; }

printf 'task hello(name: string) {\n  run: ["echo", nmae]\n}\n' >hello.pipe
git add hello.pipe
if hook >"$scratch/said"; then
  echo "pre-commit: a mistake went through" >&2
  exit 1
fi
grep -q 'nmae' "$scratch/said" || { cat "$scratch/said" >&2; exit 1; }

printf 'task hello(name: string) {\n  run: ["echo", name]\n}\n' >hello.pipe
git add hello.pipe
hook >"$scratch/said" || { cat "$scratch/said" >&2; exit 1; }
echo "pre-commit: the hook stops a mistake and lets a right file pass"
