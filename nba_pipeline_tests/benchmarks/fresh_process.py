"""Runs a part of the benchmarks in a process of its own, so that its threads and its peak memory are its own."""

import os
import resource
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context

from nba_pipeline_tests.benchmarks.row import Row
from nba_pipeline_tests.benchmarks.setup import Setup

THREAD_VARIABLES = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024


def run_part(module: str, setup: Setup, threads: int | None = None) -> list[Row]:
    """The rows of a part, its peak memory last.

    Args:
        module: a module of this package with `NAME` and `measure(setup)`; only the new process imports it.
        setup: what to measure.
        threads: of polars and of linear algebra; as many as they like when not given.
    """
    with _limited(threads), ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_run, module, setup).result()


def _run(module: str, setup: Setup) -> list[Row]:
    part = import_module(f"nba_pipeline_tests.benchmarks.{module}")
    rows = part.measure(setup)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_BYTES / 1e6
    return [*rows, Row("Peak memory", part.NAME, (peak,), "MB", note="of the process, libraries included")]


@contextmanager
def _limited(threads: int | None) -> Iterator[None]:
    """The variables that a new process reads its thread counts from; put back after."""
    before = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    if threads is not None:
        os.environ.update(dict.fromkeys(THREAD_VARIABLES, str(threads)))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
