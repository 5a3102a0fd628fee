#!/usr/bin/env bash
# Proves the Dockerfile without a container engine: carries out its steps in minimal Debian roots, then runs a case.
#
#   scripts/prove_image.sh [--keep] [CASE]
#
# CASE is a shipped case, `quick/core_shell_liquid` unless given. It is run by the image's own account and by an unknown
# user without a home. Needs root and mmdebstrap, and is no part of `make test`. Understood are FROM, RUN, COPY (one
# source or several, also --from), ENV, USER, WORKDIR, ENTRYPOINT and CMD, each on one line, as the Dockerfile has them;
# anything else is an error. Files come from HEAD.
set -euo pipefail
cd "$(dirname "$0")/.."
keep=
[ "${1:-}" != --keep ] || { keep=yes; shift; }
shipped=${1:-quick/core_shell_liquid}
. scripts/minimal_root.sh

mkdir "$work/source"
git archive HEAD | tar -x -C "$work/source"
declare -A stages=()
root= user=root folder=/ variables=() entry=

as() { # UID FOLDER [VARIABLE=VALUE...] -- COMMAND: in the image, with its variables, as an account or as a bare number
    local account=$1 place=$2 more=() groups=--clear-groups
    shift 2
    while [ "$1" != -- ]; do more+=("$1"); shift; done
    shift
    case "$account" in *[!0-9]*) groups=--init-groups ;; esac
    chroot "$root" env -i "${environment[0]}" "${variables[@]}" "${more[@]}" \
        setpriv --reuid "$account" --regid "$account" "$groups" sh -c "cd '$place' && $*"
}
from() { # IMAGE [AS NAME]
    local suite=${1#debian:} slim=() left
    root=$work/stage${#stages[@]} user=root folder=/ variables=()
    [ "$suite" != "$1" ] || { echo "only images of Debian can be made here, not $1" >&2; exit 1; }
    # What the slim images leave out of every package, now and later.
    [ "$suite" = "${suite%-slim}" ] || for left in doc man locale info lintian; do
        slim+=("--dpkgopt=path-exclude=/usr/share/$left/*")
    done
    make_root "$root" "${suite%-slim}" ca-certificates "${slim[@]}"
    mount -o remount,size=64m "$root/dev/shm" # what an engine gives a container
    stages[${3:-last}]=$root
}
copy() { # [--from=NAME] SOURCE... TARGET: of a folder the contents, as an engine does it
    local base=$work/source target=$root${*: -1} source
    case "$1" in --from=*) base=${stages[${1#--from=}]}; shift ;; esac
    for source in "${@:1:$#-1}"; do
        source=$base/${source#/}
        case "$target" in */) mkdir -p "$target" ;; *) mkdir -p "$(dirname "$target")" ;; esac
        if [ -d "$source" ]; then mkdir -p "$target" && cp -a "$source/." "$target"; else cp -a "$source" "$target"; fi
    done
}
run() { # COMMAND: a step, with what this machine's network needs
    as "$user" "$folder" "${environment[@]:1}" HOME=/root DEBIAN_FRONTEND=noninteractive -- "$1" \
        >"$work/step.log" 2>&1 || { tail -20 "$work/step.log"; exit 1; }
}
megabytes() { du -sm --one-file-system "$@" | awk '{ all += $1 } END { print all " MB" }'; }

while IFS= read -r line; do
    case "$line" in
        '' | '#'*) continue ;;
        'FROM '*) say "$line"; from ${line#FROM } ;;
        'RUN '*) say "${line:0:100}"; run "${line#RUN }" ;;
        'COPY '*) say "$line"; copy ${line#COPY } ;;
        'ENV '*) variables+=("${line#ENV }") ;;
        'USER '*) user=${line#USER } ;;
        'WORKDIR '*) folder=${line#WORKDIR } ;;
        'ENTRYPOINT '*) entry=$(echo "${line#ENTRYPOINT }" | tr -d '[]",') ;;
        'CMD '*) ;;
        *) echo "not understood: $line" >&2; exit 1 ;;
    esac
done <"$work/source/Dockerfile"
[ "$user" != root ] || { echo "the image's account is root" >&2; exit 1; }

say "the image holds $(megabytes "$root"), $(megabytes "$root/opt") of them the environment"
prove() { # UID FOLDER: what a user does, on one rank and on two
    local uid=$1 place=$2 command
    find "$root/cache" -mindepth 1 -delete # every container starts with an empty one
    for command in "$entry --version" "$entry doctor" "$entry run $shipped --out proof" "$entry report proof" \
        "mpiexec -n 2 $entry run $shipped --out proof-2"; do
        say "$uid: $command"
        as "$@" -- "$command"
    done
    [ -n "$(find "$root$place/proof/report" -name '*.png' -uid "$(stat -c %u "$root$place")")" ] ||
        { echo "no picture of this user's" >&2; exit 1; }
}
prove "$user" "$folder"
install -d -o 4711 -g 4711 "$root/elsewhere"
prove 4711 /elsewhere # no account and no home; the folder is the user's
say "proven: the Dockerfile's steps, and $entry run $shipped as $user and as an unknown user"
