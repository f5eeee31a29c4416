"""The recipes of docs/recipes speak the protocol; the packages' documented calls are stood in for."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from xindaya.metrics.scores import Scores
from xindaya.pairs import Corpus, Segment
from xindaya.scores import Source, load_scores

RECIPES = Path(__file__).parents[2] / "docs" / "recipes"

# What each package's README documents, computing a length in the place of a model.
STANDINS = {
    "comet/__init__.py": """
class _Out(dict):
    scores = property(lambda self: self["scores"])
class _Model:
    def predict(self, samples, batch_size, gpus):
        keys = {"src", "mt", "ref"}
        assert all(keys == {*s} or keys - {"ref"} == {*s} for s in samples)
        return _Out(scores=[len(s["mt"]) / 10 for s in samples])
def download_model(name): return name
def load_from_checkpoint(path): return _Model()
""",
    "unbabel_comet-2.2.7.dist-info/METADATA": "Metadata-Version: 2.1\nName: unbabel-comet\nVersion: 2.2.7\n",
    "bert_score/__init__.py": """
class _Tensor(list):
    tolist = list.copy
def score(cands, refs, lang, return_hash):
    assert lang == "en" and return_hash and len(cands) == len(refs)
    f = _Tensor(len(c) / 10 for c in cands)
    return (f, f, f), "roberta-large_L17_no-idf_version=0.3.12"
""",
    "metricx24/__init__.py": "",
    "metricx24/predict.py": """
import json, sys
said = dict(zip(sys.argv[1::2], sys.argv[2::2]))
print("to be kept off stdout")
with open(said["--output_file"], "w") as out:
    for line in open(said["--input_file"]):
        row = json.loads(line)
        out.write(json.dumps({**row, "prediction": len(row["hypothesis"]) / 10}) + chr(10))
""",
}


def corpus() -> Corpus:
    segments = (Segment("1", "甲", ("A",)), Segment("2", "乙", ("B",)))
    return Corpus("x", "zh", "en", segments, ("A",), {"a": ("one", "three"), "b": ("four", "x")})


def scored(tmp_path: Path, name: str, *arguments: str) -> Scores:
    for file, content in STANDINS.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(content)
    # A script called comet.py would import itself.
    shutil.copy(RECIPES / f"score_{name}.py", tmp_path)
    command = (sys.executable, f"score_{name}.py", *arguments)
    source = Source(name, command=command, folder=tmp_path, cache=False)
    return load_scores([source], corpus())[name]


PACKAGE = "pkg:unbabel-comet|version:2.2.7|device:cpu"
KIWI = "Unbabel/wmt22-cometkiwi-da"
METRICX = "google/metricx-24-hybrid-xl-v2p6|ref:yes|src:yes|max-tokens:1536|better:lower"
ROBERTA = "roberta-large_L17_no-idf_version=0.3.12"


@pytest.mark.parametrize(
    ("name", "arguments", "signature"),
    [
        ("comet", (), f"measure:COMET|model:Unbabel/wmt22-comet-da|{PACKAGE}|ref:yes|src:yes"),
        ("comet", (KIWI,), f"measure:COMET|model:{KIWI}|{PACKAGE}|ref:no|src:yes"),
        ("bertscore", ("en",), f"measure:BERTScore-F1|model:{ROBERTA}|ref:yes|src:no"),
        ("metricx", (), f"measure:MetricX-24|model:{METRICX}"),
    ],
)
def test_recipe(tmp_path, name, arguments, signature):
    metric = scored(tmp_path, name, *arguments)
    assert metric.notes == ()
    found = metric.rows(corpus().segments, list(corpus().systems.values()))
    assert found[..., 0].tolist() == [[0.3, 0.5], [0.4, 0.1]]
    assert str(metric.identity) == signature
