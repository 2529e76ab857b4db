"""The rule that a run's network has found: from the cells it was trained on, and its answers everywhere else."""

from typing import Any

import numpy as np
from jaxtyping import Int

from groklab.algebra import Table, explanation_of
from groklab.algebra.explanation import GROUP, ISOTOPE, LEAST, Explanation
from groklab.algebra.group_names import with_identity_first
from groklab.algebra.representations import Part, parts, waves
from groklab.algebra.structure import identity
from groklab.errors import InvalidTable
from groklab.rules.circle import Circle, Embedding, circle_in
from groklab.rules.rule import Network, Rule, checked
from groklab.store import Columns, Run
from groklab.store.words import thresholds

EMBEDDING = "weights.embedding"
_FEWEST = 5  # symbols: fewer lie on any circle


def rule_of_run(run: Run) -> Rule:
    """Find the rule that a run's network has found; raise `InvalidTable` where it learnt no table or has no answers."""
    stored, saved = run.table(), run.checkpoint()
    if stored is None:
        raise InvalidTable(f"`{run.name}` must have learnt a table, got {run.plan()['task']}. Try a run of addition.")
    if saved is None or "predictions.end" not in saved[0]:
        raise InvalidTable(
            f"`{run.name}` must have its network's answers, got none. The command that began it goes on."
        )
    arrays, about = stored
    known, network = _tables(arrays, about, saved[0]["predictions.end"][:, 0])
    given = checked(known, f"`{run.name}`").aligned()
    is_trained = (known.values >= 0) & ~arrays["withheld"]

    def part(values: np.ndarray) -> Table:
        return known._replace(values=values).arranged(given.right, given.answers)

    trained, answered = (part(np.where(is_trained, *each)) for each in ((known.values, -1), (-1, network.values)))
    accuracy = float(run.status().get("validation_accuracy") or 0.0)
    has_generalized = accuracy >= thresholds(run)["generalized_from"]
    seen = given._replace(values=np.maximum(trained.values, answered.values))
    found = explanation_of(seen if has_generalized else given)
    found = found if found is not None and found.is_accepted(given.values, LEAST) else None
    return Rule(
        given,
        known.right,
        about["sign"],
        found,
        Network(
            int(np.count_nonzero(is_trained)),
            int(np.count_nonzero(answered.values >= 0)),
            int(np.count_nonzero((known.values >= 0) & ~is_trained)),
            accuracy,
            has_generalized,
            _agreement(found, answered),
            *_shown(_embedding(saved[0], about, given), trained, found),
        ),
    )


def _tables(arrays: Columns, about: dict[str, Any], predicted: Int[np.ndarray, "examples"]) -> tuple[Table, Table]:
    """Return the table as it is known, and as the network answers it; -1 where there is no answer."""
    tokens = np.unique(arrays["truth"][arrays["truth"] >= 0])
    place = np.full(len(about["words"]) + 1, -1)
    place[tokens] = np.arange(len(tokens))
    left, right, answers = (tuple(words) for words in (about["left"], about["right"], _words(about, tokens)))
    said = np.where(arrays["row"] >= 0, predicted[arrays["row"]], -1)
    return Table(left, right, answers, place[arrays["truth"]]), Table(left, right, answers, place[said])


def _words(about: dict[str, Any], tokens: Int[np.ndarray, "tokens"]) -> list[str]:
    return [about["words"][token] for token in tokens]


def _agreement(found: Explanation | None, answered: Table) -> float:
    is_answer = answered.values >= 0
    if found is None or not is_answer.any():
        return 0.0
    return float((answered.values == found.values)[is_answer].mean())


def _embedding(saved: Columns, about: dict[str, Any], given: Table) -> Embedding | None:
    """Return the vectors of the symbols, in their order, where rows and columns are embedded alike."""
    words = list(about["words"])
    if EMBEDDING not in saved or not given.is_common or not set(given.left) <= set(words):
        return None
    return saved[EMBEDDING][[words.index(symbol) for symbol in given.left]].astype(float)


def _shown(
    embedding: Embedding | None, trained: Table, found: Explanation | None
) -> tuple[Circle | None, tuple[Part, ...]]:
    """Return the circle that an embedding shows, and which representations of the group are strong in it."""
    if embedding is None or len(embedding) < _FEWEST or not (trained.values >= 0).any():
        return None, ()
    circle = circle_in(embedding, trained.left, trained.values)
    if found is None or found.kind not in (GROUP, ISOTOPE):
        return circle, ()
    if found.group == f"C{len(embedding)}" and found.labels.is_common:
        return circle, tuple(waves(np.array(found.labels.left, int), embedding))
    neutral = identity(found.values)
    if neutral is None:
        return circle, ()
    group, old = with_identity_first(found.values, neutral)
    return circle, tuple(parts(group, embedding[old]))
