#!/usr/bin/env bash
# Runs p of interrupted on this machine; ./run.sh --help shows its inputs. Compiled by pipec: change the source instead.
# Needs bash 4.4 or newer, the GNU coreutils, and what the steps' programs need.
# shellcheck disable=SC2016 # what stands in single quotes is meant as it is written

# What comes first is for every shell: one that can't read the rest is told so.
case ${BASH_VERSION-} in
  '' | [0-3].* | 4.[0-3].*)
    printf '%s: this needs bash 4.4 or newer, and runs in %s: start it as ./run.sh, or with bash\n' \
      "${0##*/}" "${BASH_VERSION:+bash }${BASH_VERSION:-another shell}" >&2
    exit 2
    ;;
esac
# As "sh", bash lacks what POSIX doesn't have.
set +o posix

# Bytes are bytes: texts are UTF-8, and bytes of UTF-8 sort by code point.
export LC_ALL=C
TZ=UTC
shopt -u patsub_replacement 2>/dev/null
set -u

HERE=$(cd "${BASH_SOURCE[0]%/*}" && pwd) || exit
CALLER=$PWD
RUN='' RUN_ID='' JOBS='' AT='' AS_JSON='' ZONE='' INTERRUPTED=0 CANCELLED_BY=.cancelled RUNNING=.running
STEP='' LOG='' MISMATCH='' OUTPUTS_SHOWN=() STOPS=() OPEN_FILES=() APPROVED=()
declare -A FACT=() GIVEN=() PATTERNS=() INPUTS_TAKEN=()

FACT[name]='p'

usage() {
  cat <<'USAGE'
Runs p on this machine.

usage: run.sh [option…] [name=value…]

options:
  -j N              at most N steps at a time (default: one for each core)
  --json            print the outputs as one JSON object
  --dir DIRECTORY   keep the run's logs and artifacts there (default: pipec-runs/ID)
  --approve STEP    answer yes to the approval STEP, or to all
  --at TIME         the instant that the run is for: 2026-11-24T03:00:00Z, or a day
  --id ID           the run's name (default: made of the time)

Lists, maps and records are given as JSON, paths relative to the working directory.
Exit status: 0 fine, 1 a step failed, 2 wrong usage, 130 interrupted.
USAGE
}

take_inputs() {
  :
}

run_entry() {
  call_pipeline pipeline_p p_hooks
}

show_outputs() {
  if [[ -n $AS_JSON ]]; then show_json; fi
}

# long, flow.pipe:10:1
task_long() {
  TASK='long'
  begin_step
  output out ''
  attempts bash "$HERE/programs/long.bash" || return
  collect_value '' out 'int' '' check_int || return
}

# quick, flow.pipe:10:1
task_quick() {
  TASK='quick'
  begin_step
  attempts bash "$HERE/programs/quick.bash" || return
}

# note, flow.pipe:10:1
task_note() {
  local text
  argument text text || return
  TASK='note'
  begin_step
  variable text "$text"
  attempts bash "$HERE/programs/note.bash" || return
}

pipeline_p() {
  begin_unit
  node a p_a
  node b p_b
  run_nodes
}

p_a() {
  task_long
}

p_b() {
  task_quick
}

p_hooks() {
  run_hook on-exit-1 p_on_exit
}

p_on_exit() {
  give s "${FACT[status]}" || return
  run_unit p_on_exit_unit "$NODE" "$NODE/.in" "$STEP" || return
}

p_on_exit_unit() {
  begin_unit
  node t p_on_exit_unit_t
  node note p_on_exit_unit_note t
  run_nodes
}

p_on_exit_unit_t() {
  local s
  input s s || return
  result 'status '"$s" 'text'
}

p_on_exit_unit_note() {
  local t
  value_of t t || return
  give text "$t" || return
  task_note
}
