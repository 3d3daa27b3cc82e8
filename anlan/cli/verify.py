from itertools import islice

import click

from anlan.cli import fail
from anlan.cli.manager import ready

KINDS = {"change": "更改", "cut": "缺失", "fork": "分叉"}
NAMED = 100  # breaks that are named; after a rewrite every link is one


@click.command()
@click.option("--head", "heads", multiple=True, metavar="DIGEST", help="以前导出的链头；可多次给出。")
def command(heads: tuple[str, ...]) -> None:
    """验证留痕链：发现更改、缺失与分叉，并指出是哪一行。"""
    ready()
    from anlan.apps.ledger import sealing

    for given in heads:
        if len(given) != 64 or set(given.lower()) - set("0123456789abcdef"):
            fail(f"链头应为 64 位十六进制摘要：{given}")
    found = list(islice(sealing.breaks(given.lower() for given in heads), NAMED + 1))
    if found:
        lines = [f"{KINDS[one.kind]}（第 {one.seq} 环）：{one.says}" for one in found[:NAMED]]
        fail("\n".join(lines + ["……还有更多"] * (len(found) > NAMED)))
    head = sealing.seal_head()
    click.echo(f"链完整，共 {head.seq} 环；链头 {head.digest}")
