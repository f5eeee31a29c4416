"""Simplified and Traditional characters mixed in one text."""

from __future__ import annotations

from collections.abc import Iterator

from xindaya.pairs.checks.model import Column, Hit, Place, Texts, listed

# Frequent characters that have two forms, simplified first, where either form belongs to one
# script only. Left out: forms that both scripts use (后 里 面 干 只 了 几 松 台 著 乾 於 …).
_PAIRS = (
    "国國 这這 们們 会會 来來 时時 个個 对對 说說 为為 学學 过過 还還 发發 经經 开開 问問 关關 长長 样樣 "
    "见見 现現 进進 动動 实實 战戰 电電 义義 无無 机機 业業 产產 东東 车車 场場 话話 让讓 马馬 书書 门門 "
    "间間 员員 总總 务務 热熱 条條 议議 论論 认認 记記 讲講 设設 许許 证證 识識 语語 请請 调調 谁誰 谈談 "
    "谢謝 译譯 诉訴 试試 该該 详詳 误誤 读讀 课課 变變 边邊 标標 别別 宾賓 补補 财財 参參 层層 尝嘗 厂廠 "
    "称稱 处處 传傳 创創 词詞 从從 达達 带帶 单單 担擔 当當 党黨 导導 岛島 灯燈 敌敵 点點 订訂 独獨 断斷 "
    "队隊 额額 儿兒 尔爾 罚罰 范範 饭飯 访訪 飞飛 费費 丰豐 风風 妇婦 复復 负負 盖蓋 刚剛 钢鋼 岗崗 贡貢 "
    "构構 购購 够夠 顾顧 观觀 馆館 惯慣 广廣 归歸 规規 贵貴 汉漢 号號 红紅 护護 华華 画畫 怀懷 坏壞 欢歡 "
    "环環 换換 黄黃 挥揮 货貨 获獲 击擊 级級 极極 计計 际際 继繼 纪紀 济濟 价價 坚堅 检檢 简簡 剑劍 渐漸 "
    "将將 奖獎 阶階 节節 结結 紧緊 仅僅 尽盡 惊驚 净淨 举舉 剧劇 据據 决決 觉覺 绝絕 军軍 块塊 宽寬 况況 "
    "亏虧 扩擴 来來 兰蘭 蓝藍 览覽 劳勞 乐樂 类類 离離 礼禮 历歷 丽麗 联聯 连連 练練 粮糧 两兩 辆輛 疗療 "
    "临臨 灵靈 领領 龙龍 楼樓 陆陸 录錄 绿綠 虑慮 轮輪 罗羅 妈媽 买買 卖賣 满滿 贸貿 梦夢 灭滅 难難 脑腦 "
    "内內 农農 欧歐 盘盤 赔賠 评評 凭憑 齐齊 骑騎 启啟 气氣 弃棄 签簽 钱錢 枪槍 强強 桥橋 亲親 轻輕 庆慶 "
    "穷窮 区區 权權 劝勸 确確 扰擾 荣榮 软軟 锐銳 润潤 赛賽 伤傷 扫掃 杀殺 审審 声聲 胜勝 师師 诗詩 湿濕 "
    "视視 适適 释釋 势勢 饰飾 寿壽 输輸 属屬 术術 树樹 数數 双雙 顺順 丝絲 虽雖 随隨 岁歲 孙孫 损損 态態 "
    "坛壇 汤湯 讨討 题題 体體 铁鐵 厅廳 听聽 统統 头頭 图圖 团團 弯彎 湾灣 万萬 网網 违違 围圍 维維 伟偉 "
    "卫衛 温溫 闻聞 稳穩 习習 戏戲 细細 鲜鮮 显顯 险險 县縣 线線 宪憲 献獻 乡鄉 响響 项項 销銷 协協 写寫 "
    "兴興 续續 选選 寻尋 训訓 讯訊 压壓 亚亞 严嚴 盐鹽 颜顏 阳陽 养養 药藥 页頁 医醫 遗遺 仪儀 亿億 忆憶 "
    "艺藝 异異 阴陰 银銀 饮飲 隐隱 应應 营營 优優 邮郵 犹猶 鱼魚 渔漁 与與 预預 园園 圆圓 远遠 愿願 约約 "
    "阅閱 跃躍 运運 杂雜 灾災 载載 暂暫 赞贊 则則 责責 择擇 泽澤 贼賊 增增 赠贈 张張 涨漲 账賬 赵趙 针針 "
    "镇鎮 阵陣 争爭 织織 职職 质質 终終 钟鐘 众眾 专專 转轉 赚賺 装裝 壮壯 状狀 资資 综綜 组組 钻鑽 爱愛 "
    "罢罷 备備 贝貝 笔筆 毕畢 编編 币幣 闭閉 测測 产產 陈陳 诚誠 迟遲 础礎 窗窗 纯純 错錯 递遞 顶頂 东東 "
    "铜銅 夺奪 凤鳳 肤膚 辅輔 纲綱 给給 巩鞏 滚滾 韩韓 贺賀 轰轟 滑滑 绘繪 绩績 监監 艰艱 减減 键鍵 较較 "
    "今今 缴繳 径徑 竞競 镜鏡 纠糾 旧舊 颗顆 扩擴 栏欄 烂爛 泪淚 励勵 怜憐 恋戀 凉涼 邻鄰 龄齡 刘劉 庐廬 "
    "屡屢 伦倫 驴驢 吗嗎 码碼 骂罵 迈邁 贫貧 频頻 谱譜 牵牽 迁遷 潜潛 浅淺 墙牆 抢搶 倾傾 驱驅 趋趨 绕繞 "
    "认認 赏賞 烧燒 绍紹 设設 摄攝 绳繩 狮獅 蚀蝕 帅帥 税稅 饲飼 肃肅 缩縮 锁鎖 台臺 摊攤 滩灘 叹嘆 "
)
_LEFT_OUT = {"台", "臺"}
_SIMPLIFIED: dict[str, str] = {}
_TRADITIONAL: dict[str, str] = {}
for _pair in _PAIRS.split():
    if _pair[0] != _pair[1] and _pair[0] not in _LEFT_OUT:
        _SIMPLIFIED[_pair[0]], _TRADITIONAL[_pair[1]] = _pair[1], _pair[0]
_ONLY_SIMPLIFIED = frozenset(_SIMPLIFIED)
_ONLY_TRADITIONAL = frozenset(_TRADITIONAL)


def mixed_scripts(texts: Texts) -> Iterator[Place]:
    """Finds the segments of a Chinese text that hold characters of the script it does not use."""
    for column in texts.all:
        if column.lang == "zh":
            yield from _column(column)


def _column(column: Column) -> Iterator[Place]:
    found = [_of_either(line or "") for line in column.lines]
    simplified, traditional = sum(len(s) for s, _ in found), sum(len(t) for _, t in found)
    if not (simplified and traditional):
        return
    usual = "Simplified" if simplified >= traditional else "Traditional"
    for position, (s, t) in enumerate(found):
        strange, partner = (t, _TRADITIONAL) if usual == "Simplified" else (s, _SIMPLIFIED)
        if strange:
            shown = listed(f"{c} ({partner[c]})" for c in strange)
            inside = "beside the others in one segment" if s and t else "throughout the segment"
            message = f"The text is {usual}; {len(strange)} of the other script {inside}: {shown}."
            yield Place(column.name, position, Hit("warning" if s and t else "note", message))


def _of_either(line: str) -> tuple[list[str], list[str]]:
    characters = set(line)
    if characters.isdisjoint(_ONLY_SIMPLIFIED) or characters.isdisjoint(_ONLY_TRADITIONAL):
        # The usual case; still counted, for the text as a whole.
        either = _ONLY_SIMPLIFIED if characters & _ONLY_SIMPLIFIED else _ONLY_TRADITIONAL
        kept = [c for c in line if c in either] if characters & either else []
        return (kept, []) if either is _ONLY_SIMPLIFIED else ([], kept)
    return [c for c in line if c in _ONLY_SIMPLIFIED], [c for c in line if c in _ONLY_TRADITIONAL]
