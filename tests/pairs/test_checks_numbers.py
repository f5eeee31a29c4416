"""Numbers: equal values in either script are equal, others are found."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from xindaya.pairs import read_corpus, read_parallel
from xindaya.pairs.checks import KINDS, check_corpus_data
from xindaya.pairs.checks.numbers import numbers
from xindaya.samples import SAMPLE_CORPUS

EQUAL = [
    ("6亿元", "600 million yuan"),
    ("6亿元", "0.6 billion yuan"),
    ("党的二十届三中全会", "the third plenary session of the 20th Central Committee"),
    ("9月6日", "September 6"),
    ("9月6日", "6 Sept."),
    ("2021年9月6日", "2021-09-06"),
    ("百分之三十", "30 percent"),
    ("百分之三点五", "3.5%"),
    ("近三成", "nearly 30 percent"),
    ("一成", "10%"),
    ("半年后", "six months later"),
    ("三个半小时", "three and a half hours"),
    ("190多个国家", "more than 190 countries"),
    ("一只猫", "a cat"),
    ("第一，好。", "First, good."),
    ("（一）总则", "I. General Provisions"),
    ("1.总则", "General Provisions"),
    ("２０１６年", "2016"),
    ("3万亿元", "three trillion yuan"),
    ("3 万亿", "3,000 billion"),
    ("2亿3000万", "230 million"),
    ("2万4801张", "24,801 copies"),
    ("一万二千人", "12,000 people"),
    ("二〇二三年", "2023"),
    ("上世纪八十年代", "the 1980s"),
    ("90年代", "the nineties"),
    ("21世纪", "the 21st century"),
    ("三分之一", "one third"),
    ("三分之二的人", "two-thirds of the people"),
    ("四分之一", "a quarter"),
    ("下午3点", "at 3 p.m."),
    ("15:30开会", "the meeting is at 3:30 pm"),
    ("8点半", "8:30"),
    ("20时30分", "8:30 p.m."),
    ("周三上午", "Wednesday morning"),
    ("一周三次", "three times a week"),
    ("两国关系", "relations between both countries"),
    ("双边", "bilateral"),
    ("三十年来", "over three decades"),
    ("十年", "a decade"),
    ("2倍", "twice"),
    ("增长了三倍", "rose fourfold"),
    ("打8折", "20% off"),
    ("五毛钱", "fifty cents"),
    ("10-20万人", "100,000 to 200,000 people"),
    ("100到200亿", "10-20 billion"),
    ("三四十人", "30 or 40 people"),
    ("几十个", "dozens"),
    ("上千人", "over a thousand people"),
    ("一百五十", "one hundred and fifty"),
    ("1000亩", "67 hectares"),
    ("10斤", "5 kg"),
    ("电话010-8888 7777", "Tel. 010 88887777"),
    ("新冠", "COVID-19"),
    ("“十四五”规划", "the 14th Five-Year Plan"),
    ("第二次世界大战", "World War II"),
    ("耶鲁等3所大学", "Yale and two other universities"),
    ("95后", "those born after 1995"),
    ("三亚和四川", "Sanya and Sichuan"),
    ("十分重要", "very important"),
    ("统一思想", "unify thinking"),
    ("前三季度", "the first three quarters"),
    ("12个", "a dozen"),
    ("12亿", "one thousand two hundred million"),
    ("230万", "two million three hundred thousand"),
    ("1000万", "ten million"),
    ("24小时值守", "on duty around the clock"),
    ("2012年至2021年", "the 2012-21 period"),
    ("47.4摄氏度", "47.4C."),
    ("900百亿亿次", "900 exaflops"),
    ("6200多兆焦", "over 6,200 MJ"),
    ("你可以来", "You may come"),
    ("三月进军", "to march in March"),
    ("3時5分", "3:05"),
]
DIFFERENT = [
    ("6亿元", "60 million yuan", "warning"),
    ("538款", "583 services", "warning"),
    ("十个工作日", "thirty working days", "warning"),
    ("三年", "two years", "warning"),
    ("一小时内", "within two hours", "warning"),
    ("5月底", "the end of March", "warning"),
    ("周三", "Tuesday", "warning"),
    ("8.4%", "4.8 percent", "warning"),
    ("三个行业", "five industries", "warning"),
    ("19:06", "17:06", "warning"),
    ("百分之三十", "13 percent", "warning"),
    ("三成五", "30 percent", "warning"),
    ("2030万元", "203 million yuan", "warning"),
    ("1983年", "in 1982", "warning"),
    ("11月20日", "October 20", "warning"),
    ("137家企业参展", "enterprises took part", "warning"),
    ("电话88887777", "Tel. 88887778", "warning"),
    ("企业参展", "137 enterprises took part", "note"),
    ("二十大", "the 21st National Congress", "warning"),
]


def test_rounding_goes_one_way() -> None:
    assert numbers("12,345人", "about 12,000 people", "en") is None
    assert numbers("12,000人", "12,345 people", "en") is not None


@pytest.mark.parametrize(("zh", "en"), EQUAL)
def test_equal(zh: str, en: str) -> None:
    assert numbers(zh, en, "en") is None
    assert numbers(en, zh, "zh") is None


@pytest.mark.parametrize(("zh", "en", "severity"), DIFFERENT)
def test_different(zh: str, en: str, severity: str) -> None:
    hit = numbers(zh, en, "en")
    assert hit is not None
    assert hit.severity == severity
    assert numbers(en, zh, "zh") is not None


def test_a_date_may_be_completed() -> None:
    assert numbers("会议10日举行。", "The meeting took place on December 10, 2021.", "en") is None


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("他6月14日称", "he said on Tuesday"),
        ("2021年有15项", "there were 15 last year"),
        ("收入20亿元", "income of 2 billion yuan ($276 million)"),
        ("存款73100美元（约合人民币48.8万元）", "savings of $73,100"),
        ("面积6000亩", "an area of 6,000 mu (400 hectares)"),
    ],
)
def test_what_translators_do(zh: str, en: str) -> None:
    assert numbers(zh, en, "en") is None


def test_message_shows_what_is_counted() -> None:
    hit = numbers("应在十个工作日内办结", "within thirty working days", "en")
    assert hit is not None
    assert hit.message == "“十个工作日” of the source became “thirty working days” in the target."


@pytest.mark.parametrize(
    ("source", "target", "shown"),
    [
        ("应提交十二份材料", "Submit thirteen documents", "“十二份材料” of the source became"),
        ("应提交十二份证明材料", "Submit thirteen", "“十二份证明…” of the source became"),
        ("共25项", "34 comprehensive efforts", "became “34 comprehensive efforts”"),
    ],
)
def test_a_quotation_that_is_cut_says_so(source: str, target: str, shown: str) -> None:
    hit = numbers(source, target, "en")
    assert hit is not None
    assert shown in hit.message


def test_sample_corpus() -> None:
    """All planted number and date errors are found, and nothing else in six texts."""
    with (SAMPLE_CORPUS / "gold-errors.tsv").open(encoding="utf-8", newline="\n") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    planted = {(r["system"], r["segment"]) for r in rows if r["kind"] in ("number", "date")}
    findings = check_corpus_data(read_corpus(SAMPLE_CORPUS))
    assert {(f.text, f.segment) for f in findings if f.kind == "numbers"} == planted
    assert {f.kind for f in findings} == {"numbers"}


def test_real_references(data: Path) -> None:
    """Professional references: few findings, nearly all of them true when read by a person."""
    folder = data / "wmt22-zhen"
    corpus = read_parallel(
        source=folder / "generaltest2022.zh-en.src.zh",
        references={r: folder / f"generaltest2022.zh-en.ref.{r}.en" for r in "AB"},
        systems={},
    )
    off = [k for k in KINDS if k != "numbers"]
    findings = check_corpus_data(corpus, off=off)
    assert len(findings) <= 40  # of 3,750 segments
    assert "numbers/B/1809" in {f.id for f in findings}  # 2510 亿: 25.1 billion
