"""MES, control measures × exposure × severity: R = M·E·S. Scores and bands differ between provinces and companies."""

from datetime import date

from anlan.packs.loader import load_as
from anlan.packs.scoring import Scoring

IDS = "core/mes"
SHAPE = Scoring


def load(on: date) -> Scoring:
    return load_as(Scoring, IDS, on).body
