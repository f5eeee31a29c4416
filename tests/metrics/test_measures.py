from __future__ import annotations

import re

import pytest

from xindaya.metrics import BLEU, CHRF, TER, make_metrics
from xindaya.metrics.bleu import tokenizer_for
from xindaya.metrics.measures import MetricOptions
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


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"chrf_gamma": 1}, "unknown metric option 'chrf_gamma'; known: tokenize, lowercase"),
        ({"smooth_method": "expo"}, "unknown smooth_method 'expo'; known: exp, floor, add-k, none"),
        ({"smooth_value": float("nan")}, "smooth_value = nan; expected a number from 0 to 1000"),
        ({"chrf_beta": 2.5}, "chrf_beta = 2.5; expected int"),
        ({"chrf_beta": True}, "chrf_beta = True; expected int"),
        ({"chrf_char_order": 65}, "chrf_char_order = 65; expected a number from 0 to 64"),
        ({"chrf_char_order": 0}, "are both 0"),
        ({"chrf_whitespace": 1}, "chrf_whitespace = 1; expected true or false"),
        ({"ter_no_punct": "yes"}, "ter_no_punct = 'yes'; expected true or false"),
    ],
)
def test_options_are_checked_by_their_metric(chosen: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        make_metrics(["bleu", "chrf", "ter"], MetricOptions("en", chosen))


def test_what_is_not_chosen_follows_the_language() -> None:
    options = MetricOptions("zh", {"ter_normalized": False, "tokenize": None, "smooth_value": 1})
    metrics = make_metrics(["ter", "bleu"], options)
    assert metrics == {
        "TER": TER(normalized=False, asian_support=True),
        "BLEU": BLEU(tokenize="zh", smooth_value=1),
    }
