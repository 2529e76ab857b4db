"""Who may ask: only browsers that were given the address, and only pages that this server sent."""

import hmac
import ipaddress
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response

PARAMETER = "token"
HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([\w.-]+?))\.?(?::\d{1,5})?", re.ASCII | re.IGNORECASE)
READS = ("GET", "HEAD")
OTHERS = ("cross-site", "same-site")  # another port of this machine counts as the same site
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Any, Send], Awaitable[None]]


class Guard:
    """Refuses requests under another name than the server's, from other pages, or without the token, if there is one.

    The first guards against names that lead here in disguise (DNS rebinding), the second against other pages that have
    a browser ask. A token comes once as `?token=…`, and is kept in a cookie. Every answer forbids what the page does
    not need: scripts, styles and connections from elsewhere, and being framed.
    """

    def __init__(self, application: Application, hosts: tuple[str, ...], token: str | None = None) -> None:
        self._application, self._token = application, token
        self._hosts = tuple(host.lower().rstrip(".") for host in hosts)

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        answer = self._answer(HTTPConnection(scope), scope["method"]) or self._application
        await answer(scope, receive, _with_headers(send))

    def _answer(self, asked: HTTPConnection, method: str) -> Response | None:
        """Return what is answered in the application's place."""
        refusal = self._refusal(asked, method)
        if refusal is not None:
            return PlainTextResponse(refusal[1], refusal[0])
        if not self._is_given(asked):
            return None
        answer = RedirectResponse("/", 303)  # out of the address, so that it stands in no bookmark and no picture
        answer.set_cookie(_cookie(asked), self._token or "", httponly=True, samesite="lax")  # links from elsewhere too
        return answer

    def _refusal(self, asked: HTTPConnection, method: str) -> tuple[int, str] | None:
        host, origin = asked.headers.get("host", ""), asked.headers.get("origin")
        if not self._is_ours(_name(host)):
            return 400, f"`host` must be {' or '.join(self._hosts)}, got {host[:80]!r}. Open the address printed."
        if (origin is not None and _netloc(origin) != host.lower()) or _is_from_another_page(asked, method):
            return 403, "`origin` must be this page itself. Open the address that `groklab page` printed."
        kind = asked.headers.get("content-type", "").partition(";")[0].strip().lower()
        if method == "POST" and kind != "application/json":
            return 415, f"`content-type` must be application/json, got {kind[:80]!r}."
        if self._token is None or self._is_given(asked) or self._is_known(asked):
            return None
        return 403, "`token` is missing or wrong. Open the whole address that `groklab page` printed."

    def _is_ours(self, name: str) -> bool:
        """Whether a name is this server's; an address of numbers leads nowhere in disguise, and has a token to show."""
        return name in self._hosts or (self._token is not None and _is_address(name))

    def _is_given(self, asked: HTTPConnection) -> bool:
        """Whether the token stands in the address."""
        return self._is_right(asked.query_params.get(PARAMETER, ""))

    def _is_known(self, asked: HTTPConnection) -> bool:
        """Whether a browser has kept the token. Other servers of this host set cookies too, of whatever form."""
        given = ";".join(asked.headers.getlist("cookie"))
        pairs = [pair.strip().partition("=") for pair in given.split(";")]
        return any(self._is_right(value) for name, _, value in pairs if name == _cookie(asked))

    def _is_right(self, given: str) -> bool:
        return self._token is not None and hmac.compare_digest(given.encode(), self._token.encode())


def _cookie(asked: HTTPConnection) -> str:
    """Return the name of this server's cookie: browsers have the same for all ports of a host."""
    return f"groklab_token_{(asked.scope.get('server') or ('', 0))[1]}"


def _is_from_another_page(asked: HTTPConnection, method: str) -> bool:
    """Whether another page has a browser ask, other than by a link that is followed."""
    is_link = method in READS and asked.headers.get("sec-fetch-mode") == "navigate"
    is_followed = is_link and asked.headers.get("sec-fetch-dest", "document") == "document"
    return asked.headers.get("sec-fetch-site") in OTHERS and not is_followed


def _name(host: str) -> str:
    """Return the name in a `host` header, nothing where it is none."""
    found = HOST.fullmatch(host)
    return (found[1] or found[2]).lower() if found else ""


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def _with_headers(send: Send) -> Send:
    async def wrapped(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return wrapped
