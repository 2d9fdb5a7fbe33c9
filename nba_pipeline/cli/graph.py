"""`nba graph`: the asset graph as a diagram."""

import click


@click.command()
@click.option("--groups", is_flag=True, help="Only the groups, as the README shows them.")
def graph(groups: bool) -> None:
    """The asset graph as a Mermaid diagram on standard output."""
    from nba_pipeline.definitions import defs
    from nba_pipeline.orchestration.picture import mermaid, overview

    click.echo((overview if groups else mermaid)(defs.resolve_asset_graph()))
