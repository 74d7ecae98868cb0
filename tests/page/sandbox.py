"""A sandbox with its bot, over a directory of its own."""

import json
import os
import pathlib
import subprocess
import tempfile
import urllib.request

WORK = pathlib.Path(os.environ["PAGE_WORK"])
# How long the sandbox may take to start, and to stop in order; seconds.
START_PATIENCE = 60
STOP_PATIENCE = 40


class Sandbox:
    """The running sandbox; a context manager that stops it."""

    def __init__(self):
        self.data = pathlib.Path(tempfile.mkdtemp(prefix="sandbox.", dir=WORK))
        command = [os.environ["PAGE_SANDBOX"], "serve", "--json", "--data", str(self.data)]
        self._log = open(self.data.with_suffix(".log"), "w", encoding="utf-8")
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._log, text=True)
        line = self._process.stdout.readline()
        if not line:
            self._process.wait(START_PATIENCE)
            raise RuntimeError(f"the sandbox ended at its start: {self.log()}")
        self.urls = json.loads(line)
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(STOP_PATIENCE)
        self._log.close()

    def call(self, method, path, body=None):
        """Calls the driving API."""
        request = urllib.request.Request(
            self.urls["driving"] + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"content-type": "application/json"},
        )
        with self._opener.open(request, timeout=START_PATIENCE) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def add_person(self, first_name, last_name, language):
        """Somebody to be; their Telegram id."""
        names = {"first_name": first_name, "last_name": last_name, "language_code": language}
        return self.call("POST", "/people", names)["telegram_id"]

    def pictures(self, kind, count):
        """Files with so many test pictures of a kind."""
        paths = []
        for variant in range(count):
            path = self.data / f"{kind}-{variant}.jpg"
            with self._opener.open(f"{self.urls['driving']}/pictures/{kind}/{variant}", timeout=START_PATIENCE) as answer:
                path.write_bytes(answer.read())
            paths.append(path)
        return paths

    def log(self):
        """What the sandbox and the bot wrote to their logs."""
        bot = self.data / "bot.log"
        words = [self.data.with_suffix(".log").read_text(encoding="utf-8")]
        if bot.exists():
            words.append(bot.read_text(encoding="utf-8"))
        return "\n".join(words)[-4000:]
