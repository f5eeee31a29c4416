"""The optional compiled engine; everything else is in pyproject.toml."""

import os

from setuptools import Extension, setup

# Contracting a*b+c would change the last bit of an F-score, which may decide for another reference.
FLAGS = [] if os.name == "nt" else ["-O3", "-ffp-contract=off", "-fvisibility=hidden"]

setup(
    ext_modules=[
        Extension(
            "xindaya.metrics.engine._kernel",
            sources=[
                f"metrics/engine/{name}.c"
                for name in ("_kernel", "ngrams", "resample", "rows", "symbols", "ter", "text")
            ],
            depends=[
                f"metrics/engine/{name}.h"
                for name in (
                    "memory",
                    "ngrams",
                    "ngrams_trie",
                    "resample",
                    "rows",
                    "symbols",
                    "ter",
                    "text",
                )
            ],
            define_macros=[("Py_LIMITED_API", "0x030B0000")],
            extra_compile_args=FLAGS,
            py_limited_api=True,
            optional=True,  # without a compiler the NumPy backend serves
        )
    ],
    # One wheel for Python 3.11 and later.
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
