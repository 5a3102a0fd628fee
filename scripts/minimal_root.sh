# Makes and enters minimal Debian or Ubuntu roots, for the scripts that prove a set-up in one; to be sourced.
#
# Needs root and mmdebstrap. Proxies, certificates and pip's configuration of this machine are carried into the root as
# they are found. The caller may set `keep` to leave the root behind, and `keyring` to the file of keys that the suite
# is signed with, where this machine does not know them.
[ "$(id -u)" -eq 0 ] || { echo "must be root, to make and enter a root of its own" >&2; exit 2; }
command -v mmdebstrap >/dev/null || { echo "missing: apt-get install mmdebstrap" >&2; exit 2; }

work=$(mktemp -d "${TMPDIR:-/tmp}/lithostat-fresh.XXXXXX")
roots=()
say() { echo "== $(date +%H:%M:%S) $*"; }
leave() {
    local root mounted
    for root in "${roots[@]}"; do
        for mounted in dev/shm dev sys proc; do
            ! mountpoint -q "$root/$mounted" || umount "$root/$mounted"
        done
    done
    if [ -n "${keep:-}" ]; then
        echo "kept: $work"
    elif ! grep -q " $work" /proc/mounts; then
        rm -rf --one-file-system "$work"
    fi
}
trap leave EXIT

environment=("PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" LANG=C.UTF-8 TERM=dumb)
while IFS= read -r line; do environment+=("$line"); done < <(
    env | grep -E '^(https?_proxy|no_proxy|HTTPS?_PROXY|NO_PROXY|PIP_(CERT|PROXY|(EXTRA_)?INDEX_URL|TRUSTED_HOST)|UV_(DEFAULT_)?INDEX(_URL)?|SSL_CERT_[A-Z]*)=' || true
)

make_root() { # FOLDER SUITE PACKAGES [OPTION...]: a minimal root with some packages, separated by commas
    local root=$1 suite=$2 packages=$3 file components=main
    shift 3
    # What Debian has in main, Ubuntu has in two parts.
    ! grep -qs ",$suite," /usr/share/distro-info/ubuntu.csv || components=main,universe
    apt-config dump | grep -E '^Acquire::(https?::)?(Proxy|CaInfo|Retries)' >"$work/apt.conf" || true
    mmdebstrap --quiet --variant=minbase --components="$components" ${keyring:+--keyring="$keyring"} \
        --aptopt="$work/apt.conf" --include="apt,$packages" "$@" "$suite" "$root"
    roots+=("$root")
    mount -t proc proc "$root/proc"
    mount -t sysfs -o ro sysfs "$root/sys" # the message-passing library looks for cores and networks there
    mount --bind --make-private /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/dev/shm" # ranks talk through it
    for file in /etc/resolv.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt; do
        [ ! -e "$file" ] || install -D -m 644 "$file" "$root$file"
    done
    # What pip reads, from whichever file, gathered into one; folders of this machine mean nothing in there.
    { echo '[global]'; python3 -m pip config list 2>/dev/null |
        sed -n "s/^\(global\|install\|user\|site\)\.\([a-z-]*\)='\(.*\)'\$/\2 = \3/p" | grep -v -e 'file:' -e '^find-links'; } \
        >"$root/etc/pip.conf" || true
}
