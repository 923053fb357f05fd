"""A registration as the slots of its form, and the slots as what is stored."""

from __future__ import annotations

import datetime as dt

from actions import registrations
from actions.registrations import Details, Registration
from bot.flows.registration.situations import settled, trade_slots
from bot.forms.fields import Slots
from bot.state import Slot


def details_of(slots: Slots, today: dt.date, *, interest: bool) -> Details:
    """Return what the slots of a filled form come to; `interest` as in `Registration`."""
    birth = slots.get("birth_date") or slots["born"]
    key, words = trade_slots(str(slots["trade"]))
    age = slots["born"] if isinstance(slots["born"], int) and isinstance(birth, int) else None
    return Details(
        given_name=str(slots["given_name"]),
        family_name=str(slots["family_name"]),
        birth_date=dt.date.fromisoformat(birth) if isinstance(birth, str) else None,
        age=age,
        age_on=today if age is not None else None,
        wilaya=str(slots["wilaya"]),
        commune=str(slots["commune"]),
        phone=str(slots["phone"]),
        phone_checked=bool(slots.get("phone_checked")),
        situation=settled(str(slots["situation"]), slots.get("anem")),
        qualification=str(slots["qualification"]),
        qualification_trade=str(slots.get("qualification_trade") or ""),
        trade=key,
        trade_words=words,
        stop=str(slots.get("stop") or ""),
        interest=interest,
    )


def slots_of(row: Registration, today: dt.date) -> dict[str, Slot]:
    """Return a registration as the slots of the form that changes it."""
    born: Slot = row.birth_date.isoformat() if row.birth_date else row.age
    return {
        "consent": True,
        "consent_id": row.consent_id,
        "born": born,
        "given_name": row.given_name,
        "family_name": row.family_name,
        "wilaya": row.wilaya,
        "commune": row.commune,
        "phone": row.phone,
        "phone_checked": row.phone_checked,
        "situation": row.situation,
        "qualification": row.qualification,
        "qualification_trade": row.qualification_trade or None,
        "trade": row.trade or f"«{row.trade_words}",
        "stop": row.stop,
        "stop_day": today.isoformat(),
        **({} if row.birth_date else {"birth_date": None}),
    }


def age_of(slots: Slots, today: dt.date) -> int:
    """Return how many full years old someone is on a day, by what the form holds."""
    birth = slots.get("birth_date") or slots["born"]
    date = dt.date.fromisoformat(birth) if isinstance(birth, str) else None
    return registrations.age_on(today, date, birth if isinstance(birth, int) else None, None)
