"""MetricX-24 as a scorer of Xindaya: ``command = ["python", "score_metricx.py"]``, where it can be imported.

Run it in a clone of google-research/metricx, whose ``metricx24.predict`` it calls as its README does. A
reference is used where there is one. Scores are errors, 0 to 25: lower is better.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

model = sys.argv[1] if len(sys.argv) > 1 else "google/metricx-24-hybrid-xl-v2p6"
tokenizer = sys.argv[2] if len(sys.argv) > 2 else "google/mt5-xl"
longest = 1536

rows = [json.loads(line) for line in sys.stdin]
with_reference = all("ref" in row for row in rows)
asked = [(row["item_id"], system) for row in rows for system in row["hyps"]]
with tempfile.TemporaryDirectory() as folder:
    given, found = Path(folder) / "input.jsonl", Path(folder) / "output.jsonl"
    with given.open("w", encoding="utf-8") as stream:
        for row in rows:
            reference = row["ref"]["text"] if with_reference else ""
            for text in row["hyps"].values():
                line = {"source": row["src"], "hypothesis": text, "reference": reference}
                stream.write(json.dumps(line) + "\n")
    subprocess.run(
        [
            sys.executable, "-m", "metricx24.predict", "--tokenizer", tokenizer,
            "--model_name_or_path", model, "--max_input_length", str(longest), "--batch_size", "1",
            "--input_file", str(given), "--output_file", str(found),
            *([] if with_reference else ["--qe"]),
        ],
        check=True, stdout=sys.stderr,
    )  # fmt: skip
    scores = [json.loads(line)["prediction"] for line in found.open(encoding="utf-8")]

identity = {
    "measure": "MetricX-24", "model": model, "reference": with_reference, "source": True,
    "cut_at": longest, "higher_is_better": False,
}  # fmt: skip
print(json.dumps({"identity": identity}))
for (item, system), score in zip(asked, scores, strict=True):
    print(json.dumps({"item_id": item, "task2_pred": {system: score}}))
