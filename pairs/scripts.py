"""Simplified and Traditional Chinese together: by OpenCC, or roughly by a table of our own.

Alignment takes the table, so that it gives the same whether OpenCC is installed or not.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import metadata

from xindaya.pairs.errors import UsageError

# Pairs of a traditional character and its simplified form: those that common words need. A
# character that is missing here only costs an anchor.
_PAIRS = (
    "愛爱礙碍罷罢備备輩辈筆笔幣币畢毕閉闭邊边編编變变標标表表別别賓宾並并補补財财參参倉仓層层產产場场"
    "長长嘗尝償偿廠厂車车徹彻稱称懲惩遲迟衝冲蟲虫醜丑籌筹處处觸触傳传創创純纯詞词從从達达帶带貸贷單单"
    "擔担膽胆當当黨党擋挡檔档導导島岛燈灯鄧邓敵敌遞递點点電电墊垫調调訂订東东動动鬥斗獨独讀读賭赌斷断"
    "對对隊队噸吨奪夺額额惡恶爾尔發发髮发罰罚閥阀範范販贩飯饭訪访飛飞廢废費费紛纷豐丰風风瘋疯鳳凤婦妇"
    "復复複复負负賦赋該该蓋盖幹干趕赶鋼钢崗岗個个給给鞏巩貢贡購购構构夠够關关觀观館馆慣惯廣广規规櫃柜"
    "貴贵國国過过漢汉號号後后護护華华畫画劃划話话懷怀壞坏歡欢環环還还緩缓換换黃黄揮挥輝辉匯汇彙汇會会"
    "穫获獲获貨货擊击機机積积極极級级幾几計计記记際际繼继紀纪濟济劑剂夾夹價价駕驾監监堅坚間间艱艰檢检"
    "簡简減减薦荐見见鍵键艦舰劍剑漸渐將将獎奖講讲驕骄膠胶繳缴較较階阶節节結结潔洁緊紧僅仅進进盡尽儘尽"
    "勁劲經经驚惊競竞徑径淨净糾纠舊旧舉举據据懼惧決决絕绝覺觉軍军開开凱凯課课懇恳墾垦庫库褲裤塊块寬宽"
    "礦矿況况虧亏擴扩闊阔來来蘭兰藍蓝攔拦欄栏覽览攬揽勞劳樂乐類类離离裡里裏里禮礼歷历曆历勵励麗丽聯联"
    "連连蓮莲練练戀恋煉炼糧粮兩两輛辆諒谅遼辽療疗獵猎臨临鄰邻齡龄領领靈灵劉刘龍龙樓楼陸陆錄录綠绿慮虑"
    "輪轮論论倫伦羅罗馬马碼码嗎吗買买賣卖邁迈滿满貓猫貿贸麼么沒没門门們们夢梦彌弥麵面廟庙滅灭敏敏鳴鸣"
    "畝亩納纳難难腦脑惱恼內内擬拟鳥鸟寧宁農农濃浓歐欧盤盘賠赔噴喷評评蘋苹憑凭齊齐騎骑豈岂啟启氣气棄弃"
    "遷迁簽签籤签錢钱潛潜淺浅牆墙槍枪強强搶抢橋桥親亲輕轻傾倾慶庆窮穷區区趨趋權权勸劝卻却確确讓让擾扰"
    "熱热認认榮荣銳锐潤润灑洒薩萨賽赛傘伞喪丧掃扫殺杀紗纱傷伤賞赏燒烧設设攝摄審审聲声聖圣勝胜師师獅狮"
    "時时識识實实蝕蚀適适釋释勢势飾饰壽寿獸兽書书輸输屬属術术樹树數数帥帅雙双誰谁稅税順顺説说說说絲丝"
    "飼饲訴诉蘇苏雖虽隨随歲岁孫孙損损縮缩態态攤摊談谈灘滩壇坛湯汤燙烫濤涛討讨謄誊題题體体條条鐵铁廳厅"
    "聽听統统頭头圖图塗涂團团彎弯萬万網网為为爲为違违圍围維维偉伟偽伪衛卫溫温聞闻穩稳問问無无務务霧雾"
    "誤误習习襲袭係系繫系戲戏細细嚇吓鮮鲜賢贤險险顯显縣县現现獻献線线綫线憲宪鄉乡詳详響响項项銷销蕭萧"
    "曉晓協协脅胁寫写謝谢興兴鏽锈許许續续緒绪選选學学勳勋尋寻詢询訊讯訓训遜逊壓压鴨鸭亞亚嚴严煙烟鹽盐"
    "顏颜驗验驗验楊杨揚扬陽阳養养樣样搖摇遙遥謠谣藥药業业頁页葉叶醫医遺遗儀仪義义億亿憶忆議议藝艺異异"
    "譯译陰阴銀银飲饮隱隐應应營营贏赢擁拥優优憂忧郵邮猶犹遊游於于漁渔與与語语預预禦御譽誉獄狱園园員员"
    "圓圆緣缘遠远願愿約约躍跃閱阅雲云運运雜杂災灾載载暫暂讚赞贊赞臟脏遭遭責责則则擇择澤泽贈赠戰战張张"
    "漲涨帳帐賬账趙赵這这針针偵侦陣阵鎮镇徵征爭争證证鄭郑織织職职執执質质製制種种眾众衆众終终鐘钟鍾钟"
    "週周豬猪諸诸駐驻築筑專专轉转磚砖賺赚莊庄裝装壯壮狀状資资準准綜综縱纵總总組组鑽钻滯滞幟帜"
    "陳陈吳吴葉叶蔣蒋馮冯鄧邓蕭萧譚谭龔龚嶺岭灣湾滬沪瀋沈紐纽倫伦丹丹恆恒臺台颱台著着佈布託托佔占迴回"
    "兒儿剛刚劇剧嘆叹媽妈屢屡廬庐憐怜歸归涼凉淚泪測测滾滚濕湿爛烂牽牵礎础紅红紹绍綱纲績绩繞绕繩绳繪绘罵骂肅肃膚肤視视試试詩诗誠诚請请譜谱"
    "貝贝貧贫賀贺賊贼軟软輔辅轟轰銅铜錯错鎖锁鏡镜韓韩頂顶頻频顆颗顧顾驅驱驢驴魚鱼"
    "週周徵征慾欲併并纔才隻只捨舍鬆松麽么衞卫滙汇槓杠桿杆瞭了贖赎債债償偿銷销賬账權权蓄蓄賣卖虛虚擬拟"
)
_TABLE = str.maketrans(
    {_PAIRS[k]: _PAIRS[k + 1] for k in range(0, len(_PAIRS), 2) if _PAIRS[k] != _PAIRS[k + 1]}
)
_BOTH = frozenset("着著恒恆没沒温溫冲衝")  # Hong Kong writes the one, Taiwan the other


def _lacks(encoding: str, char: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return True
    return False


# What Big5 has may stand in a Traditional text, and what GB 2312 has in a Simplified one.
ONLY_SIMPLIFIED: dict[str, str] = {
    s: t
    for t, s in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)
    if t != s and s not in _BOTH and _lacks("big5", s)
}
"""Simplified characters that no Traditional text has, and their other form."""
ONLY_TRADITIONAL: dict[str, str] = {
    t: s
    for t, s in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)
    if t != s and t not in _BOTH and _lacks("gb2312", t)
}
"""Traditional characters that no Simplified text has, and their other form."""
# Letters that stay in Traditional words and have another form in Simplified ones.
_ONE = str.maketrans("著覆藉瞭甦", "着复借了苏")


@functools.cache
def simplified() -> Callable[[str], str]:
    """Returns a function that writes a text in simplified characters, of the same length.

    The whole text is converted, since what a character becomes hangs on its neighbours (了解 of 瞭解,
    but 瞭望 stays), with the letters of Taiwan and Hong Kong; where that changes its length, each
    character for itself. What then still differs between the scripts is made one (著 and 着), so
    that a form and a passage meet whichever script each is in.

    Raises:
        UsageError: If OpenCC is not installed, or broken.
    """
    try:
        from opencc import OpenCC

        taiwan, hong_kong = OpenCC("tw2s").convert, OpenCC("hk2s").convert
    except (ImportError, OSError, RuntimeError) as error:
        raise UsageError(_way_out(error)) from error

    def convert(text: str) -> str:
        changed: str = hong_kong(taiwan(text))
        return changed.translate(_ONE)

    @functools.lru_cache(maxsize=1 << 16)
    def one(char: str) -> str:
        changed = convert(char)
        return changed if len(changed) == 1 else char

    def whole(text: str) -> str:
        changed = convert(text)
        return changed if len(changed) == len(text) else "".join(map(one, text))

    return whole


def simplified_roughly(text: str) -> str:
    """Returns the text with known traditional characters replaced by simplified ones."""
    return text.translate(_TABLE)


def converter_signature() -> str:
    """Names the distribution that offers ``opencc``, of which there are several, and its version."""
    return "+".join(f"{owner}-{metadata.version(owner)}" for owner in _owners() or ["opencc"])


def _owners() -> list[str]:
    """Returns the distributions that say they hold ``opencc``."""
    return sorted(set(metadata.packages_distributions().get("opencc", ())))


def _way_out(error: Exception) -> str:
    """Says what to install; several distributions share a folder, and removing one spoils the rest."""
    absent = isinstance(error, ModuleNotFoundError) and error.name == "opencc"
    owners = _owners()
    if absent and not owners:
        return (
            "matching Simplified and Traditional forms together needs OpenCC: "
            "pip install 'xindaya[scripts]'"
        )
    return (
        f"OpenCC is installed, but incomplete ({error}), as when another distribution of the same "
        f"name was removed: pip install --force-reinstall --no-deps {' '.join(owners[:1] or ['opencc'])}"
    )
