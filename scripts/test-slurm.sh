#!/usr/bin/env bash
# The campaign of deploy/slurm on a real Slurm, whose node loses power halfway. What it merges has to be one unsharded
# run, byte for byte. Needs Debian, root and a few minutes; leaves no process and no file behind.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/slurm/cluster.sh
source scripts/slurm/cluster.sh

readonly LIMIT=900
readonly CASES=40000
readonly SHARE=$((CASES / 8))
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
  run_unsharded
  run_array
  compare
}

run_unsharded() {
  user_folder /run/whole
  SECONDS=0
  exit_code=0
  npx softmax-fuzz fuzz "${CAMPAIGN[@]}" >fuzz.log || exit_code=$?
  echo "unsharded: $SECONDS s, exit $exit_code"
}

run_array() {
  user_folder /run/sharded
  SECONDS=0
  local array merge task tasks kept=()
  array=$(sbatch --parsable "$EXAMPLE/fuzz.sbatch" "${CAMPAIGN[@]}")
  merge=$(sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes "$EXAMPLE/merge.sbatch")

  await 120 has_cases 0 $((SHARE / 2))
  cut_power
  mapfile -t tasks < <(squeue --noheader --states=RUNNING --format=%K)
  for task in "${tasks[@]}"; do kept[task]=$(cases_of "$task"); done
  echo "array of 8: power cut after $SECONDS s, in tasks ${tasks[*]} with ${kept[*]} of $SHARE cases done"
  ((kept[0] < SHARE)) || fail 'the power cut came too late'
  # What Slurm does by itself once a node has been silent for SlurmdTimeout.
  scontrol update NodeName=node0 State=DOWN Reason='power cut'
  start_node
  scontrol update NodeName=node0 State=RESUME

  while is_queued "$array"; do
    for task in "${tasks[@]}"; do
      has_cases "$task" "${kept[task]}" || fail "task $task began anew"
    done
    sleep 0.5
  done
  (($(field "$array" Restarts | grep --count 1) == ${#tasks[@]})) || fail 'not every task was requeued once'
  await 60 is_over "$merge"
  [[ $(field "$merge" ExitCode) == "$exit_code:0" ]] || fail "the merge ended with $(field "$merge" ExitCode)"
  echo "array of 8: $SECONDS s, ${#tasks[@]} tasks requeued and resumed, merged"
}

compare() {
  # How long it took differs. Nothing else may.
  find /run/whole/reports/latest /run/sharded/reports/latest -type f \
    -exec sed -i -E 's/("elapsedMs": ?)[0-9]+/\1/; s/^(Seed [0-9]+), .*/\1/' {} +
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

# The cases that a task of the array has counted so far.
cases_of() {
  local state=reports/shard-$(($1 + 1))-of-8/state.json
  if [[ -e $state ]]; then
    node -p 'JSON.parse(fs.readFileSync(process.argv[1])).tallies[0].cases' "$state"
  else
    echo 0
  fi
}

has_cases() {
  (($(cases_of "$1") >= $2))
}

"${1-main}"
