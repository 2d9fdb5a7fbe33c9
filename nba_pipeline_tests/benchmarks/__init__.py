"""How fast and how frugal the pipeline is on this machine: `python -m nba_pipeline_tests.benchmarks`, or `make bench`.

Each part is a module with `measure(setup)`, and runs in a process of its own. What does not belong here: tests of results,
and a copy of anything that is measured: parts call the functions that the assets call.
"""
