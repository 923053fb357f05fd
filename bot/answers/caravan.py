"""What the caravan is, who runs it, and what the press counted."""

from __future__ import annotations

from bot.answers.asked import Asked
from bot.answers.notes import answer, in_force, name, names, read_note
from bot.menu import choice
from bot.text import Say, Text, _, ngettext


def ask_caravan_info(asked: Asked) -> Say:
    """Say what it is for, what happens at a stop, and who organises it."""
    organisers = asked.programme.caravan.organisers
    return answer(
        _(
            "The caravan goes from wilaya to wilaya. It tells young people without work how to "
            "create a micro-enterprise that works on Algérie Télécom's networks."
        ),
        _(
            "At a stop you meet the agency and Algérie Télécom: you ask your questions, and you "
            "can leave a request."
        ),
        _("Behind it: {organisers}.", organisers=names(organisers.names)),
        *_figures(asked),
        notes=[read_note(asked.programme, organisers)],
        choices=(
            (choice("ask_next_stop"), choice("ask_trades")),
            (choice("check_my_eligibility"), choice("ask_how_to_apply")),
        ),
        brief=[
            _(
                "The caravan goes from wilaya to wilaya: how young people without work can create "
                "a micro-enterprise on Algérie Télécom's networks. You can leave a request there."
            )
        ],
    )


def _figures(asked: Asked) -> list[Text]:
    """Quote the newest figures that were out, with where they were printed: they disagree."""
    known = [
        (figures, figures.visitors, figures.applicants)
        for figures in asked.programme.caravan.figures
        if figures.visitors and figures.applicants and in_force(asked, figures)
    ]
    if not known:
        return []
    newest, visitors, applicants = max(known, key=lambda one: one[0].stops)
    return [
        ngettext(
            "After {n} wilaya: visitors {visitors}, applicants {applicants}, says {source}. Other "
            "newspapers give other figures.",
            "After {n} wilayas: visitors {visitors}, applicants {applicants}, says {source}. Other "
            "newspapers give other figures.",
            newest.stops,
            visitors=visitors,
            applicants=applicants,
            source=name(asked.programme.cited(newest)[0].title),
        )
    ]
