# ---- units: nodes that run as soon as what they need is there

# A unit is a directory ($UNIT) with a directory for each node. $SHARED holds what a unit takes from outside, $STEP is
# what messages call it, $STOPS are the marks that keep new steps from starting.

begin_unit() {
  READY=() NEXT_READY=0
  declare -gA NODE_FUNCTION=() WAITS_FOR=() FOLLOWERS=() PROCESS=()
}

# node NAME FUNCTION [EARLIER NODE…]: declares a node, which starts when the earlier ones have ended well.
node() {
  local _earlier
  NODE_FUNCTION[$1]=$2
  WAITS_FOR[$1]=$(($# - 2))
  for _earlier in "${@:3}"; do
    FOLLOWERS[$_earlier]+=" $1"
  done
  if (($# == 2)); then READY+=("$1"); fi
}

# run_nodes [LIMIT]: runs the declared nodes, at most LIMIT at a time. After a failure nothing new starts, what runs ends.
run_nodes() {
  local _limit=${1:-64} _wake _name _follower _failed=0
  if ! mkfifo "$UNIT/.wake" || ! exec {_wake}<>"$UNIT/.wake"; then
    fail "a pipe can't be made in $UNIT"
    return
  fi
  rm -f "$UNIT/.wake"
  OPEN_FILES+=("$_wake")
  while :; do
    while ((NEXT_READY < ${#READY[@]} && ${#PROCESS[@]} < _limit && !_failed)); do
      if is_stopped; then
        _failed=1
        break
      fi
      _name=${READY[NEXT_READY]}
      NEXT_READY=$((NEXT_READY + 1))
      run_node "$_name" "$_wake" &
      PROCESS[$_name]=$!
    done
    ((${#PROCESS[@]})) || break
    # Each node that ends writes one byte. Now and then all are looked at: somebody may have killed one.
    read -r -n 1 -t 5 -u "$_wake" _
    for _name in "${!PROCESS[@]}"; do
      if [[ -e $UNIT/$_name/.succeeded ]]; then
        for _follower in ${FOLLOWERS[$_name]-}; do
          WAITS_FOR[$_follower]=$((WAITS_FOR[$_follower] - 1))
          if ((WAITS_FOR[$_follower] == 0)); then READY+=("$_follower"); fi
        done
      elif [[ -e $UNIT/$_name/.failed ]] || { ! kill -0 "${PROCESS[$_name]}" 2>/dev/null && [[ ! -e $UNIT/$_name/.succeeded ]]; }; then
        _failed=1
        : >"$UNIT/.stopped"
        cat "$UNIT/$_name/.failures" >>"$UNIT/.failures" 2>/dev/null
      else
        continue
      fi
      wait "${PROCESS[$_name]}" 2>/dev/null
      unset "PROCESS[$_name]"
    done
  done
  exec {_wake}>&-
  return "$_failed"
}

# A process of its own for each node, in its own directory $NODE.
run_node() {
  # The main process ends the steps; what they are in winds down by itself.
  trap : INT TERM HUP
  local NODE=$UNIT/$1 STEP=${STEP:+$STEP/}$1
  mkdir -p "$NODE"
  if "${NODE_FUNCTION[$1]}" "$1"; then : >"$NODE/.succeeded"; else : >"$NODE/.failed"; fi
  printf . >&"$2"
}

is_stopped() {
  local _mark
  for _mark in "$RUN/$CANCELLED_BY" "${STOPS[@]}"; do
    if [[ -e $_mark ]]; then return 0; fi
  done
  return 1
}

# run_unit FUNCTION DIRECTORY SHARED STEP
run_unit() {
  local UNIT=$2 SHARED=$3 STEP=$4 _stops=("${STOPS[@]}") _status
  mkdir -p "$UNIT"
  STOPS+=("$UNIT/.stopped")
  "$1"
  _status=$?
  STOPS=("${_stops[@]}")
  return "$_status"
}

# fail MESSAGE: notes and shows a failure of this node.
fail() {
  local _step _message _line
  for _line in "$STEP" "$1"; do
    json_string _message "$_line"
    _step=${_step-$_message}
  done
  printf '{"message":%s,"step":%s}\n' "$_message" "$_step" >>"$NODE/.failures"
  say "failed: ${STEP:+$STEP: }$1"
  return 1
}

# say TEXT: a line for the person who watches, on standard error.
say() {
  printf '%s\n' "${1//[$'\x01'-$'\x08'$'\x0b'-$'\x1f'$'\x7f']/}" >&2
}

# try_unit VARIABLE FUNCTION: runs the unit; a failure is kept aside. The variable is true or false: it succeeded.
try_unit() {
  printf -v "$1" true
  if ! run_unit "$2" "$NODE" "$NODE/.in" "$STEP"; then
    if is_stopped; then return 1; fi
    printf -v "$1" false
    mv -f "$NODE/.failures" "$NODE/.caught" 2>/dev/null
    say "caught: $STEP: it failed and is taken as null"
  fi
}

# run_round FUNCTION STATE-NAME STATE: one round of a repeat, in a directory of its own.
run_round() {
  mkdir -p "$NODE/$ROUND/.in"
  printf %s "$3" >"$NODE/$ROUND/.in/$2"
  run_unit "$1" "$NODE/$ROUND" "$NODE/.in" "${STEP}[$ROUND]"
  local _status=$?
  if ((_status)); then cat "$NODE/$ROUND/.failures" >>"$NODE/.failures" 2>/dev/null; fi
  return "$_status"
}

# ---- maps

# map_over FUNCTION LIMIT MANNER PLACE [NAME LIST KIND…]: runs the unit once per item. The manner is zip (all lists have one
# length) or product (every combination, the last varying fastest). A name with # for a list gets the item's number.
map_over() {
  local MAP_FUNCTION=$1 MAP_LIMIT=$2 MAP_MANNER=$3 MAP_STEP=$STEP MAP_NAMES=() MAP_COUNT=1 _place=$4 _lengths=''
  shift 4
  while (($#)); do
    if [[ $2 == '#' ]]; then
      MAP_NAMES+=("$1 #")
      shift 3
      continue
    fi
    split "MAP_LIST_${#MAP_NAMES[@]}" "$2" "$3"
    local -n _list=MAP_LIST_${#MAP_NAMES[@]}
    if [[ $MAP_MANNER == product ]]; then
      MAP_COUNT=$((MAP_COUNT * ${#_list[@]}))
    else
      if [[ -n $_lengths && ${#_list[@]} != "$MAP_COUNT" ]]; then _lengths+=' '; fi
      MAP_COUNT=${#_list[@]}
      _lengths+=,$MAP_COUNT
    fi
    MAP_NAMES+=("$1 ${#MAP_NAMES[@]}")
    shift 3
    if ((MAP_COUNT > 10000)); then
      fault "$_place" "a for takes at most 10000 items, and here there are $MAP_COUNT"
      return
    fi
  done
  if [[ $_lengths == *' '* ]]; then
    _lengths=${_lengths#,}
    fault "$_place" "zip: lists of different lengths (${_lengths// /})"
    return
  fi
  printf '%s' "$MAP_COUNT" >"$NODE/.count"
  run_unit map_items "$NODE" "$NODE/.in" "$STEP"
}

map_items() {
  local _index
  begin_unit
  for ((_index = 0; _index < MAP_COUNT; _index++)); do
    node "$_index" map_item
  done
  run_nodes "$MAP_LIMIT"
}

map_item() {
  local _position _name _index _rest=$1
  mkdir -p "$NODE/.in"
  for ((_position = ${#MAP_NAMES[@]} - 1; _position >= 0; _position--)); do
    _name=${MAP_NAMES[_position]% *}
    if [[ ${MAP_NAMES[_position]} == *' #' ]]; then
      printf %s "$1" >"$NODE/.in/$_name"
      continue
    fi
    local -n _list=MAP_LIST_$_position
    _index=$1
    if [[ $MAP_MANNER == product ]]; then
      _index=$((_rest % ${#_list[@]})) _rest=$((_rest / ${#_list[@]}))
    fi
    printf %s "${_list[_index]}" >"$NODE/.in/$_name"
  done
  run_unit "$MAP_FUNCTION" "$NODE" "$UNIT/.in" "${MAP_STEP}[$1]"
}

# gather VARIABLE KIND: the items' values as a list.
gather() {
  local _index _count _item _list=''
  load _count "$NODE/.count"
  for ((_index = 0; _index < _count; _index++)); do
    load _item "$NODE/$_index/.value" || return
    json_of _item "$2" "$_item"
    _list+=,$_item
  done
  printf -v "$1" '[%s]' "${_list#,}"
}

# ---- pipelines and their hooks

# call_pipeline FUNCTION HOOKS: runs the pipeline of this node; its hooks run at its end.
call_pipeline() {
  local _status _started _since=$SECONDS
  printf -v _started '%(%Y-%m-%dT%H:%M:%SZ)T' -1
  run_unit "$1" "$NODE" "$NODE/.in" "$STEP"
  _status=$?
  if [[ -n $2 ]]; then
    FACT[started]=$_started
    FACT[status]=succeeded
    if ((_status)); then FACT[status]=failed; fi
    if [[ -e $RUN/.cancelled ]]; then FACT[status]=cancelled; fi
    FACT[duration]=$((SECONDS - _since))s
    run_hooks "$2"
  fi
  return "$_status"
}

# Hooks run whatever has failed around them, and also after a first interrupt.
run_hooks() {
  local STOPS=() CANCELLED_BY=.killed RUNNING=.running-hooks HOOK_OWNER=$NODE UNIT=$NODE SHARED=$NODE/.in
  "$1"
}

# run_hook NAME FUNCTION: prepares what the hook takes, and runs it. A failure is reported and changes nothing.
run_hook() {
  local NODE=$HOOK_OWNER/.$1 STEP=${STEP:+$STEP/}$1
  mkdir -p "$NODE"
  "$2" || say "warning: $STEP failed, which does not change the outcome"
}

# failures VARIABLE: those of this pipeline call as JSON.
failures() {
  local _line _list=''
  if [[ -s $HOOK_OWNER/.failures ]]; then
    while IFS= read -r _line; do
      _list+=,$_line
    done <"$HOOK_OWNER/.failures"
  fi
  printf -v "$1" '[%s]' "${_list#,}"
}
