"""COMET as a scorer of Xindaya: ``command = ["python", "score_comet.py", "Unbabel/wmt22-comet-da"]``.

Needs unbabel-comet, and the model at hand or a network to fetch it. Models whose name says ``kiwi`` or
``qe`` look at no reference.
"""

import json
import sys
from importlib.metadata import version

from comet import download_model, load_from_checkpoint

name = sys.argv[1] if len(sys.argv) > 1 else "Unbabel/wmt22-comet-da"
gpus = int(sys.argv[2]) if len(sys.argv) > 2 else 0
with_reference = not any(part in name.lower() for part in ("kiwi", "-qe"))

rows = [json.loads(line) for line in sys.stdin]
asked = [(row["item_id"], system) for row in rows for system in row["hyps"]]
samples = [
    {"src": row["src"], "mt": text} | ({"ref": row["ref"]["text"]} if with_reference else {})
    for row in rows
    for text in row["hyps"].values()
]
model = load_from_checkpoint(download_model(name))
scores = model.predict(samples, batch_size=8, gpus=gpus).scores

identity = {
    "measure": "COMET", "model": name, "package": "unbabel-comet",
    "version": version("unbabel-comet"), "device": "cuda" if gpus else "cpu",
    "reference": with_reference, "source": True,
}  # fmt: skip
print(json.dumps({"identity": identity}))
for (item, system), score in zip(asked, scores, strict=True):
    print(json.dumps({"item_id": item, "task2_pred": {system: float(score)}}))
