#!/usr/bin/env bash
# OpenCC's tw2s is meant for Traditional text of Taiwan. Given text that is Simplified already, it should
# have nothing to do. It changes 著 where the Simplified word keeps it: 显著 (significant) becomes 显着, which
# is no word, and 土著 (native) becomes 土着; 著名 (famous) stays. The same words in Traditional characters,
# 顯著 and 土著, come out right in the first case only. t2s and hk2s leave Simplified text as it is.
# So a corpus with documents of both scripts cannot be passed through tw2s as a whole, and two texts of one
# meaning, 显著 and 顯著, do not meet after it.
# Seen: OpenCC 1.4.2 (PyPI), 2026-11-28:
#   tw2s 显著 -> 显着; tw2s 顯著 -> 显著; t2s 显著 -> 显著; hk2s 显著 -> 显著
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check OpenCC==1.4.2
"$folder/venv/bin/python" - <<'PYTHON'
from opencc import OpenCC

t2s, tw2s, hk2s = (OpenCC(name).convert for name in ("t2s", "tw2s", "hk2s"))
seen = {"tw2s 显著": tw2s("显著"), "tw2s 顯著": tw2s("顯著"), "tw2s 著名": tw2s("著名"),
        "tw2s 土著": tw2s("土著"), "t2s 显著": t2s("显著"), "hk2s 显著": hk2s("显著")}
print(seen)
assert seen == {"tw2s 显著": "显着", "tw2s 顯著": "显著", "tw2s 著名": "著名",
                "tw2s 土著": "土着", "t2s 显著": "显著", "hk2s 显著": "显著"}, "the behaviour changed"
PYTHON
echo "as described"
