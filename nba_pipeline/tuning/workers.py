"""Which process works on something, so that others can tell whether it still does: machine, process, and when that process began."""

import platform

import psutil


def this_worker() -> str:
    """This process, by a name that no later process will have."""
    process = psutil.Process()
    return f"{platform.node()} {process.pid} {process.create_time():.2f}"


def is_gone(worker: str) -> bool:
    """Whether a process of this machine has ended; of another machine nobody knows, so it has not."""
    node, pid, began = worker.split(" ")
    if node != platform.node():
        return False
    try:
        return f"{psutil.Process(int(pid)).create_time():.2f}" != began
    except psutil.NoSuchProcess:
        return True
