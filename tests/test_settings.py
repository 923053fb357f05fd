"""Settings: each wrong one stops the start with one sentence that says what to set."""

from __future__ import annotations

import pytest

from bot.settings import SettingsError, load_settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "not-a-token"),
        ("TELEGRAM_API_URL", "ftp:/nowhere"),
        ("DATABASE_URL", "mysql://somewhere/db"),
        ("DATABASE_URL", "nonsense"),
        ("CARAVANE_PORT", "99999"),
        ("CARAVANE_PORT", "eighty"),
        ("LOG_LEVEL", "loud"),
        ("CARAVANE_PROGRAMME", "/nowhere/at/all"),
        ("RASA_URL", "nowhere"),
        ("CARAVANE_CLERKS", "amine,yasmine"),
        ("CARAVANE_CLERKS", "4711;4712"),
        ("CARAVANE_KEEP_TEXTS_DAYS", "-1"),
        ("CARAVANE_KEEP_TEXTS_DAYS", "for ever"),
        ("CARAVANE_KEEP_REGISTRATIONS_DAYS", "29"),
        ("CARAVANE_KEEP_REGISTRATIONS_DAYS", "99999999"),
        ("CARAVANE_KEEP_REGISTRATIONS_DAYS", "89"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as wrong:
        load_settings()
    sentence = str(wrong.value)
    assert name in sentence
    assert "set it to" in sentence
    assert "\n" not in sentence
    assert value not in sentence


def test_a_rasa_server_without_its_token_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASA_URL", "http://127.0.0.1:5005")
    with pytest.raises(SettingsError, match="RASA_TOKEN"):
        load_settings()


def test_how_long_things_are_kept_is_set_in_days(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = load_settings().retention
    assert (usual.texts.days, usual.registrations.days) == (90, 365)
    monkeypatch.setenv("CARAVANE_KEEP_TEXTS_DAYS", "7")
    monkeypatch.setenv("CARAVANE_KEEP_REGISTRATIONS_DAYS", "30")
    kept = load_settings().retention
    assert (kept.texts.days, kept.registrations.days) == (7, 30)


def test_clerks_are_numbers_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().caravane_clerks == frozenset()
    monkeypatch.setenv("CARAVANE_CLERKS", "4711, 4712,")
    assert load_settings().caravane_clerks == {"4711", "4712"}


def test_without_a_token_the_simulator_runs_on_a_database_of_its_own() -> None:
    settings = load_settings()
    assert settings.simulated
    assert settings.database().endswith("simulator.db")


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:abcdefghijklmnopqrstuvwxyz")
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://me:hush-hush@host/name")
    monkeypatch.setenv("CARAVANE_SMS_SECRET", "hush-hush-hush-hush")
    monkeypatch.setenv("CARAVANE_SMS_KANNEL_URL", "http://127.0.0.1:13013/cgi-bin/sendsms")
    monkeypatch.setenv("CARAVANE_SMS_KANNEL_PASSWORD", "hush-hush")
    monkeypatch.setenv("CARAVANE_SMS_NUMBER", "3048")
    settings = load_settings()
    shown = repr(settings) + repr(settings.sms)
    assert "abcdef" not in shown
    assert "hush" not in shown


@pytest.mark.parametrize(
    ("set_already", "named"),
    [
        ({"SECRET": "short"}, "CARAVANE_SMS_SECRET"),
        ({"KANNEL_URL": "http://127.0.0.1:13013/"}, "CARAVANE_SMS_SECRET"),
        ({"SECRET": "s" * 16}, "CARAVANE_SMS_KANNEL_URL"),
        (
            {"SECRET": "s" * 16, "KANNEL_URL": "http://127.0.0.1:13013/"},
            "CARAVANE_SMS_KANNEL_PASSWORD",
        ),
        ({"SECRET": "s" * 16, "RELAY_URL": "http://127.0.0.1:9/"}, "CARAVANE_SMS_NUMBER"),
        (
            {"RELAY_URL": "http://127.0.0.1:9/", "KANNEL_URL": "http://127.0.0.1:13013/"},
            "CARAVANE_SMS_RELAY_URL",
        ),
        ({"NUMBER": "ALGERIE"}, "CARAVANE_SMS_NUMBER"),
        ({"ALLOWED": "everyone"}, "CARAVANE_SMS_ALLOWED"),
        ({"SEGMENTS_A_MONTH": "0"}, "CARAVANE_SMS_SEGMENTS_A_MONTH"),
    ],
)
def test_half_an_sms_gateway_stops_the_start_with_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, set_already: dict[str, str], named: str
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:abcdefghijklmnopqrstuvwxyz")
    for name, value in set_already.items():
        monkeypatch.setenv(f"CARAVANE_SMS_{name}", value)
    with pytest.raises(SettingsError, match=named):
        load_settings()
