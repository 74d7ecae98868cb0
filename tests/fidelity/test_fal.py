"""FAL's own client against the sandbox.

The client speaks https alone and reads its hosts when it is imported, so a TLS proxy is started first.
"""

import asyncio
import base64
import hashlib
import http.server
import io
import json
import os
import queue
import tempfile
import threading
import unittest
import urllib.error
import zipfile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sandbox import (
    FAL_URL,
    PATIENCE,
    SandboxTest,
    break_next,
    call,
    change_providers,
    download,
    draw,
    png_size,
)
from tls_proxy import TlsProxy, make_certificate

_directory = tempfile.TemporaryDirectory()
_certificate, _key = make_certificate(_directory.name)
os.environ["SSL_CERT_FILE"] = _certificate
os.environ["FAL_KEY"] = "id:secret"
os.environ["FAL_RUN_HOST"] = TlsProxy(FAL_URL, "/fal.run", _certificate, _key).host
os.environ["FAL_QUEUE_RUN_HOST"] = TlsProxy(FAL_URL, "", _certificate, _key).host

import fal_client  # noqa: E402  (its hosts are read at import)

# These hosts have no setting.
fal_client.client.REST_URL = FAL_URL
fal_client.client.CDN_URL = FAL_URL

FLUX = "fal-ai/flux/dev"
BANANA = "fal-ai/nano-banana-2"
LORA = "fal-ai/flux-lora"
PORTRAIT_TRAINER = "fal-ai/flux-lora-portrait-trainer"
FAST_TRAINER = "fal-ai/flux-lora-fast-training"
LIFECYCLE = "X-Fal-Object-Lifecycle-Preference"


class Receiver:
    """Receives webhooks on a free local port."""

    def __init__(self):
        self.arrivals = queue.Queue()
        arrivals = self.arrivals

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                arrivals.put((dict(self.headers), body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook?n=a b"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def is_signed(headers, body):
    """Checks a webhook's signature as FAL's documentation says."""
    headers = {name.lower(): value for name, value in headers.items()}
    message = "\n".join(
        [
            headers["x-fal-webhook-request-id"],
            headers["x-fal-webhook-user-id"],
            headers["x-fal-webhook-timestamp"],
            hashlib.sha256(body).hexdigest(),
        ]
    )
    signature = bytes.fromhex(headers["x-fal-webhook-signature"])
    for key in json.loads(download(f"{FAL_URL}/.well-known/jwks.json"))["keys"]:
        public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "=="))
        try:
            public.verify(signature, message.encode())
            return True
        except InvalidSignature:
            pass
    return False


def archive(photos):
    """A zip with so many photos."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for number in range(photos):
            file.writestr(f"{number:02}.png", draw("portrait of a woman"))
    return data.getvalue()


def held(path_end):
    """The files that FAL still holds and whose paths end so."""
    return [file for file in call("GET", "/providers/fal/files")["files"] if file["path"].endswith(path_end)]


def path_of(url):
    """The path of a file at FAL."""
    return url.removeprefix(FAL_URL)


class TrainingTest(SandboxTest):
    """From photos to pictures of a person."""

    def setUp(self):
        super().setUp()
        change_providers(training_ms=500, weights_bytes=300_000, longest_edge=512)

    def train(self, trainer=PORTRAIT_TRAINER, photos=10, **more):
        url = fal_client.upload(archive(photos), "application/zip", file_name="train.zip")
        return fal_client.submit(trainer, arguments={"images_data_url": url, **more})

    def test_a_training_with_its_log_and_its_weights(self):
        handle = self.train(trigger_phrase="ohwx person", steps=1000)
        events = list(handle.iter_events(with_logs=True, interval=0.02))
        told = [line["message"] for event in events if getattr(event, "logs", None) for line in event.logs]
        self.assertIn("Found 10 images", told)
        self.assertIn("step 40/1000", told)
        running = [event for event in events if isinstance(event, fal_client.InProgress)]
        self.assertTrue(running)

        output = handle.get()
        weights = output["diffusers_lora_file"]
        data = download(weights["url"])
        self.assertEqual(len(data), weights["file_size"])
        length = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + length])
        metadata = header.pop("__metadata__")
        self.assertTrue(all(isinstance(value, str) for value in metadata.values()))
        self.assertEqual(max(tensor["data_offsets"][1] for tensor in header.values()), len(data) - 8 - length)
        self.assertEqual(json.loads(download(output["config_file"]["url"]))["images"], 10)

    def test_the_other_trainer_by_subscribe(self):
        url = fal_client.upload(archive(4), "application/zip", file_name="train.zip")
        lines = []
        output = fal_client.subscribe(
            FAST_TRAINER,
            arguments={"images_data_url": url, "trigger_word": "ohwx", "steps": 500},
            with_logs=True,
            on_queue_update=lambda update: lines.extend(getattr(update, "logs", None) or []),
        )
        self.assertTrue(any(line["message"] == "step 500/500" for line in lines))
        self.assertTrue(output["diffusers_lora_file"]["url"])

    def test_what_an_archive_lacks(self):
        handle = self.train(photos=9)
        self.assertEqual(list(handle.iter_events(interval=0.02))[-1].error_type, "archive_file_count_below_minimum")
        with self.assertRaises(fal_client.FalClientHTTPError) as caught:
            handle.get()
        self.assertEqual(caught.exception.status_code, 422)
        detail = caught.exception.response.json()["detail"][0]
        self.assertEqual((detail["loc"], detail["type"]), (["body", "images_data_url"], "archive_file_count_below_minimum"))

    def test_a_training_that_breaks_down_or_is_cancelled(self):
        break_next("fal", "training_failed")
        with self.assertRaises(fal_client.FalClientHTTPError) as caught:
            self.train().get()
        self.assertEqual(caught.exception.status_code, 500)

        change_providers(training_ms=60_000)
        handle = self.train()
        handle.cancel()
        self.assertEqual(list(handle.iter_events(interval=0.02))[-1].error_type, "client_cancelled")

    def test_a_locked_account_does_not_end_a_training(self):
        handle = self.train()
        break_next("fal", "status", operation="/status", code=403)
        with self.assertRaises(fal_client.FalClientHTTPError) as caught:
            handle.status()
        self.assertEqual(caught.exception.status_code, 403)
        self.assertIn("User is locked", str(caught.exception))
        self.assertTrue(handle.get()["diffusers_lora_file"]["url"])

    def test_a_forgotten_result(self):
        handle = self.train()
        list(handle.iter_events(interval=0.02))
        break_next("fal", "expired_result")
        with self.assertRaises(fal_client.FalClientHTTPError) as caught:
            handle.get()
        self.assertEqual(caught.exception.status_code, 404)

    def test_pictures_with_weights(self):
        weights = self.train(trigger_phrase="ohwx person").get()["diffusers_lora_file"]["url"]
        arguments = {
            "prompt": "ohwx person as an astronaut",
            "loras": [{"path": weights, "scale": 1}],
            "image_size": "portrait_4_3",
            "output_format": "png",
            "seed": 5,
        }
        output = fal_client.subscribe(LORA, arguments=arguments)
        first = download(output["images"][0]["url"])
        self.assertEqual(output["seed"], 5)
        self.assertEqual(download(fal_client.run(LORA, arguments=arguments)["images"][0]["url"]), first)
        without = fal_client.run(LORA, arguments={**arguments, "loras": []})
        self.assertNotEqual(download(without["images"][0]["url"]), first)

        call("DELETE", "/providers/fal" + path_of(weights))
        with self.assertRaises(fal_client.FalClientHTTPError) as caught:
            fal_client.subscribe(LORA, arguments=arguments)
        detail = caught.exception.response.json()["detail"][0]
        self.assertEqual((detail["loc"], detail["type"]), (["body", "loras", 0, "path"], "file_download_error"))

    def test_pictures_from_photos(self):
        photo = fal_client.upload(draw("portrait of a woman"), "image/png")
        arguments = {"prompt": "this person by the sea", "image_urls": [photo], "output_format": "png"}
        output = fal_client.subscribe(f"{BANANA}/edit", arguments=arguments)
        self.assertEqual(len(output["images"]), 1)
        with self.assertRaises(fal_client.FalClientHTTPError) as caught:
            fal_client.run(f"{BANANA}/edit", arguments={"prompt": "x"})
        self.assertEqual(caught.exception.response.json()["detail"][0]["type"], "missing")

    def test_files_live_as_long_as_was_said(self):
        lifecycle = fal_client.StorageSettings(expires_in="1h")
        for more in ({}, {"repository": "fal"}):
            url = fal_client.upload(b"PK..", "application/zip", file_name="short.zip", lifecycle=lifecycle, **more)
            self.assertEqual(download(url), b"PK..")
        self.assertEqual(len(held("/short.zip")), 2)
        forever = fal_client.upload(b"PK..", "application/zip", file_name="long.zip")

        handle = fal_client.submit(
            FLUX, arguments={"prompt": "x"}, headers={LIFECYCLE: '{"expiration_duration_seconds": 3600}'}
        )
        picture = handle.get()["images"][0]["url"]
        self.assertEqual(len(held(path_of(picture))), 1)
        call("POST", "/providers/fal/files/pass-time?seconds=3601")
        self.assertEqual(held("/short.zip") + held(path_of(picture)), [])
        with self.assertRaises(urllib.error.HTTPError):
            download(picture)
        self.assertEqual(download(forever), b"PK..")

    def test_a_large_file_in_parts(self):
        data = os.urandom(1024) * (101 * 1024)
        url = fal_client.upload(data, "application/zip", file_name="large.zip")
        self.assertEqual(download(url), data)
        with tempfile.NamedTemporaryFile(suffix=".zip") as file:
            file.write(data)
            file.flush()
            self.assertEqual(download(fal_client.upload_file(file.name)), data)


class FalTest(SandboxTest):
    def test_the_synchronous_api(self):
        output = fal_client.run(FLUX, arguments={"prompt": "a red fox", "output_format": "png", "seed": 5})
        [image] = output["images"]
        self.assertEqual(output["seed"], 5)
        self.assertEqual(png_size(download(image["url"])), (image["width"], image["height"]))

    def test_the_queue_with_its_events(self):
        handle = fal_client.submit(BANANA, arguments={"prompt": "a fox", "num_images": 2, "aspect_ratio": "9:16"})
        events = list(handle.iter_events(with_logs=True, interval=0.02))
        self.assertIsInstance(events[0], (fal_client.Queued, fal_client.InProgress))
        done = events[-1]
        self.assertIsInstance(done, fal_client.Completed)
        self.assertIsNone(done.error)
        self.assertIn("inference_time", done.metrics)
        output = handle.get()
        self.assertEqual([(image["width"], image["height"]) for image in output["images"]], [(768, 1376)] * 2)

    def test_subscribe_and_a_handle_made_from_an_id(self):
        seen = []
        output = fal_client.subscribe(
            "fal-ai/flux-lora", arguments={"prompt": "x"}, with_logs=True, on_enqueue=seen.append
        )
        self.assertEqual(len(output["images"]), 1)
        self.assertEqual(fal_client.result("fal-ai/flux-lora", seen[0]), output)
        self.assertIsInstance(fal_client.status("fal-ai/flux-lora", seen[0]), fal_client.Completed)

    def test_an_endpoint_with_a_path(self):
        handle = fal_client.submit("fal-ai/flux-pro/v1.1-ultra", arguments={"prompt": "x"}, priority="low")
        self.assertTrue(handle.status_url.endswith(f"/fal-ai/flux-pro/requests/{handle.request_id}/status"))
        self.assertEqual(len(handle.get()["images"]), 1)

    def test_the_asynchronous_client(self):
        async def subscribe():
            return await fal_client.subscribe_async(FLUX, arguments={"prompt": "x"})

        self.assertEqual(len(asyncio.run(subscribe())["images"]), 1)

    def test_cancelling(self):
        change_providers(generation_ms=60_000)
        handle = fal_client.submit(FLUX, arguments={"prompt": "x"})
        handle.cancel()
        self.assertEqual(list(handle.iter_events(interval=0.02))[-1].error_type, "client_cancelled")
        with self.assertRaises(fal_client.FalClientHTTPError) as caught:
            handle.cancel()
        self.assertEqual(caught.exception.status_code, 400)

    def test_errors_become_the_clients_class(self):
        handle = fal_client.submit(BANANA, arguments={"prompt": "forbidden"})
        with self.assertRaises(fal_client.FalClientHTTPError) as caught:
            handle.get()
        self.assertEqual(caught.exception.status_code, 422)
        self.assertEqual(caught.exception.response.json()["detail"][0]["type"], "content_policy_violation")

        with self.assertRaises(fal_client.FalClientHTTPError) as caught:
            fal_client.SyncClient(key="bad:key").submit(FLUX, arguments={"prompt": "x"})
        self.assertEqual(caught.exception.status_code, 401)

        change_providers(fal_account="locked")
        with self.assertRaises(fal_client.FalClientHTTPError) as caught:
            fal_client.submit(FLUX, arguments={"prompt": "x"})
        self.assertEqual(caught.exception.status_code, 403)
        self.assertIn("User is locked", str(caught.exception))

    def test_the_client_comes_back_after_a_limit(self):
        break_next("fal", "status", code=429)
        self.assertEqual(len(fal_client.run(FLUX, arguments={"prompt": "x"})["images"]), 1)

    def test_a_start_that_takes_too_long(self):
        change_providers(queue_ms=60_000)
        handle = fal_client.submit(FLUX, arguments={"prompt": "x"}, start_timeout=1.5)
        with self.assertRaises(fal_client.FalClientHTTPError) as caught:
            handle.get(interval=0.1)
        self.assertEqual(caught.exception.status_code, 504)
        self.assertEqual(caught.exception.error_type, "request_timeout")

    def test_uploads(self):
        url = fal_client.upload(b"PK..", "application/zip", file_name="train.zip")
        self.assertTrue(url.endswith("/train.zip"))
        self.assertEqual(download(url), b"PK..")
        url = fal_client.upload(b"abc", "image/png", repository="fal")
        self.assertEqual(download(url), b"abc")

    def test_webhooks(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        handle = fal_client.submit(FLUX, arguments={"prompt": "x"}, webhook_url=receiver.url)
        headers, body = receiver.arrivals.get(timeout=PATIENCE)
        self.assertTrue(is_signed(headers, body))
        told = json.loads(body)
        self.assertEqual((told["request_id"], told["status"]), (handle.request_id, "OK"))
        self.assertEqual(told["payload"], handle.get())

        break_next("fal", "forged_webhook")
        fal_client.submit(FLUX, arguments={"prompt": "x"}, webhook_url=receiver.url)
        self.assertFalse(is_signed(*receiver.arrivals.get(timeout=PATIENCE)))


if __name__ == "__main__":
    unittest.main()
