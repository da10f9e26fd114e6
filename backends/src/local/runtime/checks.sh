# ---- checks: texts that programs wrote or people typed, against their types

# Each check reads $2 and puts the value into the variable $1, or says in $MISMATCH what was expected.

mismatch() {
  local _shown=$1
  if ((${#_shown} > 60)); then _shown=${_shown:0:60}…; fi
  json_string _shown "$_shown"
  if [[ -z $1 ]]; then MISMATCH="expected $2, found empty text"; else MISMATCH="expected $2, found the text $_shown"; fi
  return 1
}

check_bool() {
  if [[ $2 == true || $2 == false ]]; then printf -v "$1" %s "$2"; else mismatch "$2" 'true or false'; fi
}

# check_int VARIABLE TEXT [LEAST] [GREATEST]
check_int() {
  local _digits=${2#-} _sign='' _limit
  if [[ $2 == -* ]]; then _sign=-; fi
  if [[ $_digits == *[!0-9]* || -z $_digits ]]; then
    mismatch "$2" 'an int, in digits'
    return
  fi
  while [[ $_digits == 0?* ]]; do _digits=${_digits#0}; done
  if [[ -n $_sign ]]; then _limit=9223372036854775808; else _limit=9223372036854775807; fi
  if ((${#_digits} > 19)) || [[ ${#_digits} == 19 && ${_sign}${_digits} > ${_sign}${_limit} ]]; then
    mismatch "$2" 'an int of 64 bits'
    return
  fi
  if [[ $_digits == 0 ]]; then _sign=; fi
  if [[ -n ${3-} && $_sign$_digits -lt $3 || -n ${4-} && $_sign$_digits -gt $4 ]]; then
    mismatch "$2" "an int from ${3:--9223372036854775808} to ${4:-9223372036854775807}"
    return
  fi
  printf -v "$1" %s "$_sign$_digits"
}

# check_float VARIABLE TEXT [CONDITION WORDS]: the condition is jq's, about the number.
check_float() {
  local _float _fits
  if ! [[ $2 =~ ^-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$ ]]; then
    mismatch "$2" 'a finite number such as 0.5 or 1e-3'
    return
  fi
  query _float "\"$2\"" text 'tonumber + 0 | if isinfinite then "" else number_text end' || return
  if [[ -z $_float ]]; then
    mismatch "$2" 'a finite number'
    return
  fi
  if [[ -n ${3-} ]]; then
    query _fits "$_float" text "$3" || return
    if [[ $_fits == false ]]; then
      mismatch "$2" "$4"
      return
    fi
  fi
  printf -v "$1" %s "$_float"
}

# check_string VARIABLE TEXT [PATTERN]
check_string() {
  if [[ -n ${3-} ]] && ! [[ $2 =~ ${PATTERNS[$3]} ]]; then
    mismatch "$2" "text that matches /$3/ from start to end"
  else
    printf -v "$1" %s "$2"
  fi
}

check_duration() {
  local _unit=${2##*[0-9]} _number=${2%%[!0-9-]*} _scale _milliseconds
  case $_unit in
    ms) _scale=1 ;;
    s) _scale=1000 ;;
    m) _scale=60000 ;;
    h) _scale=3600000 ;;
    d) _scale=86400000 ;;
    *) _scale= ;;
  esac
  if [[ -z $_scale || $2 != "$_number$_unit" ]] || ! check_int _milliseconds "$_number"; then
    mismatch "$2" 'a duration, such as 500ms, 30s, 5m, 2h or 1d'
  elif ((_milliseconds > 9007199254740991 / _scale || _milliseconds < -9007199254740991 / _scale)); then
    mismatch "$2" 'a duration of at most 9007199254740991ms'
  else
    duration_of "$1" "$((_milliseconds * _scale))" ''
  fi
}

check_quantity() {
  local _digits _exponent
  if [[ $2 =~ ^([0-9]+)([.]([0-9]+))?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi|[eE]([+-]?)([0-9]+))?$ ]]; then
    _digits=${BASH_REMATCH[1]}${BASH_REMATCH[3]} _exponent=${BASH_REMATCH[6]-}
    while [[ $_exponent == 0?* ]]; do _exponent=${_exponent#0}; done
    if ((${#_digits} <= 30)) && [[ ${#_exponent} -le 2 && ${_exponent:-0} -le 30 ]]; then
      printf -v "$1" %s "$2"
      return
    fi
  fi
  mismatch "$2" 'a quantity, such as 500m, 2 or 8Gi'
}

# check_name VARIABLE TEXT NAME…: a variant of an enum without fields.
check_name() {
  local _name _names
  for _name in "${@:3}"; do
    if [[ $2 == "$_name" ]]; then
      printf -v "$1" %s "$2"
      return
    fi
  done
  printf -v _names ', "%s"' "${@:3}"
  mismatch "$2" "one of ${_names#, }"
}

# check_variant VARIABLE TEXT TYPE EXPECTED NAME…: an enum with fields is JSON, or the bare name of a variant without fields.
check_variant() {
  local _name
  for _name in "${@:5}"; do
    if [[ $2 == "$_name" ]]; then
      json_string "$1" "$_name"
      return
    fi
  done
  if [[ $2 == *([[:space:]])[\{\"]* ]]; then check_json "$1" "$2" "$3"; else mismatch "$2" "$4"; fi
}

# check_json VARIABLE TEXT TYPE: JSON of a type of the IR; types that it names are in lib/types.json.
check_json() {
  local _read _program _index
  _program='include "values"; try (checked($ty; $types[0]) | ., "\u0000") catch ("\u0000", ., "\u0000")'
  mapfile -d '' _read < <(printf %s "$2" | PIPEC_CALLER=$CALLER jq -j -R -s -L "$HERE/lib" --argjson ty "$3" --slurpfile types "$HERE/lib/types.json" "$_program")
  if [[ -z ${_read[0]-} ]]; then
    MISMATCH=${_read[1]-"the text is not JSON"}
    MISMATCH=${MISMATCH#$'\x01'}
    return 1
  fi
  for ((_index = 1; _index < ${#_read[@]}; _index += 4)); do
    case ${_read[_index]} in
      pattern)
        if ! [[ ${_read[_index + 2]} =~ ${PATTERNS[${_read[_index + 1]}]} ]]; then
          mismatch "${_read[_index + 2]}" "text that matches /${_read[_index + 1]}/ from start to end"
          MISMATCH="at ${_read[_index + 3]#.}: $MISMATCH"
          return 1
        fi
        ;;
      *) check_path "${_read[_index + 1]}" "${_read[_index + 2]}" || return ;;
    esac
  done
  printf -v "$1" %s "${_read[0]}"
}

# check_artifact VARIABLE TEXT KIND: a path, made absolute; KIND is file, table or dir.
check_artifact() {
  local _meant
  if [[ -z $2 ]]; then
    mismatch "$2" "the path of a $3"
    return
  fi
  path_of _meant "$2"
  check_path "$3" "$_meant" && printf -v "$1" %s "$_meant"
}

# path_of VARIABLE TEXT: the absolute path that a path or a file:// URI means; any other URI is as it is.
path_of() {
  local _place
  if [[ $2 == file://* ]]; then
    _place=${2#file://}
    _place=${_place#localhost}
    if [[ $_place != /* ]] || ! decode_key _place "$_place"; then _place=$2; fi
  elif [[ $2 == /* ]] || is_uri "$2"; then
    _place=$2
  else
    _place=$CALLER/$2
  fi
  printf -v "$1" %s "$_place"
}

is_uri() {
  [[ $1 =~ ^[A-Za-z][A-Za-z0-9+.-]*:// ]]
}

check_path() {
  if [[ $2 == file://* ]]; then
    MISMATCH="$2 names no file of this machine: after file:// comes an absolute path, in which % and two hexadecimal digits stand for a byte"
  elif is_uri "$2"; then
    MISMATCH="$2 can't be read here: only paths and file:// URIs can"
  elif [[ $1 == dir && ! -d $2 ]]; then
    MISMATCH="there is no directory $2"
  elif [[ $1 != dir && ! -f $2 ]]; then
    MISMATCH="there is no file $2"
  else
    return 0
  fi
  return 1
}

# is_utf8 TEXT
is_utf8() {
  if [[ $1 != *[$'\x80'-$'\xff']* ]]; then return; fi
  local _byte _more=0 _least=128 _most=191
  while read -r _byte; do
    if ((_more)); then
      if ((_byte < _least || _byte > _most)); then return 1; fi
      _more=$((_more - 1)) _least=128 _most=191
    elif ((_byte >= 194 && _byte <= 223)); then
      _more=1
    elif ((_byte >= 224 && _byte <= 239)); then
      _more=2
      if ((_byte == 224)); then _least=160; fi
      if ((_byte == 237)); then _most=159; fi
    elif ((_byte >= 240 && _byte <= 244)); then
      _more=3
      if ((_byte == 240)); then _least=144; fi
      if ((_byte == 244)); then _most=143; fi
    elif ((_byte >= 128)); then
      return 1
    fi
  done < <(printf %s "$1" | od -An -v -w1 -tu1)
  ((_more == 0))
}
