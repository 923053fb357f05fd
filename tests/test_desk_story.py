"""The whole story of the desk in the running product, over the Bot API: a person, two agents, an
administrator; with topics and without.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.group import Group
from tests.product import Phone, Product

ASKS = "je veux parler à une personne"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with Product(tmp_path, CARAVANE_GROUP_MESSAGES_A_MINUTE="1000") as running:
        running.rasa_is_ready()
        yield running


def test_a_person_two_agents_and_an_administrator_with_topics(product: Product) -> None:
    group = Group.new(product, people=("Farida", "Karim", "Lila"))
    group.does("limit", per_minute=0)
    farida, karim, lila = (group.member(name) for name in ("Farida", "Karim", "Lila"))
    assert "bureau" in farida.command("desk here", until="Ce groupe est")
    farida.command("desk check", until="Tout est en ordre")
    amina = Phone.new(product)
    amina.says("c'est quoi la caravane ?", until="caravane")
    amina.says(ASKS, until="personne du bureau")
    topic = group.topic("#1")
    assert ASKS in group.waits_for("Demande une personne", thread=topic)
    amina.sends("mon dossier est perdu")
    group.waits_for("mon dossier est perdu", thread=topic)
    lila.command("queue", until="#1")
    lila.taps("Prendre", thread=topic, until="Lila a ce dossier")
    karim.command("take 1", until="Lila a ce dossier")
    karim.says("je réponds quand même", thread=topic, until="Lila a ce dossier")
    lila.says("Bonjour, donnez-moi votre code", thread=topic)
    amina.waits_for("donnez-moi votre code")
    lila.command("note elle a perdu son papier", thread=topic, until="entre nous")
    lila.command("transfer @karim", thread=topic, until="")
    assert not any("papier" in str(m.get("text")) for m in amina.messages())
    lila.command("transfer 1 Karim", until="Karim")
    karim.says("Je prends la suite", thread=topic)
    amina.waits_for("Je prends la suite")
    amina.blocks(True)
    karim.says("Vous êtes là ?", thread=topic)
    group.waits_for("Non remis", thread=topic)
    amina.blocks(False)
    amina.sends("oui")
    group.waits_for("👤 oui", thread=topic)
    group.does("delete_topic", thread=topic)
    amina.sends("encore moi")
    again = group.topic("#1")
    group.waits_for("encore moi", thread=again)
    karim.command("close réglé", thread=again, until="a clos le dossier")
    amina.waits_for("de nouveau moi")
    assert "caravane" in amina.says("c'est quoi la caravane ?", until="caravane")
    lila.command("queue", until="Personne n'attend")


def test_staff_without_topics_and_rights_reply_to_messages_in_arabic(product: Product) -> None:
    group = Group.new(
        product,
        supergroup=False,
        forum=False,
        people=("Nadir", "Sonia"),
        language="ar",
        bot="member",
    )
    group.does("limit", per_minute=0)
    nadir, sonia = group.member("Nadir"), group.member("Sonia")
    assert "لستُ مشرفًا" in nadir.command("desk here", until="المكتب")
    amina = Phone.new(product, "ar")
    amina.says("نحب نهدر مع واحد من عندكم", until="شخص من المكتب")
    group.waits_for("يطلب التحدث مع شخص")
    opening = number_of(group, "يطلب التحدث مع شخص")
    sonia.says("مرحبا، كيف أساعدك؟", reply_to=opening)
    amina.waits_for("كيف أساعدك")
    amina.sends("وين راه ملفي")
    group.waits_for("وين راه ملفي")
    nadir.says("أنا أعرف", reply_to=number_of(group, "وين راه ملفي"), until="Sonia")
    group.does("upgrade")
    amina.sends("راكم هنا؟")
    group.waits_for("راكم هنا؟")
    sonia.says("نعم", reply_to=number_of(group, "راكم هنا؟"))
    amina.waits_for("نعم")
    assert "المساعد" in amina.says("القائمة", until="المساعد")
    group.does("remove", member_id=group.bot)
    stranger = Group.new(product, people=("Omar",), language="ar")
    stranger.member("Omar").command("desk here", until="CARAVANE_ADMINISTRATORS")


def number_of(group: Group, words: str) -> int:
    """Return the number of the newest message in the group that holds some words."""
    found = [m["message_id"] for m in group.messages() if words in str(m.get("text"))]
    return int(found[-1])
