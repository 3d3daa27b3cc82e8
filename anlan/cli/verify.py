import click

from anlan.cli import fail, setup_django


@click.command()
@click.option("--head", "heads", multiple=True, metavar="DIGEST", help="以前导出的链头；可多次给出。")
def command(heads: tuple[str, ...]) -> None:
    """验证留痕链：发现更改、缺失与分叉，并指出是哪一行。"""
    setup_django()
    from anlan.apps.ledger import sealing

    for head in heads:
        if len(head) != 64 or set(head.lower()) - set("0123456789abcdef"):
            fail(f"链头应为 64 位十六进制摘要：{head}")
    found = list(sealing.breaks(head.lower() for head in heads))
    if found:
        fail("\n".join(f"{one.kind}\t{one.seq}\t{one.says}" for one in found))
    head = sealing.seal_head()
    click.echo(f"{head.seq}\t{head.digest}")
