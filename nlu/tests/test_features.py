from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from nlu.components.classifier import WEIGHTS, Classifier, known_by
from nlu.components.features import Features, Vector
from nlu.components.ideas import Ideas
from nlu.components.likeness import Likeness
from nlu.components.pieces import Reader, Said
from nlu.components.remembered import Remembered

IDEAS = Ideas({"loan": "crédit kridi قرض", "when": "quand وقتاش waktach", "nothing": "plus"})
TEXTS = [
    "quand passe la caravane",
    "وقتاش تجي القافلة",
    "waktach tji l9afila",
    "je veux un crédit",
    "نحب كريدي",
    "n7eb kridi",
    "quand passe le bus",
    "la caravane passe par ici",
    "un crédit sans intérêt",
    "kridi bla riba",
    "الحافلة وقتاش تجي",
    "la caravane, quand ?",
]


def test_one_message_is_seen_as_it_was_among_many() -> None:
    features = Features(Reader(IDEAS), WEIGHTS)
    rows, known = features.learn([Said(text) for text in TEXTS])
    for i, text in enumerate(TEXTS):
        alone = features.vector(Said(text))
        together = rows[i].toarray()[0]
        assert np.flatnonzero(together).tolist() == sorted(alone.columns.tolist())
        np.testing.assert_allclose(together[alone.columns], alone.values, rtol=1e-5)
        assert alone.known == known[i]


def test_an_idea_makes_three_languages_say_the_same() -> None:
    read = Reader(IDEAS)
    for said in ("crédit", "kredi", "القرض", "lkridi"):
        assert read(Said(said))["ideas"] == ["loan"], said
    assert read(Said("plus"))["ideas"] == []


def test_a_saved_classifier_ranks_as_before(tmp_path: Path) -> None:
    said = [Said(text) for text in TEXTS * 4]
    labels = ["ask_next_stop", "ask_next_stop", "ask_next_stop"] + ["ask_financing"] * 3
    labels = [*labels, "out_of_scope", "ask_next_stop", "ask_financing", "ask_financing"]
    labels = [*labels, "out_of_scope", "ask_next_stop"] * 4
    learned = Classifier.learn(said, labels, IDEAS)
    learned.save(tmp_path)
    loaded = Classifier.load(tmp_path)
    for text in (*TEXTS, "", "n7eb na3ref waktach", "🤷"):
        before, after = learned.rank(Said(text)), loaded.rank(Said(text))
        assert [r.name for r in before] == [r.name for r in after]
        for one, other in zip(before, after, strict=True):
            assert abs(one.confidence - other.confidence) < 0.01


def test_a_trial_knows_only_what_the_messages_it_read_hold() -> None:
    rows = csr_matrix(np.array([[1, 1, 0], [1, 0, 1], [1, 0, 0], [1, 1, 0], [0, 1, 1]], np.float32))
    read = np.array([True, True, True, True, False])
    then, known = known_by(read, rows, np.array([1.0, 1.0, 1.0, 1.0, 0.5]))
    assert then.toarray().tolist() == [[1, 0, 0], [1, 0, 0], [1, 0, 0], [1, 0, 0], [0, 0, 0]]
    assert known.tolist() == [0.5, 0.5, 1.0, 0.5, 0.0]
    assert rows.nnz == 9


def test_the_nearest_messages_on_topic_and_off_it_are_found() -> None:
    draw = np.random.default_rng(0)
    rows = csr_matrix(draw.random((9, 6)) * (draw.random((9, 6)) < 0.25), dtype=np.float32)
    foreign = np.arange(9) % 3 == 0
    alike = np.array([True, True, True, True, False, False])
    likeness = Likeness.of(rows, foreign, alike)
    columns = np.array([0, 2, 5])
    rare = np.diff(rows.tocsc().indptr)[[0, 2]] <= 2
    products = rows.toarray()[:, [0, 2]] @ (np.array([0.5, 0.7]) * rare)
    found = likeness.nearest(Vector(columns, np.array([0.5, 0.7, 0.9], np.float32), 1.0))
    assert min(found) > 0
    np.testing.assert_allclose(found, [products[~foreign].max(), products[foreign].max()])
    nothing = Vector(np.zeros(0, np.int32), np.zeros(0, np.float32), 0.0)
    assert likeness.nearest(nothing) == (0.0, 0.0)


def test_what_is_remembered_has_bounds() -> None:
    lengths = Remembered[str, int](len)
    assert [lengths[str(n)] for n in range(20_000)] == [len(str(n)) for n in range(20_000)]
    assert len(lengths) < 10_000
    assert lengths["ا" * 600] == 600
    assert "ا" * 600 not in lengths
