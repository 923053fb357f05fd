"""What must be understood: messages that no training message resembles too closely."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Parse = Callable[[str], dict[str, Any]]
"""What the `parse` fixture is: a text in, Rasa's answer out."""

ACCEPTANCE: tuple[tuple[str, str], ...] = (
    ("Bonjour, c'est quoi cette caravane ?", "ask_caravan_info"),
    ("slt c koi les condition pr ansej", "ask_eligibility"),
    ("متى تصل القافلة إلى باتنة؟", "ask_stop_in_wilaya"),
    ("وقتاش تجي القافلة لسطيف", "ask_stop_in_wilaya"),
    ("wa9tach tji l9afila l bba", "ask_stop_in_wilaya"),
    ("j'ai 37 ans et 2 ans d'expérience en soudure, j'ai le droit ?", "check_my_eligibility"),
    ("عندي 22 سنة وماعنديش ديبلوم نقدر نستافد؟", "check_my_eligibility"),
    ("chhal lazem n7ott apport", "ask_personal_contribution"),
    ("quels papiers pour le dossier", "ask_documents"),
    ("كيفاش نسجل", "ask_how_to_apply"),
    ("نحب نسجل من سطيف عمري 24 وراني بطال", "preregister"),
    ("من سطيف عمري 24 وراني بطال، نقدر نستافد؟", "check_my_eligibility"),
    ("et à Tiaret ?", "ask_stop_in_wilaya"),
    ("visa pour la France", "out_of_scope"),
)
