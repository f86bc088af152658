"""Process one assessment: read, roll up, score, fill in the prose, check, and render the Word file."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from perfdoc import checks, disk
from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.assessment import Assessment
from perfdoc.core.diagnostics import (
    Diagnostic,
    Finding,
    Place,
    Quote,
    Severity,
    any_error,
    facts,
    in_reading_order,
)
from perfdoc.docx.template import Prepared, Template, load_prepared, open_template, prepared_key
from perfdoc.faces import explain, printed
from perfdoc.form.layout import STEERING
from perfdoc.form.rulebook import Form
from perfdoc.host import workspace
from perfdoc.judge import narrative, rollup, scoring
from perfdoc.judge.narrative import Narratives
from perfdoc.judge.scoring import Scored
from perfdoc.read import file
from perfdoc.read.decode import fault
from perfdoc.read.file import ABSENT
from perfdoc.read.folder import (
    ASSESSMENT,
    FORM,
    REVIEW,
    Opened,
    OpenedForm,
    open_assessment,
    open_form,
)

if TYPE_CHECKING:
    from perfdoc.years.comparison import ScoredYear
    from perfdoc.years.value import Comparison


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An assessment with its scores, prose and findings; scores and prose are None where it could not be read.

    Attributes:
        name: Its path below content/.
        opened: As it was read.
        scored: With its scores.
        narratives: Its filled narratives.
        diagnostics: Everything found, in reading order.
        inputs: Every file that the result depends on, with the hash of what was read.
        rolled_up: What was rolled up from other assessments.
        parts: The assessments below, as they were read, by name.
        findings: What the checks found, the accepted ones included.
        last_year: The year before of the same unit, where it was looked at and is there.
    """

    name: str
    opened: Opened
    scored: Scored | None
    narratives: Narratives | None
    diagnostics: tuple[Diagnostic, ...]
    inputs: Mapping[Path, str]
    rolled_up: rollup.RolledUp | None = None
    parts: Mapping[str, Opened] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    last_year: "Evaluation | None" = None

    @property
    def sound(self) -> bool:
        """True where nothing blocks a build."""
        return self.scored is not None and not any_error(self.diagnostics)

    def to_settle(self) -> tuple[tuple[Finding, str], ...]:
        """List what a person may accept, each with the line to paste into review.yaml."""
        from perfdoc.checks.acceptance import line_to_paste, to_settle  # noqa: PLC0415

        scored = self.scored
        return tuple((f, line_to_paste(scored, f)) for f in to_settle(self.findings)) if scored else ()

    @property
    def decisive(self) -> tuple[Diagnostic, ...]:
        """The errors that keep a score or a text from being computed."""
        asks = {check.code for check in checks.CHECKS if not check.decisive}
        return tuple(d for d in self.diagnostics if d.severity is Severity.ERROR and d.code not in asks)

    def scored_year(self, shown: str) -> "ScoredYear | None":
        """Return what a comparison needs, named `shown` in its output; None where it could not be read."""
        from perfdoc.years.comparison import ScoredYear  # noqa: PLC0415 -- a first build has nothing to compare

        return ScoredYear(shown, self.scored, self.narratives) if self.scored and self.narratives else None

    def place(self, address: Address) -> Place:
        """Find the file, line and column of a value."""
        return self._place_in(self.opened, self.name, address)

    @staticmethod
    def _place_in(opened: Opened | None, name: str, address: Address) -> Place:
        origin = opened.origin if opened else None
        return origin.place(address) if origin else Place(f"content/{name}/{ASSESSMENT}")

    @property
    def trace(self) -> explain.Trace:
        """What an explanation needs to list the contributions of a rolled-up figure."""
        return explain.Trace(
            self.rolled_up.figures if self.rolled_up else {},
            lambda c: self._place_in(self.parts.get(c.source), c.source, c.address),
        )


@dataclass(frozen=True, slots=True)
class Built:
    """The result of a build: the files to write, or the diagnostics that prevent it.

    Attributes:
        evaluation: The assessment.
        files: Bytes by path; empty where an error forbids writing.
        inputs: Every file that the result depends on, the template included, with the hash of what was read.
        diagnostics: Everything found, the template's and the document's faults included.
    """

    evaluation: Evaluation
    files: Mapping[Path, bytes]
    inputs: Mapping[Path, str]
    diagnostics: tuple[Diagnostic, ...]


_OPEN = ("P102", "P105")
"""What is said of a figure that is not written, or of a target that no grade goes with."""


@dataclass(slots=True)
class Run:
    """One run over a repository: forms and templates are read once, however many assessments use them.

    Attributes:
        root: The content repository.
        strict: True makes every warning an error.
        prepared: Templates that this run had to prepare anew, as files to keep for the next one.
    """

    root: Path
    strict: bool = False
    prepared: dict[Path, bytes] = field(default_factory=dict)
    _forms: dict[str, OpenedForm] = field(default_factory=dict)
    _read: dict[str, Opened] = field(default_factory=dict)
    _parts: dict[str, rollup.Part] = field(default_factory=dict)
    _templates: "dict[str, OpenedTemplate]" = field(default_factory=dict)

    def judge(self, name: str) -> Evaluation:
        """Read, score, fill in and check one assessment."""
        known = self._scored(name, looks_back=True)
        scored, narratives, rolled_up = known.scored, known.narratives, known.rolled_up
        origin = known.opened.origin
        if scored is None or narratives is None or rolled_up is None or origin is None:
            return known
        last_year = known.last_year
        unread = last_year.name if last_year and last_year.scored is None else ""
        # What keeps a figure from being rolled up has been said; that it is open need not be said again.
        waiting = {address[:-1] for address in rolled_up.open}
        checked = tuple(
            f
            for f in checks.run(scored, narratives, name, rolled_up.findings, _compared(known), unread)
            if f.code not in _OPEN or f.address[:-1] not in waiting
        )
        findings, wrong, noted = self._settled(scored, checked, name)
        found = (*known.diagnostics, *(origin.diagnose(f) for f in findings), *wrong)
        return replace(
            known, diagnostics=self._weighed(found), inputs={**known.inputs, **noted}, findings=findings
        )

    def _scored(self, name: str, *, looks_back: bool = False) -> Evaluation:
        """Read, score and fill in one assessment; the year before is opened where it is asked for, or its prose asks."""
        opened = open_assessment(self.root, self.root / "content" / name, self._forms)
        content, form = opened.assessment, opened.form
        if content is None or form is None:
            return Evaluation(name, opened, None, None, in_reading_order(opened.diagnostics), opened.inputs)
        rolled_up = self._rolled_up(content, form, (name,))
        scored = scoring.score(rolled_up.assessment, form)
        looks_back = looks_back or any(narrative.mentions_last_year(p.text) for p in content.prose)
        before = workspace.year_before(name, content.year) if looks_back else None
        last_year, back, parts = None, dict[Path, str](), self._below(content)
        if before is not None:
            # Where there is no year before, the file that would count if it came.
            there = self.root / "content" / before / ASSESSMENT
            last_year = self._scored(before) if there.is_file() else None
            back = {**last_year.inputs} if last_year else {there: ABSENT}
        return Evaluation(
            name,
            opened,
            scored,
            narrative.fill_narratives(scored, last_year.scored if last_year else None),
            opened.diagnostics,
            {**opened.inputs, **back, **_files(parts)},
            rolled_up,
            parts,
            last_year=last_year,
        )

    def _settled(
        self, scored: Scored, findings: tuple[Finding, ...], name: str
    ) -> tuple[tuple[Finding, ...], tuple[Diagnostic, ...], Mapping[Path, str]]:
        """Apply review.yaml: the findings after it, what is wrong in it, and the file that was read."""
        folder = self.root / "content" / name
        if not os.path.lexists(folder / REVIEW):
            return findings, (), {folder / REVIEW: ABSENT}
        # Most years have none, and then a build need not know how one is read.
        from perfdoc.checks.acceptance import apply_review  # noqa: PLC0415
        from perfdoc.read.acceptance import open_review  # noqa: PLC0415

        noted = open_review(self.root, folder)
        after = apply_review(scored, findings, noted.review)
        wrong = (*noted.diagnostics, *(noted.origin.diagnose(f) for f in after.faults))
        return after.findings, wrong, noted.inputs

    def _rolled_up(self, assessment: Assessment, form: Form, trail: tuple[str, ...]) -> rollup.RolledUp:
        """Roll an assessment up from its parts, each of them rolled up first."""
        parts = {part: self._part(part, trail) for part in rollup.sources(assessment)}
        return rollup.roll_up(assessment, form, parts)

    def _part(self, name: str, trail: tuple[str, ...]) -> rollup.Part:
        """Open a part, once; one that is missing, at fault, or rolled up from itself is a part without content."""
        if name in trail:
            way = " ← ".join((*trail[trail.index(name) :], name))
            return _no_part(name, rollup.Gap("circle", facts(way=way)))
        if name not in self._parts:
            self._parts[name] = self._open_part(name, trail)
        return self._parts[name]

    def _open_part(self, name: str, trail: tuple[str, ...]) -> rollup.Part:
        opened = self._opened(name)
        if not opened.inputs:
            return _no_part(name, self._missing(name))
        if opened.assessment is None or opened.form is None:
            return _no_part(name, rollup.Gap("unreadable"))
        rolled_up = self._rolled_up(opened.assessment, opened.form, (*trail, name))
        if rolled_up.findings:
            return _no_part(name, rollup.Gap("own", facts(finding=rolled_up.findings[0])))
        return rollup.Part(name=name, assessment=rolled_up.assessment, form=opened.form, rolled_up=rolled_up)

    def _missing(self, name: str) -> rollup.Gap:
        """Say that there is no such assessment, and how its name should be written where it is a path to one."""
        meant = workspace.plain_name(name)
        if meant != name and self._opened(meant).inputs:
            return rollup.Gap("path", facts(meant=Quote(meant)))
        return rollup.Gap("missing")

    def _opened(self, name: str) -> Opened:
        if name not in self._read:
            folder = disk.inside(self.root / "content", name)
            self._read[name] = open_assessment(self.root, folder or self.root / "content" / "?", self._forms)
        return self._read[name]

    def _below(self, assessment: Assessment) -> dict[str, Opened]:
        """List the assessments below one, those below them included."""
        below: dict[str, Opened] = {}
        waiting = list(rollup.sources(assessment))
        while waiting:
            name = waiting.pop()
            if name not in below:
                below[name] = self._opened(name)
                known = below[name].assessment
                waiting += rollup.sources(known) if known else ()
        return below

    def _weighed(self, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
        if self.strict:
            diagnostics = tuple(
                replace(d, severity=Severity.ERROR) if d.severity is Severity.WARNING else d
                for d in diagnostics
            )
        return in_reading_order(diagnostics)

    def build(self, name: str) -> Built:
        """Render one assessment; nothing is written here."""
        evaluation = self.judge(name)
        if evaluation.scored is None or evaluation.narratives is None or not evaluation.sound:
            return Built(evaluation, {}, evaluation.inputs, evaluation.diagnostics)
        opened = self.template(evaluation.scored.form)
        inputs = {**evaluation.inputs, **opened.inputs}
        target = self._target(evaluation, evaluation.scored)
        wrong = opened.faults + ((target,) if isinstance(target, Diagnostic) else ())
        if opened.template is None or isinstance(target, Diagnostic):
            return Built(evaluation, {}, inputs, evaluation.diagnostics + wrong)
        document = opened.template.render(printed.fill(evaluation.scored, evaluation.narratives))
        if document.faults:
            return Built(evaluation, {}, inputs, evaluation.diagnostics + document.faults)
        files = {
            target: document.data,
            target.with_name("scores.json"): _scores(evaluation, evaluation.scored),
        }
        return Built(evaluation, files, inputs, evaluation.diagnostics)

    def _target(self, evaluation: Evaluation, scored: Scored) -> Path | Diagnostic:
        """Name the Word file by the official title, inside the assessment's own folder of build/."""
        title = printed.title(scored.assessment, scored.form)
        reason = disk.name_fault(f"{title}.docx")
        if reason is None:
            return workspace.output_folder(self.root, evaluation.name) / f"{title}.docx"
        place = evaluation.place((keys.DEPARTMENT,))
        return fault("P206", place, f"标题「{title}」不能做文件名：{reason}。", "请改部门名称。")

    def template(self, form: Form) -> "OpenedTemplate":
        """Open the template of a form, once."""
        if form.id not in self._templates:
            self._templates[form.id] = self._open_template(form)
        return self._templates[form.id]

    def _open_template(self, form: Form, *, anew: bool = False) -> "OpenedTemplate":
        path = self.root / "templates" / form.id / form.template
        shown = path.relative_to(self.root).as_posix()
        read = file.read(self.root, path, file.LARGEST_DOCUMENT)
        if read.value is None:
            gone = fault("P202", Place(shown, 0, 0), "没有找到 Word 模板。", "把模板放在 form.yaml 旁边。")
            return OpenedTemplate(None, read.diagnostics or (gone,), {})
        blanks = form.layout.blanks
        kept = None if anew else self._kept(path, prepared_key(read.value, blanks))
        made = open_template(read.value, shown, blanks, STEERING, kept)
        if not isinstance(made, Template):
            return OpenedTemplate(None, made, read.inputs)
        if made.prepared is not kept:
            self.prepared[workspace.prepared_folder(self.root) / f"{form.id}.json"] = made.prepared.dump()
        return OpenedTemplate(made, (), read.inputs)

    def every_form(self) -> tuple[Form, ...]:
        """Open every form below templates/, each with its editions; one at fault is left out."""
        paths = sorted((self.root / "templates").glob(f"*/{FORM}"))
        opened = (open_form(self.root, path.parent.name) for path in paths)
        return tuple(form for each in opened if each.form for form in (each.form, *each.editions))

    def worked_cases(self) -> tuple[Diagnostic, ...]:
        """Compute the worked cases of every form that this run has opened, and report those that differ."""
        from perfdoc.read import worked  # noqa: PLC0415 -- 6 ms that a build does not pay

        opened = (known.form for known in self._forms.values() if known.form)
        return tuple(fault for form in opened for fault in worked.faults(self.root, form))

    def derived(self) -> tuple[dict[Path, bytes], tuple[Diagnostic, ...]]:
        """Derive what ships below templates/, or say what is wrong: JSON Schemas, and each template as text."""
        from perfdoc.read import schema  # noqa: PLC0415 -- developers only

        templates, faults = self.root / "templates", list[Diagnostic]()
        files = {templates / name: schema.text(cls).encode() for name, cls in schema.SCHEMAS.items()}
        of_stamps = schema.text(workspace.Stamp, title="生成记录")
        files[templates / workspace.STAMP_SCHEMA] = of_stamps.encode()
        for path in sorted(templates.glob(f"*/{FORM}")):
            opened = open_form(self.root, path.parent.name)
            faults.extend(opened.diagnostics)
            if opened.form is None:
                continue
            described = schema.text(Assessment, opened.form.layout)
            files[path.parent / schema.ASSESSMENT_SCHEMA] = described.encode()
            made = self._open_template(opened.form, anew=True)
            faults.extend(made.faults)
            if made.template is not None:
                files[shipped_path(path.parent / opened.form.template)] = made.template.prepared.dump()
        return files, tuple(faults)

    def _kept(self, template: Path, key: str) -> Prepared | None:
        """Find what docxtpl once prepared: beside the template as shipped, or in build/ from an earlier run."""
        ours = workspace.prepared_folder(self.root) / f"{template.parent.name}.json"
        for path in (shipped_path(template), ours):
            known = load_prepared(file.read(self.root, path, file.LARGEST_DOCUMENT).value or b"")
            if known is not None and known.key == key:
                return known
        return None


def _compared(known: Evaluation) -> "Comparison | None":
    """Compare a year with the one before; None where there is none that can be read."""
    old = known.last_year.scored_year(known.last_year.name) if known.last_year else None
    new = known.scored_year(known.name) if old else None
    if old is None or new is None:
        return None
    from perfdoc.years.comparison import compare  # noqa: PLC0415 -- a first build has nothing to compare

    return compare(old, new)


def _no_part(name: str, why: rollup.Gap) -> rollup.Part:
    return rollup.Part(name=name, assessment=None, form=None, why=why)


def _files(parts: Mapping[str, Opened]) -> dict[Path, str]:
    """List the files of all parts with the hash of what was read."""
    return {path: digest for opened in parts.values() for path, digest in opened.inputs.items()}


def shipped_path(template: Path) -> Path:
    """Name the file beside a template that holds it as docxtpl prepared it."""
    return template.with_suffix(".prepared.json")


@dataclass(frozen=True, slots=True)
class OpenedTemplate:
    """A form's template, or what is wrong with it."""

    template: Template | None
    faults: tuple[Diagnostic, ...]
    inputs: Mapping[Path, str]


def _scores(evaluation: Evaluation, scored: Scored) -> bytes:
    known = explain.data(scored, evaluation.place, evaluation.trace)
    # A value a line, so that two years can be compared; indenting them too takes 0.6 ms a unit, this 0.1.
    return (json.dumps(known, ensure_ascii=False, separators=(",\n", ": ")) + "\n").encode()
