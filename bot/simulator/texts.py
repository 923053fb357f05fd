"""The page's own sentences, rendered for it in the reader's language."""

from __future__ import annotations

from typing import Any

from actions.messages import LANGUAGES, Language
from bot.text import Name, Text, _, render

#: By the name the page knows them; those with `{…}` in them are filled in by the page.
TEXTS: dict[str, Text] = {
    "title": _("Caravane simulator"),
    "subtitle": _("Nothing leaves this machine"),
    "page_language": _("Page language"),
    "telegram": _("Telegram phone"),
    "bot": _("bot"),
    "typing": _("typing…"),
    "start": _("Start"),
    "no_messages": _("No messages here yet."),
    "message": _("Message"),
    "send": _("Send"),
    "attach": _("Attach"),
    "commands": _("Commands"),
    "more": _("More"),
    "location": _("Location"),
    "contact": _("My contact"),
    "their_contact": _("Someone else's contact"),
    "sticker": _("Sticker"),
    "voice": _("Voice message"),
    "photo": _("Photo"),
    "document": _("Document"),
    "video": _("Video"),
    "other": _("Another kind of message"),
    "edit": _("Edit"),
    "editing": _("Editing your message"),
    "edited": _("edited"),
    "cancel": _("Cancel"),
    "close": _("Close"),
    "block": _("Block the bot"),
    "unblock": _("Unblock the bot"),
    "save": _("Save the file"),
    "share_location": _("Share a location"),
    "town": _("Town"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "share": _("Share"),
    "group": _("Staff group"),
    "no_group": _("There is no staff group yet."),
    "make_group": _("Make the staff group"),
    "group_title": _("Caravane – office"),
    "group_settings": _("Group settings"),
    "people_there": _("Members: {n}"),
    "bot_is_administrator": _("the bot is an administrator"),
    "bot_is_member": _("the bot is a member"),
    "bot_is_absent": _("the bot is not there"),
    "creator": _("owner"),
    "administrator": _("administrator"),
    "topics": _("Topics"),
    "general": _("General"),
    "topic_closed": _("Closed"),
    "speaks": _("Writing as"),
    "reply": _("Reply"),
    "a_file": _("A file…"),
    "bot_here": _("The bot is in the group"),
    "bot_administrator": _("The bot is an administrator"),
    "bot_manages_topics": _("The bot may manage topics"),
    "limit": _("Messages of the bot in a minute (0: no limit)"),
    "upgrade": _("Make it a supergroup"),
    "new_topic": _("New topic"),
    "this_topic": _("Chosen topic: {name}"),
    "close_topic": _("Close the topic"),
    "reopen_topic": _("Reopen the topic"),
    "delete_topic": _("Delete the topic"),
    "members": _("Members"),
    "remove": _("Remove"),
    "service_group": _("Group made by {who}"),
    "service_joined": _("{who}: now in the group"),
    "service_left": _("{who}: no longer in the group"),
    "service_topic": _("New topic: {topic}"),
    "service_renamed": _("The topic is now called: {topic}"),
    "service_closed": _("Topic closed"),
    "service_reopened": _("Topic reopened"),
    "service_moved": _("The group is a supergroup now"),
    "people": _("People"),
    "add_person": _("Add a person"),
    "first_name": _("First name"),
    "their_language": _("Language of their Telegram"),
    "french": _("French"),
    "arabic": _("Arabic"),
    "english": _("English"),
    "add": _("Add"),
    "open_link": _("Open a link to the bot"),
    "link": _("Link, or the code in it"),
    "open": _("Open"),
    "clock": _("Simulated clock"),
    "in_algeria": _("In Algeria it is now"),
    "date_and_time": _("Date and time"),
    "set": _("Set"),
    "hour_later": _("1 hour later"),
    "day_later": _("1 day later"),
    "faults": _("Faults"),
    "faults_note": _("The next calls of the bot fail as asked."),
    "fault_method": _("Call"),
    "any_call": _("Any call"),
    "fault_kind": _("What happens"),
    "fault_429": _("Too many requests (429)"),
    "fault_403": _("Blocked by the person (403)"),
    "fault_400": _("Refused (400)"),
    "fault_500": _("Server error (500)"),
    "fault_lost": _("No answer, not done"),
    "fault_done": _("No answer, but done"),
    "fault_delay": _("A late answer"),
    "times": _("Times"),
    "seconds": _("Seconds"),
    "only_here": _("Only for this person"),
    "prepare": _("Prepare the fault"),
    "remove_all": _("Remove all"),
    "fault_item": _("{call}: {kind} × {n}"),
    "unread": _("Events the bot has not read: {n}"),
    "error_key": _("Open the address that the program printed: it holds the key."),
    "error_away": _("The simulator does not answer. Is the program running?"),
    "error_refused": _("That is not possible now."),
    "error_bad": _("Please check what you entered."),
    "error_button": _("This button is no longer there."),
    "error_topic_closed": _("This topic is closed."),
    "error_not_administrator": _("Only an administrator can do that."),
}

#: Places to be at: town centres, to a kilometre.
TOWNS: tuple[tuple[Name, float, float], ...] = (
    (Name("Alger", "الجزائر"), 36.754, 3.059),
    (Name("Souk Ahras", "سوق أهراس"), 36.286, 7.951),
    (Name("Sétif", "سطيف"), 36.191, 5.414),
    (Name("Blida", "البليدة"), 36.470, 2.828),
    (Name("Djelfa", "الجلفة"), 34.673, 3.263),
    (Name("Tiaret", "تيارت"), 35.371, 1.317),
    (Name("Oran", "وهران"), 35.697, -0.633),
    (Name("Tamanrasset", "تمنراست"), 22.785, 5.523),
)


def page_texts(language: Language) -> dict[str, Any]:
    """Return the page's sentences and the towns it offers."""
    sentences = {
        name: render(text, language, isolated="{" not in text.msgid) for name, text in TEXTS.items()
    }
    towns = [
        {"name": render(name, language), "latitude": latitude, "longitude": longitude}
        for name, latitude, longitude in TOWNS
    ]
    return {"texts": sentences, "towns": towns}


def both(name: str) -> str:
    """Return a sentence in both languages, for a page that could not ask for one yet."""
    return " \u00b7 ".join(render(TEXTS[name], language) for language in LANGUAGES)
