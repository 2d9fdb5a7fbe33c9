"""The machine that trains: which device, how much memory, and arithmetic that repeats itself.

What does not belong here: training.
"""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch


class DeviceError(RuntimeError):
    """The asked device is not there; the message says what to do."""


def resolve_device(wanted: str = "auto") -> torch.device:
    """`auto` takes CUDA if there is one.

    Raises:
        DeviceError: CUDA is asked for and there is none.
    """
    if wanted == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if wanted.startswith("cuda") and not torch.cuda.is_available():
        raise DeviceError("NBA_DEVICE asks for CUDA and torch sees none: set NBA_DEVICE=auto, or install a CUDA build of torch")
    return torch.device(wanted)


def device_name(device: torch.device) -> str:
    """What a person calls it."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu (1 thread)"


def peak_memory_bytes(device: torch.device) -> int:
    """Most memory held so far: of the GPU if that is the device, else of the process."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@contextmanager
def repeatable(device: torch.device) -> Iterator[None]:
    """Deterministic kernels, one CPU thread, and a random state of its own inside; the caller's come back after.

    One thread, because sums then have one order on every machine, and because nets this small lose more to a second thread that
    waits for a busy core than they gain from it.
    """
    if device.type == "cuda":
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    before = (torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled())
    threads = torch.get_num_threads()
    memory: Any = torch.utils.deterministic
    filled = memory.fill_uninitialized_memory
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.set_num_threads(1)
    memory.fill_uninitialized_memory = False
    try:
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            yield
    finally:
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(before[0], warn_only=before[1])
        memory.fill_uninitialized_memory = filled
