"""A job like ours whose one step holds the gpu pool and does not end: something to kill."""

import sys
import time

import dagster as dg

from nba_pipeline.orchestration.stale_runs import process_tags


@dg.asset(pool="gpu")
def endless() -> dg.MaterializeResult:
    time.sleep(600)
    return dg.MaterializeResult()


defs = dg.Definitions(assets=[endless], jobs=[dg.define_asset_job("endless_job")], executor=dg.multiprocess_executor)


def endless_job() -> dg.JobDefinition:
    return defs.resolve_job_def("endless_job")


if __name__ == "__main__":
    tags = process_tags() if sys.argv[1] == "tagged" else {}
    with dg.DagsterInstance.get() as instance:
        dg.execute_job(dg.reconstructable(endless_job), instance, tags=tags)
