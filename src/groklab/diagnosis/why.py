"""`gl.why`: which condition a run lacked to generalize."""

from dataclasses import dataclass
from typing import Any

from groklab.diagnosis.causes import CAUSES, UNSETTLING
from groklab.diagnosis.facts import Facts
from groklab.diagnosis.finding import Finding
from groklab.store import Run
from groklab.training.overrides import overridden

GENERALIZED, UNSETTLED, UNFINISHED, UNKNOWN = "generalized", "not settled", "unfinished", "unknown"
LEAST = 0.25  # the weight from which on a finding is named


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What became of a run, and what may have been missing, the likeliest first.

    `outcome` is `generalized`; `not settled` where it did and fell below again; `unfinished` where it is still to be
    trained; else the first cause, or `unknown` where none was found. `findings` are those with a weight of 0.25 or
    more; none where the run generalized.
    """

    run: Run
    outcome: str
    findings: tuple[Finding, ...]
    generalized_at: int | None

    @property
    def cause(self) -> str:
        """The likeliest cause, or nothing where the run generalized or none was found."""
        is_named = self.outcome not in (GENERALIZED, UNKNOWN) and bool(self.findings)
        return self.findings[0].cause if is_named else ""

    def as_dict(self) -> dict[str, Any]:
        """Return it as values of JSON."""
        return {
            "run": self.run.name,
            "outcome": self.outcome,
            "cause": self.cause,
            "generalized_at": self.generalized_at,
            "findings": [_as_dict(finding) for finding in self.findings],
        }

    def __repr__(self) -> str:
        more = f", {self.cause}" if self.cause not in ("", self.outcome) else ""
        return f"<Diagnosis of {self.run.name}: {self.outcome}{more}>"


def why(run: Run) -> Diagnosis:
    """Say what a run lacked to generalize, from its record, its plan and what was measured of others.

    Raise `InvalidSetting` where it has recorded nothing.
    """
    facts = Facts(run)
    asked = CAUSES if facts.generalized_at is None else () if facts.settled_at is not None else UNSETTLING
    found = [finding for cause in asked if (finding := cause(facts)) is not None and finding.weight >= LEAST]
    findings = tuple(sorted((_effective(facts, each) for each in found), key=lambda finding: -finding.weight))
    return Diagnosis(run, _outcome(facts, findings), findings, facts.generalized_at)


def _effective(facts: Facts, finding: Finding) -> Finding:
    """Return a finding without a change that would leave the plan as it is."""
    if finding.change is None:
        return finding
    settings = {**finding.change.settings, "steps": finding.change.steps}
    is_same = overridden(facts.plan, list(settings.items())) == facts.plan
    return finding._replace(change=None) if is_same else finding


def _outcome(facts: Facts, findings: tuple[Finding, ...]) -> str:
    if facts.generalized_at is not None:
        return GENERALIZED if facts.settled_at is not None else UNSETTLED
    if not facts.status.get("is_finished"):
        return UNFINISHED
    return findings[0].cause if findings else UNKNOWN


def _as_dict(finding: Finding) -> dict[str, Any]:
    change = finding.change._asdict() if finding.change else None
    return {**finding._asdict(), "change": change}
