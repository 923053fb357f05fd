"""The product behind a real Kannel: what people write by SMS, and what reaches their phones.

The tests that need no understanding come first: Rasa starts meanwhile.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from actions.messages import Outbound
from actions.store import Store
from actions.tables import Destination, Inbox, Outbox, Registration
from bot.channels.sms.segments import coding, segments
from tests.kannel import INSTALLED, SECRET, Kannel, Network, Operator, Phone, Sms, with_block
from tests.product import PATIENCE, Product
from tests.smsc import Smsc

pytestmark = pytest.mark.skipif(
    not INSTALLED and not os.environ.get("CI"),
    reason="Kannel is not installed: apt-get install --no-install-recommends kannel",
)

LONG_FRENCH = (
    "Bonjour, je voudrais savoir quand la caravane passe a Setif, parce que mon cousin et moi "
    "voulons ouvrir un petit atelier et nous ne savons pas encore quels papiers il faut apporter"
)
LONG_ARABIC = (
    "السلام عليكم، أنا وخويا حابين نفتحو محل صغير في العلمة ونحبو نعرفو وقتاش تجي القافلة لسطيف"
)


@dataclass
class Service:
    """Everything between the assistant's database and people's phones."""

    kannel: Kannel
    operator: Operator
    product: Product
    store: Store
    _numbers: Iterator[int] = field(default_factory=lambda: count(100_000))

    def phone(self, network: Network | None = None) -> Phone:
        """Give somebody new a phone."""
        return Phone(network or self.operator, f"0550{next(self._numbers)}")

    def arrived(self, phone: Phone) -> list[dict[str, Any]]:
        """Return what came from a phone, in its order."""
        chosen = select(Inbox.payload).where(Inbox.key == key_of(phone)).order_by(Inbox.id)
        return self.store.run(lambda s: list(s.scalars(chosen)))

    def sent(self, phone: Phone) -> list[Outbox]:
        """Return the rows of what was sent to a phone, or waits to be, in their order."""
        chosen = select(Outbox).where(Outbox.key == key_of(phone)).order_by(Outbox.id)
        return self.store.run(lambda s: list(s.scalars(chosen)))

    def until(self, holds: Callable[[], bool]) -> None:
        """Look at the database until something holds; it can't say when it changes."""
        begun = time.monotonic()
        while not holds():
            assert time.monotonic() - begun < PATIENCE, self.product.log
            time.sleep(0.02)

    def until_logged(self, words: str, since: int = 0) -> None:
        """Wait for a line of the assistant's log."""
        self.until(lambda: any(words in line for line in self.product.log[since:]))

    def receives_from_elsewhere(self, phone: Phone, text: str) -> None:
        """Bring the assistant a text of a phone by another way than Kannel."""
        answer = httpx.post(
            f"http://127.0.0.1:{self.kannel.ours}/sms/messages",
            json={"id": f"{phone.number} {text}", "from": phone.number, "text": text},
            headers=[(b"Authorization", b"Bearer " + SECRET.encode())],
            trust_env=False,
        )
        assert (answer.status_code, answer.content) == (200, b"")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The product, Kannel and the operator, running."""
    assert INSTALLED, "Kannel has to be installed where changes are judged"
    folder = tmp_path_factory.mktemp("sms")
    with (
        Kannel(folder / "kannel") as kannel,
        Operator(kannel) as operator,
        Product(folder / "data", **kannel.environment) as product,
    ):
        store = Store(f"sqlite:///{folder / 'data' / 'simulator.db'}")
        everything = Service(kannel, operator, product, store)
        everything.until_logged("event=started")
        yield everything
        store.close()


@pytest.fixture(scope="module")
def understanding(service: Service) -> Service:
    """The same, once free text is understood."""
    service.product.rasa_is_ready()
    return service


def key_of(phone: Phone) -> str:
    return f"sms:+213{phone.number[1:]}"


def as_written(row: Outbox) -> str:
    return "\n".join(line.text for line in Outbound.from_json(row.payload).lines)


def test_what_is_written_while_the_assistant_is_down_is_answered_when_it_is_back(
    service: Service,
) -> None:
    # Nothing was said before: smsbox fails an assertion of its own (gwlib/conn.c) and ends when the
    # assistant dies while it fetches the report of an answer.
    phone = service.phone()
    service.product.kill()
    phone.send("STOP")
    assert service.kannel.smsbox
    service.kannel.smsbox.wait_until("Couldn't fetch")
    service.product.start()
    assert "START" in phone.next().text
    assert "12" in phone.asks("START").text
    service.until(lambda: [row.status for row in service.sent(phone)] == ["sent"] * 2)


def test_after_stop_nothing_comes_until_start(service: Service) -> None:
    phone = service.phone()
    phone.asks("MENU")
    assert "START" in phone.asks("STOP").text
    phone.send("MENU")
    phone.send("STOP")
    menu = phone.asks("START")  # answers come in order: one to what stands between would be first
    assert "12" in menu.text
    assert [row.status for row in service.sent(phone)] == ["sent"] * 3


def test_the_operators_reports_reach_what_was_sent(service: Service) -> None:
    phone = service.phone()
    phone.asks("MENU")
    service.until(lambda: [row.delivery for row in service.sent(phone)] == ["delivered"])


def test_what_was_answered_while_kannel_was_down_comes_once_it_is_back(service: Service) -> None:
    phone, since = service.phone(), len(service.product.log)
    service.kannel.kill()
    service.receives_from_elsewhere(phone, "MENU")
    service.until_logged("why=gateway_down", since)
    assert [row.status for row in service.sent(phone)] == ["queued"]
    service.operator.close()
    service.kannel.start()
    service.operator.connect()
    assert "12" in phone.next().text
    service.until(lambda: [row.delivery for row in service.sent(phone)] == ["delivered"])


def test_what_kannel_took_to_send_survives_its_death(service: Service) -> None:
    phone = service.phone()
    assert service.kannel.bearerbox
    since = len(service.kannel.bearerbox.log)
    service.operator.close()  # the link to the operator is cut: Kannel keeps what it takes
    service.kannel.bearerbox.wait_until("EOF from fakesmsc client", since)
    service.receives_from_elsewhere(phone, "MENU")
    service.until(lambda: [row.status for row in service.sent(phone)] == ["sent"])
    assert service.kannel.kept() == 1
    service.kannel.kill()
    service.kannel.start()
    assert service.sent(phone)[0].delivery == ""
    service.operator.connect()
    assert "12" in phone.next().text


def test_what_people_wrote_survives_the_death_of_kannel(service: Service) -> None:
    phone = service.phone()
    service.until(lambda: service.kannel.kept() == 0)
    service.kannel.kill_smsbox()  # the half that calls the assistant: the other half keeps it
    phone.send("MENU")
    service.until(lambda: service.kannel.kept() == 1)
    service.kannel.kill()
    service.operator.close()
    service.kannel.start()
    service.operator.connect()
    assert "12" in phone.next().text


def test_a_wrong_password_is_said_and_loses_nothing(service: Service) -> None:
    phone, since = service.phone(), len(service.product.log)
    service.kannel.kill()
    service.operator.close()
    service.kannel.start(password="another one")
    service.operator.connect()
    phone.send("MENU")
    service.until_logged("level=error event=gateway_refuses_us status=403", since)
    assert [row.status for row in service.sent(phone)] == ["queued"]
    service.kannel.kill()
    service.operator.close()
    service.kannel.start()
    service.operator.connect()
    service.until_logged("why=gateway_refuses_us", since)
    # The minute is over that a gateway is left alone which does not let us in.
    service.store.run(lambda s: s.execute(update(Destination).values(parked_until=None)) and None)
    assert "12" in phone.next().text


def test_kannel_starts_with_a_modem_that_is_not_there_yet(tmp_path: Path) -> None:
    with Kannel(tmp_path / "kannel", with_block("c")) as kannel:
        assert kannel.bearerbox
        kannel.bearerbox.wait_until("AT2[MODEM]")


def test_a_question_in_french_is_answered_in_the_alphabet_that_costs_least(
    understanding: Service,
) -> None:
    phone = understanding.phone()
    shown = phone.asks("c'est quand la caravane à Sétif ?")
    assert "14" in shown.text and "octobre" in shown.text
    understanding.until(lambda: [row.segments for row in understanding.sent(phone)] != [0])
    (row,) = understanding.sent(phone)
    assert shown == Sms(as_written(row), "gsm", row.segments)
    assert (coding(shown.text), segments(shown.text)) == ("gsm", row.segments)


def test_a_question_in_arabic_is_answered_in_arabic_letter_for_letter(
    understanding: Service,
) -> None:
    phone = understanding.phone()
    shown = phone.asks("وقتاش تجي القافلة لسطيف؟")
    assert "سطيف" in shown.text and "14" in shown.text
    understanding.until(lambda: [row.segments for row in understanding.sent(phone)] != [0])
    (row,) = understanding.sent(phone)
    assert shown == Sms(as_written(row), "ucs2", row.segments)
    assert (coding(shown.text), segments(shown.text)) == ("ucs2", row.segments)
    assert row.segments > 1
    understanding.until(lambda: understanding.sent(phone)[0].delivery == "delivered")


@pytest.mark.parametrize("text", [LONG_FRENCH, LONG_ARABIC], ids=["French in parts", "Arabic"])
def test_a_long_message_arrives_as_one_and_gets_one_answer(
    understanding: Service, text: str
) -> None:
    assert segments(text) == 2
    phone = understanding.phone()
    phone.asks(text)
    assert [message["text"] for message in understanding.arrived(phone)] == [text]
    assert len(understanding.sent(phone)) == 1


def test_somebody_signs_up_in_a_few_messages_and_gets_a_code(understanding: Service) -> None:
    phone = understanding.phone()
    shown = [phone.asks("PREINSC Amel Benali 12/03/1990 El Eulma Setif ANEM fibre")]
    assert "18 ans" in shown[0].text
    while not (found := re.search(r"(\d{4}) (\d{4})", shown[-1].text)):
        shown.append(phone.asks("1"))
        assert len(shown) <= 6, shown
    assert all(sms.coding == "gsm" and sms.parts <= 2 for sms in shown)
    codes = understanding.store.run(lambda s: list(s.scalars(select(Registration.code))))
    assert codes == [found[1] + found[2]]


@pytest.fixture(scope="module")
def account(understanding: Service) -> Iterator[Smsc]:
    """The same, with an operator's account by SMPP in the place of what is for trying."""
    kannel = understanding.kannel
    kannel.kill()
    understanding.operator.close()
    kannel.template = with_block("b")
    with Smsc(kannel.operator) as smsc:
        kannel.start()
        smsc.wait_until_bound()
        yield smsc
        kannel.kill()


def test_over_an_operators_account_arabic_goes_both_ways_in_parts(
    understanding: Service, account: Smsc
) -> None:
    phone = understanding.phone(account)
    shown = phone.asks(LONG_ARABIC)
    assert [message["text"] for message in understanding.arrived(phone)] == [LONG_ARABIC]
    understanding.until(lambda: understanding.sent(phone)[0].segments != 0)
    (row,) = understanding.sent(phone)
    assert shown == Sms(as_written(row), "ucs2", row.segments)
    shown = phone.asks("وقتاش تجي القافلة لسطيف؟")
    assert shown.parts == segments(shown.text) > 1


def test_over_an_operators_account_french_keeps_its_accents(
    understanding: Service, account: Smsc
) -> None:
    phone = understanding.phone(account)
    assert "Répondez par un numéro" in phone.asks("MENU").text


def test_a_report_that_comes_after_a_restart_of_kannel_is_not_lost(
    understanding: Service, account: Smsc
) -> None:
    phone = understanding.phone(account)
    phone.asks("MENU")
    understanding.until(lambda: understanding.sent(phone)[0].delivery == "accepted")
    understanding.kannel.kill()
    account.wait_until_gone()
    understanding.kannel.start()
    account.wait_until_bound()
    account.report(phone.number, "DELIVRD")
    understanding.until(lambda: understanding.sent(phone)[0].delivery == "delivered")


@pytest.mark.parametrize("status", ["UNDELIV", "EXPIRED", "REJECTD"])
def test_what_the_operator_could_not_deliver_is_known(
    understanding: Service, account: Smsc, status: str
) -> None:
    phone, since = understanding.phone(account), len(understanding.product.log)
    phone.asks("MENU")
    understanding.until(lambda: understanding.sent(phone)[0].delivery == "accepted")
    account.report(phone.number, status)
    understanding.until(lambda: understanding.sent(phone)[0].delivery == "failed")
    understanding.until_logged("event=undelivered", since)


def test_what_the_operator_refuses_to_take_is_known(understanding: Service, account: Smsc) -> None:
    phone = understanding.phone(account)
    account.refuse(phone.number)
    phone.send("MENU")
    understanding.until(lambda: [row.delivery for row in understanding.sent(phone)] == ["failed"])


def test_no_log_holds_a_number_or_a_word_that_was_written(understanding: Service) -> None:
    for log in (understanding.kannel.logged(), "".join(understanding.product.log)):
        assert "event=" in log or "Couldn't fetch" in log
        assert not re.search(r"0550\d|213550", log)
        assert not re.search("MENU|Benali|Setif|Amel", log)
