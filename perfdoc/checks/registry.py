"""Define and register checks, and weigh their findings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from perfdoc.core import wording
from perfdoc.core.address import Address
from perfdoc.core.assessment import Assessment, Indicator, Quantity, Status
from perfdoc.core.diagnostics import Facts, Finding, Quote, Severity, facts
from perfdoc.core.quantity import comparable
from perfdoc.form.rulebook import Form
from perfdoc.judge.narrative import Narratives
from perfdoc.judge.scoring import Score, Scored

if TYPE_CHECKING:
    from perfdoc.years.value import Comparison

Findings = Iterator[Finding]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a check looks at.

    Attributes:
        scored: The scored assessment.
        narratives: Its filled narratives.
        name: Its path below content/; empty where it lies in no folder.
        rollup_findings: What kept figures from being rolled up from the assessments below.
        comparison: With last year's; None where there is none.
        unread: The path below content/ of last year's assessment where there is one that cannot be read, else empty.
    """

    scored: Scored
    narratives: Narratives
    name: str = ""
    rollup_findings: tuple[Finding, ...] = ()
    comparison: "Comparison | None" = None
    unread: str = ""
    _made: dict[Callable[["Subject"], Any], Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, make: Callable[["Subject"], T]) -> T:
        """Compute once what several checks need, and keep it."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    @property
    def assessment(self) -> Assessment:
        """The content."""
        return self.scored.assessment

    @property
    def form(self) -> Form:
        """The form with its rulebook."""
        return self.scored.form

    def threshold(self, code: str) -> Decimal:
        """Return the per cent that the form sets for a check; only checks that run ask for it."""
        rule = self.form.check_rule(code)
        return (rule.threshold if rule else None) or Decimal(0)

    def quantities(self) -> tuple[tuple[Indicator, Score, Quantity, Quantity], ...]:
        """List what was promised and measured in figures that can be compared: target and actual of one unit."""
        return self.once(_quantities)


def _quantities(subject: Subject) -> tuple[tuple[Indicator, Score, Quantity, Quantity], ...]:
    return tuple(
        (indicator, score, target, actual)
        for indicator, score in subject.scored.indicators()
        if indicator.judgement is None
        and isinstance(target := indicator.target, Quantity)
        and isinstance(actual := indicator.actual, Quantity)
        and actual.comparator is None
        and comparable(target, actual)
    )


@dataclass(frozen=True, slots=True)
class Check:
    """A registered check.

    Attributes:
        code: `P` and three digits.
        severity: How grave its findings are in a 定稿.
        find: The function.
        decisive: True where the score cannot be computed or the text cannot be read: an error in any 状态.
        unfilled: True where it asks for something not yet written: only listed while 填报中.
        guess: True where it only points and a person judges: never an error, whatever a form says.
        threshold: True where it runs only on a form that sets its per cent.
    """

    code: str
    severity: Severity
    find: Callable[[Subject], Findings]
    decisive: bool = False
    unfilled: bool = False
    guess: bool = False
    threshold: bool = False

    @property
    def about(self) -> wording.About:
        """What is said of it."""
        return wording.CHECKS[self.code]

    def runs(self, form: Form) -> bool:
        """Return True if a form wants it; what keeps a score from being computed cannot be switched off."""
        rule = form.check_rule(self.code)
        if rule is not None and rule.off and not self.decisive:
            return False
        return not self.threshold or (rule is not None and rule.threshold is not None)


CHECKS: list[Check] = []


Find = Callable[[Subject], Findings]


def check(code: str, severity: Severity, **how: bool) -> Callable[[Find], Find]:
    """Register a function as the check of a code.

    Args:
        code: `P` and three digits; what is said of it stands in `core/codes.json`.
        severity: How grave its findings are in a 定稿.
        **how: `decisive`, `unfilled`, `guess` and `threshold` of `Check`, where they hold.
    """

    def register(find: Find) -> Find:
        CHECKS.append(Check(code, severity, find, **how))
        return find

    return register


def weigh(finding: Finding, by: Check, status: Status, usual: Severity | None = None) -> Finding:
    """Weigh a finding: what is decisive blocks always, the rest only in a 定稿.

    While 填报中, empty cells are only listed and other errors warn; in a record that was 已报送 everything warns.
    A check may itself have found less than its usual fault; then that counts.

    Args:
        finding: As the check found it.
        by: The check.
        status: The 状态 of the assessment.
        usual: The severity that the form sets for the check; None where it sets none.
    """
    own = by.severity if usual is None or by.decisive else usual
    severity = max(own, finding.severity, key=lambda s: s.rank)
    if by.guess:
        severity = max(severity, Severity.WARNING, key=lambda s: s.rank)
    if by.decisive or status is Status.FINAL:
        pass
    elif status is Status.FILLING and by.unfilled:
        severity = Severity.INFO
    elif severity is Severity.ERROR:
        severity = Severity.WARNING
    # Spelled out, since `replace` asks the class for its fields and takes twice as long.
    return Finding(
        code=finding.code or by.code,
        severity=severity,
        address=finding.address,
        kind=finding.kind,
        facts=finding.facts,
        advice=finding.advice,
    )


def found(
    address: Address,
    kind: str = "",
    *,
    advice: Facts = (),
    severity: Severity = Severity.ERROR,
    **named: str | int | Decimal | Quote,
) -> Finding:
    """Make a finding; its code is that of the check that yields it, its severity at most the check's.

    Args:
        address: The value to look at first.
        kind: Which of the check's faults; empty where it has one.
        advice: What only the remedy speaks of.
        severity: Where this one is less grave than the check's others.
        **named: The facts, in the order in which they are spoken of.
    """
    return Finding(
        code="", severity=severity, address=address, kind=kind, facts=facts(**named), advice=advice
    )
