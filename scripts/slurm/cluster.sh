# shellcheck shell=bash
# A Slurm cluster of one node, on one machine, for tests. To be sourced.

export SLURM_CONF=/run/slurm/slurm.conf

# Installs what is missing of Slurm, and says so.
install_slurm() {
  command -v slurmctld slurmd sbatch munged >/dev/null && return
  echo "installing Debian's slurmctld, slurmd, slurm-client and munge"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends \
    slurmctld slurmd slurm-client munge >/dev/null
}

# Goes on as a command with namespaces of its own for processes, mounts, host name and network, for at most so many
# seconds: it cannot disturb anything or reach anything, and nothing outlives it, however it ends.
isolated() {
  exec timeout --foreground --kill-after=5 "$1" \
    setpriv --pdeathsig KILL unshare --pid --fork --kill-child --mount-proc --mount --uts --net "${@:2}"
}

# Starts the controller. To be run `isolated`, like all that follows.
start_controller() {
  # The first process of a namespace ignores what it has no trap for.
  trap 'exit 130' INT TERM
  hostname node0
  ip link set lo up
  # With none but loopback addresses, glibc resolves no address at all (AI_ADDRCONFIG). This one leads nowhere: it is
  # for documentation (RFC 5737).
  ip address add 192.0.2.1/32 dev lo
  mount -t tmpfs tmpfs /run
  mkdir -p /run/slurm/slurmctld /run/slurm/slurmd
  cp scripts/slurm/slurm.conf $SLURM_CONF
  mungekey --create --keyfile=/run/slurm/munge.key
  munged --key-file=/run/slurm/munge.key --socket=/run/slurm/munge.socket --seed-file=/run/slurm/munge.seed \
    --pid-file=/run/slurm/munged.pid --log-file=/run/slurm/munged.log 2>>/run/slurm/munged.log
  slurmctld -D >/run/slurm/slurmctld.log 2>&1 &
}

# Starts the node, its processes in a namespace below.
start_node() {
  unshare --pid --fork --kill-child --mount-proc slurmd -D >>/run/slurm/slurmd.log 2>&1 &
  node=$!
}

# Kills every process of the node, daemons and tasks, as a loss of power would: without a signal that they could catch.
cut_power() {
  kill -KILL "$node"
  wait "$node" 2>/dev/null || true
}

is_idle() {
  [[ $(sinfo --noheader --format=%t 2>/dev/null) == idle ]]
}

# Whether a task of the job is yet to end.
is_queued() {
  [[ -n $(squeue --noheader --jobs="$1" 2>/dev/null) ]]
}

is_over() {
  ! is_queued "$1"
}

# A field of the job, like ExitCode; of an array, of each task.
field() {
  scontrol show job "$1" | grep --only-matching --perl-regexp "\b$2=\K\S+"
}

# Tries a command until it succeeds, for at most so many seconds.
await() {
  local end=$((SECONDS + $1))
  until "${@:2}"; do
    ((SECONDS < end)) || fail "in vain for $1 s: ${*:2}"
    sleep 0.2
  done
}

# Ends the test with a message, after what the daemons said last.
fail() {
  tail --lines=10 /run/slurm/*.log >&2 2>/dev/null || true
  echo "failed: $*" >&2
  exit 1
}
