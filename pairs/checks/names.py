"""Names of the source that the target lacks.

Latin strings, well-known places, bodies and people, and names that the corpus itself always renders
in one way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from rapidfuzz import fuzz

from xindaya.pairs.align.names import TRANSCRIBING, chinese_sound, english_sound
from xindaya.pairs.align.pinyin import syllable
from xindaya.pairs.checks.associations import learned, root
from xindaya.pairs.checks.model import Hit, Place, Spot, Texts, listed, quoted
from xindaya.pairs.scripts import simplified_roughly

# Chinese = what an English text has of it, in small letters: the beginning of a word. Names of which
# translators often say something else (the country, the capital, the mainland) are left out.
_KNOWN = """
日本=japan,tokyo 韩国=korea,seoul 朝鲜=korea,dprk,pyongyang 印度=india,delhi 俄罗斯=russia,moscow 德国=german,berlin 法国=french,france,paris,elysee
英国=british,britain,briton,bbc,uk,u.k.,united kingdom,england,english,london 意大利=ital 西班牙=spain,spanish,spaniard 葡萄牙=portug 荷兰=dutch,netherlands,holland
瑞士=swiss,switzerland 瑞典=swed 挪威=norw 丹麦=danish,denmark,dane 芬兰=finland,finnish,finn 波兰=poland,polish 乌克兰=ukrain,kyiv,kiev
希腊=gree 土耳其=turk 以色列=israel 伊朗=iran,tehran 伊拉克=iraq 沙特=saudi 埃及=egypt 南非=south africa 尼日利亚=nigeria 加拿大=canad
澳大利亚=australia,aussie 新西兰=new zealand,kiwi 巴西=brazil 阿根廷=argentin 墨西哥=mexic 智利=chile 新加坡=singapor 马来西亚=malaysia 泰国=thai
越南=vietnam,viet nam 菲律宾=philippin,filipino 印度尼西亚=indonesia 印尼=indonesia 缅甸=myanmar,burm 柬埔寨=cambodia 巴基斯坦=pakistan 孟加拉国=banglad
阿富汗=afghan 叙利亚=syria 比利时=belgi 奥地利=austria 匈牙利=hungar 捷克=czech 塞尔维亚=serb 爱尔兰=ireland,irish 苏格兰=scot 古巴=cuba
哈萨克斯坦=kazakh 蒙古国=mongol 肯尼亚=kenya 埃塞俄比亚=ethiopia 非洲=africa 欧洲=europe 亚洲=asia 拉美=latin america
欧盟=eu ,eu',eu.,eu,european union,europe 联合国=united nations,un ,u.n.,un's,un 北约=nato 东盟=asean 世卫组织=who ,world health,who's,who 世贸组织=wto,world trade 白宫=white house
北京=beijing,peking,chinese capital 上海=shanghai 天津=tianjin 重庆=chongqing 广州=guangzhou,canton 深圳=shenzhen 杭州=hangzhou 南京=nanjing 武汉=wuhan
成都=chengdu 西安=xi'an,xi’an,xian 青岛=qingdao 大连=dalian 厦门=xiamen 苏州=suzhou 郑州=zhengzhou 长沙=changsha 沈阳=shenyang 哈尔滨=harbin
济南=jinan 合肥=hefei 福州=fuzhou 昆明=kunming 贵阳=guiyang 南宁=nanning 海口=haikou 拉萨=lhasa 兰州=lanzhou 太原=taiyuan 乌鲁木齐=urumqi,urumchi,ürümqi
香港=hong kong,hk,hongkong 澳门=macao,macau 台湾=taiwan 广东=guangdong,canton 浙江=zhejiang 江苏=jiangsu 山东=shandong 河南=henan 河北=hebei
湖南=hunan 湖北=hubei 四川=sichuan,szechu 福建=fujian 安徽=anhui 江西=jiangxi 广西=guangxi 云南=yunnan 贵州=guizhou 陕西=shaanxi 甘肃=gansu
青海=qinghai 宁夏=ningxia 新疆=xinjiang 西藏=tibet,xizang 内蒙古=inner mongolia 黑龙江=heilongjiang 吉林=jilin 辽宁=liaoning 海南=hainan
纽约=new york,newyork,ny 华盛顿=washington 伦敦=london 东京=tokyo,japanese capital 巴黎=paris 莫斯科=moscow 柏林=berlin 首尔=seoul 悉尼=sydney 洛杉矶=los angeles,la
特朗普=trump 拜登=biden 奥巴马=obama 普京=putin 默克尔=merkel 马克龙=macron 习近平=xi 李克强=li 泽连斯基=zelensk 约翰逊=johnson 马斯克=musk 蓬佩奥=pompeo
新华社=xinhua 人民日报=people 微软=microsoft 谷歌=google 苹果公司=apple 亚马逊=amazon 特斯拉=tesla 华为=huawei 腾讯=tencent 阿里巴巴=alibaba 推特=twitter,tweet
"""
_TABLE = {
    name: tuple(forms.split(","))
    for name, _, forms in (
        entry.partition("=")
        for line in _KNOWN.strip().split("\n")
        for entry in re.split(r" (?=[\u4e00-\u9fff])", line)
    )
}
_NAME_ZH = re.compile("|".join(sorted(_TABLE, key=len, reverse=True)))
_NAME_EN = {
    form: [zh for zh, forms in _TABLE.items() if form in forms]
    for forms in _TABLE.values()
    for form in forms
    if len(form) > 4
    and form not in ("english", "people", "canton", "apple", "amazon", "polish", "johnson")
}
_WORDS_EN = re.compile(f"(?:{'|'.join(sorted(map(re.escape, _NAME_EN), key=len, reverse=True))})")
_CAPITALS = re.compile(r"\b[A-Z][A-Za-z]{3}")
_BEGINNINGS = frozenset(form[:4] for form in _NAME_EN)
# What a name is part of when it names something else.
_NOT_AFTER = {
    "印度": "尼洋教-－—",
    "法国": "外",
    "韩国": "现",
    "海南": "藏蒙",
    "重庆": "祝",
    "德国": "之",
    "英国": "夏",
    "上海": "合",
    "香港": "脚",
    "日本": "人民",
    "西安": "全",
    "海口": "味",
    "台湾": "海",
    "吉林": "",
    "河南": "",
}
_SHORT = {
    "广东": "粤", "湖南": "湘", "浙江": "浙", "上海": "沪", "北京": "京", "澳门": "澳", "香港": "港", "山东": "鲁", "河南": "豫", "河北": "冀",
    "湖北": "鄂", "四川": "川", "福建": "闽", "安徽": "皖", "江西": "赣", "江苏": "苏", "新华社": "新华", "特朗普": "川普", "天津": "津", "西藏": "藏", "重庆": "渝",
}  # fmt: skip
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9&.'’+-]*[A-Za-z0-9+]")
_CAPITAL = re.compile("\\b[A-Z][a-z]+\\b")
_LATIN_WORD = re.compile("[a-zà-ɏ]{3,}")
_POINTED = re.compile(
    f"[{''.join(sorted(TRANSCRIBING))}]{{2,8}}(?:·[{''.join(sorted(TRANSCRIBING))}]{{1,8}})+"
)
_LIKE = 57  # likeness of letters, of 100, from which a word may be a name; measured on news
_TIGHT = re.compile(r"[^a-z0-9]+")
_COMMON_LATIN = frozenset(
    [
        "km",
        "kg",
        "cm",
        "mm",
        "ml",
        "app",
        "ok",
        "vip",
        "pk",
        "kw",
        "gb",
        "mb",
        "tb",
        "no",
        "vs",
        "pm",
        "am",
        "id",
        "diy",
        "pc",
        "usd",
        "rmb",
        "hkd",
        "hk",
        "nt",
    ]
)
_PERSON = re.compile(
    "(?:记者|通讯员|主任|书记|[局部市省处司院校会社厅县镇村站所科馆]长|主席|总理|总统|教授|经理|导演|演员|医生|发言人|负责人|专家|律师|院士|秘书|研究员|代表|总裁|[是叫])"
    "(?!顾问|周[一二三四五六日末]|石油)([王李张刘陈杨黄赵吴周徐孙朱胡郭何林罗郑梁谢宋唐许邓冯韩曹彭萧蔡潘田董袁余蒋杜魏程吕丁沈任姚卢傅钟姜崔谭廖范汪金石贾韦邹熊白孟秦邱江尹薛闫段侯龙史陶贺顾毛郝龚邵钱严武戴莫孔汤]"
    "[\u4e00-\u9fff]{1,2}?)(?=表示|介绍|指出|认为|告诉|强调|透露|说|称|出席|主持|[，。、）)：:])"
)
_SHOWN = 3
_MONEY = re.compile(r"(?:rm|rmb|us|usd|hk|hkd|nt|cny|eur)[\d.]+")
_COUNTED = tuple("年周岁个名位项次届")
_OTHERWISE = {"g20": ("group of 20",), "g7": ("group of seven",), "a股": ("a-share",)}


def names(texts: Texts) -> Iterator[Place]:
    """Finds names of the source without anything in the target that renders them."""
    known = _Learned(texts)
    for position, source, targets in texts.pairs:
        if texts.source.lang == "zh":
            listed_names = list(_known_chinese(source))
            pointed = list(_transcribed(source, listed_names))
            asked = [
                *listed_names,
                *_people(simplified_roughly(source)),
                *_latin(source),
                *known(source),
            ]
        else:
            asked, pointed = [*_known_english(source), *known(source)], []
        if not asked and not pointed:
            continue
        for column, target in targets:
            english = column.lang == "en"
            folded = f" {target.lower()} " if english else simplified_roughly(target)
            lost = [(a, f) for a, f, wanted in asked if not any(w in folded for w in wanted)]
            if lost and english:
                tight = _TIGHT.sub("", folded)
                lost = [(a, f) for a, f in lost if (_TIGHT.sub("", f.lower()) or "-") not in tight]
            if pointed and english:
                words = set(_LATIN_WORD.findall(folded))
                lost += [
                    (a, f)
                    for a, f, parts in pointed
                    if not any(_sounds_like(p, words) for p in parts)
                ]
            if lost and (hit := _hit(source, lost)):
                yield Place(column.name, position, hit)


Asked = tuple[int, str, tuple[str, ...]]  # where it stands, as it stands, any of these answers


def _hit(source: str, lost: list[tuple[int, str]]) -> Hit:
    shown = [quoted(form) for _, form in lost]
    return Hit(
        "warning",
        f"The name {listed(shown, _SHOWN)} of the source is not in the target.",
        f"译文没有原文的名称{listed(shown, _SHOWN, chinese=True)}。",
        tuple(Spot("source", place, place + len(form)) for place, form in lost),
    )


def _known_chinese(source: str) -> Iterator[Asked]:
    folded = simplified_roughly(source)
    for m in _NAME_ZH.finditer(folded):
        following = source[m.end() : m.end() + 1]
        # 拉萨 in 普拉萨德 is a part of a longer transcription.
        around = folded[max(0, m.start() - 1) : m.start()], folded[m.end() : m.end() + 1]
        part = all(c in TRANSCRIBING for c in m[0]) and all(c and c in TRANSCRIBING for c in around)
        if not part and not (following and following in _NOT_AFTER.get(m[0], "")):
            yield m.start(), m[0], _TABLE[m[0]]


def _transcribed(source: str, known: Sequence[Asked]) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Yields foreign names with a point, 威廉·哈内科姆: where, as written, the sounds of their parts."""
    if "·" not in source:
        return
    folded = simplified_roughly(source)
    taken = {place for place, _, _ in known}
    for m in _POINTED.finditer(folded):
        parts = [p for p in m[0].split("·") if len(p) > 1 and all(c in TRANSCRIBING for c in p)]
        if parts and taken.isdisjoint(range(*m.span())):
            yield m.start(), source[m.start() : m.end()], tuple(parts)


def _sounds_like(part: str, words: Collection[str]) -> bool:
    """True if one of some English words may be a transcribed name: by its letters or its consonants."""
    letters, sound = "".join(map(syllable, part)), chinese_sound(part)
    return any(
        (len(heard := english_sound(word)) > 1 and (heard in sound or (sound and sound in heard)))
        or fuzz.partial_ratio(letters, word) >= _LIKE
        for word in words
    )


def _people(source: str) -> Iterator[Asked]:
    """Yields Chinese names of people between a title and a verb, to be met by their pinyin."""
    for m in _PERSON.finditer(source):
        name = m[1]
        if any(c in TRANSCRIBING for c in name[1:]):
            continue
        sounds = [syllable(c) for c in name]
        given = "".join(sounds[1:])
        if all(sounds) and len(given) > 2:
            spaced = "-".join(sounds[1:])
            yield m.start(1), name, (given, spaced, spaced.replace("-", " "), f" {sounds[0]}")


def _known_english(source: str) -> Iterator[Asked]:
    for capital in _CAPITALS.finditer(source):
        if capital[0].lower() not in _BEGINNINGS:
            continue
        if m := _WORDS_EN.match(source.lower(), capital.start()):
            wanted = tuple(short for z in _NAME_EN[m[0]] for short in (z[0], _SHORT.get(z, z)))
            yield m.start(), source[m.start() : m.end()], wanted


def _latin(source: str) -> Iterator[Asked]:
    if source.isascii():
        return
    for m in _LATIN.finditer(source):
        word = m[0].lower()
        if m[0].isupper() and m[0].isalpha() and len(word) < 6:
            continue  # abbreviations are written out
        if _MONEY.fullmatch(word):
            continue
        if word == m[0] and not any(c.isdigit() for c in word):
            continue  # a word of the language, not a name
        if source[m.end() : m.end() + 1] in _COUNTED:
            word = word.rstrip("0123456789")
        if len(word) > 2 and word not in _COMMON_LATIN and not word.endswith(("com", "cn")):
            yield m.start(), m[0], (word, *_OTHERWISE.get(word, ()))


def _alike(chinese: str, english: str) -> bool:
    """True if two characters sound as an English root does; those that are well known are left out."""
    sound = syllable(chinese[0]) + syllable(chinese[1])
    same = sound in english or sound.startswith(english)
    return same and len(sound) > 3 and not _NAME_ZH.match(chinese)


class _Learned:
    """Names that the corpus itself renders by one word, nearly always."""

    def __init__(self, texts: Texts) -> None:
        self._wanted: dict[str, tuple[str, ...]] = {}
        chinese_first = texts.source.lang == "zh"
        for chinese, english in learned(texts).names(_alike) if texts.targets else ():
            word, other = (chinese, english) if chinese_first else (english, chinese)
            self._wanted[word] = (*self._wanted.get(word, ()), other)
        chinese_words = "|".join(map(re.escape, self._wanted)) or "(?!)"
        self._any = re.compile(chinese_words) if chinese_first else _CAPITAL

    def __call__(self, source: str) -> Iterator[Asked]:
        for m in self._any.finditer(source):
            word = m[0] if self._any is not _CAPITAL else root(m[0].lower())
            if wanted := self._wanted.get(word):
                yield m.start(), m[0], wanted
