# Bytes are bytes: texts are UTF-8, and bytes of UTF-8 sort by code point.
export LC_ALL=C
TZ=UTC
shopt -u patsub_replacement 2>/dev/null
set -u

HERE=$(cd "${BASH_SOURCE[0]%/*}" && pwd) || exit
CALLER=$PWD
RUN='' RUN_ID='' JOBS='' AT='' AS_JSON='' ZONE='' INTERRUPTED=0 CANCELLED_BY=.cancelled RUNNING=.running
STEP='' LOG='' MISMATCH='' OUTPUTS_SHOWN='' STOPS=() OPEN_FILES=() APPROVED=()
declare -A FACT=() GIVEN=() PATTERNS=() INPUTS_TAKEN=()
