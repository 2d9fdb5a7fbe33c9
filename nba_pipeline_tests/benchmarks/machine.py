"""What the machine is and what it can do at best: the limits that the other parts are held against."""

import lzma
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from nba_pipeline_tests.benchmarks.timing import Timing, timed

if TYPE_CHECKING:
    import torch

LIBRARIES = ("polars", "numpy", "scipy", "lightgbm", "torch", "torch-geometric")
MATRIX_SIDE = 2048


def facts() -> dict[str, str]:
    """What the figures depend on; names neither the host nor a folder."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "processor": _processor(),
        "cores": str(len(psutil.Process().cpu_affinity() or []) if hasattr(psutil.Process, "cpu_affinity") else os.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "load when the run began": f"{os.getloadavg()[0]:.1f} processes",
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "libraries": ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
    }


def matrix_product_rates(device: "torch.device", repeats: int) -> tuple[float, ...]:
    """GFLOP/s of a float32 product of two 2048 x 2048 matrices, on all threads that the nets have."""
    import torch

    left, right = torch.rand(2, MATRIX_SIDE, MATRIX_SIDE, device=device)
    torch.mm(left, right)
    timing, _ = timed(lambda: torch.mm(left, right)[0, 0].item(), max(5, repeats))
    return timing.per_second(2 * MATRIX_SIDE**3 / 1e9)


def decompression(path: Path, repeats: int) -> tuple[Timing, int]:
    """Time to turn an `.xz` file into bytes in memory, and how many bytes that gives."""
    timing, content = timed(lambda: lzma.decompress(path.read_bytes()), repeats)
    return timing, len(content)


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.is_file() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor() or platform.machine())
