"""Numbers: equal values in either script are equal, others are found."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from xindaya.pairs import read_corpus, read_parallel
from xindaya.pairs.checks import KINDS, check_corpus_data
from xindaya.pairs.checks.numbers import numbers
from xindaya.pairs.numbers import SURE, numbers_in
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


CHANGED = [
    ("收入同比增长6%。", "Income rose 60 percent year on year."),
    ("收入同比增长6%。", "Income rose 0.6 percent year on year."),
    ("收入同比增长6%。", "Income rose 600 percent."),
    ("女性占四成。", "Women account for 4 percent."),
    ("完成率为百分之七。", "The rate of completion is 70 percent."),
    ("全线打七折。", "Everything is 70 percent off."),
    ("死亡率为千分之五。", "Mortality is 5 percent."),
    ("离县城20公里。", "It is 20 miles from the county seat."),
    ("种了300亩水稻。", "They planted 300 hectares of rice."),
    ("四分之三的居民同意。", "Three fifths of the residents agree."),
    ("产值翻两番。", "Output doubled."),
    ("下午三点开会。", "The meeting is at 3 a.m."),
    ("投资二点五亿元。", "An investment of 500 million yuan."),
    ("奖金一点五万元。", "A bonus of 50,000 yuan."),
    ("发生六点五级地震。", "An earthquake of magnitude 5 struck."),
    ("这块石头重三点五吨。", "The stone weighs 7 tons."),
    ("全长800公里。", "It is 1,600 kilometres long."),
    ("年产3吨茶叶。", "It makes 3,000 tonnes of tea a year."),
    ("气温上升1.5摄氏度。", "Temperatures rose by 3 degrees Celsius."),
    ("GDP增长1%。", "GDP grew by 9 percent."),
    ("会议8月1日开幕。", "The meeting opens on August 15."),
    ("每个售价1元。", "Each costs 100 yuan."),
    ("利率上升2个百分点。", "Rates rose by 2 percent."),
    ("利率上升2%。", "Rates rose by 2 percentage points."),
    ("出口额为50亿美元。", "Exports were 5 billion yuan."),
    ("售价30欧元。", "It costs 30 pounds."),
    ("重40公斤。", "It weighs 40 tonnes."),
    ("历时30分钟。", "It took 30 hours."),
    ("全长100公里。", "It is 50 km long."),
    ("“十四五”规划", "the 13th Five-Year Plan"),
    ("3000多万人", "more than 3,000 people"),
    ("温度为25摄氏度", "a temperature of 25 degrees Fahrenheit"),
    ("他今年35岁。", "He is 53 years old."),
    ("第三届论坛", "the fifth forum"),
    ("增长了五倍", "tripled"),
    ("晚上八点", "at 8 a.m."),
    ("每股派息0.8元", "a dividend of 8 yuan per share"),
    ("降至3.5%", "down to 35%"),
]
OTHERS = [
    ("两国签署协议。", "Eleven countries signed the agreement."),
    ("双方举行会谈。", "The two sides met in four rounds of talks."),
    ("近千名学生参加。", "Nearly one million students took part."),
    ("年产值达百亿元。", "Its annual output is 10 million yuan."),
    ("新增百万用户。", "It gained a billion users."),
    ("用的是14nm工艺。", "It uses a 34nm process."),
    ("压力为300mbar。", "The pressure is 310mbar."),
    ("歼-20战机起飞。", "A J-16 fighter took off."),
    ("5月2日签约，7月9日开工。", "Signed on May 2, it began on October 9."),
    ("截至13时，已有5人报名。", "Five people had signed up."),
    ("0—24时新增5例。", "Five new cases."),
    ("见附注2.12。", "See note 212."),
    ("汇率报6.9938。", "The rate was 69938."),
    ("推出2.0版。", "A new version was launched."),
    ("历时十年。", "It took ten months."),
    ("追加数亿欧元。", "It added hundreds of millions of yuan."),
    ("发出2万4801张。", "It issued 248,010,000 of them."),
]
NOT_OTHERS = [
    ("近千名学生参加。", "Nearly a thousand students took part."),
    ("追加数亿欧元。", "It added hundreds of millions of euros."),
    ("影响数万人。", "It affects tens of thousands of people."),
    ("成千上万的人来了。", "Thousands of people came."),
    ("1-8月出口增长。", "Exports grew in the first eight months."),
    ("前8月出口增长。", "Exports grew in the first eight months."),
    ("第三，要快。", "Thirdly, be quick."),
    ("用户登陆时请注意。", "Please note when you log in."),
    ("队伍很长。", "The queue is long."),
    ("他四周看看。", "He looked around."),
    ("百分百满意。", "Fully satisfied."),
    ("每年三次会议，三年一度。", "Three meetings a year; triennial."),
    ("新冠病毒", "COVID-19"),
    ("正月十五吃元宵。", "On January 15 of the lunar calendar, people eat yuanxiao."),
    ("二零二三年年报获奖。", "The Annual Report 2023 won the award."),
    ("从7000亿到2021年的1.3万亿。", "From 700 billion to 1.3 trillion in 2021."),
    ("Tel: 010-8888 7777", "电话：01088887777"),
]


@pytest.mark.parametrize(("zh", "en"), OTHERS)
def test_what_stands_in_the_place_of_another(zh: str, en: str) -> None:
    hit = numbers(zh, en, "en")
    assert hit is not None
    assert hit.severity == "warning"


@pytest.mark.parametrize(("zh", "en"), NOT_OTHERS)
def test_what_only_looks_like_a_change(zh: str, en: str) -> None:
    hit = numbers(zh, en, "en")
    assert hit is None or hit.severity == "note"


SAME = [
    ("耗资三点五亿元。", "It cost 350 million yuan."),
    ("补贴一点二万元。", "A subsidy of 12,000 yuan."),
    ("规模达一点二五万亿元。", "The volume reached 1.25 trillion yuan."),
    ("每斤4块5。", "4.5 yuan a jin."),
    ("每斤3块5", "3.5 yuan per jin"),
    ("有一点二亿用户。", "It has 120 million users."),
    ("赚了两个亿。", "It earned 200 million."),
    ("打八五折。", "It is 15 percent off."),
    ("全场七五折。", "25% off everything."),
    ("七八成的人赞成。", "70 to 80 percent of people are in favour."),
    ("他才十七八岁。", "He is only 17 or 18."),
    ("三四五六年级的学生", "pupils of grades three to six"),
    ("三四五六年级的学生", "pupils of the third, fourth, fifth and sixth grades"),
    ("九一八事变", "the September 18 Incident"),
    ("九二共识", "the 1992 Consensus"),
    ("十六进制", "hexadecimal"),
    ("还差一点点。", "A little is missing."),
    ("增长3.3至3.4%。", "Growth of 3.3-3.4%."),
    ("港元汇率为7.75至7.85。", "A rate of HK$7.75-7.85."),
    ("1000亿至2000亿美元", "USD 100bn-200bn"),
    ("4765亿令吉", "RM476.5 billion"),
    ("尺寸为16.4毫米×21.6毫米", "a size of 16.4x21.6mm"),
    ("周五（2月10日）", "on Friday"),
    ("10月发布", "released in october"),
    ("14:40:44", "14: 40: 44"),
    ("10公里", "6.2 miles"),
    ("100亩", "16.5 acres"),
    ("100亩", "6.7 hectares"),
    ("10斤", "5 kg"),
    ("气温30摄氏度", "86 degrees Fahrenheit"),
    ("100元", "RMB 100"),
    ("100元", "100 yuan"),
    ("100美元", "$100"),
    ("總額100億元", "a total of $10 billion"),
    ("6.5元", "65 jiao"),
    ("打六折", "40 percent off"),
    ("打六折", "60 percent of the price"),
    ("千分之三", "0.3 percent"),
    ("千分之三", "3 per thousand"),
    ("翻两番", "quadrupled"),
    ("下午三点", "3 p.m."),
    ("下午三点", "15:00"),
    ("三成", "30 percent"),
    ("三成", "three tenths"),
    ("2个百分点", "two percentage points"),
    ("25个基点", "25 basis points"),
    ("0.25个百分点", "25 basis points"),
    ("壹佰贰拾万元整", "1.2 million yuan"),
    ("3000多万人", "over 30 million people"),
    ("近三千人", "nearly 3,000 people"),
    ("上千人", "thousands of people"),
    ("二十多个国家", "more than 20 countries"),
    ("十几个人", "more than ten people"),
    ("数百万人", "millions of people"),
    ("5千克", "5 kg"),
    ("3小时", "180 minutes"),
    ("半小时", "30 minutes"),
    ("一年半", "18 months"),
    ("三个半小时", "three and a half hours"),
    ("2.5亿", "a quarter of a billion"),
    ("COVID-19", "COVID-19"),
    ("G20峰会", "the G20 summit"),
    ("5G网络", "the 5G network"),
    ("第三季度", "the third quarter"),
    ("一季度", "the first quarter"),
    ("12月底", "late December"),
    ("今年前5个月", "the first five months of this year"),
    ("五五开", "fifty-fifty"),
    ("90后", "the post-90s generation"),
    ("1.2万亿美元", "US$1.2tn"),
    ("120万", "1.2m"),
    ("5k", "5,000"),
    ("3亿卢比", "30 crore rupees"),
    ("100万", "10 lakh"),
    ("每平方米8000元", "8,000 yuan per square meter"),
    ("两名", "two"),
    ("人民币3万元", "30,000 yuan"),
    ("港币500元", "HK$500"),
    ("3月5日至8日", "March 5 to 8"),
    ("3月5日至8日", "from 5 to 8 March"),
    ("2020年至2022年", "2020-22"),
    ("上午9点30分", "9:30 a.m."),
    ("中午12点", "noon"),
    ("晚上12点", "midnight"),
    ("凌晨1点", "1 a.m."),
    ("百分之三十", "30%"),
    ("两三天", "two or three days"),
    ("三五年", "three to five years"),
    ("一百二三十人", "120 to 130 people"),
]


@pytest.mark.parametrize(("zh", "en"), CHANGED)
def test_a_changed_number_is_a_warning(zh: str, en: str) -> None:
    for source, target, lang in ((zh, en, "en"), (en, zh, "zh")):
        hit = numbers(source, target, lang)
        assert hit is not None
        assert hit.severity == "warning"


@pytest.mark.parametrize(("zh", "en"), SAME)
def test_the_same_number_said_otherwise(zh: str, en: str) -> None:
    assert numbers(zh, en, "en") is None
    assert numbers(en, zh, "zh") is None


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


def test_what_stands_where_on_both_sides() -> None:
    source, target = "共3人，增长8.4%。", "Three people, up 4.8 percent."
    hit = numbers(source, target, "en")
    assert hit is not None
    assert [(s.side, (source if s.side == "source" else target)[s.start : s.end]) for s in hit.spots] == [
        ("source", "8.4%"), ("target", "4.8 percent"),
    ]  # fmt: skip
    assert hit.chinese == "原文的“8.4%”在译文中成了“4.8 percent”。"


def test_missing_and_changed_are_told_apart() -> None:
    lost = numbers("投资20亿元，占地300亩。", "An investment of 2 billion yuan.", "en")
    assert lost is not None
    assert "“300亩”" in lost.message
    assert "no counterpart" in lost.message
    changed = numbers("投资20亿元，占地300亩。", "2 billion yuan on 500 mu of land.", "en")
    assert changed is not None
    assert "became “500 mu" in changed.message


def test_a_repetition_may_be_left_out() -> None:
    assert numbers("去年50亿元，今年也是50亿元。", "5 billion yuan in either year.", "en") is None


@pytest.mark.parametrize(
    ("text", "lang", "kind", "value", "unit"),
    [
        ("三点五亿元", "zh", "money", "350000000", "元"),
        ("3块5", "zh", "money", "3.5", "元"),
        ("HK$7.75", "en", "money", "7.75", "HKD"),
        ("120.5 million euros", "en", "money", "120500000", "EUR"),
        ("百分之零点三", "zh", "percentage", "0.003", ""),
        ("三成五", "zh", "percentage", "0.35", ""),
        ("千分之三", "zh", "percentage", "0.003", ""),
        ("three fifths", "en", "percentage", "0.6", ""),
        ("2个百分点", "zh", "percentage point", "0.02", ""),
        ("25 basis points", "en", "percentage point", "0.0025", ""),
        ("八五折", "zh", "off", "0.15", ""),
        ("15% off", "en", "off", "0.15", ""),
        ("翻两番", "zh", "multiple", "4", ""),
        ("第二十届", "zh", "ordinal", "20", ""),
        ("2021年", "zh", "year", "2021", ""),
        ("下午三点", "zh", "clock", "900", "of 24"),  # 15 × 60 minutes
        ("10:30 p.m.", "en", "clock", "1350", "of 24"),  # 22 × 60 + 30
        ("三个半小时", "zh", "time", "3.5", "hour"),
        ("90 minutes", "en", "time", "90", "minute"),
        ("2.5平方公里", "zh", "area", "2.5", "km²"),
        ("10 square miles", "en", "area", "10", "square mile"),
        ("零下5摄氏度", "zh", "temperature", "5", "°C"),
        ("壹佰贰拾叁", "zh", "count", "123", ""),
        ("two hundred and five", "en", "count", "205", ""),
        ("2.3 lakh", "en", "count", "230000", ""),
    ],
)
def test_reader(text: str, lang: str, kind: str, value: str, unit: str) -> None:
    first = max(numbers_in(text, lang), key=lambda number: number.demand).readings[0]
    assert (first.kind, first.value, first.unit) == (kind, Decimal(value), unit)


def test_an_approximate_number_has_a_top() -> None:
    (number,) = numbers_in("3000多万人", "zh")
    assert (number.value, number.top) == (30_000_000, 40_000_000)
    assert numbers("3000多万人", "some 34 million people", "en") is None
    assert numbers("3000多万人", "some 41 million people", "en") is not None


@pytest.mark.parametrize("text", ["COVID-19", "G20", "F-35B", "5G", "A4纸"])
def test_codes_are_compared_with_codes_alone(text: str) -> None:
    for lang in ("zh", "en"):
        assert all(number.demand != SURE for number in numbers_in(text, lang))


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
    left_out = {(r["system"], r["segment"]) for r in rows if r["kind"] == "omission"}
    others = {(f.text, f.segment) for f in findings if f.kind != "numbers"}
    assert others == {("fluent", "data-export-02")}
    assert others <= left_out


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
