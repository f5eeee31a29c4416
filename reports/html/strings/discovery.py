"""Words of the page of terms found without a termbase."""

from __future__ import annotations

PAGE: dict[str, dict[str, str]] = {
    "en": {
        "dsc_tagline": "Terms, and how each is rendered",
        "dsc_proposed": "{n} {n:term|terms} proposed, {drifting} {drifting:seems|seem} to drift.",
        "dsc_no_noise": "Noise floor: not measured, the text has no term that is surely consistent.",
        "dsc_noise": "Noise floor: 1 − LTCR is at least {noise}, as on the {n} {n:term|terms} that the text "
        "surely renders consistently ({misread} of {occurrences} occurrences misread).",
        "dsc_all": "All terms: 1 − LTCR = {value}.",
        "dsc_reference": "Of the same terms in the reference, by the same aligner: {value}.",
        "dsc_absent": "Not in the source: {terms}.",
        "dsc_lead": "Everything here is an estimate, read off word links without a termbase. The confidence "
        "says how well the links agree with a rendering; where there is a dash, the sentence holds the "
        "usual rendering although the links point elsewhere, or no rendering was found.",
        "dsc_facts": "{n} {n:place|places}, {resolved} with a rendering; evidence of drift {evidence}",
        "dsc_floor": "noise {value}",
        "dsc_drifts": "seems to drift",
        "dsc_known": "in the termbase",
        "dsc_rendering": "Rendering",
        "dsc_places": "Places",
        "dsc_confidence": "Confidence",
        "dsc_show": "{n} {n:place|places} in document order",
        "dsc_segment": "Segment",
        "dsc_source": "Source",
        "dsc_target": "Translation",
        "dsc_none": "no rendering found",
        "dsc_more_places": "{n} more: ask for the term with --term.",
        "dsc_more": "{n} more {n:term|terms}: say how many with --top.",
    },
    "zh": {
        "dsc_tagline": "术语及其译法",
        "dsc_proposed": "提取到 {n} 个术语，其中 {drifting} 个的译法似有漂移。",
        "dsc_no_noise": "噪声下限：未能测量，文中没有译法确定一致的术语。",
        "dsc_noise": "噪声下限：1 − LTCR 至少为 {noise}，依据文中译法确定一致的 {n} 个术语"
        "（{occurrences} 处中误读 {misread} 处）。",
        "dsc_all": "全部术语：1 − LTCR = {value}。",
        "dsc_reference": "同一对齐方法下，参考译文中相同术语为 {value}。",
        "dsc_absent": "原文中没有：{terms}。",
        "dsc_lead": "本页均为估计，未使用术语库，由词对齐得出。置信度表示对齐与该译法的吻合程度；"
        "短横表示该句含有通常译法而对齐指向别处，或未找到译法。",
        "dsc_facts": "{n} 处，其中 {resolved} 处找到译法；漂移证据 {evidence}",
        "dsc_floor": "噪声 {value}",
        "dsc_drifts": "似有漂移",
        "dsc_known": "在术语库中",
        "dsc_rendering": "译法",
        "dsc_places": "处数",
        "dsc_confidence": "置信度",
        "dsc_show": "{n} 处，按文档顺序",
        "dsc_segment": "句段",
        "dsc_source": "原文",
        "dsc_target": "译文",
        "dsc_none": "未找到译法",
        "dsc_more_places": "另有 {n} 处：可用 --term 查看该术语的全部出处。",
        "dsc_more": "另有 {n} 个术语：可用 --top 指定数量。",
    },
}
