"""A reminder from the wish to the phone, in the product as people get it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Phone, Product


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with Product(tmp_path) as running:
        yield running


def test_a_reminder_wished_for_before_a_restart_comes_the_evening_before(product: Product) -> None:
    phone = Phone.new(product)
    phone.says("/start")
    phone.taps("Français")
    phone.says("/rappel Sétif")
    assert "13 octobre" in phone.taps("🔔")
    product.stop()
    product.start()
    phone = Phone(product, phone.chat)
    phone._post("clock", now="2015-10-13T22:30:00")
    phone.says("/menu")  # an answer leaves at night, a reminder does not
    assert not any("Rappel :" in str(message) for message in phone.messages())
    phone._post("clock", now="2015-10-14T08:00:00")
    reminder = phone.waits_for("Rappel :")
    assert "mercredi 14 octobre" in reminder
    assert "place de la poste centrale" in reminder
    assert phone.taps("🔕")
