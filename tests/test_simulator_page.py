"""The simulator's page in a real browser, with a bot behind it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Locator, Page, Request, async_playwright, expect
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.error import BadRequest, Forbidden

from actions.messages import Address, Button, Document, Language, Line, Outbound, Picture
from bot.channels.telegram import TelegramChannel
from bot.clock import SettableClock
from bot.simulator.server import OPENING, STATIC, Simulator
from bot.simulator.texts import TEXTS
from bot.text import render

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no browser: {CHROMIUM} is not installed"
)
TOKEN = "4711:test-token"
AMINE = 7_000_000_001
TO_AMINE = Address("telegram", str(AMINE))


class Seen:
    """A page, the bot it talks to, and what went wrong on the way."""

    def __init__(self, page: Page, bot: Bot) -> None:
        self.page, self.bot = page, bot
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self._offset = 0
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.hostname != "127.0.0.1":
            self.foreign.append(request.url)

    async def update(self) -> Update:
        """Return the bot's next update."""
        (update,) = await self.bot.get_updates(offset=self._offset, limit=1, timeout=10)
        self._offset = update.update_id + 1
        return update

    async def message(self) -> Message:
        """Return the next message the bot gets, passing over everything else."""
        while (found := (await self.update()).message) is None:
            pass
        return found

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
async def seen(browser: Browser) -> AsyncIterator[Seen]:
    simulator = Simulator(token=TOKEN, clock=SettableClock(OPENING), key="the-key")
    base = await simulator.start()
    async with Bot(TOKEN, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot") as bot:
        page = await browser.new_page(viewport={"width": 360, "height": 740}, locale="fr-DZ")
        found = Seen(page, bot)
        await page.goto(simulator.page_address(base))
        await expect(page.locator("#people li")).to_have_count(2)
        yield found
        assert found.errors == []
        assert found.foreign == []
        await page.close()
    await simulator.stop()


async def start(seen: Seen) -> None:
    await seen.page.locator("#start").click()
    update = await seen.update()
    assert update.message is not None and update.message.text == "/start"


async def test_arabic_is_typed_answered_and_pressed(seen: Seen) -> None:
    page = seen.page
    await start(seen)
    await page.locator("#text").fill("وقتاش تجي القافلة لسطيف؟")
    await page.locator("#text").press("Enter")
    asked = (await seen.update()).message
    assert asked is not None and asked.text == "وقتاش تجي القافلة لسطيف؟"
    button = InlineKeyboardButton("نعم", callback_data="tour:1:yes")
    await seen.bot.send_message(
        AMINE,
        "<b>الأربعاء</b> &lt;img src=x onerror=alert(1)&gt;",
        parse_mode="HTML",
        reply_markup=InlineKeyboardMarkup.from_button(button),
    )
    bubble = page.locator("li.theirs").last
    await expect(bubble.locator("b")).to_have_text("الأربعاء")
    await expect(bubble.locator(".text")).to_contain_text("<img src=x onerror=alert(1)>")
    style = "node => [getComputedStyle(node).direction, getComputedStyle(node).unicodeBidi]"
    assert await bubble.locator(".text").evaluate(style) == ["rtl", "plaintext"]
    await bubble.get_by_role("button", name="نعم").click()
    query = (await seen.update()).callback_query
    assert query is not None and query.data == "tour:1:yes"
    await seen.bot.answer_callback_query(query.id, "حسنا")
    await expect(page.locator("#toast")).to_have_text("حسنا")
    assert query.message is not None
    await seen.bot.edit_message_text("انتهى", AMINE, query.message.message_id)
    await expect(bubble.locator(".inline-keyboard")).to_have_count(0)


async def test_a_place_and_a_card_are_shared(seen: Seen) -> None:
    page = seen.page
    await start(seen)
    rows = [
        [KeyboardButton("Ma position", request_location=True)],
        [KeyboardButton("Mon numéro", request_contact=True)],
    ]
    await seen.bot.send_message(AMINE, "Où ?", reply_markup=ReplyKeyboardMarkup(rows))
    await page.get_by_role("button", name="Ma position").click()
    await page.locator("#place select").select_option(label="Sétif")
    await page.locator("#place .strong").click()
    placed = (await seen.update()).message
    assert placed is not None and placed.location is not None
    assert placed.location.latitude == pytest.approx(36.191)
    await page.get_by_role("button", name="Mon numéro").click()
    card = (await seen.update()).message
    assert card is not None and card.contact is not None and card.contact.user_id == AMINE
    await seen.bot.send_venue(AMINE, 36.191, 5.414, "Place de la poste", "Sétif")
    await expect(page.locator(".place").last).to_contain_text("Place de la poste")
    assert await seen.width() == 360


#: A receipt as a phone shows it: a title, a code, a date, and a word of the other script.
RECEIPTS: dict[Language, tuple[Line, ...]] = {
    "fr": (
        Line("Votre préinscription est enregistrée", "title"),
        Line("Votre code : C1234567"),
        Line("La caravane sera à Sétif, place de la poste."),
        Line("Montrez ce code au stand.", "note"),
    ),
    "ar": (
        Line("تم تسجيلك الأولي", "title"),
        Line("رمزك: \u2068C1234567\u2069"),
        Line("القافلة في سطيف، ساحة البريد."),
        Line("أظهر هذا الرمز في الجناح.", "note"),
    ),
}


@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_a_receipt_shows_its_code_as_a_picture_and_gives_its_file(
    seen: Seen, language: Language
) -> None:
    page, wire = seen.page, TelegramChannel(seen.bot)
    await page.locator(f'[data-language="{language}"]').click()
    await start(seen)
    correct = ((Button("✏️ صحح" if language == "ar" else "✏️ Corriger", "fix"),),)
    receipt = Outbound(RECEIPTS[language], correct, picture=Picture("c_12345678"))
    await wire.send(TO_AMINE, receipt)
    bubble = page.locator("li.theirs").last
    picture = bubble.locator("img.picture")
    await expect(picture).to_have_js_property("naturalWidth", 481)
    assert await picture.evaluate("node => node.clientWidth") >= 200
    await expect(bubble.locator(".text b")).to_have_text(RECEIPTS[language][0].text)
    await expect(bubble.locator(".text")).to_contain_text("C1234567")
    await expect(bubble.locator(".inline-keyboard button")).to_have_text(correct[0][0].label)
    await expect(page.locator("#people .last").first).to_contain_text(RECEIPTS[language][0].text)
    data = Document("بياناتي.html", "<script>document.title = 'منا'</script>")
    await wire.send(TO_AMINE, Outbound(RECEIPTS[language][:1], document=data))
    file = page.locator("li.theirs").last
    await expect(file.locator("strong")).to_have_text(data.name)
    async with page.expect_download() as saving:
        await file.get_by_role("button", name=render(TEXTS["save"], language)).click()
    saved = await saving.value
    assert saved.suggested_filename == data.name
    assert (await saved.path()).read_text() == data.content
    assert len(page.context.pages) == 1
    assert await seen.width() == 360


@pytest.mark.parametrize(
    ("language", "own", "back"),
    [("fr", "📱 Partager mon numéro", "⬅️ Retour"), ("ar", "📱 شارك رقمي", "⬅️ رجوع")],
)
async def test_a_number_is_asked_for_with_a_keyboard_that_goes_away(
    seen: Seen, language: Language, own: str, back: str
) -> None:
    page, wire = seen.page, TelegramChannel(seen.bot)
    await page.locator(f'[data-language="{language}"]').click()
    await start(seen)
    asked = Outbound((Line("?"),), ((Button(back, "back"),),), ask_contact=own)
    await wire.send(TO_AMINE, asked)
    keyboard = page.locator("#keyboard")
    await expect(keyboard.get_by_role("button")).to_have_text([own, back])
    await page.locator("#attach").click()
    await page.locator('[data-attach="their_contact"]').click()
    other = (await seen.update()).message
    assert other is not None and other.contact is not None
    assert other.contact.first_name == "ياسمين" and other.contact.user_id != AMINE
    await expect(page.locator("li.mine .attached strong").last).to_have_text("ياسمين")
    await wire.send(TO_AMINE, asked)
    await keyboard.get_by_role("button", name=back).click()
    typed = (await seen.update()).message
    assert typed is not None and typed.text == back
    await expect(keyboard).to_be_hidden()
    await wire.send(TO_AMINE, asked)
    await keyboard.get_by_role("button", name=own).click()
    card = (await seen.update()).message
    assert card is not None and card.contact is not None and card.contact.user_id == AMINE
    await expect(keyboard).to_be_hidden()
    await wire.send(TO_AMINE, asked)
    await expect(keyboard).to_be_visible()
    await wire.send(TO_AMINE, Outbound((Line("✓"),), close_keyboard=True))
    await expect(keyboard).to_be_hidden()
    assert await seen.width() == 360


async def test_a_link_to_the_bot_starts_it_on_another_phone(seen: Seen) -> None:
    page, link = seen.page, "https://t.me/Caravane_bot?start=c_12345678"
    await start(seen)
    await seen.bot.send_message(AMINE, f"Votre lien : {link}")
    await page.locator("li.theirs a").click()
    opened = (await seen.update()).message
    assert opened is not None and opened.text == "/start c_12345678"
    await page.locator("#people button").nth(1).click()
    await expect(page.locator("#start")).to_be_visible()
    await page.get_by_text(render(TEXTS["open_link"], "fr")).click()
    field, button = page.locator("#link input"), page.locator("#link button")
    await field.fill("https://t.me/another_bot?start=c_12345678")
    await button.click()
    await expect(page.locator("#toast")).to_have_text(render(TEXTS["error_bad"], "fr"))
    for given in (link, "c_12345678"):
        if not await field.is_visible():
            await page.get_by_text(render(TEXTS["open_link"], "fr")).click()
        await field.fill(given)
        await button.click()
        scanned = (await seen.update()).message
        assert scanned is not None and scanned.text == "/start c_12345678"
        assert scanned.chat.id != AMINE
        await expect(field).to_be_hidden()


async def test_the_page_turns_round_for_arabic(seen: Seen) -> None:
    page = seen.page
    await expect(page.locator("html")).to_have_attribute("dir", "ltr")
    await page.get_by_role("button", name="العربية").click()
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert await seen.width() == 360
    await page.locator("#people li").nth(1).locator("button").click()
    await expect(page.locator("#people button").nth(1)).to_have_attribute("aria-pressed", "true")
    await page.locator("#start").click()
    update = await seen.update()
    assert update.effective_user is not None and update.effective_user.language_code == "ar"
    font = await page.evaluate("document.fonts.load('16px \"Noto Sans Arabic\"', 'سلام')")
    assert len(font) == 1


async def made_group(seen: Seen, language: Language = "fr") -> int:
    """Make the staff group with its button; return its number."""
    await seen.page.locator(f'[data-language="{language}"]').click()
    await seen.page.locator("#make-group").click()
    hello = await seen.message()
    assert [user.is_bot for user in hello.new_chat_members] == [True]
    raised = (await seen.update()).my_chat_member
    assert raised is not None and raised.new_chat_member.status == "administrator"
    await expect(seen.page.locator("#speaker option")).to_have_count(3)
    return hello.chat.id


def topic_row(seen: Seen, name: str) -> Locator:
    return seen.page.locator("#topics button").filter(has_text=name)


@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_staff_answer_a_case_in_its_topic(seen: Seen, language: Language) -> None:
    page, bot, chat = seen.page, seen.bot, await made_group(seen, language)
    thread = (await bot.create_forum_topic(chat, "#7 ياسمين")).message_thread_id
    take = InlineKeyboardMarkup.from_button(InlineKeyboardButton("✋ 7", callback_data="take:7"))
    await bot.send_message(chat, "وقتاش؟", message_thread_id=thread, reply_markup=take)
    row = topic_row(seen, "#7")
    await expect(row.locator(".badge")).to_have_text("1")
    await row.click()
    await expect(row.locator(".badge")).to_be_hidden()
    asked = page.locator("#group-messages li.theirs").last
    await expect(asked.locator(".text")).to_have_text("وقتاش؟")
    await page.locator("#speaker").select_option(label="Karim")
    await asked.get_by_role("button", name="✋ 7").click()
    await seen.message()  # the topic's own
    query = (await seen.update()).callback_query
    assert query is not None and (query.data, query.from_user.first_name) == ("take:7", "Karim")
    await bot.answer_callback_query(query.id, "7 ✓")
    await expect(page.locator("#group-toast")).to_have_text("7 ✓")
    await asked.locator(".text").click()
    await expect(page.locator("#replying")).to_be_visible()
    await page.locator("#group-text").fill("غدا")
    await page.locator("#group-text").press("Enter")
    said = await seen.message()
    assert (said.text, said.message_thread_id) == ("غدا", thread)
    assert said.reply_to_message is not None and said.reply_to_message.text == "وقتاش؟"
    await expect(page.locator("#replying")).to_be_hidden()
    await expect(page.locator("#group-messages li.mine .quote")).to_have_text("وقتاش؟")
    await bot.close_forum_topic(chat, thread)
    await expect(row.locator(".closed svg")).to_be_visible()
    await page.locator("#group-text").fill("encore")
    await page.locator("#group-send").click()
    closed = render(TEXTS["error_topic_closed"], language)
    await expect(page.locator("#group-toast")).to_have_text(closed)
    await expect(page.locator("#group-text")).to_have_value("encore")
    seen.errors.clear()  # the browser notes each refusal
    assert await seen.width() == 360


async def test_staff_send_a_file_under_a_command_of_theirs(seen: Seen) -> None:
    page, chat = seen.page, await made_group(seen)
    scope = BotCommandScopeChat(chat)
    await seen.bot.set_my_commands([BotCommand("import", "Lire un fichier")], scope=scope)
    await page.locator("#group-commands").click()
    await page.locator("#group-commands-menu button").click()
    await expect(page.locator("#group-text")).to_have_value("/import ")
    content = "wilaya;lieu\nSétif;Poste\n".encode()
    await page.locator("#group-file").set_input_files(
        {"name": "arrêts.csv", "mimeType": "text/csv", "buffer": content}
    )
    sent = await seen.message()
    assert sent.caption == "/import" and sent.document is not None
    assert (sent.document.file_name, sent.document.mime_type) == ("arrêts.csv", "text/csv")
    assert bytes(await (await sent.document.get_file()).download_as_bytearray()) == content
    await expect(page.locator("#group-text")).to_have_value("")
    async with page.expect_download() as saving:
        save = page.locator("#group-messages").get_by_role(
            "button", name=render(TEXTS["save"], "fr")
        )
        await save.click()
    assert (await (await saving.value).path()).read_bytes() == content


async def test_the_group_is_set_up_by_hand(seen: Seen) -> None:
    page, bot, chat = seen.page, seen.bot, await made_group(seen)
    thread = (await bot.create_forum_topic(chat, "#7")).message_thread_id
    await topic_row(seen, "#7").click()
    await page.locator("#group-more").click()
    await page.locator("#toggle-topic").click()
    reopen = render(TEXTS["reopen_topic"], "fr")
    await expect(page.locator("#toggle-topic")).to_have_text(reopen)
    await page.locator("#delete-topic").click()
    await expect(topic_row(seen, "#7")).to_have_count(0)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(chat, "a", message_thread_id=thread)
    await page.locator("#join select").select_option(label="Amine")
    await page.locator("#join button").click()
    await expect(page.locator("#members li")).to_have_count(4)
    await page.locator("#bot-topics").uncheck()
    await expect(page.locator("#bot-topics")).not_to_be_checked()
    with pytest.raises(BadRequest, match="Not enough rights to create a topic"):
        await bot.create_forum_topic(chat, "#8")
    await page.locator("#topics-on").uncheck()
    await expect(page.locator("#new-topic")).to_be_hidden()
    await page.locator("#bot-here").uncheck()
    await expect(page.locator("#group-about")).to_contain_text(render(TEXTS["bot_is_absent"], "fr"))
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(chat, "a")
    assert await seen.width() == 360


async def test_phone_and_group_stand_side_by_side_on_a_wide_screen(seen: Seen) -> None:
    page = seen.page
    await made_group(seen)
    await page.set_viewport_size({"width": 1280, "height": 800})
    boxes = [await page.locator(one).bounding_box() for one in ("#telegram", "#group", ".side")]
    tops = {round(box["y"]) for box in boxes if box}
    assert len(tops) == 1, "in one row"
    assert await seen.width() == 1280


async def test_without_the_key_the_page_says_where_it_is(seen: Seen) -> None:
    await seen.page.evaluate("sessionStorage.clear()")
    await seen.page.reload()
    await expect(seen.page.locator("#notice")).to_contain_text(render(TEXTS["error_key"], "fr"))
    assert all("403" in error for error in seen.errors)
    seen.errors.clear()


async def test_an_edit_a_fault_the_clock_and_a_block(seen: Seen) -> None:
    page = seen.page
    await start(seen)
    await page.locator("#text").fill("bonjor")
    await page.locator("#send").click()
    await seen.update()
    await expect(page.locator("li.mine .text").last).to_have_text("bonjor")
    await page.locator("#text").press("ArrowUp")
    await expect(page.locator("#editing")).to_be_visible()
    await page.locator("#text").fill("bonjour")
    await page.locator("#send").click()
    edited = (await seen.update()).edited_message
    assert edited is not None and edited.text == "bonjour"
    await expect(page.locator("li.mine .text").last).to_have_text("bonjour")
    await page.locator("#fault .plain").first.click()
    await expect(page.locator("#faults li")).to_have_count(1)
    await page.locator("#clock input").fill("2015-10-14T10:00")
    await page.locator("#clock .joined button").click()
    await expect(page.locator("#now")).to_contain_text("14 octobre 2015")
    await page.locator("#more").click()
    await page.locator("#block").click()
    blocked = (await seen.update()).my_chat_member
    assert blocked is not None and blocked.new_chat_member.status == "kicked"
    await page.locator("#unblock").click()
    await expect(page.locator("#composer")).to_be_visible()


def test_the_page_loads_nothing_from_elsewhere_and_writes_no_html() -> None:
    for file in (*STATIC.glob("*.js"), *STATIC.glob("*.html"), *STATIC.glob("*.css")):
        text = file.read_text()
        assert "innerHTML" not in text and "insertAdjacentHTML" not in text
        outside = text.replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in outside and "https://" not in outside


def test_every_sentence_the_page_asks_for_is_there() -> None:
    asked = set()
    for file in (*STATIC.glob("*.js"), *STATIC.glob("*.html")):
        text = file.read_text()
        asked |= set(re.findall(r'data-(?:text|label|hint|attach)="(\w+)"', text))
        asked |= set(re.findall(r'\bt\("(\w+)"', text))
        asked |= set(re.findall(r'data-send="(?!file")(\w+)"', text))
    assert asked <= set(TEXTS)
