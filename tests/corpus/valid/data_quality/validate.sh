#!/bin/bash
set -eu
quality check "$1" --rules "$rules" --quarantine "$2" --findings "$findings" --share "$bad_share"
