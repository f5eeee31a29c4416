"""Scale-out: a corpus too large for one process, cut into blocks whose sums add up.

A block is a small picklable task (a file and a range of it); its result is sums: rows summed per
metric and system, and counts of verdicts and renderings. All of them are exact (integers and
fractions), so totals are equal to the last bit whatever the cut and whatever the order in which
blocks come back: from one process, several, or a cluster.

=============  ==================================================
`layout`       what a file's columns mean
`ranges`       strict reading of a range of a text file
`readers`      segments and outputs of a block, whatever its form
`blocks`       cutting files into blocks
`sums`         what a block returns, and how it adds up
`work`         one block, in whatever process
`engines`      one process, several processes, Dask
`result`       scores and terminology from the totals
`views`        JSON and text
=============  ==================================================
"""

from xindaya.scale.engines import Engine, processes, serial
from xindaya.scale.kept import load_rows
from xindaya.scale.result import ScaleResult
from xindaya.scale.run import corpus_direction, score_blocks

__all__ = [
    "Engine",
    "ScaleResult",
    "corpus_direction",
    "load_rows",
    "processes",
    "score_blocks",
    "serial",
]
