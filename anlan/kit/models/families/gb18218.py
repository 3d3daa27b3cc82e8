"""Major hazard installations after GB 18218-2018, over the tables of the pack chemicals/gb18218."""

import re
from fractions import Fraction
from typing import NotRequired, Required, TypedDict

from anlan.kit.models import model
from anlan.kit.models.errors import Refused, nearest, refused
from anlan.kit.models.packdate import day
from anlan.packs.families import major_installations as pack
from anlan.packs.families.major_installations import Category, MajorInstallations
from anlan.rules import major_installations as rule
from anlan.rules.major_installations import Holding

_MOST_PERSONS = 1_000_000


class Substance(TypedDict, total=False):
    """What is kept of one substance.

    Parameters
    ----------
    name : str
        Name; looked up in tables 1 and 3 where Q_t or beta is not given [-]
    cas : str
        CAS number, to look up by instead of the name [-]
    category : str
        Symbol of the hazard class of tables 2 and 4, as W5.3: gives beta, and Q_t to what table 1 does not name [-]
    q_t : float
        Quantity, the designed maximum [t]
    Q_t : float
        Threshold quantity; without it that of table 1 or of the class [t]
    beta : float
        Factor of the substance; without it that of table 3 (toxic gases) or of the class [-]
    """

    name: NotRequired[str]
    cas: NotRequired[str]
    category: NotRequired[str]
    q_t: Required[float]
    Q_t: NotRequired[float]
    beta: NotRequired[float]


@model("gb18218/alpha")
def alpha(*, exposed_persons: int, on: str = "") -> dict[str, object]:
    """Factor α of the people around an installation (GB 18218-2018, table 5).

    Parameters
    ----------
    exposed_persons : int
        Residents within 500 m outside the fence [persons]
    on : str
        Day on which the standard must hold, ISO date; empty = today [-]

    Returns
    -------
    alpha : float
        Factor α [-]
    """
    _check_persons(exposed_persons)
    return {"alpha": rule.alpha_of(exposed_persons, pack.load(day(on)).exposures)}


@model("gb18218/level")
def level(*, R: float, on: str = "") -> dict[str, object]:
    """Grade of a major hazard installation by R (GB 18218-2018, table 6).

    Parameters
    ----------
    R : float
        R = α Σ β q/Q, 0 or more [-]
    on : str
        Day on which the standard must hold, ISO date; empty = today [-]

    Returns
    -------
    level : str
        一级 (the worst), 二级, 三级 or 四级 [-]
    """
    if R < 0:
        raise Refused(f"R = {R:g}：不能小于 0")
    return {"level": rule.grade_of(Fraction(str(R)), pack.load(day(on)).grades)}


@model("gb18218/grading")
def grading(*, substances: list[Substance], exposed_persons: int, on: str = "") -> dict[str, object]:
    """Identify and grade a major hazard installation (GB 18218-2018, 4.2 and 4.3): S = Σ q/Q, R = α Σ β q/Q.

    Every substance gives its own Q_t and beta, or is found by CAS number or name in the tables of the standard. Beta
    of a named substance that is no toxic gas of table 3 follows from its hazard class: give ``category`` or ``beta``.

    Parameters
    ----------
    substances : list of objects
        What is kept, each substance once [-]
    exposed_persons : int
        Residents within 500 m outside the fence [persons]
    on : str
        Day on which the standard must hold, ISO date; empty = today [-]

    Returns
    -------
    S : float
        Σ q/Q [-]
    is_major_hazard : bool
        Whether S reaches 1 [-]
    alpha : float
        Factor α [-]
    R : float
        α Σ β q/Q [-]
    level : str
        一级 (the worst) to 四级; null where the installation is not a major one [-]
    """
    _check_persons(exposed_persons)
    if not substances:
        raise Refused("substances 是空的：请给出至少一种物质")
    tables = pack.load(day(on))
    holdings = [_holding(each, tables) for each in substances]
    for holding in holdings:
        if refusal := rule.check_holding(holding):
            raise refused(refusal)
    found = rule.judge(holdings, exposed_persons, (tables.exposures, tables.grades))
    return {
        "S": float(found.s),
        "is_major_hazard": found.is_major,
        "alpha": found.alpha,
        "R": float(found.r),
        "level": found.grade,
    }


def _check_persons(persons: int) -> None:
    """More people than a belt of 500 m can hold are a slip of the pen."""
    if not 0 <= persons <= _MOST_PERSONS:
        raise Refused(f"exposed_persons = {persons}：应在 0 至 {_MOST_PERSONS} 之间，请核对人数")


def _holding(given: Substance, tables: MajorInstallations) -> Holding:
    """A substance with what it left out looked up."""
    label = given.get("name") or given.get("cas") or given.get("category", "")
    if not label:
        raise Refused("substances 里有一项没有 name、cas 或 category，请补上")
    category = _category(given, tables)
    named = _listed(given, tables)
    own = named.q_t if named else category.q_t if category else None
    toxic = _toxic(named.name if named else label, tables)
    threshold = given.get("Q_t", own)
    beta = given.get("beta", category.beta if toxic is None and category else toxic)
    if threshold is None:
        like = nearest(label, [each.name for each in tables.substances])
        raise Refused(f"{label}：GB 18218 表 1 里没有；请给出 Q_t，或按表 2 给出 category{like}")
    if beta is None:
        raise Refused(f"{label}：不是表 3 的毒性气体，β 取决于危险性类别；请给出 category（如 W5.3）或 beta")
    return Holding(label, given["q_t"], threshold, beta)


def _category(given: Substance, tables: MajorInstallations) -> Category | None:
    symbol = given.get("category")
    if symbol is None:
        return None
    known = {each.symbol: each for each in tables.categories}
    if symbol not in known:
        raise Refused(f"category = “{symbol}”：表 2 里没有{nearest(symbol, known)}")
    return known[symbol]


def _listed(given: Substance, tables: MajorInstallations) -> pack.Substance | None:
    """The row of table 1, by CAS number or else by name. Names before and in brackets count, the whole name first."""
    cas, name = given.get("cas"), given.get("name")
    rows = [each for each in tables.substances if cas and cas in each.cas]
    rows = rows or [each for each in tables.substances if name and name in _names(each.name)]
    rows = [each for each in rows if name == each.name] or rows
    if len(rows) > 1 and "Q_t" not in given:
        raise Refused(
            f"{cas or name}：表 1 里有几行（{'、'.join(each.name for each in rows)}），请以 name 写明是哪一行"
        )
    return rows[0] if rows else None


def _toxic(name: str, tables: MajorInstallations) -> float | None:
    """β of table 3."""
    return next((gas.beta for gas in tables.toxic_gases if gas.name in _names(name)), None)


def _names(name: str) -> set[str]:
    """A name as it stands, without what follows in brackets, and what stands in them: 碳酰氯(光气)."""
    return {name, *filter(None, re.split(r"[(（)）]", name))}
