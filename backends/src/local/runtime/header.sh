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
