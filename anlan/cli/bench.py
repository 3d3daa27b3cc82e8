import importlib
import json
import pkgutil
from collections.abc import Iterator, Mapping

import click

from anlan.cli import benches, fail

Figure = Mapping[str, object]


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON 对象")
def command(names: tuple[str, ...], *, as_json: bool) -> None:
    """测量性能，并与装有的同类并排比较；不写名称时全部运行。"""
    known = known_benches()
    if unknown := [name for name in names if name not in known]:
        fail(f"没有名为 {'、'.join(unknown)} 的测量；有：{'、'.join(known)}")
    shown = _json_line if as_json else _table_line
    for name in names or known:
        for figure in _figures(name):
            click.echo(shown(figure))


def known_benches() -> list[str]:
    """Modules of ``anlan.cli.benches`` that have a ``run``; those with an underscore or without are their parts."""
    names = [info.name for info in pkgutil.iter_modules(benches.__path__)]
    return [name for name in sorted(names) if not name.startswith("_") and not name.endswith("_parts")]


def _figures(name: str) -> Iterator[Figure]:
    module = importlib.import_module(f"{benches.__name__}.{name}")
    try:
        yield from module.run()
    except RuntimeError as error:  # something it needs is not installed
        click.echo(f"{name}：{error}", err=True)


def _json_line(figure: Figure) -> str:
    return json.dumps(dict(figure), ensure_ascii=False)


def _table_line(figure: Figure) -> str:
    """``name  value unit  (k runs)  ×ratio peer value, …``"""
    line = f"{figure['name']!s:<44}{_number(figure['value']):>16} {figure.get('unit', '')!s:<12}"
    peers, ratios = figure.get("peers") or {}, figure.get("ratio") or {}
    if isinstance(peers, Mapping) and isinstance(ratios, Mapping):
        for peer, value in peers.items():
            times = f" (×{_number(ratios[peer])})" if peer in ratios else ""
            line += f"  {peer} {_number(value)}{times}"
    return line.rstrip()


def _number(value: object) -> str:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.3g}"
