"""Human scores of translations: tables of segments or systems, direct assessment, MQM errors."""

from xindaya.pairs.ratings.exports import write_predictions
from xindaya.pairs.ratings.model import Ratings
from xindaya.pairs.ratings.orientation import orientation
from xindaya.pairs.ratings.read import KINDS, read_ratings

__all__ = ["KINDS", "Ratings", "orientation", "read_ratings", "write_predictions"]
