"""Words of the page of agreement with people."""

from __future__ import annotations

PAGE: dict[str, dict[str, str]] = {
    "en": {
        "agr_tagline": "How far metrics agree with people",
        "agr_scored": "{n} of {total} segments scored by people",
        "agr_higher": "a higher human score is better",
        "agr_lower": "a lower human score is better",
        "agr_unscored": "{n} outputs of these systems have no human score and are left out.",
        # verdict
        "agr_orders": "{metric} orders {share}{interval} of {pairs} system pairs as people do; "
        "τ {tau}, r {r}.",
        "agr_guessing": "That is worse than guessing: is the reference a good translation?",
        "agr_few": "Only {n} systems: a correlation of so few says next to nothing; look at the "
        "pairs and at the segments.",
        "agr_segment": "Within a segment, {metric} agrees with people on {share} of pairs, ties "
        "counted (calling all of them ties: {ties}); τ {tau}.",
        "agr_better": "{better} agrees with people better than {other}: {statistic} {level} "
        "{delta} higher ({p}).",
        "agr_level": "No metric agrees with people better than another: all differences could be "
        "chance.",
        "agr_pearson": "Pearson r",
        "agr_kendall": "Kendall τ",
        "agr_accuracy_word": "pairwise accuracy",
        "agr_ties_word": "tie-calibrated accuracy",
        "agr_level_system": "on systems",
        "agr_level_segment": "on segments",
        "agr_flag_segment": "Of {n} outputs with a terminology flag, {share} have an error that a "
        "rater marked; without a flag {chance} do.",
        "agr_flag_span": "Of {n} flagged renderings, {share} touch words that a rater marked; of "
        "the others {chance} do.",
        "agr_only_corpus": "Without a human score: {systems}.",
        "agr_only_human": "Scored by people, but not in the corpus: {systems}.",
        # systems
        "agr_systems": "Systems",
        "agr_systems_lead": "A dot a system: the metric's score over the scored segments, and the "
        "mean human score. Better is right and up. The lines are 95 % intervals.",
        "agr_systems_whole": "A dot a system: the metric's score, and the human score. Better is "
        "right and up. The lines are 95 % intervals of the metric.",
        "agr_metric": "Metric",
        "agr_accuracy": "Pairs ordered alike",
        "agr_over_segments": "Below each number: its 95 % bootstrap interval over segments "
        "({n} samples, seed {seed}).",
        "agr_over_systems": "Below each number: its 95 % bootstrap interval over systems, because "
        "no segment is scored; it holds for other systems, too ({n} samples, seed {seed}).",
        "agr_trust": "How far to trust a difference between two systems",
        "agr_trust_lead": "Pairs of systems by the size of the metric's difference: in how many of "
        "them people see the same order. The line marks guessing. Ties are left out.",
        "agr_difference": "Difference",
        "agr_of_pairs": "of {n}",
        # segments
        "agr_segments_lead": "Every scored output: the darker the square, the more of them. Scores "
        "beyond the 1 % and 99 % percentiles are in the outermost squares.",
        "agr_grouping": "Compared",
        "agr_by_none": "all scores together",
        "agr_by_item": "within a segment",
        "agr_by_system": "within a system",
        "agr_undefined": "{n} undefined",
        "agr_ties": "Pairs judged alike",
        "agr_ties_lead": "Pairs judged alike: the tie-calibrated accuracy of Deutsch et al. 2023. "
        "Differences of the metric up to ε count as ties. Undefined: all scores of one side are "
        "equal there.",
        "agr_trust_segments": "How far to trust a difference between two outputs of one segment",
        # metrics
        "agr_which": "Which metric is better",
        "agr_which_lead": "Two-sided permutation test (PERM-BOTH of Deutsch et al. 2021). For the "
        "tie-calibrated accuracy the thresholds are held and segments are exchanged.",
        "agr_metrics": "Metrics",
        "agr_statistic": "Statistic",
        "agr_holm": "after Holm",
        "agr_permutations": "Permutations",
        "agr_all": "(all)",
        # flags
        "agr_flags": "Terminology flags that people also marked",
        "agr_flags_lead": "A flag is worth something where its share is well above what is found "
        "without a flag.",
        "agr_flag": "Flag",
        "agr_error": "Marked error",
        "agr_unit": "Counted",
        "agr_unit_segment": "outputs",
        "agr_unit_span": "renderings that touch marked words",
        "agr_also": "Also marked",
        "agr_chance": "Without a flag",
        "agr_recall": "Marked errors with a flag",
    },
    "zh": {
        "agr_tagline": "自动指标与人工评价的一致程度",
        "agr_scored": "{total} 个句段中 {n} 个有人工评分",
        "agr_higher": "人工分越高越好",
        "agr_lower": "人工分越低越好",
        "agr_unscored": "这些系统有 {n} 条译文没有人工评分，未计入。",
        "agr_orders": "{metric} 对 {pairs} 对系统的排序有 {share}{interval}与人一致；τ {tau}，r {r}。",
        "agr_guessing": "这比随机猜测还差：参考译文可靠吗？",
        "agr_few": "只有 {n} 个系统：这么少的系统，相关系数几乎说明不了什么；请看系统对和句段层面。",
        "agr_segment": "在同一句段内，{metric} 有 {share} 的译文对与人判断一致（含平局；全判平局为 {ties}）；τ {tau}。",
        "agr_better": "{better} 比 {other} 更符合人的判断：{level}{statistic} 高 {delta}（{p}）。",
        "agr_level": "没有哪个指标明显更符合人的判断：差异都可能出于偶然。",
        "agr_pearson": "Pearson r",
        "agr_kendall": "Kendall τ",
        "agr_accuracy_word": "成对准确率",
        "agr_ties_word": "平局校准准确率",
        "agr_level_system": "系统层面",
        "agr_level_segment": "句段层面",
        "agr_flag_segment": "{n} 条有术语标记的译文中，{share} 有评审标出的错误；没有标记的译文为 {chance}。",
        "agr_flag_span": "{n} 处被标记的译法中，{share} 与评审标出的词句重叠；其余译法为 {chance}。",
        "agr_only_corpus": "没有人工评分：{systems}。",
        "agr_only_human": "有人工评分，但不在语料中：{systems}。",
        "agr_systems": "系统",
        "agr_systems_lead": "每个点是一个系统：指标在有人工评分的句段上的得分，和人工分均值。越靠右上越好。线段为 95% 区间。",
        "agr_systems_whole": "每个点是一个系统：指标得分和人工分。越靠右上越好。线段为指标的 95% 区间。",
        "agr_metric": "指标",
        "agr_accuracy": "排序一致的系统对",
        "agr_over_segments": "各数下方：对句段重抽样的 95% 自助区间（{n} 次，种子 {seed}）。",
        "agr_over_systems": "各数下方：对系统重抽样的 95% 自助区间，因为没有句段评分；它也适用于其他系统（{n} 次，种子 {seed}）。",
        "agr_trust": "两个系统的分差有多可信",
        "agr_trust_lead": "按指标分差大小划分系统对：其中有多少与人的排序相同。竖线为随机猜测。平局不计。",
        "agr_difference": "分差",
        "agr_of_pairs": "共 {n}",
        "agr_segments_lead": "所有有人工评分的译文：方块越深，译文越多。1% 与 99% 分位以外的分数计入最外层方块。",
        "agr_grouping": "比较范围",
        "agr_by_none": "全部分数",
        "agr_by_item": "同一句段内",
        "agr_by_system": "同一系统内",
        "agr_undefined": "{n} 个无定义",
        "agr_ties": "判断一致的译文对",
        "agr_ties_lead": "判断一致的译文对：Deutsch 等（2023）的平局校准准确率。指标分差不超过 ε 视为平局。无定义：一方的分数全部相同。",
        "agr_trust_segments": "同一句段两条译文的分差有多可信",
        "agr_which": "哪个指标更好",
        "agr_which_lead": "双侧置换检验（Deutsch 等 2021 的 PERM-BOTH）。平局校准准确率固定阈值，按句段交换。",
        "agr_metrics": "指标",
        "agr_statistic": "统计量",
        "agr_holm": "Holm 校正后",
        "agr_permutations": "置换次数",
        "agr_all": "（全部）",
        "agr_flags": "评审也标出的术语标记",
        "agr_flags_lead": "只有当比例明显高于没有标记时，标记才有价值。",
        "agr_flag": "标记",
        "agr_error": "评审标出的错误",
        "agr_unit": "统计单位",
        "agr_unit_segment": "译文",
        "agr_unit_span": "与标出词句重叠的译法",
        "agr_also": "评审也标出",
        "agr_chance": "没有标记时",
        "agr_recall": "有标记的错误",
    },
}
