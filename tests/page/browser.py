"""A browser, and what a person does and sees in it."""

import os
import pathlib
import tempfile

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

SCREENSHOTS = pathlib.Path(os.environ["PAGE_SCREENSHOTS"])
WORK = os.environ["PAGE_WORK"]
# The longest that anything may take, seconds: pictures are drawn and encoded in a debug build.
PATIENCE = 60

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--hide-scrollbars",
    "--lang=en-US",
]


class Screen:
    """Width and height of a screen in CSS pixels, how many device pixels one has, and whether it is touched."""

    def __init__(self, name, width, height, density, touched):
        self.name, self.width, self.height, self.density, self.touched = name, width, height, density, touched


DESKTOP = Screen("desktop", 1440, 900, 1, False)
PHONE = Screen("phone", 390, 844, 2, True)


class Page:
    """The page, as one person sees it. A context manager that closes the browser."""

    def __init__(self, url, screen, colours="light"):
        options = webdriver.ChromeOptions()
        options.binary_location = os.environ["PAGE_BROWSER"]
        for flag in [*FLAGS, f"--user-data-dir={tempfile.mkdtemp(prefix='browser.', dir=WORK)}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(os.environ["PAGE_DRIVER"]))
        self.screen = screen
        self.shots = 0
        self._command("Emulation.setDeviceMetricsOverride", {
            "width": screen.width,
            "height": screen.height,
            "deviceScaleFactor": screen.density,
            "mobile": screen.touched,
        })
        if screen.touched:
            self._command("Emulation.setTouchEmulationEnabled", {"enabled": True})
        # Half-way animations make no good picture, and nobody waits for them.
        self._command("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": colours},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]})
        self._command("Emulation.setTimezoneOverride", {"timezoneId": "Europe/Berlin"})
        self.driver.get(url)
        self.wait("the chat to be loaded", lambda: self.find("#composer button"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def _command(self, name, parameters):
        self.driver.execute_cdp_cmd(name, parameters)

    # Looking

    def find(self, selector, words=None, exactly=None):
        """What is visible, matches the selector and has the words in it, whatever their case: the last one, or None."""
        found = []
        for element in self.driver.find_elements(By.CSS_SELECTOR, selector):
            try:
                if not element.is_displayed():
                    continue
                text = element.text.strip().casefold()
            except StaleElementReferenceException:
                continue
            has_words = words is None or words.casefold() in text
            if has_words and (exactly is None or exactly.casefold() == text):
                found.append(element)
        return found[-1] if found else None

    def wait(self, what, look):
        """Waits until `look` gives something, and gives that."""
        def attempt(_):
            try:
                return look()
            except StaleElementReferenceException:
                return None

        try:
            return WebDriverWait(self.driver, PATIENCE, poll_frequency=0.1).until(attempt)
        except TimeoutException:
            shot = self.shoot("failed")
            raise AssertionError(f"waited in vain for {what} (see {shot}); the chat ends with:\n{self.chat()[-1500:]}") from None

    def see(self, words, selector=".bubble"):
        """Waits until the words are to be seen."""
        return self.wait(f"{words!r} in {selector}", lambda: self.find(selector, words=words))

    def see_gone(self, words, selector=".bubble"):
        """Waits until the words are not to be seen any more."""
        self.wait(f"{words!r} to go", lambda: self.find(selector, words=words) is None)

    def chat(self):
        """The words of the chat as they are shown."""
        return self.driver.find_element(By.ID, "messages").text

    def photos(self, row):
        """The loaded photos of a row: how many have pixels."""
        script = """return [...arguments[0].querySelectorAll("img.full")]
            .filter((image) => image.complete && image.naturalWidth > 0 && image.offsetWidth > 40).length"""
        return self.driver.execute_script(script, row)

    def loaded(self, selector):
        """How many pictures of this selector are loaded."""
        script = """return [...document.querySelectorAll(arguments[0])]
            .filter((image) => image.complete && image.naturalWidth > 0).length"""
        return self.driver.execute_script(script, selector)

    def last_photo_row(self):
        """The last row with photos."""
        return self.find("#messages .row.has-media")

    def is_wider_than_the_screen(self):
        """Whether something has to be scrolled to sideways."""
        return self.driver.execute_script(
            "return document.documentElement.scrollWidth > document.documentElement.clientWidth")

    def complaints(self):
        """What the browser's console complains about."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def shoot(self, name):
        """Takes a screenshot; where it lies."""
        self.shots += 1
        path = SCREENSHOTS / f"{self.screen.name}-{self.shots:02}-{name}.png"
        self.driver.save_screenshot(str(path))
        return path

    # Doing

    def click(self, selector, words=None, exactly=None):
        """Clicks what is visible."""
        what = f"{selector} with {words or exactly!r} to click"
        element = self.wait(what, lambda: self.find(selector, words, exactly))
        self.driver.execute_script("arguments[0].scrollIntoView({ block: 'nearest' })", element)
        try:
            element.click()
        except StaleElementReferenceException:
            self.wait(what, lambda: self.find(selector, words, exactly)).click()

    def key(self, words):
        """Presses the last button under a message that has the words on it."""
        self.click(".key", words=words)

    def key_exactly(self, label):
        """Presses the last button under a message with this very label."""
        self.click(".key", exactly=label)

    def write(self, text):
        """Writes a message and sends it."""
        field = self.wait("the field to write in", lambda: self.find("#composer textarea"))
        field.send_keys(text)
        if self.screen.touched:
            self.click("#composer .send-button")
        else:
            field.send_keys(Keys.ENTER)

    def attach(self, label):
        """Chooses one of the things that can be attached."""
        self.click('#composer [aria-label="Attach"]')
        self.click(".menu button", words=label)

    def choose_files(self, label, paths):
        """Chooses files to attach, as in the system's dialog, which a test cannot see."""
        self.driver.execute_script("HTMLInputElement.prototype.click = function () {}")
        self.attach(label)
        field = self.driver.find_element(By.CSS_SELECTOR, '#composer input[type="file"]')
        field.send_keys("\n".join(str(path) for path in paths))

    def command(self, name):
        """Chooses one of the bot's commands from the menu beside the field."""
        self.click("#composer .menu-button")
        self.click("#composer .commands button", words=f"/{name}")
