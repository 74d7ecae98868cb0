"""Walks through the page: what a stranger does first, and what the page shows beside it."""

import unittest

from browser import DESKTOP, PHONE, Page
from sandbox import Sandbox

PROMPT = "a red fox in snow"


class PageTest(unittest.TestCase):
    """A page over a sandbox of its own."""

    screen = None
    language = "en"
    colours = "light"

    def setUp(self):
        self.sandbox = self.enterContext(Sandbox())
        self.anna = self.sandbox.add_person("Anna", "Fox", "en")
        self.maria = self.sandbox.add_person("Мария", "Белова", "ru")
        person = {"en": self.anna, "ru": self.maria}[self.language]
        url = f"{self.sandbox.urls['page']}/?person={person}"
        self.page = self.enterContext(Page(url, self.screen, self.colours))
        self.addCleanup(self.tell_log_after_failure)

    def tell_log_after_failure(self):
        outcome = self._outcome.result
        if any(test is self for test, _ in outcome.failures + outcome.errors):
            print(self.sandbox.log())

    def tearDown(self):
        self.assertEqual(self.page.complaints(), [])

    def assert_fits(self):
        self.assertFalse(self.page.is_wider_than_the_screen(), "nothing is beside the screen")

    def begin(self):
        """/start, the terms, the welcome credits."""
        page = self.page
        page.click(".composer-big", words="Start")
        page.see("Before we begin, the terms")
        self.assert_fits()
        page.shoot("terms")
        page.key("Accept")
        page.see("40 credits are yours: enough for 8 images")
        page.see_gone("Before we begin, the terms")
        for button in ["New image", "Gallery", "Balance", "Settings", "Help"]:
            self.assertIsNotNone(page.find(".key", words=button), button)

    def draw_four(self):
        """/imagine, four images, paid for and delivered as an album."""
        page = self.page
        page.write(f"/imagine {PROMPT}")
        page.see("Shall I draw this?")
        self.assertIsNotNone(page.find(".key", exactly="Draw 1 · 5 credits"))
        page.key_exactly("4")
        page.wait("the price of four", lambda: page.find(".key", exactly="Draw 4 · 20 credits"))
        self.assertIsNotNone(page.find(".key", exactly="✓ 4"))
        page.shoot("offer")
        page.key("Draw 4")
        page.see_gone("Shall I draw this?")
        page.see("Drawing…")
        page.shoot("progress")
        page.see("Here are your 4 images.")
        page.see("Paid: 20 credits.")
        page.see_gone("Almost there")
        page.wait("four photos", lambda: page.photos(page.last_photo_row()) == 4)
        album = page.last_photo_row()
        self.assertIn(PROMPT, album.text)
        self.assertIn("Made by AI", album.text)
        self.assert_fits()
        page.shoot("album")


class Desk(PageTest):
    """At a desk: the chat, and beside it what the system does."""

    screen = DESKTOP

    def test_a_first_visit(self):
        page = self.page
        self.begin()
        page.see("40", ".balance-total")
        self.draw_four()

        # What is beside the chat agrees.
        page.wait("the balance after the album", lambda: page.find(".balance-total", words="20"))
        page.see("welcome", "#pane-money .line")
        page.click("#tab-work")
        page.see("delivered", "#pane-work .chip")
        page.see(PROMPT, "#pane-work .line")
        page.shoot("work")
        page.click("#tab-calls")
        page.see("gemini-nano-banana-2.1", "#pane-calls")
        page.shoot("calls")
        page.click("#tab-money")

        # A favourite among the four, and a photo looked at in large.
        page.key_exactly("☆ 1")
        page.wait("the star", lambda: page.find(".key", exactly="★ 1"))
        page.click(".row.has-media .photo")
        page.see("4 of 4", "dialog .viewer-count")
        page.shoot("viewer")
        page.click("dialog .viewer-close")

        self.walk_through_gallery()
        self.look_at_balance()
        self.change_settings()

    def walk_through_gallery(self):
        page = self.page
        page.command("gallery")
        page.see("1 of 4")
        page.wait("the card's photo", lambda: page.photos(page.last_photo_row()) == 1)
        page.shoot("gallery")
        page.key("Older ▶")
        page.see("2 of 4")
        page.key("◀ Newer")
        page.see("1 of 4")
        page.key_exactly("☆ Favourite")
        page.wait("the star", lambda: page.find(".key", exactly="★ Favourite"))
        page.key_exactly("★ Favourites")
        page.see("1 of 2")
        page.key("All images")
        page.see("1 of 4")
        page.key_exactly("🗑 Delete")
        page.key("Yes, delete it")
        page.see("Deleted.", ".toast")
        page.see("1 of 3")
        page.shoot("deleted")
        page.key("Original")
        page.see(".png", ".file-name")

    def look_at_balance(self):
        page = self.page
        page.command("balance")
        page.see("20 credits to spend")
        page.see("welcome gift")
        page.see("20 credits spent on images")
        page.shoot("balance")
        page.click(".balance .button", words="Give 500 credits")
        page.see("520", ".balance-total")
        page.write("/balance")
        page.see("520 credits to spend")

    def change_settings(self):
        page = self.page
        page.command("settings")
        page.see("Images at once: 1")
        page.key("Language")
        page.see("Which language shall I speak?")
        page.key("Русский")
        page.see("Язык: Русский")
        page.shoot("settings")
        page.key("Язык")
        page.key("English")
        page.see("Language: English")
        page.key("Count")
        page.see("How many images at once?")
        page.key_exactly("2")
        page.see("Images at once: 2")
        # It acts: a text out of the blue is offered as two.
        page.write("a lighthouse in a storm")
        page.see("a lighthouse in a storm", ".row:not(.out) .bubble")
        page.wait("the price of two", lambda: page.find(".key", exactly="Draw 2 · 10 credits"))
        page.key("Not now")
        page.see("All right, not this one.")

    def test_photos_and_voice_are_sent(self):
        page = self.page
        self.begin()
        page.attach("Sample photos")
        page.wait("the samples", lambda: page.loaded("dialog.samples img") == 18)
        page.shoot("samples")
        page.click(".samples-dozen")
        page.wait("twelve photos", lambda: page.loaded(".row.out .album img.full") == 12)
        self.assertEqual(len(page.driver.find_elements("css selector", ".row.out .album")), 2)
        self.assert_fits()
        page.shoot("two-albums")
        page.attach("Sample photos")
        page.click("dialog.samples .sample", words="Sunglasses")
        page.wait("a single photo", lambda: page.loaded(".row.out .media:not(.album) img.full") == 1)

        page.choose_files("Photo or album", self.sandbox.pictures("clear", 12))
        page.see("Send 12 photos in 2 albums", "dialog h3")
        page.shoot("twelve-chosen")
        page.click("dialog .button-main")
        page.wait("24 photos", lambda: page.loaded(".row.out .album img.full") == 24)
        page.choose_files("File", self.sandbox.pictures("dark", 2))
        page.click("dialog .button-main", words="Send")
        page.see("dark-1.jpg", ".row.out .file")

        page.attach("Voice message")
        page.wait("the field for the words", lambda: page.find('dialog [name="words"]')).send_keys("a red fox in the snow")
        page.shoot("voice")
        page.click("dialog .button-main", words="Send")
        page.wait("the voice message", lambda: page.find(".row.out .voice"))
        page.shoot("voice-sent")

    def test_an_avatar_is_made_and_drawn(self):
        """Consent, twelve photos, training, two drawings, a voice message, the gallery."""
        page = self.page
        self.begin()
        page.click(".balance .button", words="Give 500 credits")
        page.see("540", ".balance-total")
        page.command("avatars")
        page.see("You have no avatars yet.")
        page.key("New avatar")
        page.see("you are 18 or older")
        page.shoot("consent")
        page.key("I agree")
        page.see("What shall we call the avatar?")
        page.write("Anna")
        page.see("what kind will it be?")
        page.shoot("kinds")
        page.key("Portrait")
        page.see("0 of 20 accepted.")
        page.attach("Sample photos")
        page.wait("the samples", lambda: page.loaded("dialog.samples img") == 18)
        page.click(".samples-dozen")
        page.see("12 of 20 accepted.")
        page.wait("a complete set", lambda: page.find(".key", words="Continue"))
        page.shoot("twelve-accepted")
        page.key("Continue")
        page.key("Standard · 200 credits")
        page.see("Is everything right?")
        page.shoot("confirm")
        page.key("Train · 200 credits")
        page.see("Training")
        page.shoot("training")
        page.see('The avatar "Anna" is ready!')
        page.see("Here are your 2 images.")
        page.see("Free of charge.")
        page.wait("two previews", lambda: page.photos(page.last_photo_row()) == 2)
        page.see("340", ".balance-total")
        page.shoot("previews")

        page.write("/draw as an astronaut on the moon")
        page.see("as an astronaut on the moon", ".row:not(.out) .bubble")
        page.key("Draw 1 · 5 credits")
        page.wait("the first drawing", lambda: page.find(".row.has-media", words="as an astronaut on the moon"))
        page.attach("Voice message")
        words = page.wait("the field for the words", lambda: page.find('dialog [name="words"]'))
        words.send_keys("in an old library")
        page.click("dialog .button-main", words="Send")
        page.see("in an old library", ".row:not(.out) .bubble")
        page.shoot("voice-heard")
        page.key("Draw me")
        page.see("Shall I draw this?")
        page.key("Draw 1 · 5 credits")
        page.wait("the second drawing", lambda: page.find(".row.has-media", words="in an old library"))
        page.see("330", ".balance-total")
        page.shoot("two-drawings")
        page.command("gallery")
        page.see("1 of 4")
        page.see("Anna", ".row.has-media")
        page.shoot("gallery-of-avatar")

    def test_a_fault_of_one_route_is_switched_on(self):
        page = self.page
        page.click("#tab-faults")
        group = 'details[data-service="openai /audio/transcriptions"]'
        page.click(f"#pane-faults {group} summary")
        page.click(f'#pane-faults {group} [role="switch"][aria-label="No budget"]')
        switch = f'#pane-faults {group} [role="switch"][aria-label="No budget"][aria-checked="true"]'
        page.wait("the switch to be on", lambda: page.find(switch))
        page.see("1 on", f"#pane-faults {group} .chip")
        self.assertIsNone(page.find('#pane-faults details[data-service="openai"] .chip'))
        page.shoot("fault-of-a-route")

    def test_the_bot_is_killed_and_started(self):
        page = self.page
        self.begin()
        page.click(".bot-actions .button", words="Kill")
        page.see("Bot is not running", ".bot-state")
        page.see("It was killed", ".bot-last")
        page.write("/help")
        page.shoot("killed")
        page.click(".bot-actions .button", words="Start the bot")
        page.see("Bot is running", ".bot-state")
        page.see("How it works")

    def test_a_fault_is_switched_on(self):
        page = self.page
        self.begin()
        page.click("#tab-faults")
        page.click("#pane-faults summary", words="Google")
        page.click('#pane-faults details[data-service="google"] [aria-label="Refuses the prompt: for the next call only"]')
        page.see("Once · 1", '#pane-faults details[data-service="google"]')
        page.shoot("fault")
        page.write("a harbour at dawn")
        page.key("Draw 1")
        page.see("This one isn't possible.")
        page.click("#tab-money")
        page.see("40", ".balance-total")
        page.shoot("refused")


class Phone(PageTest):
    """With a phone: one screen at a time."""

    screen = PHONE

    def test_a_first_visit(self):
        page = self.page
        self.assertIsNone(page.find(".scenes"), "only the chat is shown")
        self.begin()
        self.draw_four()
        page.click(".screens button", words="Behind the scenes")
        page.see("20", ".balance-total")
        self.assertIsNone(page.find("main.chat"), "only the scenes are shown")
        self.assert_fits()
        page.shoot("money")
        page.click(".screens button", words="Chat")
        page.command("gallery")
        page.see("1 of 4")
        page.wait("the card's photo", lambda: page.photos(page.last_photo_row()) == 1)
        self.assert_fits()
        page.shoot("gallery")
        page.click("#back-to-people")
        page.see("Мария Белова", ".person")
        self.assert_fits()
        page.shoot("people")


class PhoneInRussian(PageTest):
    """With a phone that speaks Russian and is dark."""

    screen = PHONE
    language = "ru"
    colours = "dark"

    def test_a_first_image(self):
        page = self.page
        page.click(".composer-big", words="Start")
        page.key("Принимаю")
        page.see("40 кредитов")
        page.write("рыжая лиса на снегу")
        page.see("Рисуем это?")
        page.key("Нарисовать 1")
        page.wait("the photo", lambda: page.last_photo_row() and page.photos(page.last_photo_row()) == 1)
        page.see("рыжая лиса на снегу", ".row.has-media")
        self.assert_fits()
        page.shoot("dark-image")
        page.write("/balance")
        page.see("35 кредитов")
        page.shoot("dark-balance")
        page.attach("Sample photos")
        page.wait("the samples", lambda: page.loaded("dialog.samples img") == 18)
        self.assert_fits()
        page.shoot("dark-samples")
        page.click(".samples-dozen")
        page.wait("twelve photos", lambda: page.loaded(".row.out .album img.full") == 12)
        self.assert_fits()
        page.shoot("dark-albums")
        page.attach("Voice message")
        page.wait("the field for the words", lambda: page.find('dialog [name="words"]'))
        page.shoot("dark-voice")


if __name__ == "__main__":
    unittest.main(verbosity=2)
