from __future__ import annotations

import pickle

from xindaya.pairs import InputError


def test_an_error_crosses_processes_as_it_is() -> None:
    error = InputError("a.tsv", "three columns", "two", line=7, hint="delete one")
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)
    assert (again.path, again.line, again.hint) == (error.path, error.line, error.hint)
