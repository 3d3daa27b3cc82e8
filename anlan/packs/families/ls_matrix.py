"""The 5 × 5 risk matrix: R = L·S. Scores and bands differ between provinces and companies."""

from datetime import date

from anlan.packs.loader import load_as
from anlan.packs.scoring import Scoring

IDS = "core/ls_matrix"
SHAPE = Scoring


def load(on: date) -> Scoring:
    return load_as(Scoring, IDS, on).body
