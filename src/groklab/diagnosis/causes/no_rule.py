"""Answers without a rule: there is nothing to find."""

from groklab.diagnosis.facts import Facts
from groklab.diagnosis.finding import Finding

CAUSE = "no rule in the table"
GUESSED = 2.0  # times the accuracy of guessing, and a little
SLACK = 0.03


def no_rule(facts: Facts) -> Finding | None:
    """See whether any rule is found in the known cells, and whether validation accuracy ever left that of guessing."""
    found = facts.rule
    if found is None or found.name or facts.memorized_at is None:
        return None
    best = float(max(facts.columns["validation_accuracy"]))
    at_chance = best <= GUESSED * facts.chance + SLACK
    likeliest = next((held for held in found.laws if held.cases), None)
    nearly = f"; the likeliest law, {likeliest.law.name}, holds in {likeliest.share:.0%} of cases" if likeliest else ""
    doubt = ", though so few cells could hardly show one" if found.is_too_small else ""
    evidence = (
        f"no rule was found in the {found.known:,} known cells{doubt}{nearly}; validation accuracy was {best:.1%} at"
        f" best, and guessing gives {facts.chance:.1%}"
    )
    return Finding(CAUSE, (0.5 if found.is_too_small else 0.92) * (1.0 if at_chance else 0.5), evidence)
