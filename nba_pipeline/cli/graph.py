"""`nba graph`: the asset graph as the README shows it."""

import click


@click.command()
def graph() -> None:
    """The asset graph as a Mermaid diagram on standard output; the README holds a copy, and a test compares them."""
    from nba_pipeline.definitions import defs
    from nba_pipeline.orchestration.picture import mermaid

    click.echo(mermaid(defs.resolve_asset_graph()))
