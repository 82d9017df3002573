"""What a person does on the pages, and where it is seen."""

import io
import re

from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.e2e.house import wait_for

SETTLE_MS = 600
"""As long as that the page takes no press of a button that has just changed."""
NEXT_BID = re.compile(r"^Bid .")


def status_of(page: Page) -> Locator:
    """How the lot stands, and oneself."""
    return page.locator("section:has(#bid) [data-tone]").first


def answer_of(page: Page) -> Locator:
    """What the sale said to the bid."""
    return page.locator("#bid [role=status] [data-tone]")


def dialog_of(page: Page) -> Locator:
    """What is asked before a bid goes out."""
    return page.get_by_role("dialog")


def price_of(page: Page) -> Locator:
    """The price on a lot's page."""
    return page.locator("section:has(#bid) strong").first


def confirm(page: Page, button: re.Pattern[str] = re.compile(r"^(Bid|Buy for) "), times: int = 1) -> None:
    """Say yes, once the question has stood there long enough to be read."""
    yes = dialog_of(page).get_by_role("button", name=button)
    expect(yes).to_be_visible()
    page.wait_for_timeout(SETTLE_MS + 100)
    yes.click(click_count=times)


def press_next_bid(page: Page) -> None:
    """Press the button of the next bid until it is asked about."""
    button = page.locator("#bid").get_by_role("button", name=NEXT_BID)
    expect(button).to_be_visible()

    def asked() -> bool:
        if dialog_of(page).is_visible():
            return True
        button.click()
        return False

    wait_for(asked)


def bid_next(page: Page) -> None:
    """Bid as little as possible."""
    press_next_bid(page)
    confirm(page)
    expect(dialog_of(page)).to_be_hidden()


def ask_amount(page: Page, amount: str) -> None:
    """Write an amount of one's own, and send the form."""
    field = page.locator("#bid input")
    field.fill(amount)
    field.press("Enter")


def bid(page: Page, amount: str) -> None:
    """Bid an amount of one's own."""
    ask_amount(page, amount)
    confirm(page)
    expect(dialog_of(page)).to_be_hidden()


def sign_in(page: Page, name: str, password: str) -> None:
    """Through the form."""
    page.get_by_label("Username or email").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def number_in(text: str) -> int:
    """Minor units of an amount without cents, as the page writes it."""
    return int(re.sub(r"\D", "", text)) * 100


def jpeg(name: str, colour: str) -> FilePayload:
    """A small picture, as a file to choose."""
    content = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(content, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": content.getvalue()}
