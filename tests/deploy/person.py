"""A person of the sandbox, by its driving API."""

import json
import time
import urllib.error
import urllib.request

# Seconds.
PATIENCE = 90


def call(method, url, body=None, headers=None):
    """Calls an address; status and bytes."""
    request = urllib.request.Request(
        url,
        data=None if body is None else json.dumps(body).encode(),
        method=method,
        headers={"content-type": "application/json", **(headers or {})},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


class Person:
    """Somebody with a phone. What they have heard before is not heard again."""

    def __init__(self, driving):
        self._driving = driving
        names = {"first_name": "Anna", "last_name": "Fox", "language_code": "en"}
        self._id = self._do("POST", "/people", names)["telegram_id"]
        self._heard = 0

    def say(self, words):
        """Writes."""
        self._heard = self._do("POST", self._path("text"), {"text": words})["after"]

    def press(self, message, part):
        """Presses the button whose label contains `part`."""
        label = next(label for label in labels(message) if part in label)
        press = {"message_id": message["message_id"], "label": label}
        self._heard = self._do("POST", self._path("press"), press)["after"]

    def hear(self, what, is_so):
        """Waits for a message of the bot, new or edited, that is as it should be."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            path = f"events?after={self._heard}&timeout_ms=5000&by=bot&types=message,edited"
            for event in self._do("GET", self._path(path))["events"]:
                self._heard = event["sequence"]
                if is_so(event["message"]):
                    return event["message"]
        raise RuntimeError(f"waited {PATIENCE} s for {what}")

    def begin(self):
        """Accepts the terms."""
        self.say("/start")
        terms = self.hear("the terms", lambda message: any("Accept" in label for label in labels(message)))
        self.press(terms, "Accept")
        self.hear("the menu", lambda message: "40" in words(message))

    def order(self, prompt):
        """Asks for an image and presses the paid button."""
        self.say(f"/imagine {prompt}")
        card = self.hear("the card", lambda message: any("Draw" in label for label in labels(message)))
        self.press(card, "Draw")

    def receive(self):
        """Waits for the image."""
        self.hear("the image", lambda message: message.get("media"))

    def _path(self, rest):
        return f"/people/{self._id}/{rest}"

    def _do(self, method, path, body=None):
        status, answer = call(method, self._driving + path, body)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {answer.decode()}")
        return json.loads(answer)


def words(message):
    """What a message says."""
    return (message.get("text") or {}).get("plain", "")


def labels(message):
    """What its buttons say."""
    return [button["text"] for row in message.get("keyboard") or [] for button in row]
