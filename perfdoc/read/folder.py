"""A folder of the content repository → an assessment or a form, with the place of every value."""

import string
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from perfdoc import checks
from perfdoc.core import keys
from perfdoc.core.address import Address, checked
from perfdoc.core.assessment import Assessment, Named, Prose, Status
from perfdoc.core.diagnostics import Diagnostic, Finding, Place, Severity, any_error, diagnose
from perfdoc.core.source import Mapping, Node, Scalar, Sequence, locate
from perfdoc.form import rulebook, structure
from perfdoc.form.layout import BUDGET, INDICATORS, PURPOSE, Layout
from perfdoc.form.rulebook import Form, NarrativeRule
from perfdoc.judge import computed
from perfdoc.read import old_form, parse
from perfdoc.read.decode import MISSING, decode
from perfdoc.read.file import ABSENT, Inputs, Read, T

ASSESSMENT = "assessment.yaml"
FORM = "form.yaml"
REVIEW = "review.yaml"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the values of one assessment or form are written.

    Attributes:
        node: The YAML file as it was read.
        record: What the file declares.
        prose: The file of each narrative, by the narrative's name.
        own: Names of values that the form declares beside those of the record.
    """

    node: Node
    record: type
    prose: tuple[tuple[str, str], ...] = ()
    own: frozenset[str] = frozenset()

    def place(self, address: Address) -> Place:
        """Find the file, line and column of an address.

        Raises:
            UnknownAddressError: Where it names nothing that the record declares.
        """
        for name, file in self.prose if address else ():
            if name == address[0] and file:
                line, column = (*address[1:], 1, 1)[:2]
                return Place(file, int(line), int(column))
        return locate(self.node, checked(self.record, address, self.own))

    def diagnose(self, finding: Finding) -> Diagnostic:
        """Turn a finding into a diagnostic."""
        return Diagnostic(
            code=finding.code,
            severity=finding.severity,
            place=self.place(finding.address),
            message=finding.message,
            remedy=finding.remedy,
        )


@dataclass(frozen=True, slots=True)
class OpenedForm:
    """A form as it was read; `form` is None where the diagnostics hold an error.

    Attributes:
        inputs: The file that was read, with the hash of what was read.
        editions: The form after each of its 修订.
    """

    form: Form | None
    origin: Origin | None
    diagnostics: tuple[Diagnostic, ...]
    inputs: Inputs
    editions: tuple[Form, ...] = ()

    def in_year(self, year: int) -> Form | None:
        """Return the form as it stands in a year."""
        return self.form and rulebook.edition_in(year, self.form, self.editions)


@dataclass(frozen=True, slots=True)
class Opened:
    """An assessment as it was read; `assessment` is None where the diagnostics hold an error.

    Attributes:
        inputs: Every file that was read, the form's included, with the hash of what was read.
    """

    assessment: Assessment | None
    form: Form | None
    origin: Origin | None
    diagnostics: tuple[Diagnostic, ...]
    inputs: Inputs


def open_form(root: Path, name: str, *, drawn: bool = True) -> OpenedForm:
    """Read `templates/<name>/form.yaml` below the repository's root.

    Args:
        root: The repository's root.
        name: The form's folder.
        drawn: Whether its Word template has to be there; not before it is drawn.
    """
    folder, reader = root / "templates" / name, _Reader(root)
    node = reader.yaml(folder / FORM)
    if node is None:
        return OpenedForm(None, None, tuple(reader.found), reader.inputs)
    if outdated := old_form.fault_of(node):
        return OpenedForm(None, None, (outdated,), reader.inputs)
    form, origin = decode(node, Form, reader.found), Origin(node, Form)
    if form is MISSING:
        return OpenedForm(None, origin, tuple(reader.found), reader.inputs)
    reader.found.extend(origin.diagnose(finding) for finding in _rulebook_faults(form))
    reader.found.extend(
        origin.diagnose(finding) for finding in rulebook.faults_of_editions(form, _rulebook_faults)
    )
    reader.found.extend(_form_file_faults(form, folder, origin))
    if drawn:
        reader.found.extend(_not_drawn(form, folder, origin))
    fit = None if any_error(reader.found) else form
    return OpenedForm(fit, origin, tuple(reader.found), reader.inputs, rulebook.editions(form) if fit else ())


def _rulebook_faults(form: Form) -> tuple[Finding, ...]:
    return (*rulebook.faults(form), *structure.faults(form, computed.KINDS), *checks.faults(form))


def _form_file_faults(form: Form, folder: Path, origin: Origin) -> Iterator[Diagnostic]:
    if form.id != folder.name:
        yield diagnose("P202.folder", origin.place((keys.FORM,)), form=form.id, folder=folder.name)
    named: list[tuple[Address, str]] = [(("模板",), form.template)]
    named += [(("叙述", i, "文件"), rule.file) for i, rule in enumerate(form.narratives)]
    for address, file in named:
        if Path(file).name != file or "\\" in file or ":" in file:
            yield diagnose("P202.file_name", origin.place(address), file=file)


def _not_drawn(form: Form, folder: Path, origin: Origin) -> Iterator[Diagnostic]:
    if not (folder / form.template).is_file():
        yield diagnose("P202.template", origin.place(("模板",)), file=form.template, folder=folder.name)


def open_assessment(root: Path, folder: Path, known_forms: dict[str, OpenedForm]) -> Opened:
    """Read an assessment, the form that it names, and the narratives that the form asks for.

    Args:
        root: The content repository.
        folder: The folder that holds `assessment.yaml`.
        known_forms: Forms already read in this run; a newly read one is added.
    """
    reader = _Reader(root)
    node = reader.yaml(folder / ASSESSMENT)
    if node is None:
        return Opened(None, None, None, tuple(reader.found), reader.inputs)
    opened = _form_of(root, node, known_forms, reader.found)
    form = opened.form if opened else None
    assessment = decode(node, Assessment, reader.found, form.layout if form else None)
    if opened and assessment is not MISSING:
        form = opened.in_year(assessment.year)
    narratives = form.narratives if form else ()
    prose = tuple(reader.prose(folder, rule) for rule in narratives)
    files = tuple((rule.name, reader.shown(folder / rule.file)) for rule in narratives)
    origin = Origin(node, Assessment, files, _own_names(form.layout) if form else frozenset())
    if form and assessment is not MISSING:
        reader.found.extend(_year_faults(assessment, form, origin))
        reader.found.extend(_form_faults(assessment, form, origin))
    inputs = reader.inputs | (opened.inputs if opened else {})
    if assessment is MISSING or form is None or any_error(reader.found):
        return Opened(None, form, origin, tuple(reader.found), inputs)
    return Opened(replace(assessment, prose=prose), form, origin, tuple(reader.found), inputs)


def _own_names(layout: Layout) -> frozenset[str]:
    """Name what the records of an assessment do not know: the form's own tables, and its own columns of others."""
    columns = (column.key for name in layout.tables for column in layout.own_columns(name))
    return frozenset((*(table.name for table in layout.own_tables), *columns))


def _form_of(
    root: Path, node: Node, known_forms: dict[str, OpenedForm], found: list[Diagnostic]
) -> OpenedForm | None:
    """Find the form that the file names, even where the rest of the file is at fault."""
    named = node.get(keys.FORM) if isinstance(node, Mapping) else None
    if not isinstance(named, Scalar) or named.empty:
        return None
    if named.text not in known_forms:  # only then: listing the folder for each of 500 units takes 0.2 s
        available = sorted(p.parent.name for p in (root / "templates").glob(f"*/{FORM}"))
        if named.text not in available:
            choices = "、".join(available) or "（templates 下还没有表式）"
            found.append(diagnose("P202.form", named.place, form=named.text, known=choices))
            return None
        known_forms[named.text] = open_form(root, named.text)
    opened = known_forms[named.text]
    found.extend(opened.diagnostics)
    return opened


def _sections(layout: Layout) -> Iterator[tuple[str, bool]]:
    """List the parts of an assessment that only some forms have, and whether this one does."""
    yield keys.GOALS, layout.box(keys.GOALS) is not None
    yield PURPOSE, PURPOSE in layout.tables
    yield keys.GOAL_BLOCKS, layout.prints(INDICATORS, keys.GOAL)
    yield keys.EXPENDITURE, layout.box(keys.BASIC) is not None
    yield BUDGET, BUDGET in layout.tables


def _written(node: Node, key: str) -> bool:
    """Tell whether a part stands in the file; its figures may still be open."""
    value = node.get(key) if isinstance(node, Mapping) else None
    return value is not None and not (
        (isinstance(value, Scalar) and value.empty) or (isinstance(value, Sequence) and not value.items)
    )


def _form_faults(assessment: Assessment, form: Form, origin: Origin) -> Iterator[Diagnostic]:
    """Hold an assessment against what its form asks for: parts, boxes and columns of its head."""
    for key, wanted in _sections(form.layout):
        written = _written(origin.node, key)
        if wanted and not written:
            yield diagnose("P102.part", origin.place(()), part=key, form=form.name)
        elif written and not wanted:
            yield diagnose("P101.part", origin.place((key,)), part=key, form=form.name)
    if not assessment.tables():
        yield diagnose("P102.indicators", origin.place(()))
    elif assessment.dimensions and form.layout.prints(INDICATORS, keys.GOAL):
        yield diagnose("P101.indicators", origin.place((keys.INDICATORS,)), form=form.name)
    if keys.DEPARTMENT in _placeholders(form.labels.title) and not assessment.department:
        yield diagnose("P102.department", origin.place(()))
    yield from _unknown_names(assessment.facts, form.fact_names, keys.FACTS, form, origin)
    yield from _unknown_names(assessment.ticks, form.layout.ticks, keys.TICKS, form, origin)
    yield from _fixed_rows(assessment, form, origin)
    yield from _empty_groups(assessment, form, origin)
    yield from _open_names(assessment, form, origin)
    for name, chosen in assessment.ticks:
        tick = next((t for t in form.ticks if t.name == name), None)
        if tick and chosen not in tick.options:
            about = {"name": name, "value": chosen, "known": "、".join(tick.options)}
            yield diagnose("P104.option", origin.place((keys.TICKS, name)), **about)


def _unknown_names(
    written: Named, known: tuple[str, ...], key: str, form: Form, origin: Origin
) -> Iterator[Diagnostic]:
    for name, _ in written:
        if name not in known:
            advice = f"可以写：{'、'.join(known) or f'「{form.name}」没有这一部分'}。"
            place = origin.place((key, name))
            yield diagnose("P101.name", place, within=f"「{key}」里", name=name, advice=advice)


_OPEN = {Status.FILLING: Severity.INFO, Status.FINAL: Severity.ERROR, Status.FILED: Severity.WARNING}
"""How grave a cell of the head is that nobody has filled in: as `checks` weighs a blank."""


def _open_names(assessment: Assessment, form: Form, origin: Origin) -> Iterator[Diagnostic]:
    """Find the cells of the head that are not filled in; they print empty."""
    asked = tuple(box.key for box in form.layout.own_boxes if box.asked)
    for key, written, wanted in (
        (keys.FACTS, assessment.facts, asked),
        (keys.TICKS, assessment.ticks, form.layout.ticks),
    ):
        for name in wanted:
            if name not in (filled for filled, _ in written):
                place, severity = origin.place((key, name)), _OPEN[assessment.status]
                if _is_there(origin.node, key, name):
                    yield diagnose("P102.empty", place, severity, name=name)
                    continue
                yield diagnose("P102.line", place, severity, within=f"「{key}」", name=name)


def _is_there(node: Node, key: str, name: str) -> bool:
    """Tell whether a part of the file holds a name, were it without a value."""
    part = node.get(key) if isinstance(node, Mapping) else None
    return isinstance(part, Mapping) and name in part.named


def _fixed_rows(assessment: Assessment, form: Form, origin: Origin) -> Iterator[Diagnostic]:
    """Hold the rows of a table whose names the form fixes against those names."""
    for block in form.layout.tables.values():
        if not block.rows or block.name == INDICATORS:
            continue
        if block.name == BUDGET:
            names = [line.name for line in assessment.budget]
        else:
            names = [dict(row).get(keys.NAME, "") for row in assessment.own_table(block.name)]
        for i, name in enumerate(names):
            if name not in block.rows:
                place, known = origin.place((block.name, i, keys.NAME)), "、".join(block.rows)
                yield diagnose("P101.row", place, table=block.name, name=name, known=known)
        for name in block.rows:
            if name not in names and name not in block.open_rows:
                place, severity = origin.place((block.name,)), _OPEN[assessment.status]
                yield diagnose("P102.row", place, severity, table=block.name, name=name)


def _empty_groups(assessment: Assessment, form: Form, origin: Origin) -> Iterator[Diagnostic]:
    """Find a 二级指标 without any 三级指标 where the form prints none."""
    block = form.layout.tables.get(INDICATORS)
    if block is not None and block.empty_groups:
        return
    for address, dimension in assessment.below():
        for at, group in dimension.below(address):
            if not group.indicators:
                within = f"「{group.name}」"
                yield diagnose("P102.line", origin.place(at), within=within, name=keys.INDICATOR)


def _placeholders(pattern: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name}


def _year_faults(assessment: Assessment, form: Form, origin: Origin) -> Iterator[Diagnostic]:
    if assessment.year < form.first_year or (form.last_year and assessment.year > form.last_year):
        until = f"到 {form.last_year} " if form.last_year else ""
        about: dict[str, str | int] = {
            "form": form.id,
            "first": form.first_year,
            "until": until,
            "year": assessment.year,
        }
        yield diagnose("P205", origin.place((keys.YEAR,)), Severity.WARNING, **about)


class _Reader:
    """Reads the files of one assessment or form: gathers their faults, and the hash of every file read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.found: list[Diagnostic] = []
        self.inputs: Inputs = {}

    def shown(self, path: Path) -> str:
        """Name a file as the clerk sees it: from the repository's root, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    def yaml(self, path: Path) -> Node | None:
        """Read a YAML file; None where it is missing or cannot be understood."""
        return self._take(parse.yaml(self.root, path), diagnose("P202.file", Place(self.shown(path))))

    def prose(self, folder: Path, rule: NarrativeRule) -> Prose:
        """Read a narrative; one that is missing is a fault and reads as empty."""
        path = folder / rule.file
        hidden = path.with_name(f"{rule.file}.txt")  # Windows hides the ending
        kind = "P202.narrative_hidden" if hidden.is_file() else "P202.narrative"
        missing = diagnose(kind, Place(self.shown(path)), title=rule.title, file=rule.file)
        return Prose(rule.name, self._take(parse.text(self.root, path), missing) or "")

    def _take(self, read: Read[T], missing: Diagnostic) -> T | None:
        self.found.extend(read.diagnostics)
        if read.absent:
            self.found.append(missing)
        self.inputs |= {path: digest for path, digest in read.inputs.items() if digest != ABSENT}
        return read.value
