"""Writes its arguments as JSON."""
import json
import sys

with open(sys.argv[1], "w") as file:
    json.dump(sys.argv[2:], file, ensure_ascii=False)
