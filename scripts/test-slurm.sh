#!/usr/bin/env bash
# The campaign of deploy/slurm on a real Slurm, whose node loses power halfway. What it merges has to be one unsharded
# run, byte for byte. Needs Debian, root and a few minutes; leaves no process and no file behind.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/slurm/cluster.sh
source scripts/slurm/cluster.sh

readonly LIMIT=900
readonly CASES=40000
readonly CAMPAIGN=(naive stable --runs "$CASES" --seed 1 --quiet)
readonly CHECKOUT=$PWD
readonly EXAMPLE=$PWD/deploy/slurm

main() {
  ((EUID == 0)) || fail 'this test needs root'
  [[ -e dist/cli/main.js ]] || npm run build
  install_slurm
  isolated $LIMIT "$0" inside
}

# The test, where nothing of it can outlive it.
inside() {
  start_controller
  start_node
  await 30 is_idle
  echo "$(sinfo --version), one node of 2 cores; fuzz ${CAMPAIGN[*]}"

  user_folder /run/whole
  SECONDS=0
  local exit_code=0
  npx softmax-fuzz fuzz "${CAMPAIGN[@]}" >fuzz.log || exit_code=$?
  echo "unsharded: $SECONDS s, exit $exit_code"

  user_folder /run/sharded
  SECONDS=0
  local array merge
  array=$(sbatch --parsable "$EXAMPLE/fuzz.sbatch" "${CAMPAIGN[@]}")
  merge=$(sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes "$EXAMPLE/merge.sbatch")
  await 120 has_cases 1 $((CASES / 8 / 2))
  cut_power
  local kept=("$(cases_of 1)" "$(cases_of 2)")
  echo "array of 8: power cut after $SECONDS s, with ${kept[0]} and ${kept[1]} of $((CASES / 8)) cases done in two tasks"
  scontrol update NodeName=node0 State=DOWN Reason='power cut'
  start_node
  scontrol update NodeName=node0 State=RESUME

  while is_queued "$array"; do
    # A task that began anew would count from 0.
    has_cases 1 "${kept[0]}" || fail 'the requeued first task lost cases'
    has_cases 2 "${kept[1]}" || fail 'the requeued second task lost cases'
    sleep 0.5
  done
  (($(field "$array" Restarts | grep --count 1) == 2)) || fail 'not both tasks were requeued once'
  await 60 is_over "$merge"
  echo "array of 8: $SECONDS s, 2 tasks requeued and resumed, merged"
  [[ $(field "$merge" ExitCode) == "$exit_code:0" ]] || fail "the merge ended with $(field "$merge" ExitCode)"

  without_times /run/whole/reports/latest
  without_times /run/sharded/reports/latest
  diff --recursive --brief /run/whole/reports/latest /run/sharded/reports/latest ||
    fail 'the merged shards are not the unsharded run'
  echo "passed: the merged shards are the unsharded run, $(find reports/latest -type f | wc -l) files"
}

# Makes a folder where softmax-fuzz is installed, and goes there.
user_folder() {
  mkdir -p "$1/node_modules/.bin"
  ln -s "$CHECKOUT" "$1/node_modules/softmax-fuzz"
  ln -s ../softmax-fuzz/dist/cli/main.js "$1/node_modules/.bin/softmax-fuzz"
  cd "$1"
}

# The cases that a shard has counted so far.
cases_of() {
  local state=reports/shard-$1-of-8/state.json
  if [[ -e $state ]]; then
    node -p 'JSON.parse(fs.readFileSync(process.argv[1])).tallies[0].cases' "$state"
  else
    echo 0
  fi
}

has_cases() {
  (($(cases_of "$1") >= $2))
}

# How long each file took to make differs. Nothing else may.
without_times() {
  find "$1" -type f -exec sed -i -E 's/("elapsedMs": ?)[0-9]+/\1/; s/^(Seed [0-9]+), .*/\1/' {} +
}

"${1-main}"
