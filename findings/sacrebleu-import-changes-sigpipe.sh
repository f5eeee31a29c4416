#!/usr/bin/env bash
# sacrebleu's scores are imported from `sacrebleu` or `sacrebleu.metrics`; its command line is the module
# `sacrebleu.sacrebleu`, which people import for its parser or its main function. That import alone sets
# SIGPIPE of the whole process to the system's default. Python ignores SIGPIPE, so that a write to a
# reader that has gone raises BrokenPipeError; after the import the same write ends the process at once,
# without a traceback, `except` or `finally`. Programs that write to worker processes or sockets meet it
# long after, in code that has nothing to do with scores.
# Seen: sacrebleu 2.6.0, Python 3.11, Linux, 2026-11-28: BrokenPipeError before the import, exit by signal
# 13 after it; `import sacrebleu` and `import sacrebleu.metrics` change nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check sacrebleu==2.6.0
cat > "$folder/write.py" <<'PYTHON'
import importlib
import os
import sys

importlib.import_module(sys.argv[1])
read, write = os.pipe()
os.close(read)
try:
    os.write(write, b"x")
except BrokenPipeError:
    print("BrokenPipeError")
PYTHON
for module in sacrebleu sacrebleu.metrics sacrebleu.sacrebleu; do
    code=0
    said=$("$folder/venv/bin/python" "$folder/write.py" "$module") || code=$?
    echo "$module: ${said:-nothing}, exit code $code"
    case $module in
        sacrebleu.sacrebleu) [ -z "$said" ] && [ "$code" -eq 141 ] ;;
        *) [ "$said" = BrokenPipeError ] && [ "$code" -eq 0 ] ;;
    esac
done
echo "as described"
