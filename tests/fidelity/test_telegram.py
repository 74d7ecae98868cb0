"""A bot written with aiogram against the sandbox's Telegram, with a person driven from outside."""

import asyncio
import unittest
from urllib.error import HTTPError
from urllib.parse import urlencode

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.filters import Command, CommandStart
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
)

import sandbox

router = Router()


def button(text, data):
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=data)]])


@router.message(CommandStart())
async def start(message):
    await message.answer(
        f"<b>Hello</b>, {message.from_user.first_name}!", parse_mode="HTML", reply_markup=button("More", "more:1")
    )


@router.callback_query(F.data == "more:1")
async def more(query):
    await query.answer("Here you are")
    await query.message.edit_text("More of it", reply_markup=button("Less", "less:1"))


@router.message(Command("draw"))
async def draw(message, bot, picture):
    progress = await message.answer("Drawing …")
    await bot.send_chat_action(message.chat.id, "upload_photo")
    await bot.edit_message_media(
        InputMediaPhoto(media=BufferedInputFile(picture, "fox.png"), caption="a fox"),
        chat_id=message.chat.id,
        message_id=progress.message_id,
    )


@router.message(Command("album"))
async def album(message, picture):
    first = await message.answer_photo(BufferedInputFile(picture, "one.png"))
    await message.answer_media_group(
        [
            InputMediaPhoto(media=BufferedInputFile(picture, "two.png"), caption="an album"),
            InputMediaPhoto(media=first.photo[-1].file_id),
        ]
    )
    await first.delete()


@router.message(F.voice)
async def voice(message, bot):
    file = await bot.get_file(message.voice.file_id)
    content = (await bot.download_file(file.file_path)).read()
    await message.reply(f"{message.voice.duration} s, {message.voice.mime_type}, {content[:4].decode()}")


@router.message(F.video_note | F.sticker | F.audio | F.video | F.animation)
async def medium(message):
    await message.reply(message.content_type)


@router.message(F.media_group_id, F.photo)
async def album_photo(message, bot):
    file = await bot.get_file(message.photo[-1].file_id)
    content = (await bot.download_file(file.file_path)).read()
    await message.reply(f"{message.media_group_id}: {len(content)} bytes of {message.photo[-1].file_size}")


@router.message(F.photo)
async def photo(message, bot):
    file = await bot.get_file(message.photo[-1].file_id)
    content = (await bot.download_file(file.file_path)).read()
    await message.reply_document(BufferedInputFile(content, "same.jpg"), caption=f"{len(content)} bytes")


class Person:
    """Somebody who writes to the bot."""

    def __init__(self, first_name):
        person = sandbox.call("POST", "/people", {"first_name": first_name, "language_code": "en"})
        self.id = person["telegram_id"]
        self.after = 0

    def call(self, method, path, body=None, content_type="application/json"):
        return sandbox.call(method, f"/people/{self.id}{path}", body, content_type)

    async def does(self, path, body, content_type="application/json"):
        answer = await asyncio.to_thread(self.call, "POST", path, body, content_type)
        self.after = answer["after"]
        return answer

    async def sees(self, kind="message"):
        """The next thing of this kind that the bot does."""
        query = urlencode({"after": self.after, "timeout_ms": 20_000, "by": "bot", "types": kind})
        answer = await asyncio.to_thread(self.call, "GET", f"/events?{query}")
        if not answer["events"]:
            raise AssertionError(f"the bot did nothing of the kind {kind}")
        event = answer["events"][0]
        self.after = event["sequence"]
        return event.get("message", event)


class TelegramTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.TELEGRAM_URL))
        self.bot = Bot(sandbox.BOT_TOKEN, session=session)
        self.dispatcher = Dispatcher()
        self.dispatcher.include_router(router)
        # A picture as a model makes it.
        self.picture = await asyncio.to_thread(sandbox.draw, "a red fox")
        self.polling = asyncio.create_task(
            self.dispatcher.start_polling(
                self.bot,
                picture=self.picture,
                polling_timeout=1,
                handle_signals=False,
                close_bot_session=False,
            )
        )
        self.person = await asyncio.to_thread(Person, "Ann")

    async def asyncTearDown(self):
        await self.dispatcher.stop_polling()
        await self.polling
        # A router belongs to one dispatcher.
        router._parent_router = None
        await self.bot.session.close()
        await asyncio.to_thread(sandbox.call, "DELETE", "/faults")

    async def test_polling_sending_pressing_and_editing(self):
        await self.person.does("/text", {"text": "/start"})
        hello = await self.person.sees()
        self.assertEqual(hello["text"]["plain"], "Hello, Ann!")
        self.assertIn("<b>Hello</b>", hello["text"]["html"])
        await self.person.does("/press", {"message_id": hello["message_id"], "data": "more:1"})
        answered = await self.person.sees("callback_answered")
        self.assertEqual(answered["text"], "Here you are")
        edited = await self.person.sees("edited")
        self.assertEqual((edited["message_id"], edited["text"]["plain"]), (hello["message_id"], "More of it"))

    async def test_a_text_becomes_a_photo(self):
        await self.person.does("/text", {"text": "/draw"})
        progress = await self.person.sees()
        edited = await self.person.sees("edited")
        self.assertEqual(edited["message_id"], progress["message_id"])
        self.assertEqual((edited["kind"], edited["text"]["plain"]), ("photo", "a fox"))
        self.assertEqual((edited["media"]["width"], edited["media"]["height"]), sandbox.png_size(self.picture))

    async def test_an_album_of_an_upload_and_a_file_id(self):
        await self.person.does("/text", {"text": "/album"})
        single = await self.person.sees()
        items = [await self.person.sees(), await self.person.sees()]
        self.assertEqual([item["kind"] for item in items], ["photo", "photo"])
        self.assertIsNotNone(items[0]["media_group_id"])
        self.assertEqual(items[0]["media_group_id"], items[1]["media_group_id"])
        self.assertEqual(items[1]["message_id"], items[0]["message_id"] + 1)
        deleted = await self.person.sees("deleted")
        self.assertEqual(deleted["message_id"], single["message_id"])

    async def test_a_photo_is_downloaded_and_sent_back_as_a_file(self):
        await self.person.does("/photo", self.picture, "image/png")
        document = await self.person.sees()
        self.assertEqual(document["kind"], "document")
        self.assertEqual(document["text"]["plain"], f"{document['media']['size']} bytes")
        url = sandbox.DRIVING_URL.removesuffix("/sandbox") + document["media"]["url"]
        content = await asyncio.to_thread(sandbox.download, url)
        self.assertEqual(content[:3], b"\xff\xd8\xff")

    async def test_an_album_is_downloaded(self):
        answer = await asyncio.to_thread(self.person.call, "POST", "/sample-photos", {"count": 3})
        self.person.after = answer["after"]
        replies = [(await self.person.sees())["text"]["plain"] for _ in range(3)]
        self.assertEqual(len({reply.split(":")[0] for reply in replies}), 1)
        for reply in replies:
            words = reply.split()
            self.assertEqual(words[1], words[-1])

    async def test_voice_is_downloaded(self):
        query = urlencode({"words": "a red fox", "seconds": 7})
        await self.person.does(f"/voice?{query}", None)
        self.assertEqual((await self.person.sees())["text"]["plain"], "7 s, audio/ogg, OggS")

    async def test_other_media(self):
        for kind in ("audio", "video", "video_note", "animation", "sticker"):
            await self.person.does(f"/medium?kind={kind}&seconds=5", b"bytes of it", "application/octet-stream")
            self.assertEqual((await self.person.sees())["text"]["plain"], kind)

    async def test_the_profile(self):
        me = await self.bot.get_me()
        self.assertTrue(me.is_bot)
        await self.bot.set_my_commands([BotCommand(command="start", description="Begin")])
        [command] = await self.bot.get_my_commands()
        self.assertEqual((command.command, command.description), ("start", "Begin"))

    async def test_errors_become_the_clients_classes(self):
        await self.person.does("/text", {"text": "/start"})
        hello = await self.person.sees()
        chat, message = self.person.id, hello["message_id"]
        with self.assertRaisesRegex(TelegramBadRequest, "message is not modified"):
            await self.bot.edit_message_text(
                "<b>Hello</b>, Ann!",
                chat_id=chat,
                message_id=message,
                parse_mode="HTML",
                reply_markup=button("More", "more:1"),
            )
        with self.assertRaisesRegex(TelegramBadRequest, "message to edit not found"):
            await self.bot.edit_message_text("x", chat_id=chat, message_id=999_999)
        with self.assertRaisesRegex(TelegramBadRequest, "chat not found"):
            await self.bot.send_message(1, "x")
        with self.assertRaisesRegex(TelegramBadRequest, "message text is empty"):
            await self.bot.send_message(chat, " ")
        with self.assertRaisesRegex(TelegramBadRequest, "BUTTON_DATA_INVALID"):
            await self.bot.send_message(chat, "x", reply_markup=button("x", "x" * 65))

        await asyncio.to_thread(self.person.call, "POST", "/block")
        with self.assertRaisesRegex(TelegramForbiddenError, "bot was blocked by the user"):
            await self.bot.send_message(chat, "x")
        await asyncio.to_thread(self.person.call, "POST", "/unblock")

        await asyncio.to_thread(sandbox.break_next, "telegram", "status", "sendMessage", code=429, retry_after_seconds=17)
        with self.assertRaises(TelegramRetryAfter) as caught:
            await self.bot.send_message(chat, "x")
        self.assertEqual(caught.exception.retry_after, 17)
        await asyncio.to_thread(sandbox.break_next, "telegram", "status", "sendMessage", code=502)
        with self.assertRaises(TelegramServerError):
            await self.bot.send_message(chat, "x")

    async def test_other_tokens_open_nothing(self):
        with self.assertRaises(TelegramUnauthorizedError):
            await Bot("42:another-bots-token", session=self.bot.session).get_me()

    async def test_a_stranger_does_not_exist_for_the_driving_api(self):
        with self.assertRaises(HTTPError) as caught:
            await asyncio.to_thread(sandbox.call, "GET", "/people/1/transcript")
        self.assertEqual(caught.exception.code, 404)


if __name__ == "__main__":
    unittest.main()
