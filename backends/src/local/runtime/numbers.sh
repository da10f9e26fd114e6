# ---- numbers, durations and text: every function puts its result into the variable that its first argument names

# A fault of an expression: fault PLACE MESSAGE
fault() {
  fail "${1:+$1: }$2"
}

# int_add VARIABLE LEFT RIGHT PLACE: ints have 64 bits; bash wraps, so each result is checked.
int_add() {
  local _sum=$(($2 + $3))
  if (((_sum >= $2) == ($3 >= 0))); then printf -v "$1" %s "$_sum"; else int_overflow "$4"; fi
}

int_subtract() {
  local _difference=$(($2 - $3))
  if (((_difference <= $2) == ($3 >= 0))); then printf -v "$1" %s "$_difference"; else int_overflow "$4"; fi
}

int_multiply() {
  local _product=$(($2 * $3))
  if (($2 == 0 || $3 == 0)); then
    printf -v "$1" 0
  elif [[ $2 == -9223372036854775808 || $3 == -9223372036854775808 ]]; then
    if (($2 == 1 || $3 == 1)); then printf -v "$1" %s "$_product"; else int_overflow "$4"; fi
  elif ((_product / $2 == $3 && _product % $2 == 0)); then
    printf -v "$1" %s "$_product"
  else
    int_overflow "$4"
  fi
}

# int_div VARIABLE LEFT RIGHT PLACE: rounds down.
int_div() {
  if (($3 == 0)); then
    fault "$4" 'division by zero'
  elif (($3 == -1)); then
    int_negate "$1" "$2" "$4"
  else
    printf -v "$1" %s "$(($2 / $3 - ($2 % $3 != 0 && ($2 < 0) != ($3 < 0) ? 1 : 0)))"
  fi
}

# int_mod VARIABLE LEFT RIGHT PLACE: has the sign of RIGHT.
int_mod() {
  if (($3 == 0)); then
    fault "$4" 'division by zero'
  elif (($3 == -1)); then
    printf -v "$1" 0
  else
    printf -v "$1" %s "$(($2 % $3 != 0 && ($2 < 0) != ($3 < 0) ? $2 % $3 + $3 : $2 % $3))"
  fi
}

int_negate() {
  if [[ $2 == -9223372036854775808 ]]; then int_overflow "$3"; else printf -v "$1" %s "$((-($2)))"; fi
}

int_absolute() {
  if (($2 < 0)); then int_negate "$1" "$2" "$3"; else printf -v "$1" %s "$2"; fi
}

int_overflow() {
  fault "$1" 'int overflow: the result does not fit in 64 bits'
}

# int_compare VARIABLE LEFT OPERATOR RIGHT: true or false.
int_compare() {
  local _result
  case $3 in
    '<') _result=$(($2 < $4)) ;;
    '<=') _result=$(($2 <= $4)) ;;
    '>') _result=$(($2 > $4)) ;;
    *) _result=$(($2 >= $4)) ;;
  esac
  if ((_result)); then printf -v "$1" true; else printf -v "$1" false; fi
}

# text_compare VARIABLE LEFT OPERATOR RIGHT: by code point, which is by byte in UTF-8.
text_compare() {
  local _result=false
  case $3 in
    '==') [[ $2 == "$4" ]] && _result=true ;;
    '!=') [[ $2 != "$4" ]] && _result=true ;;
    '<') [[ $2 < $4 ]] && _result=true ;;
    '<=') [[ ! $2 > $4 ]] && _result=true ;;
    '>') [[ $2 > $4 ]] && _result=true ;;
    *) [[ ! $2 < $4 ]] && _result=true ;;
  esac
  printf -v "$1" %s "$_result"
}

# negate VARIABLE BOOL
negate() {
  if [[ $2 == true ]]; then printf -v "$1" false; else printf -v "$1" true; fi
}

# text_length VARIABLE TEXT: in code points, which are the bytes that don't continue one.
text_length() {
  local _leads=${2//[$'\x80'-$'\xbf']/}
  printf -v "$1" %s "${#_leads}"
}

# Durations are text, whole seconds as 90s, anything else as 1500ms; sums are made in milliseconds.
milliseconds() {
  if [[ $2 == *ms ]]; then printf -v "$1" %s "${2%ms}"; else printf -v "$1" %s "$((${2%s} * 1000))"; fi
}

# duration_of VARIABLE MILLISECONDS PLACE
duration_of() {
  if (($2 > 9007199254740991 || $2 < -9007199254740991)); then
    fault "$3" 'duration overflow: the result is beyond 9007199254740991ms'
  elif (($2 % 1000 == 0)); then
    printf -v "$1" %ss "$(($2 / 1000))"
  else
    printf -v "$1" %sms "$2"
  fi
}

# duration_add VARIABLE LEFT RIGHT PLACE
duration_add() {
  local _left _right
  milliseconds _left "$2"
  milliseconds _right "$3"
  duration_of "$1" "$((_left + _right))" "$4"
}

duration_subtract() {
  local _left _right
  milliseconds _left "$2"
  milliseconds _right "$3"
  duration_of "$1" "$((_left - _right))" "$4"
}

# duration_multiply VARIABLE DURATION INT PLACE
duration_multiply() {
  local _left _limit
  milliseconds _left "$2"
  _limit=$((_left == 0 ? 0 : 9007199254740991 / (_left < 0 ? -_left : _left)))
  if ((_left != 0 && ($3 > _limit || $3 < -_limit))); then
    fault "$4" 'duration overflow: the result is beyond 9007199254740991ms'
  else
    duration_of "$1" "$((_left * $3))" "$4"
  fi
}

duration_compare() {
  local _left _right
  milliseconds _left "$2"
  milliseconds _right "$4"
  int_compare "$1" "$_left" "$3" "$_right"
}

# add_days VARIABLE DAY DAYS PLACE: on the Gregorian calendar, years 0000 to 9999.
add_days() {
  local _year _month _day _last _number _cycle _of_cycle _of_year
  if ! [[ $2 =~ ^([0-9]{4})-([0-9]{2})-([0-9]{2})$ ]]; then
    fault "$4" 'add_days: no such day'
    return
  fi
  _year=$((10#${BASH_REMATCH[1]})) _month=$((10#${BASH_REMATCH[2]})) _day=$((10#${BASH_REMATCH[3]}))
  _last=31
  case $_month in
    4 | 6 | 9 | 11) _last=30 ;;
    2) _last=$((_year % 4 == 0 && (_year % 100 != 0 || _year % 400 == 0) ? 29 : 28)) ;;
  esac
  if ((_month < 1 || _month > 12 || _day < 1 || _day > _last)); then
    fault "$4" 'add_days: no such day'
    return
  fi
  # Days since 0000-03-01; one year is added so that nothing is negative.
  if ((_month <= 2)); then _month=$((_month + 9)) _year=$((_year + 399)); else _month=$((_month - 3)) _year=$((_year + 400)); fi
  _cycle=$((_year / 400 - 1)) _year=$((_year % 400))
  _number=$((_cycle * 146097 + _year * 365 + _year / 4 - _year / 100 + (153 * _month + 2) / 5 + _day - 1))
  if (($3 > 4000000 || $3 < -4000000 || _number + $3 < -60 || _number + $3 > 3652364)); then
    fault "$4" 'add_days: the day is not within the years 0000 to 9999'
    return
  fi
  _number=$((_number + $3 + 146097)) _cycle=$((_number / 146097)) _of_cycle=$((_number % 146097))
  _year=$(((_of_cycle - _of_cycle / 1460 + _of_cycle / 36524 - _of_cycle / 146096) / 365))
  _of_year=$((_of_cycle - (365 * _year + _year / 4 - _year / 100)))
  _month=$(((5 * _of_year + 2) / 153)) _day=$((_of_year - (153 * _month + 2) / 5 + 1))
  _year=$((_year + (_cycle - 1) * 400))
  if ((_month < 10)); then _month=$((_month + 3)); else _month=$((_month - 9)) _year=$((_year + 1)); fi
  printf -v "$1" %04d-%02d-%02d "$_year" "$_month" "$_day"
}

# extreme VARIABLE COMPARE WORD VALUE…: the first of the least (WORD is <) or greatest (>) values.
extreme() {
  local _best=$4 _value _better
  for _value in "${@:5}"; do
    "$2" _better "$_value" "$3" "$_best" || return
    if [[ $_better == true ]]; then _best=$_value; fi
  done
  printf -v "$1" %s "$_best"
}
