"""Kannel's configuration is made of the settings, and says what is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.channels.sms.kannel_conf import KannelConfError, kannel_conf
from bot.channels.sms.settings import KannelLogin, SmsSettings
from tests.kannel import TEMPLATE

LOGIN = KannelLogin("http://127.0.0.1:13013/cgi-bin/sendsms", "caravane", "of the tests")
SETTINGS = SmsSettings(secret="a secret of the tests", number="3048", kannel=LOGIN)


def conf(**changed: Any) -> list[str]:
    made = kannel_conf(TEMPLATE, replace(SETTINGS, **changed), admin="top", status="look")
    return [line for line in made.splitlines() if not line.startswith("#")]


def test_every_setting_stands_where_kannel_looks_for_it() -> None:
    lines = conf()
    assert 'admin-password = "top"' in lines and 'status-password = "look"' in lines
    assert "sendsms-port = 13013" in lines
    assert 'username = "caravane"' in lines and 'password = "of the tests"' in lines
    assert 'default-sender = "3048"' in lines
    (address,) = (line for line in lines if line.startswith("post-url"))
    assert "http://127.0.0.1:8016/sms/kannel?key=a%%20secret%%20of%%20the%%20tests&id=%I" in address


@pytest.mark.parametrize(
    ("changed", "address"),
    [
        ({"host": "0.0.0.0"}, "http://127.0.0.1:8016/sms"),
        ({"host": "::1"}, "http://[::1]:8016/sms"),
        ({"host": "10.0.0.2", "port": 80}, "http://10.0.0.2:80/sms"),
        ({"url": "https://sms.example.dz/a%20b"}, "https://sms.example.dz/a%%20b/sms"),
    ],
)
def test_kannel_calls_where_the_assistant_listens(changed: dict[str, Any], address: str) -> None:
    assert any(line.startswith(f'post-url = "{address}') for line in conf(**changed))


def test_a_password_with_signs_of_kannels_own_is_still_that_password() -> None:
    assert r'password = "a \"b\" \\c"' in conf(kannel=replace(LOGIN, password=r'a "b" \c'))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kannel": None}, "CARAVANE_SMS_KANNEL_URL"),
        ({"kannel": replace(LOGIN, user="")}, "CARAVANE_SMS_KANNEL_USER"),
        ({"kannel": replace(LOGIN, password="one\ntwo")}, "can't be printed"),
        ({"secret": "the other one include"}, "include"),
    ],
)
def test_what_kannel_could_not_read_is_said_and_not_written(
    changed: dict[str, Any], words: str
) -> None:
    with pytest.raises(KannelConfError, match=words):
        conf(**changed)
