"""Asks web servers, patiently, and says what went wrong and what to do. What an answer holds is not looked at here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from nba_pipeline import __version__

ATTEMPTS = 4
"""Tries before a failure is final, counted anew for asking and for the transfer of a file."""

PAUSE_SECONDS = 1.0
"""The pause between two tries; it doubles with each."""

TIMEOUT_SECONDS = (10.0, 30.0)
"""Patience until a connection stands, and between two signs of life."""

BUSY = (408, 425, 429, 500, 502, 503, 504)
"""Answers that may be another one a little later."""

LONGEST_PAUSE_SECONDS = 60
"""A server may ask for a pause; a longer one is not waited for."""

ABSENT = (404, 410)
"""Answers of servers that have no such file."""

OTHER_WAYS = "give --index of a mirror, or place the files by hand (data/README.md)"


class DownloadError(RuntimeError):
    """Something could not be fetched; the message says what to do."""


class UnreachableError(DownloadError):
    """No answer came.

    Args:
        address: what was asked for.
        reason: what the network said.
    """

    def __init__(self, address: str, reason: str) -> None:
        """Names the host."""
        super().__init__(f"{urlsplit(address).netloc or address} cannot be reached ({reason}): check the network, {OTHER_WAYS}")


class AnswerError(DownloadError):
    """An answer came, but not the file.

    Args:
        response: the answer.
    """

    def __init__(self, response: requests.Response) -> None:
        """Names the address and the status."""
        self.status = response.status_code
        remedy = "it is not published there" if self.status in ABSENT else "try again later"
        super().__init__(f"{response.url} answers {response.status_code} {response.reason}: {remedy}; {OTHER_WAYS}")


def open_session() -> requests.Session:
    """A session that asks again, after growing pauses, where a server is busy or a connection fails."""
    session = requests.Session()
    session.headers["User-Agent"] = f"nba_pipeline/{__version__}"
    pauses = {"backoff_factor": PAUSE_SECONDS, "retry_after_max": LONGEST_PAUSE_SECONDS}
    retry = Retry(ATTEMPTS - 1, status_forcelist=BUSY, raise_on_status=False, **pauses)
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session


@contextmanager
def answer(session: requests.Session, address: str, headers: Mapping[str, str] | None = None) -> Iterator[requests.Response]:
    """The answer to a GET whatever its status, with its body still to be read, as the file's own bytes (not compressed on the way).

    Raises:
        UnreachableError: no answer came.
    """
    try:
        response = session.get(address, headers={"Accept-Encoding": "identity", **(headers or {})}, stream=True, timeout=TIMEOUT_SECONDS)
    except requests.RequestException as error:
        raise UnreachableError(address, network_reason(error)) from error
    with response:
        yield response


def fetch_text(session: requests.Session, address: str) -> str:
    """A small text file.

    Raises:
        AnswerError: an answer other than the file.
        UnreachableError: no answer, or half of one.
    """
    with answer(session, address) as response:
        if response.status_code != requests.codes.ok:
            raise AnswerError(response)
        try:
            return response.content.decode("utf-8", errors="replace")
        except requests.RequestException as error:
            raise UnreachableError(address, network_reason(error)) from error


def network_reason(error: Exception) -> str:
    """The end of a nested message, where the network's own words are."""
    cause = error.args[0] if error.args else error
    return str(getattr(cause, "reason", cause)).rpartition(": ")[2] or type(error).__name__
