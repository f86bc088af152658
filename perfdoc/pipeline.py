"""The way of one assessment through the house: load → score → tell → check, and on to the Word file."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from perfdoc import attachment, checks, compare, disk, explain, narrative, rollup, scoring, word, workspace
from perfdoc.diagnostics import Address, Diagnostic, Finding, Place, Severity, any_error, in_reading_order
from perfdoc.forms import Form
from perfdoc.load import content
from perfdoc.load.decode import fault
from perfdoc.model import Assessment
from perfdoc.narrative import Told
from perfdoc.scoring import Scored


@dataclass(frozen=True, slots=True)
class Judged:
    """An assessment with all that is known of it; scores and prose are None where it could not be read.

    Attributes:
        name: Its path below content/.
        opened: As it was read.
        scored: With its scores.
        told: Its finished prose.
        diagnostics: Everything found, in reading order.
        inputs: Every file that had a say, with the hash of what was read.
        drawn: Figures that were rolled up from other assessments, by address.
        parts: The assessments below, as they were read, by name.
        findings: What the checks found, the accepted ones included.
    """

    name: str
    opened: content.Opened
    scored: Scored | None
    told: Told | None
    diagnostics: tuple[Diagnostic, ...]
    inputs: Mapping[Path, str]
    drawn: Mapping[Address, rollup.Figure] = field(default_factory=dict)
    parts: Mapping[str, content.Opened] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def sound(self) -> bool:
        """True where nothing blocks a build."""
        return self.scored is not None and not any_error(self.diagnostics)

    def finished(self, shown: str) -> "compare.Finished | None":
        """Return what a comparison needs, to be spoken of as `shown`; None where it could not be read."""
        return compare.Finished(shown, self.scored, self.told) if self.scored and self.told else None

    def place(self, address: Address) -> Place:
        """Find the file, line and column of a value."""
        return self._place_in(self.opened, self.name, address)

    @staticmethod
    def _place_in(opened: content.Opened | None, name: str, address: Address) -> Place:
        origin = opened.origin if opened else None
        return origin.place(address) if origin else Place(f"content/{name}/{content.ASSESSMENT}")

    @property
    def drill(self) -> explain.Drill:
        """What an explanation needs to go down to the contributions of a rolled-up figure."""
        return explain.Drill(
            self.drawn, lambda c: self._place_in(self.parts.get(c.source), c.source, c.address)
        )


@dataclass(frozen=True, slots=True)
class Built:
    """What a build yields: the files to write, or the diagnostics that forbid it.

    Attributes:
        judged: The assessment.
        files: Bytes by path; empty where an error forbids writing.
        inputs: Every file that had a say, the template included, with the hash of what was read.
        diagnostics: Everything found, the template's and the document's faults included.
    """

    judged: Judged
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
    _forms: dict[str, content.OpenedForm] = field(default_factory=dict)
    _read: dict[str, content.Opened] = field(default_factory=dict)
    _parts: dict[str, rollup.Part] = field(default_factory=dict)
    _templates: "dict[str, OpenedTemplate]" = field(default_factory=dict)

    def judge(self, name: str) -> Judged:
        """Load, score, tell and check one assessment."""
        opened = content.open_assessment(self.root, self.root / "content" / name, self._forms)
        if opened.assessment is None or opened.form is None or opened.origin is None:
            return Judged(name, opened, None, None, in_reading_order(opened.diagnostics), opened.inputs)
        drawn = self._rolled_up(opened.assessment, opened.form, (name,))
        parts = self._below(opened.assessment)
        scored = scoring.score(drawn.assessment, opened.form)
        last_year = self._last_year(opened.assessment, name)
        told = narrative.tell(scored, last_year.scored if last_year else None)
        compared = _compared(last_year, name, scored, told)
        unread = last_year.name if last_year and last_year.scored is None else ""
        # What keeps a figure from being drawn has been said; that it is open need not be said again.
        waiting = {address[:-1] for address in drawn.open}
        checked = tuple(
            f
            for f in checks.run(scored, told, name, drawn.findings, compared, unread)
            if f.code not in _OPEN or f.address[:-1] not in waiting
        )
        findings, wrong, noted = self._settled(scored, checked, name)
        found = [*(opened.origin.diagnose(f) for f in findings), *wrong]
        inputs = {
            **opened.inputs,
            **self._looked_back(last_year, opened.assessment, name),
            **_files(parts),
            **noted,
        }
        diagnostics = self._weighed((*opened.diagnostics, *found))
        return Judged(name, opened, scored, told, diagnostics, inputs, drawn.figures, parts, findings)

    def _settled(
        self, scored: Scored, findings: tuple[Finding, ...], name: str
    ) -> tuple[tuple[Finding, ...], tuple[Diagnostic, ...], Mapping[Path, str]]:
        """Let people have their say: the findings after it, what is wrong with what they wrote, and the file that counts."""
        folder = self.root / "content" / name
        if not (folder / content.REVIEW).exists():
            return findings, (), {folder / content.REVIEW: content.ABSENT}
        # Most years have none, and then a build need not know how one is read.
        from perfdoc.checks import settled  # noqa: PLC0415
        from perfdoc.load import review  # noqa: PLC0415

        noted = review.open_review(self.root, folder)
        after = settled.settle(scored, findings, noted.review)
        wrong = (*noted.diagnostics, *(noted.origin.diagnose(f) for f in after.faults))
        return after.findings, wrong, noted.inputs

    def _rolled_up(self, assessment: Assessment, form: Form, trail: tuple[str, ...]) -> rollup.RolledUp:
        """Draw an assessment's figures from its parts, and theirs from their own parts first."""
        parts = {part: self._part(part, trail) for part in rollup.draws(assessment)}
        return rollup.roll_up(assessment, form, parts)

    def _part(self, name: str, trail: tuple[str, ...]) -> rollup.Part:
        """Open a part, once; one that is missing, at fault, or draws from itself is a part without content."""
        if name in trail:
            return _no_part(
                name, f"绕了一圈又汇总到自己（{' ← '.join((*trail[trail.index(name) :], name))}）"
            )
        if name not in self._parts:
            self._parts[name] = self._open_part(name, trail)
        return self._parts[name]

    def _open_part(self, name: str, trail: tuple[str, ...]) -> rollup.Part:
        opened = self._opened(name)
        if not opened.inputs:
            return _no_part(name, f"没有这份自评{self._rightly_written(name)}")
        if opened.assessment is None or opened.form is None:
            return _no_part(name, "它有错误，读不出来")
        drawn = self._rolled_up(opened.assessment, opened.form, (*trail, name))
        if drawn.findings:
            return _no_part(name, f"它自己的汇总有问题：{drawn.findings[0].message.removesuffix('。')}")
        return rollup.Part(name=name, assessment=drawn.assessment, form=opened.form, drawn=drawn)

    def _rightly_written(self, name: str) -> str:
        """Say how a name should be written that is a path to an assessment; empty where there is none either."""
        meant = workspace.plain_name(name)
        return f"，应写成「{meant}」" if meant != name and self._opened(meant).inputs else ""

    def _opened(self, name: str) -> content.Opened:
        if name not in self._read:
            folder = disk.inside(self.root / "content", name)
            self._read[name] = content.open_assessment(
                self.root, folder or self.root / "content" / "?", self._forms
            )
        return self._read[name]

    def _below(self, assessment: Assessment) -> dict[str, content.Opened]:
        """List the assessments below one, those below them included."""
        below: dict[str, content.Opened] = {}
        waiting = list(rollup.draws(assessment))
        while waiting:
            name = waiting.pop()
            if name not in below:
                below[name] = self._opened(name)
                known = below[name].assessment
                waiting += rollup.draws(known) if known else ()
        return below

    def _last_year(self, assessment: Assessment, name: str) -> Judged | None:
        """Open last year's assessment of the same unit; None where there is none."""
        before = workspace.year_before(name, assessment.year)
        if before is None or not (self.root / "content" / before / content.ASSESSMENT).is_file():
            return None
        opened = content.open_assessment(self.root, self.root / "content" / before, self._forms)
        if opened.assessment is None or opened.form is None:
            return Judged(before, opened, None, None, opened.diagnostics, opened.inputs)
        drawn = self._rolled_up(opened.assessment, opened.form, (before,))
        parts = self._below(opened.assessment)
        scored = scoring.score(drawn.assessment, opened.form)
        # Its own prose may look back in turn, and so on as far as prose asks for it.
        looks_back = any(narrative.mentions_last_year(p.text) for p in opened.assessment.prose)
        earlier = self._last_year(opened.assessment, before) if looks_back else None
        told = narrative.tell(scored, earlier.scored if earlier else None)
        inputs = {**opened.inputs, **_files(parts), **(earlier.inputs if earlier else {})}
        return Judged(before, opened, scored, told, opened.diagnostics, inputs, drawn.figures, parts)

    def _looked_back(self, last_year: Judged | None, assessment: Assessment, name: str) -> Mapping[Path, str]:
        """List the files of last year; where there are none, the one that would count if it came."""
        if last_year is not None:
            return last_year.inputs
        before = workspace.year_before(name, assessment.year)
        return {} if before is None else {self.root / "content" / before / content.ASSESSMENT: content.ABSENT}

    def _weighed(self, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
        if self.strict:
            diagnostics = tuple(
                replace(d, severity=Severity.ERROR) if d.severity is Severity.WARNING else d
                for d in diagnostics
            )
        return in_reading_order(diagnostics)

    def build(self, name: str) -> Built:
        """Render one assessment; nothing is written here."""
        judged = self.judge(name)
        if judged.scored is None or judged.told is None or not judged.sound:
            return Built(judged, {}, judged.inputs, judged.diagnostics)
        opened = self.template(judged.scored.form)
        inputs = {**judged.inputs, **opened.inputs}
        target = self._target(judged, judged.scored)
        wrong = opened.faults + ((target,) if isinstance(target, Diagnostic) else ())
        if opened.template is None or isinstance(target, Diagnostic):
            return Built(judged, {}, inputs, judged.diagnostics + wrong)
        document = opened.template.render(attachment.fill(judged.scored, judged.told))
        if document.faults:
            return Built(judged, {}, inputs, judged.diagnostics + document.faults)
        files = {target: document.data, target.with_name("scores.json"): _scores(judged, judged.scored)}
        return Built(judged, files, inputs, judged.diagnostics)

    def _target(self, judged: Judged, scored: Scored) -> Path | Diagnostic:
        """Name the Word file by the official title, inside the assessment's own folder of build/."""
        title = attachment.title(scored.assessment, scored.form)
        file = disk.inside(workspace.output_folder(self.root, judged.name), f"{title}.docx")
        if file is not None:
            return file
        reason = disk.name_fault(f"{title}.docx") or "会写到 build 文件夹之外"
        place = judged.place(("部门",))
        return fault("P206", place, f"标题「{title}」不能做文件名：{reason}。", "请改部门名称。")

    def template(self, form: Form) -> "OpenedTemplate":
        """Open the template of a form, once."""
        if form.id not in self._templates:
            self._templates[form.id] = self._open_template(form)
        return self._templates[form.id]

    def _open_template(self, form: Form) -> "OpenedTemplate":
        path = self.root / "templates" / form.id / form.template
        file = path.relative_to(self.root).as_posix()
        try:
            data = path.read_bytes()
        except OSError as error:
            message = f"读不了 Word 模板（{error.strerror}）。"
            return OpenedTemplate(None, (fault("P202", Place(file, 0, 0), message, "请核对权限。"),), {})
        inputs = {path: hashlib.sha256(data).hexdigest()}
        blanks = attachment.blanks(form)
        kept = self._kept(path, word.prepared_key(data, blanks))
        made = word.open_template(data, file, blanks, attachment.STEERING, kept)
        if not isinstance(made, word.Template):
            return OpenedTemplate(None, made, inputs)
        if made.prepared is not kept:
            self.prepared[workspace.prepared_path(self.root, form.id)] = made.prepared.dump()
        return OpenedTemplate(made, (), inputs)

    def worked_cases(self) -> tuple[Diagnostic, ...]:
        """Work the cases of every form that this run has opened; what its rulebook does not reproduce."""
        from perfdoc.load import worked  # noqa: PLC0415 -- 6 ms that a build does not pay

        opened = (known.form for known in self._forms.values() if known.form)
        return tuple(fault for form in opened for fault in worked.faults(self.root, form))

    def prepare_templates(self) -> tuple[dict[Path, bytes], tuple[Diagnostic, ...]]:
        """Prepare the template of every form anew: the files to ship beside them, or what is wrong."""
        files: dict[Path, bytes] = {}
        faults: list[Diagnostic] = []
        for path in sorted((self.root / "templates").glob(f"*/{content.FORM}")):
            opened = content.open_form(self.root, path.parent.name)
            faults.extend(opened.diagnostics)
            if opened.form is None:
                continue
            template = path.parent / opened.form.template
            file = template.relative_to(self.root).as_posix()
            blanks = attachment.blanks(opened.form)
            made = word.open_template(template.read_bytes(), file, blanks, attachment.STEERING)
            if isinstance(made, word.Template):
                files[shipped_path(template)] = made.prepared.dump()
            else:
                faults.extend(made)
        return files, tuple(faults)

    def _kept(self, template: Path, key: str) -> word.Prepared | None:
        """Find what docxtpl once prepared: beside the template as shipped, or in build/ from an earlier run."""
        for path in (shipped_path(template), workspace.prepared_path(self.root, template.parent.name)):
            try:
                known = word.load_prepared(path.read_bytes())
            except OSError:
                continue
            if known is not None and known.key == key:
                return known
        return None


def _compared(last_year: Judged | None, name: str, scored: Scored, told: Told) -> "compare.Comparison | None":
    """Compare a year with the one before; None where there is none that can be read."""
    earlier = last_year.finished(last_year.name) if last_year else None
    return compare.compare(earlier, compare.Finished(name, scored, told)) if earlier else None


def _no_part(name: str, why: str) -> rollup.Part:
    return rollup.Part(name=name, assessment=None, form=None, why=why)


def _files(parts: Mapping[str, content.Opened]) -> dict[Path, str]:
    """List the files of all parts with the hash of what was read."""
    return {path: digest for opened in parts.values() for path, digest in opened.inputs.items()}


def shipped_path(template: Path) -> Path:
    """Name the file beside a template that holds it as docxtpl prepared it."""
    return template.with_suffix(".prepared.json")


@dataclass(frozen=True, slots=True)
class OpenedTemplate:
    """A form's template, or what is wrong with it."""

    template: word.Template | None
    faults: tuple[Diagnostic, ...]
    inputs: Mapping[Path, str]


def _scores(judged: Judged, scored: Scored) -> bytes:
    known = explain.data(scored, judged.place, judged.drill)
    # A value a line, so that two years can be compared; indenting them too takes 0.6 ms a unit, this 0.1.
    return (json.dumps(known, ensure_ascii=False, separators=(",\n", ": ")) + "\n").encode()
