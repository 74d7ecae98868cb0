"""Google's own client against the sandbox."""

import unittest

from google import genai
from google.genai import errors, types

from sandbox import GOOGLE_URL, SandboxTest, break_next, change_providers, draw, png_size

MODEL = "gemini-nano-banana-2.1"


def picture(answer):
    """The first picture that is no thought."""
    parts = answer.candidates[0].content.parts
    return next(part.inline_data for part in parts if part.inline_data and not part.thought)


class GoogleTest(SandboxTest):
    def client(self, key="key", api_version=None, vertexai=False):
        options = types.HttpOptions(base_url=GOOGLE_URL, api_version=api_version)
        client = genai.Client(vertexai=vertexai, api_key=key, http_options=options)
        # It closes its connections when nobody refers to it, even in the middle of a call.
        self.addCleanup(client.close)
        return client

    def generate(self, contents, config=None, **options):
        models = self.client(**options).models
        return models.generate_content(model=MODEL, contents=contents, config=config)

    def test_a_picture_in_both_versions_of_the_api(self):
        for version in ("v1", "v1beta"):
            config = types.GenerateContentConfig(
                response_modalities=["IMAGE"],
                image_config=types.ImageConfig(aspect_ratio="3:4", image_size="2K"),
                thinking_config=types.ThinkingConfig(thinking_level="MINIMAL"),
            )
            answer = self.generate("a red fox in snow", config, api_version=version)
            self.assertEqual(answer.candidates[0].finish_reason, types.FinishReason.STOP)
            self.assertEqual(answer.model_version, MODEL)
            self.assertGreater(answer.usage_metadata.total_token_count, 1000)
            self.assertEqual(picture(answer).mime_type, "image/png")
            self.assertEqual(png_size(picture(answer).data), (1792, 2400))

    def test_a_picture_from_a_picture_with_text_and_thoughts(self):
        first = picture(self.generate("a fox"))
        answer = self.generate(
            ["now in the sea", types.Part.from_bytes(data=first.data, mime_type="image/png")],
            types.GenerateContentConfig(
                response_modalities=["TEXT", "IMAGE"],
                seed=3,
                thinking_config=types.ThinkingConfig(include_thoughts=True),
            ),
        )
        self.assertIn("image", answer.text)
        self.assertTrue(any(part.thought for part in answer.candidates[0].content.parts))
        self.assertEqual(png_size(picture(answer).data), (1024, 1024))

    def test_a_person_from_photos(self):
        photo = types.Part.from_bytes(data=draw("portrait of a woman"), mime_type="image/png")
        config = types.GenerateContentConfig(response_modalities=["IMAGE"], seed=7)

        def painted(photos):
            return picture(self.generate(["a studio portrait of this person", *[photo] * photos], config)).data

        with_photos = painted(4)
        self.assertEqual(png_size(with_photos), (1024, 1024))
        self.assertEqual(painted(4), with_photos)
        self.assertNotEqual(painted(0), with_photos)

    def test_a_declined_prompt(self):
        answer = self.generate("something forbidden")
        self.assertEqual(answer.prompt_feedback.block_reason, types.BlockedReason.PROHIBITED_CONTENT)
        self.assertIsNone(answer.candidates)

    def test_a_declined_picture(self):
        answer = self.generate("a forbidden-picture")
        self.assertEqual(answer.candidates[0].finish_reason, types.FinishReason.IMAGE_SAFETY)
        self.assertFalse(answer.candidates[0].content.parts)
        break_next("google", "refusal")
        answer = self.generate("a fox")
        self.assertEqual(answer.candidates[0].finish_reason, types.FinishReason.IMAGE_SAFETY)
        self.assertIsNone(answer.candidates[0].content)
        break_next("google", "no_images")
        answer = self.generate("a fox")
        self.assertEqual(answer.candidates[0].finish_reason, types.FinishReason.NO_IMAGE)

    def test_errors_become_the_clients_classes(self):
        with self.assertRaises(errors.ClientError) as caught:
            self.generate("x", key="bad")
        self.assertEqual((caught.exception.code, caught.exception.status), (400, "INVALID_ARGUMENT"))
        reasons = [detail.get("reason") for detail in caught.exception.details["error"]["details"]]
        self.assertIn("API_KEY_INVALID", reasons)

        with self.assertRaises(errors.ClientError) as caught:
            self.client().models.generate_content(model="gemini-3.1-flash-image", contents="x")
        self.assertEqual(caught.exception.status, "NOT_FOUND")
        self.assertIn("is no longer available", caught.exception.message)

        break_next("google", "status", code=429, retry_after_seconds=42)
        with self.assertRaises(errors.ClientError) as caught:
            self.generate("x")
        self.assertEqual(caught.exception.status, "RESOURCE_EXHAUSTED")
        delays = [detail.get("retryDelay") for detail in caught.exception.details["error"]["details"]]
        self.assertIn("42s", delays)

        break_next("google", "status", code=503)
        with self.assertRaises(errors.ServerError) as caught:
            self.generate("x")
        self.assertEqual(caught.exception.status, "UNAVAILABLE")

    def test_models(self):
        names = [model.name for model in self.client().models.list(config={"page_size": 2})]
        self.assertIn(f"models/{MODEL}", names)
        self.assertNotIn("models/gemini-3.1-flash-image", names)
        model = self.client().models.get(model=MODEL)
        self.assertEqual(model.supported_actions, ["generateContent"])
        with self.assertRaises(errors.ClientError):
            self.client().models.get(model="gemini-9")

    def test_imagen_is_switched_off(self):
        with self.assertRaises(errors.ClientError) as caught:
            self.client(vertexai=True).models.generate_images(model="imagen-4.0-generate-001", prompt="a fox")
        self.assertEqual(caught.exception.status, "NOT_FOUND")

    def test_imagen_behind_a_gateway(self):
        change_providers(imagen="served")
        config = types.GenerateImagesConfig(
            number_of_images=2, aspect_ratio="16:9", include_rai_reason=True, output_mime_type="image/png"
        )
        answer = self.client(vertexai=True).models.generate_images(
            model="imagen-4.0-generate-001", prompt="a fox", config=config
        )
        sizes = [png_size(image.image.image_bytes) for image in answer.generated_images]
        self.assertEqual(sizes, [(1376, 768)] * 2)
        answer = self.client(vertexai=True).models.generate_images(
            model="imagen-4.0-generate-001", prompt="forbidden", config=config
        )
        self.assertTrue(all(image.rai_filtered_reason for image in answer.generated_images))


if __name__ == "__main__":
    unittest.main()
