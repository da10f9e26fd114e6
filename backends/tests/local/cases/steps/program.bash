#!/usr/bin/env bash
# Runs p of steps on this machine; ./run.sh --help shows its inputs. Compiled by pipec: change the source instead.
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

FACT[name]='p'
INPUTS_TAKEN=([texts]=1)

usage() {
  cat <<'USAGE'
Runs p on this machine.

usage: run.sh [option…] [name=value…]

inputs:
  texts: [string], has a default

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
  if ! take texts 'json' '' check_json '{"item":{"type":"string"},"type":"list"}'; then
    give texts $'["","null","{{workflow.name}}","$(touch x) `id` \\"q\\" \'s\' \\\\ $HOME","line1\\nline2\\n","tab\\t\\u0001\\u001f\177","=b64","é😀\\u2028\\u003c\\u003e\\u0026","-n","%s%d"," lead and trail "]' || return
  fi
}

run_entry() {
  call_pipeline pipeline_p ''
}

show_outputs() {
  local echoed same n joined third never slow bad silent nested
  load echoed "$RUN/.out/"echoed || return
  load same "$RUN/.out/"same || return
  load n "$RUN/.out/"n || return
  load joined "$RUN/.out/"joined || return
  load third "$RUN/.out/"third || return
  load never "$RUN/.out/"never || return
  load slow "$RUN/.out/"slow || return
  load bad "$RUN/.out/"bad || return
  load silent "$RUN/.out/"silent || return
  load nested "$RUN/.out/"nested || return
  show echoed 'json' "$echoed"
  show same 'plain' "$same"
  show n 'int' "$n"
  show joined 'text' "$joined"
  show third 'int' "$third"
  show never 'int?' "$never"
  show slow 'plain' "$slow"
  show bad 'int?' "$bad"
  show silent 'int?' "$silent"
  show nested 'json' "$nested"
  if [[ -n $AS_JSON ]]; then show_json; fi
}

# echo, flow.pipe:10:1
task_echo() {
  local text
  argument text text || return
  TASK='echo'
  begin_step
  variable text "$text"
  output out ''
  attempts bash "$HERE/programs/echo.bash" || return
  collect_value '' out 'text' '' check_string || return
}

# count, flow.pipe:10:1
task_count() {
  local texts
  argument texts texts || return
  TASK='count'
  begin_step
  variable texts "$texts"
  output n ''
  output joined ''
  attempts bash "$HERE/programs/count.bash" || return
  collect_value n n 'int' '' check_int || return
  collect_value joined joined 'text' '' check_string || return
}

# flaky, flow.pipe:10:1
task_flaky() {
  local need
  argument need need || return
  TASK='flaky'
  begin_step
  variable need "$need"
  output out ''
  RETRIES=2 BACKOFF=10 FACTOR=1000 MOST_BACKOFF=0
  attempts bash "$HERE/programs/flaky.bash" || return
  collect_value '' out 'int' '' check_int || return
}

# slow, flow.pipe:10:1
task_slow() {
  TASK='slow'
  begin_step
  timeout_of '300ms' 'flow.pipe:1:3' || return
  attempts bash "$HERE/programs/slow.bash" || return
}

# bad, flow.pipe:10:1
task_bad() {
  TASK='bad'
  begin_step
  output out ''
  attempts bash "$HERE/programs/bad.bash" || return
  collect_value '' out 'int' '' check_int || return
}

# silent, flow.pipe:10:1
task_silent() {
  TASK='silent'
  begin_step
  output out ''
  attempts bash "$HERE/programs/silent.bash" || return
  collect_value '' out 'int' '' check_int || return
}

pipeline_p() {
  begin_unit
  node echoed p_echoed
  node count p_count echoed
  node third p_third
  node four p_four
  node never p_never four
  node slow p_slow
  node bad p_bad
  node silent p_silent
  node nested p_nested
  run_nodes || return
  p_value
}

p_value() {
  local echoed texts equal count_n count_joined third never slow bad silent nested
  value_of echoed echoed || return
  input texts texts || return
  output_of count_n count n || return
  output_of count_joined count joined || return
  value_of third third || return
  value_of never never || return
  value_of slow slow || return
  value_of bad bad || return
  value_of silent silent || return
  value_of nested nested || return
  unit_output echoed "$echoed" 'json' || return
  text_compare equal "$echoed" '==' "$texts" || return
  unit_output same "$equal" 'plain' || return
  unit_output n "$count_n" 'int' || return
  unit_output joined "$count_joined" 'text' || return
  unit_output third "$third" 'int' || return
  unit_output never "$never" 'int?' || return
  unit_output slow "$slow" 'plain' || return
  unit_output bad "$bad" 'int?' || return
  unit_output silent "$silent" 'int?' || return
  unit_output nested "$nested" 'json' || return
}

p_echoed() {
  local texts list
  input texts texts || return
  map_over p_echoed_item 64 zip 'flow.pipe:20:3' t "$texts" 'text' || return
  gather list 'text' || return
  result "$list" 'json'
}

p_echoed_item() {
  begin_unit
  node echo p_echoed_item_echo
  run_nodes || return
  p_echoed_item_value
}

p_echoed_item_value() {
  local echo
  value_of echo echo || return
  unit_result "$echo" 'text'
}

p_echoed_item_echo() {
  local t
  input t t || return
  give text "$t" || return
  task_echo
}

p_count() {
  local echoed
  value_of echoed echoed || return
  give texts "$echoed" || return
  task_count
}

p_third() {
  give need '3' || return
  task_flaky
}

p_four() {
  result '4' 'int'
}

p_never() {
  local four succeeded kept
  value_of four four || return
  give need "$four" || return
  try_unit succeeded p_never_try || return
  if [[ $succeeded == true ]]; then
    load kept "$NODE/.value" || return
    result '='"$kept" none
  else
    result '' none
  fi
}

p_never_try() {
  begin_unit
  node flaky p_never_try_flaky
  run_nodes || return
  p_never_try_value
}

p_never_try_value() {
  local flaky
  value_of flaky flaky || return
  unit_result "$flaky" 'int'
}

p_never_try_flaky() {
  local need
  input need need || return
  give need "$need" || return
  task_flaky
}

p_slow() {
  local succeeded
  try_unit succeeded p_slow_try || return
  result "$succeeded" plain
}

p_slow_try() {
  begin_unit
  node slow p_slow_try_slow
  run_nodes
}

p_slow_try_slow() {
  task_slow
}

p_bad() {
  local succeeded kept
  try_unit succeeded p_bad_try || return
  if [[ $succeeded == true ]]; then
    load kept "$NODE/.value" || return
    result '='"$kept" none
  else
    result '' none
  fi
}

p_bad_try() {
  begin_unit
  node bad p_bad_try_bad
  run_nodes || return
  p_bad_try_value
}

p_bad_try_value() {
  local bad
  value_of bad bad || return
  unit_result "$bad" 'int'
}

p_bad_try_bad() {
  task_bad
}

p_silent() {
  local succeeded kept
  try_unit succeeded p_silent_try || return
  if [[ $succeeded == true ]]; then
    load kept "$NODE/.value" || return
    result '='"$kept" none
  else
    result '' none
  fi
}

p_silent_try() {
  begin_unit
  node silent p_silent_try_silent
  run_nodes || return
  p_silent_try_value
}

p_silent_try_value() {
  local silent
  value_of silent silent || return
  unit_result "$silent" 'int'
}

p_silent_try_silent() {
  task_silent
}

p_nested() {
  local list
  map_over p_nested_item 1 zip 'flow.pipe:20:3' k '#' '' n '[0,1,2]' 'int' || return
  gather list 'json' || return
  result "$list" 'json'
}

p_nested_item() {
  begin_unit
  node inner p_nested_item_inner
  run_nodes || return
  p_nested_item_value
}

p_nested_item_value() {
  local inner
  value_of inner inner || return
  unit_result "$inner" 'json'
}

p_nested_item_inner() {
  local k n numbers list
  input k k || return
  input n n || return
  give k "$k" || return
  int_list numbers '0' "$n" 'flow.pipe:17:3' || return
  map_over p_nested_item_inner_item 64 zip 'flow.pipe:20:3' j "$numbers" 'int' || return
  gather list 'text' || return
  result "$list" 'json'
}

p_nested_item_inner_item() {
  begin_unit
  node echo p_nested_item_inner_item_echo
  run_nodes || return
  p_nested_item_inner_item_value
}

p_nested_item_inner_item_value() {
  local echo
  value_of echo echo || return
  unit_result "$echo" 'text'
}

p_nested_item_inner_item_echo() {
  local k j
  input k k || return
  input j j || return
  give text "$k"'/'"$j" 'text' || return
  task_echo
}
