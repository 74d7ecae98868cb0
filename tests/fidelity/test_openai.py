"""OpenAI's own client against the sandbox."""

import base64
import struct
import unittest
import zlib

import openai

from sandbox import OPENAI_URL, SandboxTest, break_next


def png_with_bar(colour):
    """A picture of 64 × 64 pixels whose lowest sixteenth has a colour."""
    rows = [b"\0" + bytes((60, 120, 60)) * 64] * 60 + [b"\0" + bytes(colour) * 64] * 4

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + body).decode()


class OpenAiTest(SandboxTest):
    def setUp(self):
        super().setUp()
        self.client = openai.OpenAI(base_url=f"{OPENAI_URL}/v1", api_key="sk-test", max_retries=0)

    def tearDown(self):
        self.client.close()
        super().tearDown()

    def test_moderation_of_one_text(self):
        answer = self.client.moderations.create(model="omni-moderation-latest", input="a red fox in snow")
        self.assertTrue(answer.id.startswith("modr-"))
        [result] = answer.results
        self.assertFalse(result.flagged)
        self.assertLess(result.category_scores.sexual_minors, 0.01)
        self.assertEqual(result.category_applied_input_types.violence_graphic, ["text"])

    def test_moderation_of_several_texts(self):
        answer = self.client.moderations.create(input=["fine", "moderate-violence"])
        self.assertEqual([result.flagged for result in answer.results], [False, True])
        self.assertTrue(answer.results[1].categories.violence)

    def test_moderation_of_text_and_picture(self):
        for colour, flagged in (((255, 0, 255), True), ((90, 90, 90), False)):
            answer = self.client.moderations.create(
                model="omni-moderation-latest",
                input=[
                    {"type": "text", "text": "a photo"},
                    {"type": "image_url", "image_url": {"url": png_with_bar(colour)}},
                ],
            )
            [result] = answer.results
            self.assertEqual(result.categories.sexual, flagged)
            self.assertEqual(result.category_applied_input_types.sexual, ["text", "image"])

    def test_models(self):
        models = list(self.client.models.list())
        self.assertIn("omni-moderation-latest", [model.id for model in models])
        model = self.client.models.retrieve("omni-moderation-latest")
        self.assertEqual((model.object, model.shutdown_date), ("model", None))

    def test_errors_become_the_clients_classes(self):
        with self.assertRaises(openai.NotFoundError) as caught:
            self.client.models.retrieve("gpt-4")
        self.assertEqual(caught.exception.code, "model_not_found")
        with self.assertRaises(openai.NotFoundError):
            self.client.images.generate(prompt="x")
        with self.assertRaises(openai.BadRequestError):
            self.client.moderations.create(input=[])
        with self.assertRaises(openai.AuthenticationError) as caught:
            self.client.with_options(api_key="sk-bad").moderations.create(input="x")
        self.assertEqual(caught.exception.code, "invalid_api_key")
        self.assertIsNotNone(caught.exception.request_id)

    def test_limits_and_outages(self):
        break_next("openai", "status", code=429, retry_after_seconds=1)
        with self.assertRaises(openai.RateLimitError) as caught:
            self.client.moderations.create(input="x")
        self.assertEqual(caught.exception.code, "rate_limit_exceeded")
        self.assertEqual(caught.exception.response.headers["retry-after"], "1")
        break_next("openai", "status", code=503)
        with self.assertRaises(openai.InternalServerError):
            self.client.moderations.create(input="x")
        break_next("openai", "drop_connection")
        with self.assertRaises(openai.APIConnectionError):
            self.client.moderations.create(input="x")

    def test_the_client_comes_back_after_a_limit(self):
        break_next("openai", "status", code=429, retry_after_seconds=1)
        answer = self.client.with_options(max_retries=1).moderations.create(input="x")
        self.assertFalse(answer.results[0].flagged)


if __name__ == "__main__":
    unittest.main()
