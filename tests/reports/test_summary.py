from __future__ import annotations

from xindaya import Settings, evaluate
from xindaya.metrics.terminology.deliveries import compare_deliveries
from xindaya.pairs import Corpus, Segment, Termbase
from xindaya.reports.summary import to_summary


def test_a_new_forbidden_rendering_is_told_whatever_chance_says(termbase: Termbase) -> None:
    """One document cannot be exchanged with another: nothing could be significant."""
    segments = tuple(Segment(str(n), "大模型。", ("A large model.",)) for n in range(6))
    corpus = Corpus("c", "zh", "en", segments, ("A",))
    settings = Settings(metrics=("bleu",), confidence_samples=40, test=None)
    earlier, present = (
        evaluate(corpus.with_systems({"v": (text,) * 6}), termbase=termbase, settings=settings)
        for text in ("A large model.", "A big model.")
    )
    assert earlier.terminology
    assert present.terminology
    delivery = compare_deliveries(
        (earlier.corpus, earlier.terminology), (present.corpus, present.terminology), name="first"
    )
    text = to_summary(present, delivery)
    assert "Terms with more forbidden or deprecated renderings than before:" in text
    assert "| 大模型 | v | large model ×6 | big model ×6 (forbidden) |" in text
    assert "None; for 1 of 1 change the occurrences are too few to tell." in text
    assert [u.concept for u in delivery.more_astray(present.terminology)] == ["model"]
    same = compare_deliveries(
        (present.corpus, present.terminology), (present.corpus, present.terminology), name="same"
    )
    assert "more forbidden" not in to_summary(present, same)
