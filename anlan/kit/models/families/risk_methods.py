"""Risk assessment by scores: LEC, the LS matrix and MES, over the tables of the packs."""

from anlan.kit.models import model
from anlan.kit.models.errors import Refused, nearest, refused
from anlan.kit.models.packdate import day
from anlan.packs.families import lec as lec_pack
from anlan.packs.families import ls_matrix as ls_pack
from anlan.packs.families import mes as mes_pack
from anlan.packs.scoring import Scoring
from anlan.rules import assessment


def _assessed(table: Scoring, scores: dict[str, float], scheme: str) -> tuple[float, assessment.Band]:
    """The product and its band."""
    if refusal := assessment.check_scores(scores, table.factors):
        raise refused(refusal)
    chosen = table.schemes.get(scheme or table.default)
    if chosen is None:
        raise Refused(f"scheme = “{scheme}”：没有这套分档{nearest(scheme, table.schemes)}")
    value = assessment.product(scores.values())
    return float(value), assessment.band_of(value, chosen.bands)


@model("lec")
def lec(*, L: float, E: float, C: float, scheme: str = "", on: str = "") -> dict[str, object]:
    """LEC, the evaluation of working conditions after Graham and Kinney: D = L·E·C and its level.

    Only the scores of the table count; others are refused. The tables are the pack core/lec, which may be replaced.

    Parameters
    ----------
    L : float
        Likelihood of the accident, a score of the table (10, 6, 3, 1, 0.5, 0.2, 0.1) [-]
    E : float
        Exposure of people, a score of the table (10, 6, 3, 2, 1, 0.5) [-]
    C : float
        Consequence, a score of the table (100, 40, 15, 7, 3, 1) [-]
    scheme : str
        Key of the bands in the pack; empty = the pack's default [-]
    on : str
        Day on which the pack must hold, ISO date; empty = today [-]

    Returns
    -------
    D : float
        Product of the scores [-]
    level : str
        Level of risk with its colour, as in 重大(红) [-]
    grade : str
        The method's own grade [-]
    meaning : str
        What the grade asks for [-]
    """
    value, band = _assessed(lec_pack.load(day(on)), {"L": L, "E": E, "C": C}, scheme)
    return {"D": value, "level": band.name, "grade": band.grade, "meaning": band.text}


@model("ls-matrix")
def ls_matrix(*, L: float, S: float, scheme: str = "", on: str = "") -> dict[str, object]:
    """Risk matrix of likelihood and severity, 5 × 5: R = L·S and its level.

    Several ways of cutting R into levels are in use; ``scheme`` chooses one of the pack core/ls_matrix.

    Parameters
    ----------
    L : float
        Likelihood, 1 to 5 [-]
    S : float
        Severity, 1 to 5 [-]
    scheme : str
        Key of the bands in the pack: common (17, 11, 5), a (17, 13, 8, 4) or b (20, 15, 9, 4); empty = common [-]
    on : str
        Day on which the pack must hold, ISO date; empty = today [-]

    Returns
    -------
    R : float
        Product of the scores [-]
    level : str
        Level of risk: 重大, 较大, 一般 or 低 [-]
    grade : str
        Grade in the scheme [-]
    """
    value, band = _assessed(ls_pack.load(day(on)), {"L": L, "S": S}, scheme)
    return {"R": value, "level": band.name, "grade": band.grade}


@model("mes")
def mes(*, M: float, E: float, S: float, scheme: str = "", on: str = "") -> dict[str, object]:
    """MES, injury to people: R = M·E·S, its grade (一级 the worst) and the level it stands for.

    The tables of the pack core/mes are from memory; the colours of the grades are this product's own.

    Parameters
    ----------
    M : float
        State of the control measures, a score of the table (5, 3, 1) [-]
    E : float
        Exposure of people, a score of the table (10, 6, 3, 2, 1, 0.5) [-]
    S : float
        Consequence, a score of the table (10, 8, 4, 2, 1) [-]
    scheme : str
        Key of the bands in the pack; empty = the pack's default [-]
    on : str
        Day on which the pack must hold, ISO date; empty = today [-]

    Returns
    -------
    R : float
        Product of the scores [-]
    level : str
        Level of risk: 重大, 较大, 一般 or 低 [-]
    grade : str
        The method's own grade, 一级 to 五级 [-]
    """
    value, band = _assessed(mes_pack.load(day(on)), {"M": M, "E": E, "S": S}, scheme)
    return {"R": value, "level": band.name, "grade": band.grade}
