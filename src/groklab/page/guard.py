"""Who may ask: only browsers that were given the address, and only pages that this server sent."""

import hmac
import http.cookies
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "::1")
COOKIE, PARAMETER = "groklab_token", "token"
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
        self._application, self._hosts, self._token = application, hosts, token

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _answer(send, *refusal)
            return
        given = self._given(scope)
        if given is not None:  # out of the address, so that it stands in no bookmark and no picture
            cookie = f"{COOKIE}={given}; HttpOnly; SameSite=Strict; Path=/"
            await _answer(send, 303, "", {"location": "/", "set-cookie": cookie})
            return
        await self._application(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if _name(f"//{host}") not in self._hosts:
            return 400, f"`host` must be {' or '.join(self._hosts)}, got {host[:80]!r}. Open the address printed."
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return 403, "`origin` must be this page itself. Open the address that `groklab page` printed."
        if scope["method"] not in ("GET", "HEAD") and "application/json" not in headers.get("content-type", ""):
            return 415, "`content-type` must be application/json."
        if self._token is None or self._given(scope) is not None or self._is_known(headers):
            return None
        return 403, "`token` is missing or wrong. Open the whole address that `groklab page` printed."

    def _given(self, scope: Scope) -> str | None:
        """Return the token in an address, where it is the right one."""
        found = parse_qs(scope.get("query_string", b"").decode("latin-1")).get(PARAMETER, [""])[0]
        return found if self._token is not None and _is_same(found, self._token) else None

    def _is_known(self, headers: dict[str, str]) -> bool:
        try:
            found = http.cookies.SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except http.cookies.CookieError:
            return False
        return found is not None and _is_same(found.value, self._token or "")


def _is_same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _name(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _with_headers(send: Send) -> Send:
    async def wrapped(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            given = {name for name, _ in message["headers"]}
            added = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
            message["headers"] = [*message["headers"], *(each for each in added if each[0] not in given)]
        await send(message)

    return wrapped


async def _answer(send: Send, status: int, text: str, headers: dict[str, str] | None = None) -> None:
    content = text.encode()
    about = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(content)), **HEADERS}
    lines = [(name.encode(), value.encode()) for name, value in {**about, **(headers or {})}.items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": content})
