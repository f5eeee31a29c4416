"""The report of one evaluation: scores, tests, terminology, segments, findings."""
