"""What can be wrong, and where.

A fault of the content is a value, never an exception.
It has two forms: a pure function names the *address* of the value at fault (`Finding`),
and the rim looks up the file, line and column of that address (`Diagnostic`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from perfdoc.core.address import Address

if TYPE_CHECKING:
    from perfdoc.core import wording

ACCEPTED = "已核定（{by}）：{reason}。"
"""The remedy of what a person accepted."""
SINCE = "从 {year} 年度起：{said}"
"""What a revised rulebook brings in."""


def _said(template: str, named: "Iterable[tuple[str, object]]") -> str:
    from perfdoc.core import wording  # noqa: PLC0415 -- a run that has nothing to say loads no words: 30 ms

    return wording.said(template, named)


class Severity(Enum):
    """How serious a finding is; the value is the word the clerk reads."""

    ERROR = "错误"
    WARNING = "警告"
    INFO = "提示"

    @property
    def rank(self) -> int:
        """0 for the gravest, so that sorting puts it first."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


class Place(NamedTuple):
    """A place in a file that a person can open.

    A tuple, since every value of a file has one and they are sorted: made in a third of the time of a frozen
    dataclass, compared in a tenth.

    Attributes:
        file: Path relative to the content repository, with forward slashes.
        line: Counted from 1; 0 for a file without lines (a Word template).
        column: Counted from 1, in characters; 0 where `line` is.
    """

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the content, such as a name or a value as it was typed; they are shown in 「」."""

    text: str

    def __str__(self) -> str:
        return f"「{self.text}」"


class Fact(NamedTuple):
    """A named figure or text that a finding rests on; another finding where that is what is wrong."""

    name: str
    value: "str | int | Decimal | Quote | Finding"


Facts = tuple[Fact, ...]


def facts(**named: "str | int | Decimal | Quote | Finding") -> Facts:
    """Make the facts of a finding, in the order in which its message mentions them."""
    return tuple(Fact(name, value) for name, value in named.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fault that a pure function found, at an address: facts, to which `perfdoc.core.wording` puts words.

    Attributes:
        code: `P` and three digits, stable for ever.
        severity: Already weighed by the 状态 of the assessment.
        address: The value to look at first.
        kind: Which of its faults where a code has several; else empty.
        facts: What it is based on; an acceptance in review.yaml holds as long as these stay.
        advice: What only its remedy speaks of.
        since: The year from which on a revised rulebook has the fault; None where it always has.
        accepted: Who accepted it and why; empty where nobody did.
    """

    code: str
    severity: Severity
    address: Address
    kind: str = ""
    facts: Facts = ()
    advice: Facts = ()
    since: int | None = None
    accepted: Facts = ()

    @property
    def _wording(self) -> "wording.Wording":
        from perfdoc.core import wording  # noqa: PLC0415 -- as in `_said`

        return wording.FINDINGS[wording.key(self.code, self.kind)]

    def __str__(self) -> str:
        """Say what is wrong, without the full stop."""
        said = _said(self._wording.sentence, self.facts)
        return said if self.since is None else _said(SINCE, facts(year=self.since, said=said))

    @property
    def message(self) -> str:
        """What is wrong, with the offending value and the figures of the rule."""
        return f"{self}。"

    @property
    def remedy(self) -> str:
        """What to do about it."""
        if self.accepted:
            return _said(ACCEPTED, self.accepted)
        return _said(self._wording.remedy, self.facts + self.advice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """A fault with its file, line and column, in the clerk's language."""

    code: str
    severity: Severity
    place: Place
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.severity.value} {self.code} {self.message}{self.remedy}"


def diagnose(
    kind: str, place: Place, severity: Severity = Severity.ERROR, /, **named: "str | int"
) -> Diagnostic:
    """Put words to a fault that reading finds.

    Args:
        kind: A code, or `code.kind` where a code has several faults.
        place: Where it stands.
        severity: How much it weighs.
        **named: The facts that its words speak of.
    """
    from perfdoc.core import wording  # noqa: PLC0415 -- as in `_said`

    words, said = wording.FINDINGS[kind], facts(**named)
    return Diagnostic(
        code=kind.partition(".")[0],
        severity=severity,
        place=place,
        message=f"{_said(words.sentence, said)}。",
        remedy=_said(words.remedy, said),
    )


def in_reading_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by file, line and column, the graver first where two share a place; drop exact repetitions."""
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=lambda d: (d.place, d.severity.rank, d.code, d.message)))


def any_error(diagnostics: Iterable[Diagnostic | Finding]) -> bool:
    """Return True if any of them blocks a build."""
    return any(d.severity is Severity.ERROR for d in diagnostics)
