#!/usr/bin/env bash
# Runs uris of uris on this machine; ./run.sh --help shows its inputs. Compiled by pipec: change the source instead.
# Needs bash 4.4 or newer, the GNU coreutils, jq, and what the steps' programs need.
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

FACT[name]='uris'
INPUTS_TAKEN=([one]=1 [others]=1)

usage() {
  cat <<'USAGE'
Runs uris on this machine.

usage: run.sh [option…] [name=value…]

inputs:
  one: file
  others: [file], has a default

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
  if ! take one 'none' '' check_artifact file; then
    die 'the input one (file) is missing: give it as one=…'
  fi
  if ! take others 'none' '' check_json '{"item":{"type":"file"},"type":"list"}'; then
    give others '[]' || return
  fi
}

run_entry() {
  call_pipeline pipeline_uris ''
}

show_outputs() {
  local text known_is_there
  load text "$RUN/.out/"text || return
  load known_is_there "$RUN/.out/"known_is_there || return
  show text 'text' "$text"
  show known_is_there 'plain' "$known_is_there"
  if [[ -n $AS_JSON ]]; then show_json; fi
}

# read, uris.pipe:3:6
task_read() {
  local one others known
  argument one one || return
  argument others others || return
  argument known known || return
  TASK='read'
  begin_step
  input_file one '' "$one" || return
  input_files others "$others" || return
  input_file known '' "$known" || return
  output text ''
  output known_is_there ''
  attempts bash "$HERE/programs/read.bash" || return
  collect_value text text 'text' '' check_string || return
  collect_value known_is_there known_is_there 'plain' '' check_bool || return
}

# uris, uris.pipe:10:10
pipeline_uris() {
  begin_unit
  node read uris_read
  run_nodes || return
  uris_value
}

uris_value() {
  local read_text read_known_is_there
  output_of read_text read text || return
  output_of read_known_is_there read known_is_there || return
  unit_output text "$read_text" 'text' || return
  unit_output known_is_there "$read_known_is_there" 'plain' || return
}

uris_read() {
  local one others
  input one one || return
  input others others || return
  give one "$one" || return
  give others "$others" || return
  give known '/etc/passwd' || return
  task_read
}
