"""BERTScore (F1) as a scorer of Xindaya: ``command = ["python", "score_bertscore.py", "en"]``.

Needs bert-score, and the model at hand or a network to fetch it. Its own hash, which names the model,
the layer and the versions, goes into the signature.
"""

import json
import sys

from bert_score import score

lang = sys.argv[1] if len(sys.argv) > 1 else "en"

rows = [json.loads(line) for line in sys.stdin]
asked = [(row["item_id"], system) for row in rows for system in row["hyps"]]
outputs = [text for row in rows for text in row["hyps"].values()]
references = [row["ref"]["text"] for row in rows for _ in row["hyps"]]
(_, _, f1), about = score(outputs, references, lang=lang, return_hash=True)

identity = {"measure": "BERTScore-F1", "model": about, "reference": True, "source": False}
print(json.dumps({"identity": identity}))
for (item, system), value in zip(asked, f1.tolist(), strict=True):
    print(json.dumps({"item_id": item, "task2_pred": {system: value}}))
