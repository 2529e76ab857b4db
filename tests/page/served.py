"""The page of a store, served by a real server in another thread."""

import base64
import contextlib
import http.client
import json
import threading
import time
from urllib.parse import urlsplit

import numpy as np
import uvicorn

from groklab.page import LOOPBACK
from groklab.page.application import application
from groklab.page.documents import Documents
from groklab.page.guard import Guard
from groklab.page.library import Library
from groklab.page.play import Play
from groklab.page.workshop import Workshop


@contextlib.contextmanager
def served(store, *, hosts=LOOPBACK, token=None, play=None):
    """Serve a store on a free port; yield its address."""
    play = play or Play(store.folder.url)
    guarded = Guard(application(Documents(Library(store), Workshop()), play), hosts, token)
    config = uvicorn.Config(guarded, port=0, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join()
        play.close()


def asked(address, path, *, method="GET", body=None, **headers):
    """Return the status, the headers and the text of an answer."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, f"/{path}", body, names)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, dict(answer.getheaders()), text


def value(address, path):
    """Return the value at an address."""
    status, _, text = asked(address, f"values/{path}")
    assert status == 200, text
    return json.loads(text)


def unpacked(found):
    """Return an array as it was before it was packed."""
    values = np.frombuffer(base64.b64decode(found["bytes"]), f"<{found['type']}")
    return values.reshape(found["shape"])


def heard(address, follow, *, until, seconds=20):
    """Listen to events until one suits; return all of them as pairs of a name and a value."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=seconds)
    connection.request("GET", f"/events?follow={follow}")
    answer, found, name = connection.getresponse(), [], ""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        line = answer.readline().decode().rstrip("\n")
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            found.append((name, json.loads(line.removeprefix("data: "))))
            if until(*found[-1]):
                break
    connection.close()
    return found
