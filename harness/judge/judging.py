"""Going through a corpus with a judge.

Every answer is on the disk before anything is made of it, so whatever kills a run, the next one goes
on where it stopped and pays for nothing twice. Questions are asked segment by segment: where the
money ends, the systems have been judged on the same segments.
"""

from __future__ import annotations

import json
import math
import statistics
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from xindaya.cache import Answers
from xindaya.judge.client import Answer, Client, RefusedError
from xindaya.judge.prompts import ERRORS, WEIGHTS, Step
from xindaya.judge.replies import BrokenReplyError, errors_of, score_of
from xindaya.judge.settings import Judge
from xindaya.metrics.metric import Progress
from xindaya.metrics.scores import ErrorSpan, Identity, Scores, SegmentScore
from xindaya.pairs import Corpus, InputError, Segment, XindayaError
from xindaya.pairs.corpus import digest_of
from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.wording import counted

COST_CAP = "cost cap"
"""Why an output has no score that there was no money for."""

_FORMAT = 1  # of what is asked and kept
_GIVE_UP = 5  # questions in a row without an answer, after which nobody is believed to be there
_OVERHEAD = 200  # tokens that a chat template may add to a question
_MILLION = 1_000_000

_Start = Callable[[str, int], Progress]
_Question = tuple[str, str, str]
"""Source, reference and output, which is all that a judge sees; empty where it does not ask for one."""


def run_judge(
    judge: Judge,
    corpus: Corpus,
    *,
    cache: bool = True,
    start: _Start | None = None,
    answers: Answers | None = None,
) -> Scores:
    """Judges the outputs of a corpus.

    Args:
        judge: Who judges.
        corpus: What is judged.
        cache: False to take no earlier answer.
        start: Told about the work; silent without.
        answers: Where answers are kept; None for the user's own place.

    Returns:
        The measure. An output is not scored, with the reason, if an answer to one of its questions
        has another form than asked for, quotes what is not there, or is missing.

    Raises:
        UsageError: If the key is not in the environment.
        InputError: If the server answers nothing, or refuses everything.
    """
    step = start(judge.title, len(corpus.segments) * len(corpus.systems)) if start else _silent
    run = _Run(judge, corpus, answers or Answers.default(), cache and judge.cache)
    run.recall()
    run.ask(step)
    segments = corpus.segments
    pairs = (
        ((segment, text), run.score(segment, text))
        for texts in corpus.systems.values()
        for segment, text in zip(segments, texts, strict=True)
    )
    identity = run.identity()
    return Scores.from_texts(judge.title, identity, pairs, notes=tuple(run.notes()))


class _MissingError(Exception):
    """An answer that nobody has given yet."""

    def __init__(self, key: bytes, body: Mapping[str, Any]) -> None:
        super().__init__()
        self.key, self.body = key, body


class _CostCapError(Exception):
    """There is no money for a question."""


@dataclass(slots=True)
class _Budget:
    """What may still be spent; a question reserves the most that it can cost before it is sent.

    Attributes:
        judge: With its prices and its limit.
        spent: What this run has cost.
        reserved: The most that questions under way may cost, and how many there are.
    """

    judge: Judge
    spent: float = 0.0
    reserved: float = 0.0
    under_way: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def cost(self, tokens_in: float, tokens_out: float) -> float:
        """Returns the price of so many tokens."""
        price = tokens_in * self.judge.price_in + tokens_out * self.judge.price_out
        return price / _MILLION

    def most(self, body: Mapping[str, Any]) -> float:
        """Returns the most that a question can cost: no token is shorter than a byte."""
        size = len(json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        return self.cost(size + _OVERHEAD, self.judge.max_tokens)

    def reserve(self, most: float) -> None:
        """Waits until there is money for a question.

        Raises:
            _CostCapError: If there will be none.
        """
        with self.changed:
            while self.judge.max_cost is not None and (
                self.spent + self.reserved + most > self.judge.max_cost
            ):
                if not self.under_way:
                    raise _CostCapError
                self.changed.wait()
            self.reserved += most
            self.under_way += 1

    def settle(self, most: float, cost: float) -> None:
        """Notes what a question has cost."""
        with self.changed:
            self.reserved -= most
            self.under_way -= 1
            self.spent += cost
            self.changed.notify_all()


@dataclass(slots=True)
class _Run:
    """A corpus while it is judged.

    Attributes:
        judge: Who judges.
        corpus: What is judged.
        kept: Where answers are kept, if there is a place.
        again: Whether earlier answers are taken.
        found: The answers that there are, by their keys.
        scores: The scores that there are.
        values: The scores of each repeat, of outputs that have one.
        lost: Answers that could not be kept.
        answered: Answers to questions of this run.
        failures: Questions in a row without one.
        fatal: Why the run has ended.
    """

    judge: Judge
    corpus: Corpus
    kept: Answers | None
    again: bool
    client: Client = field(init=False)
    budget: _Budget = field(init=False)
    found: dict[bytes, Answer] = field(default_factory=dict)
    scores: dict[_Question, SegmentScore] = field(default_factory=dict)
    values: dict[_Question, list[float]] = field(default_factory=dict)
    lost: int = 0
    answered: int = 0
    failures: int = 0
    fatal: XindayaError | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.client, self.budget = Client(self.judge), _Budget(self.judge)

    def recall(self) -> None:
        """Takes earlier answers; those to a second step can be found once the first is known."""
        if self.kept is None or not self.again:
            return
        for _ in self.judge.prompt.steps:
            missing = []
            for question in self._questions():
                for repeat in range(self.judge.repeats):
                    try:
                        self._once(question, repeat, _not_asked)
                    except _MissingError as missed:
                        missing.append(missed.key)
                    except BrokenReplyError:
                        continue
            content = self.kept.get(missing)
            self.found |= {key: Answer.parse(text) for key, text in content.items()}

    def ask(self, step: Progress) -> None:
        """Asks what is not answered yet; a few questions at a time.

        Raises:
            InputError: If nobody answers.
            UsageError: If there is no key.
        """
        places = self._questions()
        with ThreadPoolExecutor(self.judge.parallel) as pool:
            futures = {pool.submit(self._judge, question): question for question in places}
            try:
                for future in as_completed(futures):
                    future.result()
                    step(places[futures[future]])
            except BaseException:
                self.client.stop.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        if self.fatal:
            raise self.fatal

    def score(self, segment: Segment, output: str) -> SegmentScore:
        """Returns the score of an output."""
        return self.scores[self._question(segment, output)]

    def identity(self) -> Identity:
        """Returns what makes the scores comparable."""
        judge, prompt = self.judge, self.judge.prompt
        extra = [("max-out", str(judge.max_tokens))]
        if prompt.steps[-1].answer == ERRORS:
            extra.append(("points", WEIGHTS.name))
        if not judge.schema:
            extra.append(("schema", "told"))
        if judge.body:
            extra.append(("body", _hash(judge.body)))
        models = self._models()
        return Identity(
            measure="judge",
            model=judge.model,
            revision="" if models == [judge.model] else ", ".join(models),
            reference=prompt.uses("reference"),
            source=prompt.uses("source"),
            prompt=f"{prompt.name}-{prompt.sha256[:12]}",
            temperature=judge.temperature,
            repeats=judge.repeats,
            noise=self._noise(),
            extra=tuple(extra),
        )

    def notes(self) -> Iterator[str]:
        """Says what a reader should know: what it cost, how sure the judge is of itself."""
        answers = self.found.values()
        tokens = [sum(a.tokens_in or 0 for a in answers), sum(a.tokens_out or 0 for a in answers)]
        told = f"{counted(len(answers), 'answer')}, {tokens[0]:,} tokens in, {tokens[1]:,} out"
        if self.judge.price_in or self.judge.price_out:
            told += f": {self.budget.cost(*tokens):.4f} at the prices given"
        yield told
        if len(models := self._models()) > 1:
            yield f"answered by {', '.join(models)}: the model has changed on the way"
        if self.lost:
            yield f"{counted(self.lost, 'answer')} could not be kept and would be paid again"
        noise, n = self._noise(), len(self.corpus.segments)
        if noise is None:
            yield "asked once: how far it agrees with itself is not known; repeats = 2 or more says it"
        elif noise:
            floor = Scores(self.judge.title, self.identity(), {}).floor(n)
            yield (
                f"scores of one output differ by {noise:.2f} points between repeats (standard deviation): "
                f"over {counted(n, 'segment')}, differences up to {floor:.2f} are no differences"
            )

    def _judge(self, question: _Question) -> None:
        """Scores one output; in a thread of its own."""
        values: list[float] = []
        spans: tuple[ErrorSpan, ...] = ()
        try:
            if reason := self._lacking(question):
                raise BrokenReplyError(reason)
            for repeat in range(self.judge.repeats):
                value, found = self._once(question, repeat, self._asked)
                spans = spans or found
                values.append(value)
        except BrokenReplyError as error:
            self.scores[question] = SegmentScore(None, str(error))
        except RefusedError as error:
            self.scores[question] = SegmentScore(None, error.reason)
        except _CostCapError:
            self.scores[question] = SegmentScore(None, COST_CAP)
        except XindayaError as error:
            self._end(error)
        else:
            self.scores[question] = SegmentScore(math.fsum(values) / len(values), spans=spans)
            self.values[question] = values

    def _once(
        self,
        question: _Question,
        repeat: int,
        ask: Callable[[bytes, Mapping[str, Any]], Answer],
    ) -> tuple[float, tuple[ErrorSpan, ...]]:
        """Goes through the steps once.

        Returns:
            The score and the errors.
        """
        prompt = self.judge.prompt
        texts = dict(zip(("source", "reference", "output"), question, strict=True))
        value = 0.0
        spans: tuple[ErrorSpan, ...] = ()
        for step in prompt.steps:
            body = self._body(step, texts)
            key = digest_of((str(_FORMAT), self.judge.address, _dumped(body), str(repeat)))
            answer = self.found.get(key) or ask(key, body)
            if step.answer == ERRORS:
                places = {name: texts[name] for name in ("output", "source") if prompt.uses(name)}
                spans = errors_of(answer, places, tuple(prompt.categories))
                value = -math.fsum(WEIGHTS.penalty(s.category, s.severity) for s in spans)
                texts["errors"] = json.dumps([_told(s, texts) for s in spans], ensure_ascii=False)
            else:
                value = score_of(answer)
        return value + 0.0, spans  # no penalty is 0, not -0

    def _body(self, step: Step, texts: Mapping[str, str]) -> dict[str, Any]:
        """Returns the request of a question."""
        judge, corpus = self.judge, self.corpus
        shown = {name: text for name, text in texts.items() if f"{{{name}}}" in step.user}
        body: dict[str, Any] = {
            "model": judge.model,
            "messages": judge.prompt.messages(
                step, shown, (corpus.source_lang, corpus.target_lang)
            ),
            "temperature": judge.temperature,
        }
        if "max_completion_tokens" not in judge.body:
            body["max_tokens"] = judge.max_tokens
        if judge.schema:
            schema = {"name": step.answer, "strict": True, "schema": judge.prompt.schema(step)}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body | dict(judge.body)

    def _asked(self, key: bytes, body: Mapping[str, Any]) -> Answer:
        """Asks, and keeps the answer before anything is made of it."""
        try:
            answer = self._paid(key, body)
        except RefusedError as error:
            if not error.billed:
                raise
            answer = self._paid(key, body)  # once more, for money that is there
        return answer

    def _paid(self, key: bytes, body: Mapping[str, Any]) -> Answer:
        if self.client.stop.is_set():
            raise RefusedError("the run has ended", again=True)
        most = self.budget.most(body)
        self.budget.reserve(most)
        cost = 0.0
        try:
            answer = self.client.ask(body)
            cost = self._cost(answer, most)
            self._keep(key, answer)
        except RefusedError as error:
            cost = most if error.billed else 0.0
            self._failed(error)
            raise
        finally:
            self.budget.settle(most, cost)
        return answer

    def _cost(self, answer: Answer, most: float) -> float:
        """Returns what an answer has cost; the most it can where the server does not count."""
        if answer.tokens_in is None or answer.tokens_out is None:
            return most
        return self.budget.cost(answer.tokens_in, answer.tokens_out)

    def _keep(self, key: bytes, answer: Answer) -> None:
        kept = self.kept is not None and self.kept.put({key: answer.json()})
        with self.lock:
            self.found[key] = answer
            self.lost += not kept
            self.failures, self.answered = 0, self.answered + 1

    def _failed(self, error: RefusedError) -> None:
        """Ends the run if the refusal is about every question."""
        with self.lock:
            self.failures += 1
            lasting = error.busy or not self.answered  # a server may refuse a few long texts
            hopeless = not error.again or (self.failures >= _GIVE_UP and lasting)
        if hopeless:
            kept = counted(len(self.found), "answer")
            hint = f"{kept} kept: run again to go on" if self.found else ""
            self._end(InputError(self.judge.place, error.reason, "answers of a judge", hint=hint))

    def _end(self, error: XindayaError) -> None:
        with self.lock:
            self.fatal = self.fatal or error
        self.client.stop.set()

    def _lacking(self, question: _Question) -> str:
        named = zip(("source", "reference"), question[:2], strict=True)
        lacking = [
            name for name, text in named if self.judge.prompt.uses(name) and not text.strip()
        ]
        return f"no {lacking[0]} to judge it by" if lacking else ""

    def _questions(self) -> Counter[_Question]:
        """Returns what is to be judged, segment by segment, and how many outputs each stands for."""
        return Counter(
            self._question(segment, texts[n])
            for n, segment in enumerate(self.corpus.segments)
            for texts in self.corpus.systems.values()
        )

    def _question(self, segment: Segment, output: str) -> _Question:
        uses = self.judge.prompt.uses
        reference = next((text for text in segment.references if text is not None), "")
        source = (segment.source or "") if uses("source") else ""
        return source, reference if uses("reference") else "", output

    def _models(self) -> list[str]:
        """Returns who answered; a local server may say where its file lies, which is nobody's business."""
        names = {PurePosixPath(a.model.replace("\\", "/")).name if _is_path(a.model) else a.model
                 for a in self.found.values()}  # fmt: skip
        return sorted(ascii_controls(name)[:100] for name in names if name)

    def _noise(self) -> float | None:
        """Returns the standard deviation of scores of one output, pooled; None if it is not known."""
        every = [statistics.variance(v) for v in self.values.values() if len(v) > 1]
        return math.sqrt(statistics.fmean(every)) if every else None


def _told(span: ErrorSpan, texts: Mapping[str, str]) -> dict[str, str]:
    """Returns an error as the next step is told of it."""
    quote = texts[span.text_of][span.start : span.end]
    return {"text": span.text_of, "quote": quote, "severity": span.severity,
            "category": span.category, "note": span.note}  # fmt: skip


def _not_asked(key: bytes, body: Mapping[str, Any]) -> Answer:
    raise _MissingError(key, body)


def _is_path(model: str) -> bool:
    return model.startswith(("/", "~")) or "\\" in model or model.endswith(".gguf")


def _dumped(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _hash(value: Any) -> str:
    return digest_of((_dumped(dict(value)),)).hex()[:12]


def _silent(_done: int) -> None:
    return None
