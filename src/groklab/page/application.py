"""The page as a web application: one document, its scripts, values by address, events, and runs to begin."""

import json
import mimetypes
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from groklab.errors import GroklabError, InvalidSetting, RunMissing
from groklab.page import STATIC
from groklab.page.claims import picture
from groklab.page.documents import Documents
from groklab.page.index import served
from groklab.page.live import Followed, events
from groklab.page.packing import as_json
from groklab.page.play import Play
from groklab.page.refusals import in_a_sentence, refusal_of

LARGEST = 4096  # bytes of what a browser sends
DIGITS = 16  # of a step, or of a version, at most


def application(documents: Documents, play: Play) -> Starlette:
    """Return the application; `Guard` stands before it."""
    page = Page(documents, play)
    return Starlette(
        routes=[
            Route("/", page.index),
            Route("/values/{address:path}", page.values),
            Route("/pictures/{name}", page.picture),
            Route("/events", page.events),
            Route("/play", page.begin, methods=["POST"]),
            Route("/play/stop", page.stop, methods=["POST"]),
            Route("/static/{name:path}", page.file),
        ],
        exception_handlers={HTTPException: _unanswered, Exception: _failed},
    )


class Page:
    """What is answered at each address. The disk is read, and networks are asked, in other threads."""

    def __init__(self, documents: Documents, play: Play) -> None:
        self._documents, self._play = documents, play
        # What may take minutes waits in lines of its own, so that all else is answered meanwhile.
        self._limits = {
            "/measures": CapacityLimiter(2),
            "/moments": CapacityLimiter(2),
            "/neighbours/": CapacityLimiter(1),
            "/commands": CapacityLimiter(1),
        }
        self._pictures = CapacityLimiter(4)
        # All of them, once: a browser asks for thirty at its first look, and no address can lead elsewhere.
        found = [path for path in STATIC.rglob("*") if path.is_file()]
        self._index = served()
        self._files = {path.relative_to(STATIC).as_posix(): path.read_bytes() for path in found}

    async def index(self, _: Request) -> Response:
        return Response(self._index, media_type="text/html")

    async def file(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._files:
            return _refused(RunMissing(f"No file of the page has the name {name[:80]!r}."))
        return Response(self._files[name], media_type=mimetypes.guess_type(name)[0] or "text/plain")

    async def values(self, request: Request) -> Response:
        address = request.path_params["address"]
        limit = next((limit for sign, limit in self._limits.items() if sign in address), None)
        return await _answered(self._documents.get, address, limiter=limit)

    async def picture(self, request: Request) -> Response:
        asked = self._documents.library.store, request.path_params["name"]
        try:
            content = await to_thread.run_sync(picture, *asked, abandon_on_cancel=True, limiter=self._pictures)
        except GroklabError as error:
            return _refused(error)
        return Response(content, media_type="image/png")

    async def events(self, request: Request) -> Response:
        followed = _followed(request.query_params.get("follow", ""))
        # The browser's own, when it connects again; the page's, when it follows another run.
        known = request.headers.get("last-event-id") or request.query_params.get("since", "")
        stream = events(self._documents.library, self._play, followed, known)
        return StreamingResponse(stream, media_type="text/event-stream")

    async def begin(self, request: Request) -> Response:
        return await _answered(self._play.begin, await _sent(request))

    async def stop(self, request: Request) -> Response:
        asked = await _sent(request)
        return await _answered(self._play.stop, str(asked.get("name", "")))


async def _answered(function: Any, *arguments: Any, limiter: CapacityLimiter | None = None) -> Response:
    def made() -> bytes:
        with in_a_sentence():
            return as_json(function(*arguments))

    try:
        # Abandoned where the server ends: it need not wait for what nobody will read.
        content = await to_thread.run_sync(made, abandon_on_cancel=True, limiter=limiter)
    except GroklabError as error:
        return _refused(error)
    return Response(content, media_type="application/json")


def _refused(error: GroklabError) -> Response:
    status = 404 if isinstance(error, RunMissing) else 400 if isinstance(error, InvalidSetting) else 500
    return _trouble(status, str(error))


def _trouble(status: int, sentence: str) -> Response:
    return Response(as_json({"trouble": sentence}), status_code=status, media_type="application/json")


async def _unanswered(request: Request, error: Exception) -> Response:
    """Say which rule a request breaks that no address, or none in this way, answers."""
    assert isinstance(error, HTTPException)
    allowed = sorted((error.headers or {}).get("Allow", "").split(", "))
    sentences = {
        404: f"No page has the address {request.url.path[:80]!r}. Open / for the page itself.",
        405: f"`method` must be {' or '.join(allowed)} here, got {request.method[:20]}.",
    }
    answer = _trouble(error.status_code, sentences.get(error.status_code, error.detail))
    answer.headers.update(error.headers or {})
    return answer


async def _failed(_: Request, error: Exception) -> Response:
    return _refused(refusal_of(error))


async def _sent(request: Request) -> dict[str, Any]:
    """Return what a browser has sent; no more of it is read than may be."""
    content = bytearray()
    try:
        async for part in request.stream():
            content += part
            if len(content) > LARGEST:
                raise HTTPException(413, f"`body` must have at most {LARGEST:,} bytes, got more.")
        value = json.loads(content)
    except (ValueError, RecursionError, ClientDisconnect):
        value = None
    if not isinstance(value, dict):
        raise HTTPException(400, "`body` must be settings as a JSON object.")
    return value


def _followed(text: str) -> list[Followed]:
    """Read `KEY:STEP,KEY:STEP`."""
    pairs = [part.partition(":") for part in text.split(",") if part]
    return [Followed(key, int(step)) for key, _, step in pairs if _is_number(step.removeprefix("-"))]


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= DIGITS
