"""Numbers that differ between source and target, Chinese numerals understood.

`model` says what a number is, `chinese` and `english` find them (with `spelled` and `words` for
those in words and `shared` for what both languages write alike), `compare` sets them against each
other, with the `tolerances` of translators.
"""

from xindaya.pairs.checks.numbers.chinese import chinese_numbers
from xindaya.pairs.checks.numbers.compare import numbers
from xindaya.pairs.checks.numbers.english import english_numbers

__all__ = ["chinese_numbers", "english_numbers", "numbers"]
