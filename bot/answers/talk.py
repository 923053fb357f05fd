"""Talk around the subject: greetings, thanks, refusals, and what a program can't do."""

from __future__ import annotations

from bot import menu
from bot.answers.asked import Asked
from bot.menu import MENU_BUTTON, choice, told
from bot.text import Say, _

_FIRST_SUBJECTS = (
    (choice("ask_next_stop"), choice("check_my_eligibility")),
    (choice("ask_financing"), choice("ask_how_to_apply")),
    (MENU_BUTTON,),
)
_PEOPLE = (
    (choice("ask_next_stop"), choice("ask_agency")),
    (MENU_BUTTON,),
)


def greet(asked: Asked) -> Say:
    """Greet back and offer the first subjects."""
    return told(_("Welcome! What would you like to know?"), choices=_FIRST_SUBJECTS)


def goodbye(asked: Asked) -> Say:
    """Take leave."""
    return told(_("Goodbye, and good luck with your project!"))


def thank(asked: Asked) -> Say:
    """Answer thanks."""
    return told(_("You are welcome! If you have another question, write to me."))


def affirm(asked: Asked) -> Say:
    """Answer a yes that nothing asked for."""
    return told(_("Good. What would you like to know?"), choices=_FIRST_SUBJECTS)


def deny(asked: Asked) -> Say:
    """Answer a no that nothing asked for."""
    return told(_("All right. I am here if you have a question."), choices=((MENU_BUTTON,),))


def bot_challenge(asked: Asked) -> Say:
    """Say what answers here."""
    return told(
        _("I am a program called Caravane, not a person."),
        _(
            "I answer about the micro-enterprise caravan, from sources that I name with their "
            "date. It is the agency that decides."
        ),
        brief=(_("I am a program, not a person: I answer about the caravan; the agency decides."),),
        choices=_FIRST_SUBJECTS,
    )


def ask_help(asked: Asked) -> Say:
    """Say how to use the assistant."""
    return menu.help_()


def out_of_scope(asked: Asked) -> Say:
    """Refuse kindly, and say what can be asked."""
    return told(
        _("Sorry, I can't help with that: I only know about the micro-enterprise caravan."),
        _(
            "Ask me where it stops, who can benefit, the money, the trades, the papers, how to "
            "apply."
        ),
        brief=(
            _(
                "Sorry, I only know about the micro-enterprise caravan: its stops, the money, the "
                "papers, how to apply."
            ),
        ),
        choices=_FIRST_SUBJECTS,
    )


def talk_to_human(asked: Asked) -> Say:
    """Say honestly that nobody reads along yet, and where people are."""
    return told(
        _("I understand. For now, nobody from the staff reads this chat: I am alone to answer."),
        _(
            "To talk to someone, go to the caravan's stop or to the agency's annexe nearest to "
            "your home."
        ),
        brief=(
            _(
                "For now nobody from the staff reads this. To talk to someone, go to the caravan's "
                "stop or to the agency's annexe."
            ),
        ),
        choices=_PEOPLE,
    )


def complaint(asked: Asked) -> Say:
    """Be sorry, say that it can't be passed on from here, and who can hear it."""
    return told(
        _("I am sorry that it went badly."),
        _(
            "I can't pass a complaint on yet: nobody from the staff reads this chat. Tell it to "
            "the person in charge of the stop or of the annexe."
        ),
        _("If it is my answer that is wrong, trust the agency: it is the one that decides."),
        brief=(
            _(
                "I am sorry. Nobody from the staff reads this yet: tell it to the person in charge "
                "of the stop or of the annexe."
            ),
        ),
        choices=_PEOPLE,
    )
