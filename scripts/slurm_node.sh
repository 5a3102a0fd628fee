#!/usr/bin/env bash
# A real Slurm of one node for tests: this machine, its own key, ports and folder, no systemd, nothing left behind.
#
#   eval "$(scripts/slurm_node.sh start DIR)"    # starts it in DIR, prints `export SLURM_CONF=DIR/slurm.conf`
#   scripts/slurm_node.sh stop DIR               # ends its jobs and processes; the logs stay in DIR
#
# Slurm and munge (Debian: slurm-wlm, munge) are installed by name where they are missing and root asks; an ordinary
# user runs what is there. SLURM_NODE_CPUS says how many processors the node claims (all of them unless given).
# Exit 75: no Slurm can be had here, one line on stderr says why, and tests that need one skip with that line.
# Exit 1: it is there and did not start; the ends of its logs are printed. Exit 2: wrong words.
set -euo pipefail
PATH="$PATH:/usr/sbin:/sbin"
UNAVAILABLE=75
patience=15
daemons="slurmd slurmctld munged"

without() {
    echo "no Slurm here: $1" >&2
    exit "$UNAVAILABLE"
}

missing() {
    local program
    for program in sbatch slurmctld slurmd munged mungekey; do
        command -v "$program" >/dev/null 2>&1 || echo "$program"
    done
}

obtain() {
    local absent log
    absent=$(missing | tr '\n' ' ')
    [ -n "$absent" ] || return 0
    [ "$(id -u)" -eq 0 ] || without "${absent% } not installed, and only root installs (Debian: slurm-wlm munge)"
    command -v apt-get >/dev/null 2>&1 || without "${absent% } not installed, and no apt-get to install them"
    [ -z "${LITHOSTAT_NO_APT:-}" ] || without "${absent% } not installed, and LITHOSTAT_NO_APT is set"
    log=$(mktemp)
    # Package lists may be absent or old: fetch them only where the first try fails.
    install() {
        DEBIAN_FRONTEND=noninteractive timeout 120 apt-get install -y -q --no-install-recommends slurm-wlm munge
    }
    install >"$log" 2>&1 || { timeout 60 apt-get update -q && install; } >"$log" 2>&1 || true
    absent=$(missing | tr '\n' ' ')
    [ -z "$absent" ] || without "slurm-wlm and munge could not be installed: $(tail -n 1 "$log")"
    rm -f "$log"
}

configure() {
    local host cpus memory ports
    host=$(hostname -s)
    cpus=${SLURM_NODE_CPUS:-$(nproc)}
    memory=$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1024 * 3 / 4))
    # Two ports that nobody has, so that a Slurm that lives here already is left alone.
    ports=$(python3 -c 'import socket
taken = [socket.socket() for _ in range(2)]
for one in taken:
    one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in taken))')
    mkdir -p "$folder/munge" "$folder/state" "$folder/spool"
    cat >"$folder/slurm.conf" <<CONFIGURATION
ClusterName=lithostat
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=${ports% *}
SlurmdPort=${ports#* }
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket,cred_expire=5
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=pmi2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/none
ReturnToService=2
SchedulerParameters=batch_sched_delay=0,sched_interval=2,sched_min_interval=0,bf_interval=2
SlurmdParameters=config_overrides
# Elsewhere Slurm waits 30 s after SIGTERM before it kills (KillWait), and 2 min before it starts a requeued job
# (cred_expire): long for tests.
KillWait=5
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cpus RealMemory=$memory State=UNKNOWN
PartitionName=test Nodes=$host Default=YES MaxTime=60 DefMemPerCPU=500 State=UP
CONFIGURATION
}

start() {
    [ ! -e "$folder/slurm.conf" ] || { echo "$folder: a node stands there already; stop it first" >&2; exit 2; }
    obtain
    mkdir -p "$folder"
    folder=$(cd "$folder" && pwd -P)
    configure
    export SLURM_CONF="$folder/slurm.conf"
    # The daemons go to the background by themselves; what they say before goes to a file, as does why they would not.
    {
        mungekey --create --keyfile "$folder/munge/key"
        # The socket's folder need not be open to other users: all that speaks here is ours.
        munged --force --key-file "$folder/munge/key" --socket "$folder/munge/socket" --num-threads 2 \
            --pid-file "$folder/munged.pid" --log-file "$folder/munge/log" --seed-file "$folder/munge/seed"
        slurmctld -c
        slurmd -c -N "$(hostname -s)"
    } </dev/null >"$folder/start.log" 2>&1 || complain
    local waited=0
    until sinfo --noheader --format %T 2>/dev/null | grep -q '^idle'; do
        waited=$((waited + 1))
        [ "$waited" -lt $((patience * 5)) ] || complain
        sleep 0.2
    done
    echo "export SLURM_CONF='$SLURM_CONF'"
}

complain() {
    echo "Slurm did not start in $folder:" >&2
    tail -n 8 "$folder"/start.log "$folder"/*.log "$folder"/munge/log >&2 2>/dev/null || true
    stop
    exit 1
}

# The process number of a daemon of ours; nothing where it is gone and the number is another's.
number_of() {
    local number
    number=$(cat "$folder/$1.pid" 2>/dev/null) || return 0
    [ "$(cat "/proc/$number/comm" 2>/dev/null)" != "$1" ] || echo "$number"
}

stop() {
    local daemon number waited=0
    export SLURM_CONF="$folder/slurm.conf"
    if [ -n "$(number_of slurmctld)" ]; then
        timeout 10 scancel --user "$(id -un)" 2>/dev/null || true
        until [ -z "$(timeout 10 squeue --noheader 2>/dev/null)" ] || [ "$waited" -ge $((patience * 5)) ]; do
            waited=$((waited + 1))
            sleep 0.2
        done
    fi
    for daemon in $daemons; do
        number=$(number_of "$daemon")
        [ -z "$number" ] || kill "$number"
        waited=0
        while number=$(number_of "$daemon") && [ -n "$number" ]; do
            waited=$((waited + 1))
            [ "$waited" -lt $((patience * 5)) ] || kill -KILL "$number"
            sleep 0.2
        done
        rm -f "$folder/$daemon.pid"
    done
    rm -rf "$folder/slurm.conf" "$folder/munge" "$folder/state" "$folder/spool"
}

[ "$#" -eq 2 ] || { sed -n '4,5s/^# *//p' "$0" >&2; exit 2; }
folder=$2
case "$1" in
    start) start ;;
    stop) stop ;;
    *) sed -n '4,5s/^# *//p' "$0" >&2; exit 2 ;;
esac
