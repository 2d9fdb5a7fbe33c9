"""`nba experiment promote`, `rollback`, `audit`: which model is production, and who said so."""

import click

from nba_pipeline.cli.experiment_options import open_database, told
from nba_pipeline.cli.output import console, json_option, print_json, print_table


@click.command()
@click.argument("model_id")
@click.option("--force", is_flag=True, help="Set the rules aside; needs --reason, and the audit keeps both.")
@click.option("--reason", help="For the audit.")
@json_option
def promote(model_id: str, force: bool, reason: str | None, as_json: bool) -> None:
    """Make MODEL_ID the production model.

    It takes 500 graded predictions shared with the production model (with the baseline where there is none), an error that is smaller by
    more than chance (95 % interval over dates wholly below 0), and a bias of at most one point.

    \b
    Examples:
      nba experiment promote lightgbm-2020-21-1a2b3c4d
      nba experiment promote ewma8 --force --reason "first night, nothing is graded yet"

    \b
    Exit codes: 0 promoted; 1 refused, with the figures; 2 no such model.
    """
    from nba_pipeline.experiments.promotion import promote as flip

    with told():
        found = flip(open_database(), model_id, force=force, reason=reason)
    print_json(found.to_dict()) if as_json else console.print(f"{model_id} is the production model now", highlight=False)


@click.command()
@click.option("--reason", help="For the audit.")
def rollback(reason: str | None) -> None:
    """Go back to the production model before this one.

    \b
    Exit codes: 0 done; 1 there is none to go back to.
    """
    from nba_pipeline.experiments.promotion import rollback as back

    with told():
        model_id = back(open_database(), reason)
    console.print(f"{model_id} is the production model again", highlight=False)


@click.command()
@click.option("--limit", default=30, show_default=True, help="Newest changes shown.")
@json_option
def audit(limit: int, as_json: bool) -> None:
    """Every change of the registry: who, when, what, why; changes by hand in SQL are found at the next run or command."""
    from nba_pipeline.experiments.database import SCHEMA, frame

    with told(), open_database().reading() as connection:
        rows = frame(connection, f"SELECT * FROM {SCHEMA}.ml_model_audit ORDER BY audit_id DESC LIMIT ?", [limit]).to_dicts()
    print_json(rows) if as_json else print_table("Changes, newest first (times in UTC)", rows)
