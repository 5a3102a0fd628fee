#!/usr/bin/env bash
# Proves a stranger's first minutes: a fresh clone of HEAD in a minimal root of Debian or Ubuntu runs both commands of
# the README.
#
#   scripts/prove_fresh.sh [--suite trixie] [--keyring FILE] [--as user|root] [--keep] [TARGET...]
#
# TARGETs are those of the Makefile, `demo test` unless given. Needs root and mmdebstrap, and is no part of
# `make test`. As `user` (the default) an unprivileged account calls make: it must first be told, with exit 2 and
# nothing changed, which packages to install; that very line is then carried out for it. As `root` the set-up
# installs the packages itself. A bookworm root has Python 3.11 and so needs uv to fetch an interpreter; an Ubuntu's,
# as noble, needs Ubuntu's keys: of the package ubuntu-keyring, or in FILE.
set -euo pipefail
cd "$(dirname "$0")/.."

suite=trixie account=user keep=
while [ $# -gt 0 ]; do
    case "$1" in
        --suite) suite=$2; shift 2 ;;
        --keyring) keyring=$2; shift 2 ;;
        --as) account=$2; shift 2 ;;
        --keep) keep=yes; shift ;;
        -*) sed -n '2,13s/^# \{0,1\}//p' "$0"; exit 2 ;;
        *) break ;;
    esac
done
[ $# -gt 0 ] || set -- demo test
. scripts/minimal_root.sh
root=$work/root

say "a minimal $suite with git, make, python3 and python3-venv"
make_root "$root" "$suite" ca-certificates,git,make,python3,python3-venv

chroot "$root" useradd --create-home --shell /bin/bash stranger
git bundle create --quiet "$work/lithostat.bundle" HEAD "$(git symbolic-ref --short HEAD)"
install -m 644 "$work/lithostat.bundle" "$root/home/stranger/lithostat.bundle"

within() { # ACCOUNT COMMAND: as that account, in its home
    local as=$1 home=/home/stranger
    shift
    [ "$as" != root ] || home=/root
    chroot "$root" env -i "${environment[@]}" HOME="$home" \
        setpriv --reuid "$as" --regid "$as" --init-groups bash -c "cd && $*"
}
user=stranger
[ "$account" = user ] || user=root
within "$user" "git -c init.defaultBranch=main clone -q /home/stranger/lithostat.bundle lithostat && cd lithostat && git log -1 --format='%h %s'"

if [ "$account" = user ]; then
    say "make $1 by an unprivileged account: must name the missing packages and change nothing"
    status=0
    within stranger "cd lithostat && make $1" 2>&1 | tee "$work/refused" || status=$?
    [ "$status" -eq 2 ] || { echo "expected exit 2, got $status" >&2; exit 1; }
    [ -z "$(within stranger "cd lithostat && git status --porcelain --ignored")" ] ||
        { echo "something was changed all the same" >&2; exit 1; }
    line=$(sed -n '/^ *sudo apt-get/s/ *sudo / /gp' "$work/refused")
    [ -n "$line" ] || { echo "no line to install the packages was printed" >&2; exit 1; }
    say "as root:$line"
    within root "export DEBIAN_FRONTEND=noninteractive; $line -y" >"$work/apt.log" 2>&1 ||
        { tail "$work/apt.log"; exit 1; }
fi

for target in "$@"; do
    say "make $target"
    begun=$SECONDS
    within "$user" "cd lithostat && make $target"
    say "make $target: done in $((SECONDS - begun)) s"
    begun=$SECONDS
    within "$user" "cd lithostat && make setup"
    say "make setup again: $((SECONDS - begun)) s"
done
changed=$(within "$user" "cd lithostat && git status --porcelain")
[ -z "$changed" ] || { printf 'files that git does not ignore were made:\n%s\n' "$changed" >&2; exit 1; }
say "proven: make $* in a minimal $suite root, as $account"
