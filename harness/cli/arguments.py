"""Arguments as the command lines of this field take them: several values after an option.

``-m bleu chrf -i a.en b.en`` is what sacrebleu and argparse understand; click takes one value an
option. So do unambiguous beginnings of long options, such as ``--ter-normalize``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from math import isnan
from typing import Any

import click

from xindaya.pairs import UsageError
from xindaya.pairs.direction import LANGUAGES


def is_there(word: str) -> bool:
    """True for the name of a file or folder; no word is too long to be asked about."""
    return os.path.exists(word)  # noqa: PTH110 - Path.exists raises for what is too long


class Number(click.FloatRange):
    """A number within limits; what is no number is within none."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number: float = super().convert(value, param, ctx)
        if isnan(number):
            self.fail(f"{value!r} is not a valid number", param, ctx)
        return number


class Several(click.Option):
    """A repeatable option that takes several values at once.

    Args:
        accepts: Whether a word that follows the first value is one more; by default any is.
        older: Names that it had, which still work and are not shown.
    """

    def __init__(
        self,
        *arguments: Any,
        accepts: Callable[[str], bool] | None = None,
        older: tuple[str, ...] = (),
        **keywords: Any,
    ) -> None:
        super().__init__(*arguments, **keywords | {"multiple": True})
        self._accepts = accepts or (lambda _word: True)
        self.older = older

    def takes(self, word: str) -> bool:
        """Tells a further value from an option or an argument of the command."""
        return (word == "-" or not word.startswith("-")) and self._accepts(word)


class LanguagePair(click.Option):
    """An option such as ``-l zh-en``, which says both languages at once."""

    @staticmethod
    def spelled_out(pair: str) -> list[str]:
        """Returns the two options that it stands for.

        Raises:
            UsageError: If it is no pair of Chinese and English.
        """
        source, _, target = pair.partition("-")
        if sorted((source, target)) != sorted(LANGUAGES):
            raise UsageError(
                f"--language-pair {pair!r}: expected zh-en or en-zh; for other languages type "
                f"sacrebleu REF -i FILE -l {pair}"
            )
        return ["--source-lang", source, "--target-lang", target]


class Answer(click.Option):
    """An option of sacrebleu that is none here: whoever types it reads what to type instead.

    Args:
        said: One line.
    """

    def __init__(self, *arguments: Any, said: str, **keywords: Any) -> None:
        silent = {"hidden": True, "expose_value": False, "is_flag": True}
        super().__init__(*arguments, **keywords | silent)
        self.said = said


class Command(click.Command):
    """A command whose arguments may be typed as for argparse."""

    _with_plugins = False

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Returns the options; where metrics are chosen, those of installed packages, if asked for."""
        params = super().get_params(ctx)
        if not self._with_plugins:
            return params
        from xindaya.cli.options import plugin_params

        return [*params[:-1], *plugin_params(), params[-1]]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if any(param.name == "metrics" for param in self.params):
            self._with_plugins = self._asks_for_plugins(ctx, args)
        return super().parse_args(ctx, list(self._one_by_one(ctx, args)))

    def _asks_for_plugins(self, ctx: click.Context, args: Sequence[str]) -> bool:
        """True if all options are to be listed, or one is typed that is none of ours."""
        known = dict(self._options(ctx))
        typed = [word.partition("=")[0] for word in args if word.startswith("--") and word != "--"]
        return "--help" in typed or any(_in_full(name, known) not in known for name in typed)

    def _options(self, ctx: click.Context) -> Iterator[tuple[str, click.Option]]:
        """Yields every spelling of every option."""
        for option in self.get_params(ctx):
            if isinstance(option, click.Option):
                spelled = (*option.opts, *option.secondary_opts, *getattr(option, "older", ()))
                yield from ((name, option) for name in spelled)

    def _one_by_one(self, ctx: click.Context, args: Sequence[str]) -> Iterator[str]:
        """Yields the arguments with one value an option, and long options in full."""
        known = dict(self._options(ctx))
        words = list(args)
        while words:
            word = words.pop(0)
            if word == "--":
                yield from (word, *words)
                return
            name, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
            name = _in_full(name, known)
            option = known.get(name)
            if isinstance(option, Answer):
                raise UsageError(f"{name}: {option.said}")
            if option is None or (option.is_flag and not equals) or not (equals or words):
                yield name + equals + value
                continue
            value = value if equals else words.pop(0)
            name = name if name in option.opts else option.opts[-1]
            if isinstance(option, LanguagePair):
                yield from option.spelled_out(value)
                continue
            yield from (f"{name}={value}",) if equals else (name, value)
            while isinstance(option, Several) and words and option.takes(words[0]):
                yield from (name, words.pop(0))


def _in_full(name: str, known: dict[str, click.Option]) -> str:
    """Completes the beginning of a long option, if it is that of one option only."""
    if not name.startswith("--") or name in known:
        return name
    found = [full for full in known if full.startswith(name)]
    return min(found, key=len) if len({known[full].name for full in found}) == 1 else name
