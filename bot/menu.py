"""What the assistant offers: the welcome, the menu, help, and the names of its subjects."""

from __future__ import annotations

from dataclasses import replace

from bot.text import Choice, Say, Text, _, say

#: The subjects worth offering, by the intent that asks about them, as a button names them.
SUBJECTS: dict[str, Text] = {
    "ask_next_stop": _("The next stop"),
    "ask_stop_in_wilaya": _("In my wilaya"),
    "ask_tour_schedule": _("The whole tour"),
    "ask_stop_place_time": _("Place and hours"),
    "ask_caravan_info": _("What is the caravan?"),
    "ask_eligibility": _("The conditions"),
    "check_my_eligibility": _("Am I eligible?"),
    "ask_age": _("The age"),
    "ask_employment_status": _("Job, studies, ANEM"),
    "ask_diploma": _("The diploma"),
    "ask_previous_beneficiary": _("Earlier aid"),
    "ask_financing": _("The financing"),
    "ask_personal_contribution": _("My own contribution"),
    "ask_loan_interest": _("Interest and repayment"),
    "ask_taxes": _("The taxes"),
    "ask_trades": _("The trades"),
    "ask_algerie_telecom_contract": _("The contract with AT"),
    "ask_how_to_apply": _("How to apply"),
    "ask_documents": _("The papers"),
    "ask_delays": _("The delays"),
    "ask_agency": _("The agency"),
    "ask_training": _("The training"),
    "preregister": _("Sign up"),
    "registration_status": _("Where is my file?"),
    "edit_registration": _("Change my registration"),
    "delete_my_data": _("Erase my data"),
    "subscribe_reminder": _("Remind me"),
    "talk_to_human": _("Talk to a person"),
    "complaint": _("Make a complaint"),
}
#: The same subjects in a word or two, where each letter is paid for.
_BRIEF_SUBJECTS: dict[str, Text] = {
    "ask_next_stop": _("Next stop"),
    "ask_stop_in_wilaya": _("My wilaya"),
    "ask_tour_schedule": _("Tour"),
    "ask_stop_place_time": _("Where, when"),
    "ask_caravan_info": _("Caravan"),
    "ask_eligibility": _("Conditions"),
    "check_my_eligibility": _("Eligible?"),
    "ask_age": _("Ages"),
    "ask_employment_status": _("Job, ANEM"),
    "ask_diploma": _("Diploma"),
    "ask_previous_beneficiary": _("Past aid"),
    "ask_financing": _("Money"),
    "ask_personal_contribution": _("My share"),
    "ask_loan_interest": _("Interest"),
    "ask_taxes": _("Taxes"),
    "ask_trades": _("Kinds of work"),
    "ask_algerie_telecom_contract": _("AT contract"),
    "ask_how_to_apply": _("Apply"),
    "ask_documents": _("Papers"),
    "ask_delays": _("Delays"),
    "ask_agency": _("Agency"),
    "ask_training": _("Training"),
    "preregister": _("Signing up"),
    "registration_status": _("My file?"),
    "edit_registration": _("Correct my file"),
    "delete_my_data": _("Erase my file"),
    "subscribe_reminder": _("Reminder"),
    "talk_to_human": _("A person"),
    "complaint": _("Complaint"),
}
#: "Did you mean" is asked about these only.
OFFERED = frozenset(SUBJECTS)


def choice(intent: str) -> Choice:
    """Return the button that asks about a subject."""
    return Choice(SUBJECTS[intent], f"ask:{intent}", _BRIEF_SUBJECTS[intent])


def told(
    *lines: Text, brief: tuple[Text, ...] = (), choices: tuple[tuple[Choice, ...], ...] = ()
) -> Say:
    """Return a message of plain paragraphs; without a `brief` they are short enough themselves."""
    return replace(say(*lines, choices=choices), brief=brief or lines)


MENU_BUTTON = Choice(_("Menu"), "menu")
MENU: tuple[tuple[Choice, ...], ...] = (
    (choice("ask_next_stop"), choice("ask_tour_schedule")),
    (choice("check_my_eligibility"), choice("ask_eligibility")),
    (choice("ask_financing"), choice("ask_trades")),
    (choice("ask_how_to_apply"), choice("ask_documents")),
    (choice("preregister"), choice("subscribe_reminder")),
    (
        Choice(_("Français | العربية"), "language", _("The other language")),
        choice("talk_to_human"),
    ),
)


def welcome(*, languages: bool) -> Say:
    """Say hello, what this is, and what it can do; with `languages`, ask for one by a tap."""
    lines = (
        _("Hello! I am Caravane, an automatic assistant."),
        _(
            "Ask me, in your own words, about the micro-enterprise caravan: where it stops next, "
            "who can benefit, the money, the papers, how to apply."
        ),
    )
    if languages:
        brief = _(
            "Hello! Caravane, automatic assistant. Write your question. The other language: AR or "
            "FR."
        )
        return told(*lines, brief=(brief,), choices=(LANGUAGE_BUTTONS,))
    brief = _(
        "Hello! Caravane, automatic assistant. Write your question about the micro-enterprise "
        "caravan, or MENU."
    )
    return told(*lines, brief=(brief,), choices=MENU)


LANGUAGE_BUTTONS: tuple[Choice, ...] = (
    Choice(_("Français"), "language:fr"),
    Choice(_("العربية"), "language:ar"),
)


def choose_language() -> Say:
    """Ask for a language by a tap."""
    return told(_("Which language do you prefer?"), choices=(LANGUAGE_BUTTONS,))


def menu() -> Say:
    """Return the menu."""
    return told(
        _("What would you like to know? Tap, or write it in your own words."),
        brief=(_("Answer with a number, or write your question:"),),
        choices=MENU,
    )


def help_() -> Say:
    """Say how to use the assistant, and the words that always work."""
    return Say(
        (
            (_("How I work"), "title"),
            (_("Write as you speak: French, Arabic, Darija, Arabizi."), "item"),
            (_("Name a wilaya or a town, and I say when the caravan stops there."), "item"),
            (_("Share where you are, and I look for the nearest stop."), "item"),
            (_("/menu shows the subjects, /langue changes the language."), "item"),
            (_("/moi shows your registration, /rappel reminds you of a stop."), "item"),
            (_("/mesdonnees shows what I hold about you, /supprimer erases it."), "item"),
            (_("I am a program: the agency decides, not me."), "note"),
        ),
        MENU,
        brief=(
            _("Write a question, a wilaya or a town. I am a program: the agency decides."),
            _(
                "Words: MENU, MOI (your file), RAPPEL (reminders), SUPPRIMER (erase), AGENT (a "
                "person), STOP (no more SMS), AIDE."
            ),
        ),
    )


def did_you_mean(intents: tuple[str, ...], wilaya: str = "") -> Say:
    """Ask which of some subjects was meant, in the wilaya spoken of if there is one."""
    rows = tuple((_with_wilaya(choice(intent), wilaya),) for intent in intents)
    return told(
        _("I am not sure I understood. Did you mean:"),
        choices=(*rows, (Choice(_("Something else"), "menu"),)),
    )


def _with_wilaya(subject: Choice, wilaya: str) -> Choice:
    if wilaya and subject.data in {"ask:ask_stop_in_wilaya", "ask:ask_stop_place_time"}:
        return replace(subject, data=f"{subject.data}:{wilaya}")
    return subject


def missed(*, again: bool) -> Say:
    """Say that a message was not understood; the second time in a row, offer a person as well."""
    if again:
        return told(
            _("I still don't understand, sorry. Choose a subject here, or ask for a person."),
            brief=(_("I still don't understand, sorry. Answer with a number:"),),
            choices=((choice("talk_to_human"),), *MENU[:-1]),
        )
    return told(
        _("I did not understand. Can you say it in other words, or choose a subject?"),
        brief=(_("I did not understand. Say it in other words, or write MENU."),),
        choices=MENU,
    )


def only_text() -> Say:
    """Say kindly that only text is read."""
    return told(
        _("I can only read text: no voice, pictures or stickers. Write to me, or tap here:"),
        brief=(_("I can only read text. Write me your question, or MENU."),),
        choices=MENU,
    )


def too_fast() -> Say:
    """Ask someone who floods the chat to slow down."""
    return told(_("You write very fast! I answer again in a minute; one message is enough."))


def no_words() -> Say:
    """Ask for words, when a message holds none."""
    return told(
        _("Write me your question in words, or tap here:"),
        brief=(_("Write me your question in words, or MENU."),),
        choices=MENU,
    )


def understanding_down() -> Say:
    """Say that free text can't be read now, and what works all the same."""
    return told(
        _(
            "For the moment I can't read sentences. These buttons work, and so does the name of a "
            "wilaya."
        ),
        brief=(_("For the moment I can't read sentences. Write MENU, or the name of a wilaya."),),
        choices=MENU,
    )


def old_button() -> Text:
    """Say that a button belongs to a step that is past."""
    return _("That step is past. Here is where we are:")


def understanding_down_briefly() -> Text:
    """Say, in the middle of a form, that sentences can't be read now."""
    return _("For the moment I can't read sentences. Tap a button, or answer with a number.")


def contact_not_needed() -> Say:
    """Thank someone who shared a phone number, which nothing here needs."""
    return told(_("Thank you, but I don't need your number: I have not kept it."), choices=MENU)
