"""The page of a version, written when it is registered and when something new was found out about it.

What does not belong here: what it says (`prediction/version_page/page.py`).
"""

import dagster as dg

from nba_pipeline.orchestration.resources import StoreResource


def page_of(context: dg.AssetExecutionContext, store: StoreResource, version: str) -> dg.MetadataValue:
    """Writes the page and returns its path.

    A page that cannot be written is told in the log and here, and fails nothing: the version is registered by then, and a step that
    is run again would register it twice.
    """
    from nba_pipeline.prediction.version_page.page import write_page

    try:
        return dg.MetadataValue.path(str(write_page(store.warehouse, version)))
    except Exception as error:
        context.log.exception("the page of %s was not written", version)
        return dg.MetadataValue.text(f"not written ({error}): nba report --html --version {version} writes it")
