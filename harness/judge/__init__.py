"""Door three, a judge: a language model behind an OpenAI-compatible endpoint.

`settings` says what may be chosen, `prompts` what is asked, `client` how a server is talked to,
`replies` what of an answer is believed, and `judging` goes through a corpus.
"""

from xindaya.judge.settings import Judge, judge_in, read_judge

__all__ = ["Judge", "judge_in", "read_judge"]
