"""Words of a report in parts, and of the printed summary."""

from __future__ import annotations

PAGE: dict[str, dict[str, str]] = {
    "en": {
        "part_tagline": "Part {number} of {total} of a translation evaluation report",
        "part_of": "Part {number} of {total}: segments {first}–{last} of {size}.",
        "part_help": "Scores, tests, terminology and analysis of all segments are in the whole "
        "report; here are the texts of this part and what was found in them.",
        "whole_report": "Whole report",
        "part_no_script": "The texts are drawn by the script in this file; allow scripts to see "
        "them.",
        "part_previous": "Part {number}",
        "part_next": "Part {number}",
        "in_parts": "The texts are too many for one file: they are in {n} {n:part|parts} beside "
        "it, listed under Segments. Keep the folder {folder} beside this file.",
        "term_overview": "Terms that drift",
        "term_overview_lead": "How often each system uses each rendering. A term drifts if it has "
        "two or more renderings, at least one of them not allowed; the full list is in the report.",
        "term_overview_more": "{n} more {n:term|terms} in the report.",
        "term_word": "Term",
        "rendering_word": "Renderings",
        "drift_word": "drift",
        "status_admitted": "admitted",
        "status_deprecated": "deprecated",
        "status_forbidden": "forbidden",
        "status_other-concept": "other concept",
        "not_found_short": "not found",
    },
    "zh": {
        "part_tagline": "译文评测报告，第 {number} 部分，共 {total} 部分",
        "part_of": "第 {number} 部分，共 {total} 部分：第 {first}–{last} 个句段，共 {size} 个。",
        "part_help": "全部句段的分数、检验、术语与分析在总报告中；这里是本部分的文本及其中的问题。",
        "whole_report": "总报告",
        "part_no_script": "文本由本文件内的脚本绘制，请允许脚本运行。",
        "part_previous": "第 {number} 部分",
        "part_next": "第 {number} 部分",
        "in_parts": "文本过多，一个文件放不下：分为 {n} 个部分，列于“句段”之下。"
        "请把文件夹 {folder} 与本文件放在一起。",
        "term_overview": "漂移的术语",
        "term_overview_lead": "各系统使用各译法的次数。有两种或更多译法、且至少一种未获准的术语称为漂移；"
        "全部术语见报告。",
        "term_overview_more": "报告中还有 {n} 个术语。",
        "term_word": "术语",
        "rendering_word": "译法",
        "drift_word": "漂移",
        "status_admitted": "可用",
        "status_deprecated": "不推荐",
        "status_forbidden": "禁用",
        "status_other-concept": "他概念",
        "not_found_short": "未找到",
    },
}

SCRIPT: dict[str, dict[str, str]] = {
    "en": {
        "parts_lead": "The texts are in {n} files. A search here finds segment ids; texts are "
        "searched within a part. The filters above work on all segments.",
        "parts_note": "What is where",
        "part_number": "Part (file)",
        "part_segments": "Segments",
        "part_documents": "Documents",
        "part_found": "Found",
        "part_range": "{first} to {last}",
        "part_open": "Open part {number}",
        "in_part": "part {number}",
        "part_search": "search its texts",
        "search_ids": "A segment id",
    },
    "zh": {
        "parts_lead": "文本分在 {n} 个文件中。这里的搜索只查句段编号，文本在各部分内搜索。"
        "以上筛选对全部句段有效。",
        "parts_note": "内容分布",
        "part_number": "部分（文件）",
        "part_segments": "句段",
        "part_documents": "文档",
        "part_found": "符合",
        "part_range": "{first} 至 {last}",
        "part_open": "打开第 {number} 部分",
        "in_part": "第 {number} 部分",
        "part_search": "在其文本中搜索",
        "search_ids": "句段编号",
    },
}
