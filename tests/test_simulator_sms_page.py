"""The feature phone on the simulator's page, in a real browser."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, Request, async_playwright, expect

from actions.messages import Language
from bot.simulator.texts import TEXTS
from bot.text import render
from tests.test_simulator_sms import MERIEM, RABAH, Running, World

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no browser: {CHROMIUM} is not installed"
)


class Seen:
    """A page, the world behind it, and what went wrong on the way."""

    def __init__(self, page: Page, world: World) -> None:
        self.page, self.world = page, world
        self.errors: list[str] = []
        self.foreign: list[str] = []
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.hostname != "127.0.0.1":
            self.foreign.append(request.url)

    async def begin(self, language: Language = "fr") -> None:
        """Open the page in a language."""
        await self.page.goto(self.world.simulator.page_address(self.world.base))
        await expect(self.page.locator("#sms-people li")).to_have_count(2)
        await self.page.locator(f'[data-language="{language}"]').click()
        direction = "rtl" if language == "ar" else "ltr"
        await expect(self.page.locator("html")).to_have_attribute("dir", direction)

    async def width(self) -> int:
        """Return how wide the page wants to be."""
        return int(await self.page.evaluate("document.documentElement.scrollWidth"))


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield found
        await found.close()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with Running() as found:
        yield found


@pytest.fixture
async def seen(browser: Browser, world: World) -> AsyncIterator[Seen]:
    page = await browser.new_page(viewport={"width": 390, "height": 844}, locale="fr-DZ")
    found = Seen(page, world)
    yield found
    assert found.errors == []
    assert found.foreign == []
    await page.close()


def said(name: str, language: Language) -> str:
    return render(TEXTS[name], language)


@pytest.mark.parametrize(
    ("language", "typed", "answer", "counts"),
    [
        ("fr", "Où êtes-vous ?", "Sétif : " + "place de la poste, " * 9, ("14/70", "179/306")),
        ("ar", "وين راكم؟", "سطيف: " + "ساحة البريد، " * 6, ("9/70", "84/134")),
    ],
)
async def test_an_sms_is_written_and_answered(
    seen: Seen, language: Language, typed: str, answer: str, counts: tuple[str, str]
) -> None:
    page, world = seen.page, seen.world
    await seen.begin(language)
    field, count = page.locator("#sms-text"), page.locator("#sms-count")
    await expect(count).to_have_text(re.compile(r"^0/160 · .*1"))
    await field.fill(typed)
    await expect(count).to_have_text(re.compile(rf"^{counts[0]} · .*1"))
    await (
        page.get_by_role("button", name=said("send", language))
        .and_(page.locator("#sms-send"))
        .click()
    )
    assert (await world.assistant.text())["text"] == typed
    await expect(field).to_have_value("")
    mine = page.locator("#sms-messages li.mine").last
    await expect(mine.locator(".text")).to_have_text(typed)
    await expect(mine.locator(".segments")).to_contain_text("1")
    await expect(mine.locator(".state")).to_have_text(said("sms_sent", language))
    await world.send(answer.strip())
    theirs = page.locator("#sms-messages li.theirs").last
    await expect(theirs.locator(".text")).to_have_text(answer.strip())
    await expect(theirs.locator(".segments")).to_contain_text("2")
    await expect(theirs.locator(".state")).to_have_text(said("sms_confirmed", language))
    await field.fill(answer)
    await expect(count).to_have_text(re.compile(rf"^{counts[1]} · .*2"))
    style = "node => [getComputedStyle(node).direction, getComputedStyle(node).unicodeBidi]"
    expected = "rtl" if language == "ar" else "ltr"
    assert await theirs.locator(".text").evaluate(style) == [expected, "plaintext"]
    assert await seen.width() == 390


async def test_the_keypad_types_and_the_keyboard_sends(seen: Seen) -> None:
    page, world = seen.page, seen.world
    await seen.begin()
    for key in "1205*#":
        await page.locator(f'[data-key="{key}"]').click()
    await expect(page.locator("#sms-text")).to_have_value("1205*#")
    for _ in range(3):
        await page.locator("#sms-erase").click()
    await expect(page.locator("#sms-text")).to_have_value("120")
    await page.locator("#sms-text").press("End")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("ok 😀")
    await page.locator("#sms-erase").click()
    await page.locator("#sms-text").press("Enter")
    assert (await world.assistant.text())["text"] == "120 ok"
    for key in ("Tab", "Tab", "Tab"):
        await page.keyboard.press(key)
    assert await page.evaluate("document.activeElement.dataset.key") == "1"
    await page.keyboard.press("Enter")
    await expect(page.locator("#sms-text")).to_have_value("1")


@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_a_phone_is_switched_off_and_on(seen: Seen, language: Language) -> None:
    page, world = seen.page, seen.world
    await seen.begin(language)
    power = page.locator("#sms-power")
    await expect(power).to_have_attribute("aria-label", said("sms_switch_off", language))
    await power.click()
    await expect(power).to_have_attribute("aria-pressed", "false")
    await expect(page.locator("#sms-send")).to_be_disabled()
    await world.send("un")
    note = page.locator("#sms-note")
    await expect(note).to_contain_text(said("sms_off", language))
    await expect(note).to_contain_text("1")
    await power.click()
    await expect(page.locator("#sms-messages li.theirs .text")).to_have_text("un")
    await expect(note).to_be_hidden()
    await page.locator("#sms-in-service").uncheck()
    await expect(note).to_have_text(said("sms_out", language))
    await world.send("deux")
    await expect(note).to_contain_text(said("sms_missed", language).partition("{")[0].strip())
    await expect(page.locator("#sms-messages li.theirs")).to_have_count(1)


@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_people_are_chosen_and_added(seen: Seen, language: Language) -> None:
    page, world = seen.page, seen.world
    await seen.begin(language)
    await world.send("salam", to=RABAH)
    row = page.locator("#sms-people button").nth(1)
    await expect(row.locator(".badge")).to_have_text("1")
    await expect(row.locator(".last")).to_have_text("salam")
    await expect(page.locator("#sms-unread")).to_have_text("1")
    await row.click()
    await expect(row).to_have_attribute("aria-pressed", "true")
    await expect(row.locator(".badge")).to_be_hidden()
    await expect(page.locator("#sms-unread")).to_be_hidden()
    await expect(page.locator("#sms-messages li.theirs .text")).to_have_text("salam")
    await page.get_by_text(said("sms_add", language)).click()
    form = page.locator("#new-phone")
    await form.locator('[name="name"]').fill("لينا")
    await form.locator('[name="number"]').fill("021 63 00 00")
    await form.locator("button").click()
    await expect(page.locator("#sms-toast")).to_have_text(said("error_bad", language))
    await form.locator('[name="number"]').fill("0661 98 76 54")
    await form.locator("button").click()
    await expect(page.locator("#sms-toast")).to_have_text(said("error_number_taken", language))
    seen.errors.clear()  # the browser notes each refusal
    await form.locator('[name="number"]').fill("0770 12 34 56")
    await form.locator("button").click()
    await expect(page.locator("#sms-people li")).to_have_count(3)
    await expect(page.locator("#sms-name")).to_have_text("لينا")
    await expect(page.locator("#sms-number")).to_have_text("0770 12 34 56")
    await expect(form).to_be_hidden()
    assert await seen.width() == 390


@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_the_gateway_fails_as_asked(seen: Seen, language: Language) -> None:
    page, world = seen.page, seen.world
    await seen.begin(language)
    await page.locator("#sms-gateway summary").click()
    await page.locator("#sms-fault select").select_option("throttled")
    await page.locator('#sms-fault [name="here"]').check()
    await page.locator("#sms-fault button").first.click()
    fault = page.locator("#sms-faults li")
    await expect(fault).to_contain_text(said("sms_fault_throttled", language))
    assert (await world.send("a", to=RABAH)).status_code == 202
    assert (await world.send("a")).status_code == 429
    await expect(fault).to_have_count(0)
    await page.locator("#sms-link").uncheck()
    await expect(page.locator("#sms-link")).not_to_be_checked()
    await page.locator("#sms-text").fill("salam")
    await page.locator("#sms-text").press("Enter")
    state = page.locator("#sms-messages li.mine .state")
    await expect(state).to_have_text(said("sms_waiting", language))
    await expect(page.locator("#sms-untaken")).to_contain_text("1")
    await page.locator("#sms-link").check()
    await expect(state).to_have_text(said("sms_sent", language))
    await expect(page.locator("#sms-untaken")).to_have_text("")
    assert await seen.width() == 390


@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_without_a_gateway_the_phone_says_so(browser: Browser, language: Language) -> None:
    async with Running(connected=False) as world:
        page = await browser.new_page(viewport={"width": 390, "height": 844})
        seen = Seen(page, world)
        await seen.begin(language)
        await expect(page.locator("#sms-note")).to_have_text(said("sms_no_gateway", language))
        await expect(page.locator("#sms-text")).to_be_disabled()
        world.simulator.connect_sms(world.assistant.url, "secret", "3048")
        await expect(page.locator("#sms-note")).to_be_hidden()
        await expect(page.locator("#sms-text")).to_be_enabled()
        assert seen.errors == []
        await page.close()


@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_all_phones_stand_side_by_side_on_a_wide_screen(
    seen: Seen, language: Language
) -> None:
    page = seen.page
    await page.set_viewport_size({"width": 1280, "height": 800})
    await seen.begin(language)
    await page.locator("#sms-gateway summary").click()
    panels = ["#telegram", "#sms", "#group", ".side"]
    boxes = [box for one in panels if (box := await page.locator(one).bounding_box())]
    assert len({round(box["y"]) for box in boxes}) == 1, "in one row"
    lefts = [box["x"] for box in boxes]
    assert lefts == sorted(lefts, reverse=language == "ar")
    assert await seen.width() == 1280


async def test_another_language_keeps_what_the_phone_shows(seen: Seen) -> None:
    page, world = seen.page, seen.world
    await seen.begin("fr")
    await world.do(f"phones/{MERIEM}/text", text="Bonjour")
    await world.send("أهلا")
    await expect(page.locator("#sms-messages li.theirs .text")).to_have_text("أهلا")
    await page.locator('[data-language="ar"]').click()
    confirmed = page.locator("#sms-messages li.theirs .state")
    await expect(confirmed).to_have_text(said("sms_confirmed", "ar"))
    await expect(page.locator("#sms-messages li.mine .text")).to_have_text("Bonjour")
    await expect(page.locator("#sms-send")).to_have_text(said("send", "ar"))
