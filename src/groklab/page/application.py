"""The page as a web application: one document, its scripts, values by address, events, and runs to begin."""

import json
import mimetypes
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from groklab.errors import GroklabError, InvalidSetting, RunMissing, StoreError
from groklab.page import STATIC
from groklab.page.claims import picture
from groklab.page.documents import Documents
from groklab.page.live import Followed, events
from groklab.page.packing import as_json
from groklab.page.play import Play

LARGEST = 4096  # bytes of what a browser sends


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
        ]
    )


class Page:
    """What is answered at each address. The disk is read, and networks are asked, in other threads."""

    def __init__(self, documents: Documents, play: Play) -> None:
        self._documents, self._play = documents, play
        # What may take minutes waits in lines of its own, so that all else is answered meanwhile.
        self._limits = {
            "/measures/": CapacityLimiter(2),
            "/moments/": CapacityLimiter(2),
            "/neighbours/": CapacityLimiter(1),
        }
        # All of them, once: a browser asks for thirty at its first look, and no address can lead elsewhere.
        found = [path for path in STATIC.rglob("*") if path.is_file()]
        self._files = {path.relative_to(STATIC).as_posix(): path.read_bytes() for path in found}

    async def index(self, _: Request) -> Response:
        return Response(self._files["index.html"], media_type="text/html")

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
        try:
            store = self._documents.library.store
            content = await to_thread.run_sync(picture, store, request.path_params["name"])
        except GroklabError as error:
            return _refused(error)
        return Response(content, media_type="image/png")

    async def events(self, request: Request) -> Response:
        followed = _followed(request.query_params.get("follow", ""))
        since = request.query_params.get("since", "")
        moment = int(since) if since.isdecimal() and len(since) < 16 else None
        stream = events(self._documents.library, self._play, followed, moment)
        return StreamingResponse(stream, media_type="text/event-stream")

    async def begin(self, request: Request) -> Response:
        return await _told(self._play.begin, request)

    async def stop(self, request: Request) -> Response:
        return await _told(lambda asked: self._play.stop(str(asked.get("name", ""))), request)


async def _told(function: Any, request: Request) -> Response:
    """Answer what a browser has sent."""
    try:
        asked = await _sent(request)
    except InvalidSetting as error:
        return _refused(error)
    return await _answered(function, asked)


async def _answered(function: Any, *arguments: Any, limiter: CapacityLimiter | None = None) -> Response:
    try:
        content = await to_thread.run_sync(lambda: as_json(function(*arguments)), limiter=limiter)
    except GroklabError as error:
        return _refused(error)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        what = f"{type(error).__name__}: {error}"[:200]
        return _refused(StoreError(f"This cannot be shown ({what}). Was it written by another version of groklab?"))
    return Response(content, media_type="application/json")


def _refused(error: GroklabError) -> Response:
    status = 404 if isinstance(error, RunMissing) else 400 if isinstance(error, InvalidSetting) else 500
    return Response(as_json({"trouble": str(error)}), status_code=status, media_type="application/json")


async def _sent(request: Request) -> dict[str, Any]:
    content = await request.body()
    try:
        value = json.loads(content) if len(content) <= LARGEST else None
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise InvalidSetting(f"`body` must be settings as a JSON object of at most {LARGEST:,} bytes.")
    return value


def _followed(text: str) -> list[Followed]:
    """Read `KEY:STEP,KEY:STEP`."""
    pairs = [part.partition(":") for part in text.split(",") if part]
    return [Followed(key, int(step)) for key, _, step in pairs if step.removeprefix("-").isdecimal()]
