"""OpenAI's own client against the sandbox."""

import base64
import json
import struct
import unittest
import zlib

import openai

from sandbox import DRIVING_URL, OPENAI_URL, SandboxTest, break_next, download, voice


def png_with_bar(colour):
    """A picture of 64 × 64 pixels whose lowest sixteenth has a colour."""
    rows = [b"\0" + bytes((60, 120, 60)) * 64] * 60 + [b"\0" + bytes(colour) * 64] * 4

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + body).decode()


def test_picture(kind, variant=0):
    """One of the sandbox's test pictures as a data URL."""
    jpeg = download(f"{DRIVING_URL}/pictures/{kind}/{variant}?width=320&height=400")
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()


def closed(properties):
    """A strict schema of an object with these properties."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


PHOTO = closed({
    "faces": {"type": "integer"},
    "sunglasses": {"type": "boolean"},
    "angle": {"type": "string", "enum": ["front", "three_quarter", "profile", "back"]},
    "description": {"type": "string"},
})


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
        for kind, flagged in (("unsafe", True), ("clear", False)):
            picture = {"type": "image_url", "image_url": {"url": test_picture(kind)}}
            answer = self.client.moderations.create(model="omni-moderation-latest", input=[picture])
            self.assertEqual(answer.results[0].flagged, flagged)

    def test_chat_makes_a_prompt_richer(self):
        messages = [
            {"role": "developer", "content": "Improve the prompt, in English."},
            {"role": "user", "content": "рыжая лиса на снегу"},
        ]
        answer = self.client.chat.completions.create(model="gpt-6-luna", messages=messages, seed=1)
        [choice] = answer.choices
        self.assertEqual((choice.finish_reason, choice.message.refusal), ("stop", None))
        self.assertTrue(choice.message.content.startswith("red fox on snow, "))
        self.assertEqual(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens)
        again = self.client.chat.completions.create(model="gpt-6-luna", messages=messages, seed=2)
        self.assertNotEqual(again.choices[0].message.content, choice.message.content)

    def test_chat_sees_and_answers_by_a_schema(self):
        for kind, faces, sunglasses, angle in (
            ("clear", 1, False, "front"), ("two_faces", 2, False, "front"), ("sunglasses", 1, True, "front"), ("profile", 1, False, "profile"),
        ):
            answer = self.client.chat.completions.create(
                model="gpt-6-luna",
                messages=[{"role": "user", "content": [
                    {"type": "text", "text": "Look at it"},
                    {"type": "image_url", "image_url": {"url": test_picture(kind), "detail": "low"}},
                ]}],
                response_format={"type": "json_schema", "json_schema": {"name": "photo", "strict": True, "schema": PHOTO}},
            )
            photo = json.loads(answer.choices[0].message.content)
            self.assertEqual((photo["faces"], photo["sunglasses"], photo["angle"]), (faces, sunglasses, angle), kind)
            self.assertIn("dominated by", photo["description"])

    def test_responses_see_and_answer_by_a_schema(self):
        answer = self.client.responses.create(
            model="gpt-6-luna",
            instructions="Is it one person?",
            input=[{"role": "user", "content": [
                {"type": "input_image", "image_url": test_picture(kind), "detail": "auto"}
                for kind in ("clear", "other_person", "clear")
            ]}],
            text={"format": {"type": "json_schema", "name": "people", "strict": True, "schema": closed({
                "same_person": {"type": "boolean"}, "outliers": {"type": "array", "items": {"type": "integer"}},
            })}},
        )
        self.assertEqual((answer.status, answer.error, answer.incomplete_details), ("completed", None, None))
        self.assertEqual([item.type for item in answer.output], ["reasoning", "message"])
        self.assertEqual(json.loads(answer.output_text), {"same_person": False, "outliers": [1]})
        self.assertGreater(answer.usage.input_tokens, 0)

    def test_refusals_and_cut_answers(self):
        answer = self.client.chat.completions.create(model="gpt-6-luna", messages=[{"role": "user", "content": "something forbidden"}])
        self.assertIsNone(answer.choices[0].message.content)
        self.assertIn("can't help", answer.choices[0].message.refusal)
        answer = self.client.responses.create(model="gpt-6-luna", input="a red fox", max_output_tokens=3)
        self.assertEqual((answer.status, answer.incomplete_details.reason), ("incomplete", "max_output_tokens"))
        answer = self.client.responses.create(model="gpt-6-luna", input="something forbidden")
        self.assertEqual(answer.output[1].content[0].type, "refusal")

    def test_strict_schemas_must_be_strict(self):
        loose = {"type": "object", "properties": {"ok": {"type": "boolean"}}}
        with self.assertRaisesRegex(openai.BadRequestError, "additionalProperties"):
            self.client.responses.create(
                model="gpt-6-luna", input="x",
                text={"format": {"type": "json_schema", "name": "x", "strict": True, "schema": loose}},
            )

    def test_transcription(self):
        recording = ("voice.ogg", voice("a red fox in the snow", 3), "audio/ogg")
        answer = self.client.audio.transcriptions.create(model="gpt-transcribe", file=recording, language="en")
        self.assertEqual(answer.text, "a red fox in the snow")
        self.assertEqual(answer.usage.type, "tokens")
        verbose = self.client.audio.transcriptions.create(
            model="whisper-1", file=recording, response_format="verbose_json", timestamp_granularities=["word", "segment"],
        )
        self.assertEqual((verbose.duration, verbose.words[2].word, len(verbose.segments)), (3.0, "fox", 1))
        text = self.client.audio.transcriptions.create(model="whisper-1", file=recording, response_format="text")
        self.assertEqual(text, "a red fox in the snow\n")
        with self.assertRaisesRegex(openai.BadRequestError, "Unrecognized file format"):
            self.client.audio.transcriptions.create(model="gpt-transcribe", file=("voice.oga", recording[1], "audio/ogg"))
        with self.assertRaises(openai.BadRequestError):
            self.client.audio.transcriptions.create(model="gpt-4o-transcribe", file=recording, response_format="text")

    def test_a_spent_budget_is_not_tried_again(self):
        body = {"error": {"message": "You exceeded your current quota.", "type": "insufficient_quota", "param": None, "code": "insufficient_quota"}}
        break_next("openai", "status", "/chat/completions", times="always", code=429, body=body, headers={"x-should-retry": "false"})
        with self.assertRaises(openai.RateLimitError) as caught:
            self.client.with_options(max_retries=3).chat.completions.create(model="gpt-6-luna", messages=[{"role": "user", "content": "x"}])
        self.assertEqual(caught.exception.code, "insufficient_quota")
        # The other routes are as before.
        self.assertFalse(self.client.moderations.create(input="x").results[0].flagged)

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
