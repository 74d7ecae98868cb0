"""Makes the README's pictures: an album of four, and beside it what the system did for it."""

import io
import os
import pathlib
import sys

from PIL import Image

from browser import DESKTOP, PHONE, Page
from sandbox import Sandbox

PICTURES = pathlib.Path(os.environ["PAGE_PICTURES"])
PROMPT = "a red fox in snow"
# The README is read over the network.
MOST_BYTES = 400_000


def order_four(page):
    """From the start to an album of four."""
    page.click(".composer-big", words="Start")
    page.key("Accept")
    page.see("40 credits are yours")
    page.write(f"/imagine {PROMPT}")
    page.key_exactly("4")
    page.wait("the price of four", lambda: page.find(".key", words="Draw 4"))
    page.key("Draw 4")
    page.see("Here are your 4 images.")
    page.see_gone("Almost there")
    page.wait("four photos", lambda: page.photos(page.last_photo_row()) == 4)


def rest(page):
    """Nothing is pointed at, nothing is being written, and the end of the chat is in sight."""
    page.driver.execute_script("""
        document.activeElement.blur();
        const scroller = document.getElementById("scroller");
        scroller.scrollTop = scroller.scrollHeight;
    """)
    page.driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": 1, "y": 1})


def save(screenshot, path):
    """Writes the picture with 256 colours, so that it is much smaller."""
    picture = Image.open(io.BytesIO(screenshot)).convert("RGB")
    colours = picture.quantize(256, method=Image.Quantize.MEDIANCUT, kmeans=2)
    picture.quantize(palette=colours, dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)


def make(screen, name):
    """One picture on one screen."""
    with Sandbox() as sandbox:
        person = sandbox.add_person("Anna", "Fox", "en")
        sandbox.add_person("Мария", "Белова", "ru")
        with Page(f"{sandbox.urls['page']}/?person={person}", screen) as page:
            order_four(page)
            page.wait("the work to be done", lambda: sandbox.call("GET", "/system")["generations"][0]["state"] == "delivered")
            rest(page)
            path = PICTURES / name
            save(page.driver.get_screenshot_as_png(), path)
    size = path.stat().st_size
    print(f"page: {path} has {size} bytes")
    return size <= MOST_BYTES


if __name__ == "__main__":
    PICTURES.mkdir(parents=True, exist_ok=True)
    are_small = [make(DESKTOP, "desktop.png"), make(PHONE, "phone.png")]
    sys.exit(0 if all(are_small) else "page: a picture is too large")
