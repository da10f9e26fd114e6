#!/usr/bin/env bash
# Runs p of structures on this machine; ./run.sh --help shows its inputs. Compiled by pipec: change the source instead.
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
INPUTS_TAKEN=([ps]=1 [m]=1 [shape]=1 [loss]=1 [maybe]=1)
PATTERNS=(
  ['[a-z]+(-[0-9]{2})?']='^(([a-z])+((-([0-9]){2,2}))?)$'
)

usage() {
  cat <<'USAGE'
Runs p on this machine.

usage: run.sh [option…] [name=value…]

inputs:
  ps: [Params]
  m: map<int>
  shape: Shape
  loss: Loss
  maybe: string?

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
  if ! take ps 'json' '' check_json '{"item":{"name":"Params","type":"record"},"type":"list"}'; then
    die 'the input ps ([Params]) is missing: give it as ps=…'
  fi
  if ! take m 'json' '' check_json '{"type":"map","value":{"type":"int"}}'; then
    die 'the input m (map<int>) is missing: give it as m=…'
  fi
  if ! take shape 'json' '' check_variant '{"name":"Shape","type":"enum"}' 'one of "dot", {"box": {…}}' 'dot'; then
    die 'the input shape (Shape) is missing: give it as shape=…'
  fi
  if ! take loss 'text' '' check_name 'logistic' 'Hinge Loss'; then
    die 'the input loss (Loss) is missing: give it as loss=…'
  fi
  if ! take maybe 'text' if-absent check_string; then
    die 'the input maybe (string?) is missing: give it as maybe=…'
  fi
}

run_entry() {
  call_pipeline pipeline_p ''
}

show_outputs() {
  local depths first small smalls count size keys values total found has described loss_name is_hinge given note_or made map numbered joined length flat least any
  load depths "$RUN/.out/"depths || return
  load first "$RUN/.out/"first || return
  load small "$RUN/.out/"small || return
  load smalls "$RUN/.out/"smalls || return
  load count "$RUN/.out/"count || return
  load size "$RUN/.out/"size || return
  load keys "$RUN/.out/"keys || return
  load values "$RUN/.out/"values || return
  load total "$RUN/.out/"total || return
  load found "$RUN/.out/"found || return
  load has "$RUN/.out/"has || return
  load described "$RUN/.out/"described || return
  load loss_name "$RUN/.out/"loss_name || return
  load is_hinge "$RUN/.out/"is_hinge || return
  load given "$RUN/.out/"given || return
  load note_or "$RUN/.out/"note_or || return
  load made "$RUN/.out/"made || return
  load map "$RUN/.out/"map || return
  load numbered "$RUN/.out/"numbered || return
  load joined "$RUN/.out/"joined || return
  load length "$RUN/.out/"length || return
  load flat "$RUN/.out/"flat || return
  load least "$RUN/.out/"least || return
  load any "$RUN/.out/"any || return
  show depths 'json' "$depths"
  show first 'json' "$first"
  show small 'json' "$small"
  show smalls 'json' "$smalls"
  show count 'int' "$count"
  show size 'int' "$size"
  show keys 'json' "$keys"
  show values 'json' "$values"
  show total 'int' "$total"
  show found 'int?' "$found"
  show has 'plain' "$has"
  show described 'text' "$described"
  show loss_name 'text' "$loss_name"
  show is_hinge 'plain' "$is_hinge"
  show given 'text' "$given"
  show note_or 'text' "$note_or"
  show made 'json' "$made"
  show map 'json' "$map"
  show numbered 'json' "$numbered"
  show joined 'text' "$joined"
  show length 'int' "$length"
  show flat 'json' "$flat"
  show least 'int?' "$least"
  show any 'json' "$any"
  if [[ -n $AS_JSON ]]; then show_json; fi
}

pipeline_p() {
  p_value
}

p_value() {
  local ps depth item item_2 widened widened_2 length m length_2 names items items_2 total item_3 items_3 json found shape chosen variant width label loss equal maybe given item_4 note given_2 given_3 json_2 names_2 items_4 map numbered names_3 json_3 text given_4 length_3 items_5 numbers items_6 items_7 extreme item_5
  input ps ps || return
  input m m || return
  input shape shape || return
  input loss loss || return
  input maybe maybe || return
  query depth "$ps" 'json' 'projected("depth")' || return
  unit_output depths "$depth" 'json' || return
  element item "$ps" '0' 'json' 'flow.pipe:7:3' || return
  unit_output first "$item" 'json' || return
  element item_2 "$ps" '0' 'json' 'flow.pipe:7:3' || return
  query widened "$item_2" 'json' '(if . == null then null else {"depth": (.["depth"] | (if type == "string" then tonumber else . end)), "extra": ("none"), "loss": .["loss"]} end)' || return
  unit_output small "$widened" 'json' || return
  query widened_2 "$ps" 'json' '(if . == null then null else map((if . == null then null else {"depth": (.["depth"] | (if type == "string" then tonumber else . end)), "extra": ("none"), "loss": .["loss"]} end)) end)' || return
  unit_output smalls "$widened_2" 'json' || return
  query length "$ps" 'text' 'length' || return
  unit_output count "$length" 'int' || return
  query length_2 "$m" 'text' 'length' || return
  unit_output size "$length_2" 'int' || return
  query names "$m" 'json' 'keys' || return
  unit_output keys "$names" 'json' || return
  query items "$m" 'json' 'in_key_order' || return
  unit_output values "$items" 'json' || return
  query items_2 "$m" 'json' 'in_key_order' || return
  sum total "$items_2" int_add 0 'flow.pipe:16:3' || return
  unit_output total "$total" 'int' || return
  entry_or_null item_3 "$m" 'é' 'int?' || return
  unit_output found "$item_3" 'int?' || return
  query items_3 "$m" 'json' 'in_key_order' || return
  json_of json 'int' '9007199254740993' || return
  query found '['"$items_3"','"$json"']' 'plain' 'has_item' || return
  unit_output has "$found" 'plain' || return
  variant=
  query variant "$shape" text 'if type == "string" then . else keys[0] end' || return
  case "$variant" in
    'dot')
      chosen='a dot'
      ;;
    'box')
      query width "$shape" 'int' '.["box"]["w"]' || return
      query label "$shape" 'text' '.["box"]["the label"]' || return
      chosen='a box of '"$width"' '"$label"
      ;;
  esac
  unit_output described "$chosen" 'text' || return
  unit_output loss_name "$loss" 'text' || return
  text_compare equal "$loss" '==' 'Hinge Loss' || return
  unit_output is_hinge "$equal" 'plain' || return
  if [[ -n "$maybe" ]]; then
    given="${maybe#=}"
  else
    given='nothing'
  fi
  unit_output given "$given" 'text' || return
  element item_4 "$ps" '0' 'json' 'flow.pipe:7:3' || return
  query note "$item_4" 'text?' '.["note"]' || return
  if [[ -n "$note" ]]; then
    given_2="${note#=}"
  else
    given_2='-'
  fi
  unit_output note_or "$given_2" 'text' || return
  if [[ -n "$maybe" ]]; then
    given_3="${maybe#=}"
  else
    given_3=''
  fi
  json_of json_2 'text' '<'"$given_3"'>' || return
  unit_output made '{''"box":''{''"the label":'"$json_2"',''"w":''3''}''}' 'json' || return
  query names_2 "$m" 'json' 'keys' || return
  query items_4 "$m" 'json' 'in_key_order' || return
  query_at map 'flow.pipe:47:3' '['"$names_2"','"$items_4"']' json to_map || return
  unit_output map "$map" 'json' || return
  query numbered "$ps" 'json' 'numbered' || return
  unit_output numbered "$numbered" 'json' || return
  query names_3 "$m" 'json' 'keys' || return
  json_of json_3 'text' '|' || return
  query text '['"$names_3"','"$json_3"']' 'text' 'joined' || return
  unit_output joined "$text" 'text' || return
  if [[ -n "$maybe" ]]; then
    given_4="${maybe#=}"
  else
    given_4=''
  fi
  text_length length_3 "$given_4" || return
  unit_output length "$length_3" 'int' || return
  query items_5 "$m" 'json' 'in_key_order' || return
  int_list numbers '1' '4' 'flow.pipe:58:3' || return
  query items_6 '['"$items_5"','"$numbers"']' 'json' 'add // []' || return
  unit_output flat "$items_6" 'json' || return
  query items_7 "$m" 'json' 'in_key_order' || return
  extreme_in extreme "$items_7" int_compare '<' || return
  unit_output least "$extreme" 'int?' || return
  element item_5 "$ps" '0' 'json' 'flow.pipe:7:3' || return
  unit_output any "$item_5" 'json' || return
}
