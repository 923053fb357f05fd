"""The simulator's phones, faults and limits, and what a restart keeps."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.clock import ALGIERS
from bot.simulator.guard import KEY_HEADER
from tests.simulated import AMINE, TOKEN, YASMINE, Running, Trial, started


@pytest.fixture
async def trial() -> AsyncIterator[Trial]:
    async with Running() as found:
        yield found


async def test_edits_and_other_kinds_are_updates(trial: Trial) -> None:
    (number,) = (await trial.do(AMINE, "text", text="bonjor"))["message_ids"]
    await trial.do(AMINE, "edit", message_id=number, text="bonjour")
    await trial.do(AMINE, "edit", status=404, message_id=999, text="x")
    for kind in ("sticker", "voice", "photo", "document", "video"):
        await trial.do(AMINE, "other", kind=kind)
    updates = await trial.updates()
    assert updates[1].edited_message is not None
    assert updates[1].edited_message.text == "bonjour"
    assert updates[2].message is not None and updates[2].message.sticker is not None
    long = await trial.do(AMINE, "text", text="ب" * 5000)
    assert len(long["message_ids"]) == 2


async def test_a_malformed_update_is_delivered_as_it_is(trial: Trial) -> None:
    await trial.http.post("/_sim/updates", json={"message": {"date": "soon"}})
    answer = await trial.http.get(f"/bot{TOKEN}/getUpdates")
    (update,) = answer.json()["result"]
    assert update["message"] == {"date": "soon"}
    assert isinstance(update["update_id"], int)
    with pytest.raises((TypeError, KeyError, AttributeError)):  # what PTB makes of it
        await trial.bot.get_updates(timeout=0)


async def test_faults_happen_as_often_as_asked(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    await started(trial)
    await started(trial, YASMINE)
    await trial.fault(method="sendMessage", error_code=429, seconds=7, chat_id=AMINE, count=2)
    for _ in range(2):
        with pytest.raises(RetryAfter) as refused:
            await trial.bot.send_message(AMINE, "a")
        assert refused.value.retry_after == dt.timedelta(seconds=7)
        await trial.bot.send_message(YASMINE, "a")
    await trial.bot.send_message(AMINE, "a")
    await trial.fault(method="*", error_code=403)
    with pytest.raises(Forbidden):
        await trial.bot.send_message(AMINE, "a")
    await trial.fault(method="getUpdates", error_code=502)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await trial.bot.get_updates(timeout=0)
    await trial.fault(method="sendMessage", error_code=400, description="Bad Request: oh")
    with pytest.raises(BadRequest, match="Oh"):
        await trial.bot.send_message(AMINE, "a")
    assert (await trial.http.get("/_sim/faults")).json() == []


async def test_a_hung_up_call_may_have_been_done(trial: Trial) -> None:
    await started(trial)
    await trial.fault(method="sendMessage", kind="hang_up")
    with pytest.raises(NetworkError):
        await trial.bot.send_message(AMINE, "lost")
    await trial.fault(method="sendMessage", kind="hang_up", after=True)
    with pytest.raises(NetworkError):
        await trial.bot.send_message(AMINE, "arrived")
    texts = [message["text"] for message in (await trial.shown(AMINE))["messages"]]
    assert texts == ["/start", "arrived"]
    await trial.fault(method="sendMessage", kind="delay", seconds=0)
    await trial.bot.send_message(AMINE, "late")
    assert (await trial.http.delete("/_sim/faults")).json() == []
    bad = await trial.http.post("/_sim/faults", json={"method": "sendMessage", "count": 0})
    assert bad.json() == {"error": "bad_fault"}


async def test_the_clock_is_set_in_algerian_time(trial: Trial) -> None:
    answer = await trial.http.post("/_sim/clock", json={"now": "2015-10-14T08:30"})
    assert answer.json()["algiers"].startswith("2015-10-14T08:30")
    await trial.do(AMINE, "text", text="a")
    (update,) = await trial.updates()
    assert update.message is not None
    assert update.message.date.astimezone(ALGIERS).day == 14
    assert (await trial.http.post("/_sim/clock", json={"now": "1815-01-01"})).status_code == 400


async def test_changes_are_told_in_order(trial: Trial) -> None:
    seq = (await trial.http.get("/_sim/state")).json()["seq"]
    waiting = asyncio.create_task(trial.http.get(f"/_sim/changes?after={seq}&timeout=20"))
    await trial.do(AMINE, "text", text="a")
    news = (await waiting).json()
    assert news["changes"][0]["message"]["text"] == "a" and news["pending"] == 1
    await trial.bot.send_chat_action(AMINE, "typing")
    after = (await trial.http.get(f"/_sim/changes?after={news['seq']}")).json()
    assert [change["kind"] for change in after["changes"]] == ["action"]
    assert (await trial.http.get("/_sim/changes?after=999999")).json()["lost"]


async def test_a_restart_shows_the_same_phones(tmp_path: Path) -> None:
    store = tmp_path / "state" / "phones.json"
    async with Running(store) as trial:
        await trial.http.post("/_sim/users", json={"first_name": "Lina", "language_code": "fr"})
        await trial.http.post("/_sim/clock", json={"now": "2015-11-08T10:00"})
        await trial.do(YASMINE, "text", text="السلام عليكم")
        keyboard = InlineKeyboardMarkup.from_button(InlineKeyboardButton("a", callback_data="a"))
        sent = await trial.bot.send_message(YASMINE, "أهلا", reply_markup=keyboard)
        await trial.do(YASMINE, "press", message_id=sent.message_id, data="a")
        await trial.bot.send_document(YASMINE, b"x", filename="x.txt")
        (before, pressed) = await trial.bot.get_updates(timeout=0)
    async with Running(store) as trial:
        assert (await trial.http.get("/_sim/state")).json()["clock"]["algiers"] > "2015-11-08"
        shown = await trial.shown(YASMINE)
        assert [m.get("text") for m in shown["messages"]] == ["السلام عليكم", "أهلا", None]
        same, again = await trial.updates()
        assert (same.update_id, again.update_id) == (before.update_id, pressed.update_id)
        assert again.callback_query is not None
        assert await trial.bot.answer_callback_query(again.callback_query.id)
        await trial.do(YASMINE, "text", text="مرة أخرى")
        (new,) = await trial.updates()
        assert new.update_id > again.update_id
        assert len((await trial.http.get("/_sim/state")).json()["users"]) == 3


async def test_an_unreadable_store_is_set_aside(tmp_path: Path) -> None:
    store = tmp_path / "phones.json"
    store.write_text("{")
    async with Running(store) as trial:
        assert await trial.bot.get_me()
    assert (tmp_path / "phones.json.unreadable").read_text() == "{"
    assert store.exists()


async def test_who_may_not_ask(trial: Trial) -> None:
    stranger = Bot("4711:wrong", base_url=f"{trial.base}/bot")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()
    wrong = await trial.http.get("/bot4711:wrong/getMe")
    assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
    for key in ("wrong", ""):
        refused = await trial.http.get("/_sim/state", headers={KEY_HEADER: key})
        assert (refused.status_code, refused.json()) == (403, {"error": "wrong_key"})
    for path in ("/", "/_sim/state", f"/bot{TOKEN}/getMe"):
        foreign = await trial.http.get(path, headers={"host": "evil.example:80"})
        assert (foreign.status_code, foreign.json()) == (403, {"error": "foreign_host"})
    local = await trial.http.get("/_sim/state", headers={"host": "localhost:8080"})
    assert local.status_code == 200


async def test_what_is_too_large_or_unreadable_is_refused(trial: Trial) -> None:
    large = "x" * (1024 * 1024 + 1)
    answer = await trial.http.post(f"/bot{TOKEN}/sendMessage", data={"chat_id": "1", "text": large})
    assert (answer.status_code, answer.json()["ok"]) == (413, False)

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 100_000

    answer = await trial.http.post(f"/_sim/chats/{AMINE}/text", content=chunks())
    assert (answer.status_code, answer.json()) == (413, {"error": "too_large"})
    for body in (b"{", b"[1]", b'{"text": 5}', b'{"latitude": NaN, "longitude": 1}'):
        answer = await trial.http.post(f"/_sim/chats/{AMINE}/location", content=body)
        assert answer.json() == {"error": "bad_request"}
    bad = await trial.http.post(
        f"/bot{TOKEN}/sendMessage", content=b"{", headers={"content-type": "application/json"}
    )
    assert bad.status_code == 400
    unknown = await trial.http.get(f"/bot{TOKEN}/sendDice")
    assert unknown.json()["description"] == "Not Found: method not found"


async def test_half_an_emoji_breaks_nothing(trial: Trial) -> None:
    half = b'{"text": "a \\ud83d b"}'
    refused = await trial.http.post(f"/_sim/chats/{AMINE}/text", content=half)
    assert refused.json() == {"error": "bad_request"}
    assert (await trial.http.post("/_sim/updates", content=half)).status_code == 200
    answer = await trial.http.get(f"/bot{TOKEN}/getUpdates")
    assert answer.json()["result"][0]["text"] == "a \ud83d b"
    await started(trial, YASMINE)
    body = b'{"chat_id": 7000000002, "text": "a \\ud83d b"}'
    headers = {"content-type": "application/json"}
    answer = await trial.http.post(f"/bot{TOKEN}/sendMessage", content=body, headers=headers)
    assert answer.json()["result"]["text"] == "a \ufffd b"


async def test_json_bodies_work_as_well(trial: Trial) -> None:
    await started(trial)
    body = {"chat_id": AMINE, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "b"}]]}}
    answer = await trial.http.post(f"/bot{TOKEN}/SENDMESSAGE", json=body)
    assert "Text buttons are unallowed" in answer.json()["description"]
    del body["reply_markup"]
    answer = await trial.http.post(f"/bot{TOKEN}/SENDMESSAGE", json=body)
    assert answer.json()["result"]["text"] == "a"
