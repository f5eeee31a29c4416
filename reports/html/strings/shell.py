"""Words of the shell, on every page."""

from __future__ import annotations

PAGE: dict[str, dict[str, str]] = {
    "en": {
        "skip": "Skip to the content",
        "footer": "Made by Xindaya {version}. Faithful, fluent, elegant.",
    },
    "zh": {
        "skip": "跳到正文",
        "footer": "由 Xindaya {version} 生成。信、达、雅。",
    },
}
