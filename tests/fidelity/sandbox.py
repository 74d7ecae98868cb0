"""Where the sandbox listens, its fault switches, and a person to be."""

import base64
import functools
import json
import os
import struct
import unittest
import urllib.request
from urllib.parse import urlencode

GOOGLE_URL = os.environ["SANDBOX_GOOGLE_URL"]
FAL_URL = os.environ["SANDBOX_FAL_URL"]
OPENAI_URL = os.environ["SANDBOX_OPENAI_URL"]
TELEGRAM_URL = os.environ.get("SANDBOX_TELEGRAM_URL", "")
BOT_TOKEN = os.environ.get("SANDBOX_BOT_TOKEN", "")
DRIVING_URL = os.environ["SANDBOX_DRIVING_URL"]

# The longest that anything here takes, seconds.
PATIENCE = 30

# Local addresses are called without a proxy, whatever the environment says.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(method, path, body=None, content_type="application/json"):
    """Calls the driving API and gives the parsed answer, or None for an empty one."""
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
    request = urllib.request.Request(DRIVING_URL + path, data=body, method=method)
    if body is not None:
        request.add_header("content-type", content_type)
    with _opener.open(request, timeout=PATIENCE) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def download(url):
    """The bytes behind a URL."""
    with _opener.open(url, timeout=PATIENCE) as answer:
        return answer.read()


def break_next(service, kind, operation=None, times="once", **details):
    """The next call of the service obeys this fault."""
    rule = {"service": service, "fault": {"kind": kind, **details}, "times": times}
    if operation:
        rule["operation"] = operation
    call("POST", "/faults", rule)


def change_providers(**settings):
    """Changes how the providers' servers behave."""
    call("PATCH", "/providers", settings)


@functools.cache
def draw(prompt):
    """A PNG from the sandbox's own painter, drawn once."""
    contents = [{"parts": [{"text": prompt}]}]
    body = {"contents": contents, "generationConfig": {"responseModalities": ["IMAGE"]}}
    request = urllib.request.Request(
        f"{GOOGLE_URL}/v1beta/models/gemini-nano-banana-2.1:generateContent",
        data=json.dumps(body).encode(),
        headers={"x-goog-api-key": "key", "content-type": "application/json"},
    )
    answer = json.loads(download(request))
    return base64.b64decode(answer["candidates"][0]["content"]["parts"][-1]["inlineData"]["data"])


@functools.cache
def voice(words, seconds):
    """An OGG/Opus recording of so many seconds that says the words, as a person's Telegram sends it."""
    person = call("POST", "/people", {"first_name": "Speaker"})["telegram_id"]
    answer = call("POST", f"/people/{person}/voice?{urlencode({'words': words, 'seconds': seconds})}")
    return download(DRIVING_URL.removesuffix("/sandbox") + answer["messages"][0]["media"]["url"])


def png_size(data):
    """Width and height from a PNG's header; anything else is an error."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        raise ValueError("not a PNG")
    return struct.unpack(">II", data[16:24])


class SandboxTest(unittest.TestCase):
    """A test that leaves no fault and no setting behind."""

    def setUp(self):
        self.settings = call("GET", "/providers")
        change_providers(generation_ms=100, queue_ms=50)

    def tearDown(self):
        call("DELETE", "/faults")
        change_providers(**self.settings)
