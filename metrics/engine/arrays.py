"""What resampling asks of a backend, with NumPy; the compiled one has its own."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def draw_counts(drawn: NDArray[np.uint32]) -> NDArray[np.float32]:
    """See `xindaya.metrics.engine.draw_counts`."""
    import numpy as np

    samples, segments = drawn.shape
    flat = drawn + np.arange(samples, dtype=np.int64)[:, None] * segments
    counts = np.bincount(flat.ravel(), minlength=samples * segments)
    return counts.reshape(samples, segments).astype(np.float32)


def logarithms(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """See `xindaya.metrics.engine.logarithms`."""
    import numpy as np

    return np.fromiter(map(math.log, values.ravel().tolist()), np.float64).reshape(values.shape)
