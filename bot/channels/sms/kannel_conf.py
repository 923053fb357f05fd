"""Kannel's configuration, made from `deploy/kannel.conf` and the settings of the gateway."""

from __future__ import annotations

from string import Template
from urllib.parse import quote, urlsplit

from bot.channels.sms.settings import SmsSettings


class KannelConfError(Exception):
    """No configuration can be made of the settings; the message says what to set."""


def kannel_conf(template: str, settings: SmsSettings, *, admin: str, status: str) -> str:
    """Return the configuration of a Kannel on this machine, secrets included.

    `admin` and `status` become the passwords of Kannel's own pages. Raises `KannelConfError` when
    a setting is missing, or holds what Kannel's files can't.
    """
    login = settings.kannel
    if login is None or not login.user:
        missing = "USER" if login else "URL, _USER and _PASSWORD"
        raise KannelConfError(f"CARAVANE_SMS_KANNEL_{missing} must be set first.")
    filled = {
        "assistant": (settings.url or _here(settings)).replace("%", "%%"),
        # In an address a percent sign begins an escape of Kannel's; two stand for one.
        "key": quote(settings.secret, safe="").replace("%", "%%"),
        "user": login.user,
        "password": login.password,
        "port": str(urlsplit(login.url).port or 80),
        "number": settings.number,
        "admin_password": admin,
        "status_password": status,
    }
    return Template(template).substitute({name: _quoted(text) for name, text in filled.items()})


def _here(settings: SmsSettings) -> str:
    """Return where the assistant listens, as Kannel on the same machine calls it."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def _quoted(text: str) -> str:
    """Return a text as it stands between quotation marks in Kannel's files."""
    # Kannel takes every line with this word in it for one that names another file.
    if "include" in text or not text.isprintable():
        raise KannelConfError(
            "A secret, password or name that is set for Kannel holds the word “include” or a "
            "character that can't be printed: Kannel can't read that. Set another."
        )
    return text.replace("\\", "\\\\").replace('"', '\\"')
