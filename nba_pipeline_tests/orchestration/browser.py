"""The Dagster UI as a person meets it: served by `make ui`, opened in a headless Chromium.

What does not belong here: what a page must show (`test_ui.py`), and its pictures (`screenshot.py`).
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from nba_pipeline_tests.orchestration.shell import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL = "no Chromium in PATH: install it (Debian: apt-get install chromium), or set NBA_TEST_CHROMIUM to its program"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
"""A root user has no sandbox; the last one makes every machine but this one unknown."""

REMEMBERED = {
    "communityNux": 1,
    "dagster-nav-collapsed": True,
    "asset-graph-direction": "vertical",
    "asset-node-facets": ["checks", "status"],
}
"""What the UI keeps of a person's choices: no invitation to a mailing list, a narrow menu, a graph that grows downwards."""

UP_SECONDS, DOWN_SECONDS, PAGE_SECONDS = 120, 30, 60


class UINotServedError(RuntimeError):
    """`make ui` does not answer; the message is what it said."""


def find_chromium() -> str | None:
    """The program of `NBA_TEST_CHROMIUM`, or the first Chromium in `PATH`."""
    return os.environ.get("NBA_TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def served(env: Mapping[str, str], log: Path) -> Iterator[str]:
    """The address of `make ui` in an environment, on a free port; it is stopped with all its processes at the end.

    Args:
        env: its environment variables.
        log: the file for what it says.

    Raises:
        UINotServedError: it ended, or did not answer in time.
    """
    port = _free_port()
    with log.open("w") as said:
        server = subprocess.Popen(["make", "ui", f"PORT={port}"], cwd=ROOT, env=dict(env), stdout=said, stderr=said, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        if not _answers(f"{address}/server_info", server):
            raise UINotServedError(log.read_text())
        yield address
    finally:
        _stop(server)


@contextmanager
def chromium(program: str) -> Iterator[Browser]:
    """A headless browser with an empty profile."""
    expect.set_options(timeout=PAGE_SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


def new_page(browser: Browser, address: str, width: int = 1600, height: int = 1000, scale: float = 1) -> Page:
    """A page on which addresses may start at the UI's root.

    Args:
        browser: where it opens.
        address: as `served` gives it.
        width: in CSS pixels.
        height: in CSS pixels.
        scale: pixels of a picture per CSS pixel.
    """
    context = browser.new_context(base_url=address, viewport={"width": width, "height": height}, device_scale_factor=scale)
    context.add_init_script(f"Object.entries({_as_stored()}).forEach(([name, value]) => localStorage.setItem(name, value))")
    context.set_default_timeout(PAGE_SECONDS * 1000)
    return context.new_page()


def graph_path(unfolded: Iterable[str], listed: Iterable[str] = ()) -> str:
    """The asset graph with some groups unfolded, and some opened in the list beside it."""
    rows = "".join(f"&open-nodes[{at}]=global@global:{group}" for at, group in enumerate(listed))
    return f"/asset-groups?expanded={','.join(f'global@global:{group}' for group in unfolded)}{rows}"


def show_steps(page: Page, run: str) -> Locator:
    """Opens the page of a run that succeeded, and on it the list of the steps that did; returns that list."""
    page.goto(f"/runs/{run}")
    expect(page.get_by_text("RUN_SUCCESS")).to_be_visible()
    page.get_by_text(re.compile(r"^Succeeded \(\d+\)$")).click()
    return page.locator("[data-state=open]").filter(has_text=re.compile(r"\d:\d\d:\d\d")).last


def show_markdown(page: Page, key: str) -> None:
    """On an asset's page, opens the metadata entry of a key that is Markdown."""
    page.get_by_placeholder("Filter metadata keys").fill(key)
    page.get_by_role("row").filter(has_text=key).get_by_text("[Show Markdown]").click()


def drawn_width(page: Page) -> int:
    """Pixels across of the image in the open dialog, once it is decoded; 0 for one that cannot be shown."""
    image = page.get_by_role("dialog").locator("img")
    return image.evaluate("image => image.decode().then(() => image.naturalWidth, () => 0)")


def _as_stored() -> str:
    return json.dumps({name: json.dumps(value) for name, value in REMEMBERED.items()})


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _answers(url: str, server: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + UP_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as page:
                return page.status == 200
        except OSError:
            time.sleep(0.2)
    return False


def _stop(server: subprocess.Popen[bytes]) -> None:
    _signal(server, signal.SIGINT)
    try:
        server.wait(timeout=DOWN_SECONDS)
    except subprocess.TimeoutExpired:  # it was started where SIGINT is ignored, as a script's background job is
        _signal(server, signal.SIGKILL)
        server.wait()


def _signal(server: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(server.pid, number)
