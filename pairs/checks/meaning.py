"""Meaning that can be compared without a model: which way something went, and whether it is denied."""

from __future__ import annotations

import functools
import re

from xindaya.pairs.checks.model import Hit, Spot, quoted
from xindaya.pairs.numbers import OFFER, Number, numbers_in

_NEAR_CHINESE, _NEAR_ENGLISH = 9, 34  # characters between a number and the word that says which way
_UP_ZH = re.compile(
    "上升|增长|增加|上涨|提高|攀升|回升|上调|走高|增幅|涨幅|升幅|飙升|激增|扩大|上漲|擴大|增長|飆升|漲幅|上調|提升|增(?!值)|涨|漲|升"
)
_DOWN_ZH = re.compile(
    "下降|下跌|减少|下滑|降低|回落|下调|走低|跌幅|降幅|缩减|萎缩|骤降|暴跌|缩小|減少|縮減|下調|縮小|收窄|减(?![免值排税])|減(?![免值排稅])|降|跌"
)
_UP_EN = re.compile(
    r"\b(?:rose|ris(?:e|es|en|ing)|increas\w*|grow(?:s|n|ing|th)?|grew|climb\w*|surg\w*|jump\w*|soar\w*|rais\w*|up|"
    r"gain\w*|higher|expan\w*|improv\w*|boost\w*|more|rebound\w*|upward\w*|widen\w*|hik\w*|add\w*|doubl\w*|tripl\w*|"
    r"high|strengthen\w*|appreciat\w*|greater|elevat\w*|larger|further|accelerat\w*|ramp\w*|extend\w*|above|over|"
    r"exceed\w*|skyrocket\w*|bigger|better|advanc\w*|spik\w*|record|increment\w*|escalat\w*|enlarg\w*|top(?:s|ped)|surpass\w*|"
    r"outpac\w*|faster|enhanc\w*|longer|inflat\w*|mount\w*|upgrad\w*)\b"
)
_DOWN_EN = re.compile(
    r"\b(?:f[ae]ll(?:s|en|ing)?|declin\w*|decreas\w*|drop\w*|down|reduc\w*|lower\w*|slump\w*|plung\w*|shr[aiu]nk\w*|"
    r"cut(?:s|ting)?|slid\w*|slip\w*|dip\w*|diminish\w*|downward\w*|less|fewer|tumbl\w*|plummet\w*|contract(?:ed|ing|ion)|"
    r"narrow\w*|eas(?:e|ed|ing)|slow\w*|retreat\w*|minus|negative|below|smaller|depreciat\w*|lessen\w*|low|downturn|off|"
    r"soften\w*|deceler\w*|los(?:e|ing|s|t)|shorten\w*|under|sank|sink\w*|nosediv\w*|shav\w*|subtract\w*|"
    r"discount\w*|save[ds]?|short|curb\w*|curtail\w*|weak\w*|cheap\w*|deduct\w*|minimi\w*|halv\w*|waiv\w*)\b"
)
# What else may answer a rise or a fall, away from numbers.
_ANY_UP_ZH = re.compile(
    f"{_UP_ZH.pattern}|加[大剧劇密强強快重]|高[于於企]|推高|新高|生长|生長|成长|成長|长大|更[多高大]|超[过過]|兴起|興起|崛起|加倍"
)
_ANY_DOWN_ZH = re.compile(
    f"{_DOWN_ZH.pattern}|下挫|向下|[收紧緊]缩|[收緊]縮|放[缓緩]|落|缩|縮|挫|低|少|弱|[回疲]软|[回疲]軟|降温|降溫|避免|损|損|萎|贬|貶|缓|緩|轻|輕|紓|纾"
)
_STOP_ZH = re.compile("[，。；！？：,;!?()（）]|[由从從自至到]")
_STOP_EN = re.compile(r"[;:!?()]|[.,](?=\s)|\bfrom\b|\bup to\b|\bless than\b|\bmore than\b")
_WAY_ZH = re.compile(f"(?:{_UP_ZH.pattern})|(?:{_DOWN_ZH.pattern})")
_EITHER_EN = re.compile(f"{_UP_EN.pattern}|{_DOWN_EN.pattern}")
_MOVED = frozenset({"percentage", "percentage point"})


Ways = tuple[list[tuple[int, int]], list[tuple[int, int]], int, int]


@functools.lru_cache(maxsize=4096)
def _ways(chinese: str) -> Ways | None:
    """Returns where a Chinese text says plainly that something rose, and fell.

    Returns:
        Both, with how many words can be taken for either; None where it says nothing of the kind.
    """
    up, down = len(_ANY_UP_ZH.findall(chinese)), len(_ANY_DOWN_ZH.findall(chinese))
    if not up and not down:
        return None
    plain = ([m.span() for m in p.finditer(chinese)] for p in (_MAIN_UP_ZH, _MAIN_DOWN_ZH))
    return (*plain, up, down)  # type: ignore[return-value]


def direction(source: str, target: str, lang: str) -> Hit | None:
    """Finds a number that went up on one side and down on the other."""
    chinese, english = (target, source) if lang == "zh" else (source, target)
    ways = _ways(chinese)
    if ways is None:
        return None
    lower = english.lower()
    here = numbers_in(chinese, "zh")
    there = numbers_in(english, "en")
    if here and there:
        for number in here:
            if number.demand == OFFER or number.kind not in _MOVED:
                continue
            twins = [o for o in there if o.kind == number.kind and o.value == number.value]
            if len(twins) != 1 or sum(n.value == number.value for n in here) > 1:
                continue
            zh, en = _way_chinese(chinese, number), _way_english(lower, twins[0])
            if zh and en and zh[0] != en[0]:
                return _opposite(source, target, lang, zh, en)
    return _whole(source, target, lang, ways, lower)


def _whole(source: str, target: str, lang: str, ways: Ways, lower: str) -> Hit | None:
    """Finds texts that say plainly what the other has no word for at all, and the reverse there.

    Only plain words count as said, and any word that might answer as an answer. A text that has more
    plain words than the other has answers is against it too, if the other has as many to spare.
    """
    up, down, any_up, any_down = ways
    risen, fallen = list(_UP_EN.finditer(lower)), list(_DOWN_EN.finditer(lower))
    plain_up = [m for m in risen if m[0] in _VERBS_UP and not _OTHER_SENSE.match(lower, m.start())]
    plain_down = [m for m in fallen if m[0] in _VERBS_DOWN and not _OTHER_SENSE.match(lower, m.start())]  # fmt: skip
    if (up and plain_down and not any_down) or (
        len(up) > len(risen) and len(plain_down) > any_down
    ):
        return _opposite(source, target, lang, (1, *up[0]), (-1, *plain_down[0].span()))
    if (down and plain_up and not any_up) or (len(down) > len(fallen) and len(plain_up) > any_up):
        return _opposite(source, target, lang, (-1, *down[0]), (1, *plain_up[0].span()))
    moving = [m for m in (*risen, *fallen) if not _STANDING.fullmatch(m[0])]
    if moving and down and not fallen and not any_up:
        return _opposite(source, target, lang, (-1, *down[0]), (1, *moving[0].span()))
    if moving and up and not risen and not any_down:
        return _opposite(source, target, lang, (1, *up[0]), (-1, *moving[0].span()))
    return None


_STANDING = re.compile(
    "short|under|off|saved?|low|cheap\\w*|more|over|above|tops?|topped|further|longer|add\\w*|record|high|greater|better|inflat\\w*|below|less|"
    "los\\w+|deduct\\w*|discount\\w*|minus|negative|slow\\w*|eas\\w+|up|down|larger|bigger|soften\\w*|short\\w*|mount\\w*|advanc\\w*|appreciat\\w*"
)
# Words of direction that a text says with another meaning.
_OTHER_SENSE = re.compile(
    r"f[ae]lls?(?:ing|en)? (?:short|under|into|within|victim|in love|asleep|on|off|through|to the)|falling on|rise to fame|rising star"
    r"|growing up|grow up|grew up|grow old|growth of (?:plants?|trees?|crops?)|reduced to tears|slid (?:open|into)"
)
_MAIN_UP_ZH = re.compile(
    "上升|增长(?!组合|点|极)|增加|上涨|攀升|回升|上调|走高|飙升|激增|增長(?!組合|點|極)|上漲|飆升|上調|提高|提升|增多|加大|增强|扩大|增大|[升涨增漲](?=了?\\d)"
)
_MAIN_DOWN_ZH = re.compile(
    "下降|下跌|减少|下滑|回落|下调|走低|骤降|暴跌|降低|缩小|減少|下調|萎縮|縮小|[降跌减減](?=了?\\d)"
)
_VERBS_UP = frozenset(["rose", "rise", "rises", "risen", "rising", "increase", "increases", "increased", "increasing", "grew", "grow", "grows", "growing", "growth", "climbed", "surged", "jumped", "soared"])  # fmt: skip
_VERBS_DOWN = frozenset(["fell", "fall", "falls", "fallen", "falling", "decrease", "decreases", "decreased", "decreasing", "declined", "decline", "declines", "declining", "dropped", "drop", "drops", "dropping", "plunged", "slumped", "reduced", "shrank"])  # fmt: skip

Way = tuple[int, int, int]  # 1 up or -1 down, and where the word stands


def _way_chinese(text: str, number: Number) -> Way | None:
    """Returns which way the word nearest to a number says it went."""
    before = text[max(0, number.start - _NEAR_CHINESE) : number.start]
    if stop := list(_STOP_ZH.finditer(before)):
        before = before[stop[-1].end() :]
    start = number.start - len(before)
    if found := list(_WAY_ZH.finditer(before)):
        word = found[-1]
        return (1 if _UP_ZH.fullmatch(word[0]) else -1, start + word.start(), start + word.end())
    return None


def _way_english(lower: str, number: Number) -> Way | None:
    """Returns which way the words around a number say it went; None where they say both or none."""
    before = lower[max(0, number.start - _NEAR_ENGLISH) : number.start]
    if stop := list(_STOP_EN.finditer(before)):
        before = before[stop[-1].end() :]
    start = number.start - len(before)
    after = lower[number.end : number.end + _NEAR_ENGLISH]
    if stop_after := _STOP_EN.search(after):
        after = after[: stop_after.start()]
    words = [(m, start) for m in _EITHER_EN.finditer(before)]
    words += [(m, number.end) for m in _EITHER_EN.finditer(after)]
    ways = {1 if _UP_EN.fullmatch(m[0]) else -1 for m, _ in words}
    plain = [(m, place) for m, place in words if m[0] in _VERBS_UP or m[0] in _VERBS_DOWN]
    if len(ways) != 1 or not plain:
        return None
    word, place = plain[0]
    return ways.pop(), place + word.start(), place + word.end()


def _opposite(source: str, target: str, lang: str, zh: Way, en: Way) -> Hit:
    here, there = (en, zh) if lang == "zh" else (zh, en)
    was, became = quoted(source[here[1] : here[2]]), quoted(target[there[1] : there[2]])
    return Hit(
        "warning",
        f"{was} of the source became {became} in the target, the other way.",
        f"原文说{was}，译文说{became}，方向相反。",
        (Spot("source", here[1], here[2]), Spot("target", there[1], there[2])),
    )


# A Chinese negation, and what English keeps of it when the negation is lost.
_DENIALS = tuple(
    (re.compile(zh), re.compile(rf"\b(?:{en})\b"))
    for zh, en in (
        (r"(?<![能得])(?:不能|无法|無法)(?!不|[^，。；]{0,6}[？?吗嗎])", "can|could|able|may|might|possible|allow\\w*|permit\\w*|enable\\w*"),
        (r"(?<![会會])不[会會](?!不|[^，。；]{0,8}[？?吗嗎吧])", "will|would|going|shall|can|could|may|might|do|does|did|is|are|was|were"),
        (
            r"(?<![由令使记認认觉觉舍等怪值顾顧])不得(?!不|已|了|以|[。，])|不应(?!不)|不應|不准|不许|不許|不允许|禁止|严禁|嚴禁",
            "shall|may|must|should|can|could|allow\\w*|permit\\w*|will|need\\w*|have to|has to|do|be|is|are",
        ),
        ("不超过|不超過|不高于|不高於", "more than|exceed\\w*|over|above|higher"),
        ("不低于|不低於|不少于|不少於", "less than|lower than|below|under|fewer than"),
        ("未予|没能|未获|未必", "do|does|did|have|has|had|was|were|is|are|can|could|been"),
        (r"(?<!有)(?:没有|沒有)(?!问题|問題|.{0,6}之前|任何|区别|改变|说错)|未能|未曾|从未|從未", "do|does|did|have|has|had|was|were|is|are|been|ever|there"),
    )
)  # fmt: skip
_NEGATIVE_EN = re.compile(
    r"\b(?:not|no|never|none|nothing|nobody|nor|neither|without|cannot|unable|un(?!der|it|i[vfqt]|til|cle|ion)[a-z]{3,}|fail\w*|"
    r"refus\w*|lack\w*|impossib\w*|illegal\w*|in(?:ability|capable|sufficient|adequate|visible|active|valid|correct|complete|consistent|dependent|accura\w+|effective\w*)|"
    r"dis(?:allow|agree|approv|like|continu|regard|satisf|appoint|own|miss)\w*|non\w*|prohibit\w*|ban(?:s|ned|ning)?|forbid\w*|forbade|avoid\w*|"
    r"prevent\w*|stop\w*|absen\w*|little|few|hardly|rarely|barely|scarcely|seldom|den(?:y|ied|ies|ial|ying)|reject\w*|beyond|instead|rather|"
    r"free|zero|miss\w*|only|yet|far from|until|neglect\w*|ignor\w*|irre\w+|regardless|exempt\w*|exclud\w*|refrain\w*|nowhere|too|lest|but|"
    r"except|depriv\w*|resist\w*|[a-z]+less|strictly|limited|difficult\w*|hard|against|negative|out of|longer|halt\w*|ceas\w*|keep|off|less|rule[ds]? out|"
    r"reluctan\w*|anonym\w*|exclusiv\w*|oppos\w*|minor|slow\w*|short of|before|away|block\w*|bar(?:s|red)?|restrict\w*|lose|lost|loss|"
    r"void|empty|null|question\w*|doubt\w*|unless|wrong|despite|maximum|at most|at least|within|up to|limit\w*|capp?ed|minimum|no more|isn|aren|wasn|weren|don|doesn|didn|won|wouldn|couldn|"
    r"shouldn|hasn|haven|hadn|ain|mustn|cant|dont|im(?:mun|mov|perm|perf|poss|prop|prud)\w*|hinder\w*|ir\w+able)\b|n['’]t\b"
)
# What denies in English and hardly ever without a negation in Chinese; the past is put more freely.
_NOT = r"not(?!\s(?:only|just|to mention|until|merely|simply|least|yet|bad|zero|hold back|so much|necessarily|far|long))"
_DENIES_EN = re.compile(
    rf"\b(?:is|are|was|were|will|would|can|should|must|do|does|has|may|might|shall)\s+{_NOT}\b"
    r"|\bcannot\b|\b(?:is|are|was|were|wo|would|ca|should|must|do|does|has)n['’]t\b"
)
_DENIED_EN = re.compile(rf"\b(?:have|had|did|could|be)\s+{_NOT}\b|\b(?:have|had|did|could)n['’]t\b")
_NEGATIVE_ZH = re.compile(
    "[不没沒未无無非否禁勿别別莫毋难難免拒甭弗慎咪]|才[会會]|除外|何必|必[须須]|缺乏|很少|防[止范範]|避免|杜[绝絕]|[制阻停]止|取消|放[弃棄]"
)
_WEAK_ZH = re.compile("[缺失绝絕仅僅只除少怎何哪吗嗎岂差才避防误誤]")


@functools.lru_cache(maxsize=4096)
def _denials(chinese: str) -> tuple[list[tuple[tuple[int, int], re.Pattern[str]]], int]:
    """Returns the negations of a Chinese text that can be looked for, and how many words deny."""
    count = len(_NEGATIVE_ZH.findall(chinese))
    if not count:
        return [], 0
    return [(m.span(), kept) for zh, kept in _DENIALS if (m := zh.search(chinese))], count


def negation(source: str, target: str, lang: str) -> Hit | None:
    """Finds what one side denies and the other says."""
    chinese, english = (target, source) if lang == "zh" else (source, target)
    denied, negative = _denials(chinese)
    lower = english.lower()
    if denied:
        for span, kept in denied:
            if kept.search(lower) and not _NEGATIVE_EN.search(lower):
                return _denied(chinese, span, "source" if lang == "en" else "target")
    if (
        not ("not" in lower or "n't" in lower or "n’t" in lower)
        or english.rstrip("\"'”’ ")[-1:] in "?？"
    ):
        return None
    found = list(_DENIES_EN.finditer(lower))
    if len(found) > negative:
        return _denied(english, found[0].span(), "source" if lang == "zh" else "target")
    past = None if negative or _WEAK_ZH.search(chinese) else _DENIED_EN.search(lower)
    if past:
        hit = _denied(english, past.span(), "source" if lang == "zh" else "target")
        return hit._replace(severity="note")
    return None


def _denied(text: str, span: tuple[int, int], side: str) -> Hit:
    shown = quoted(text[span[0] : span[1]])
    if side == "source":
        english = f"{shown} of the source is not denied in the target."
        return Hit("warning", english, f"原文的否定{shown}在译文中不见了。", (Spot(side, *span),))
    english = f"The target denies with {shown} what the source says without a negation."
    return Hit("warning", english, f"译文有否定{shown}，原文没有。", (Spot(side, *span),))
