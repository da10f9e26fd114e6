#!/usr/bin/env bash
# Says hello.
#
# Runs hello of hello on this machine; ./run.sh --help shows its inputs. Compiled by pipec: change the source instead.
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

FACT[name]='hello'
INPUTS_TAKEN=([name]=1)

usage() {
  cat <<'USAGE'
Runs hello on this machine.

usage: run.sh [option…] [name=value…]

inputs:
  name: string, has a default

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
  if ! take name 'text' '' check_string; then
    give name 'world' || return
  fi
}

run_entry() {
  call_pipeline pipeline_hello ''
}

show_outputs() {
  local greeting
  load greeting "$RUN/.out/"greeting || return
  show greeting 'text' "$greeting"
  if [[ -n $AS_JSON ]]; then show_json; fi
}

# Greets one person.
# greet, flow.pipe:10:1
task_greet() {
  local name
  argument name name || return
  TASK='greet'
  begin_step
  variable name "$name"
  output out ''
  attempts bash "$HERE/programs/greet.bash" || return
  collect_value '' out 'text' '' check_string || return
}

# Says hello.
pipeline_hello() {
  begin_unit
  node greeting hello_greeting
  run_nodes || return
  hello_value
}

hello_value() {
  local greeting
  value_of greeting greeting || return
  unit_output greeting "$greeting" 'text' || return
}

hello_greeting() {
  local name
  input name name || return
  give name "$name" || return
  task_greet
}
