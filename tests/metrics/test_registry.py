from __future__ import annotations

import pytest

from xindaya.metrics import BLEU, CHRF, TER, make_metrics
from xindaya.metrics.bleu import tokenizer_for
from xindaya.metrics.registry import MetricOptions
from xindaya.pairs import UsageError


def test_defaults_follow_the_target_language() -> None:
    english = make_metrics(["bleu", "chrf", "chrf++", "ter"], MetricOptions("en"))
    assert english == {
        "BLEU": BLEU(), "chrF2": CHRF(), "chrF2++": CHRF(word_order=2), "TER": TER(),
    }  # fmt: skip
    chinese = make_metrics(["bleu", "ter"], MetricOptions("zh"))
    assert chinese["BLEU"] == BLEU(tokenize="zh")
    assert chinese["TER"] == TER(normalized=True, asian_support=True)


def test_13a_for_chinese_takes_force() -> None:
    with pytest.raises(UsageError, match="one word of a Chinese segment"):
        tokenizer_for("zh", "13a")
    assert tokenizer_for("zh", "13a", force=True) == "13a"
    assert tokenizer_for("zh", "char") == "char"


def test_unknown_names_say_what_was_meant() -> None:
    with pytest.raises(UsageError, match="did you mean 'chrf'"):
        make_metrics(["chfr"])
    with pytest.raises(UsageError, match="unknown tokenizer '13b'"):
        tokenizer_for("en", "13b")
