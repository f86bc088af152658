"""The forms that come with the program, and those that a content repository keeps as its own.

A repository scores by its own `templates/` alone: a form is copied there once, and a newer program changes no year.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from perfdoc import disk
from perfdoc.core.assessment import Assessment
from perfdoc.core.entry import keys_of
from perfdoc.form.rulebook import Form
from perfdoc.read import file, schema
from perfdoc.read.folder import FORM, OpenedForm, open_form
from perfdoc.years.fields import changed_rules
from perfdoc.years.value import ChangedRule

SHARED = tuple(schema.SCHEMAS)
"""What lies beside the forms and describes their files to editors."""
SAMPLE = "sample"
"""The folder beside a form that holds a filled assessment of it; it is not copied with the form."""


def packaged_root() -> Path:
    """Find the folder whose `templates/` came with the program: the package's, or the checkout's that it runs from."""
    package = Path(str(resources.files("perfdoc"))).resolve()
    return package if (package / "templates").is_dir() else package.parent


def forms_of(root: Path) -> dict[str, Form]:
    """Open every form below a `templates/`, by its folder; one at fault is left out."""
    opened = (open_form(root, path.parent.name) for path in sorted((root / "templates").glob(f"*/{FORM}")))
    return {each.form.id: each.form for each in opened if each.form}


def find(forms: Mapping[str, Form], wanted: str) -> Form | None:
    """Find a form by its folder or its printed name; None where there is none."""
    by_name = {form.name: form for form in forms.values()}
    return forms.get(wanted.strip().strip("/").removeprefix("templates/")) or by_name.get(wanted.strip())


def nearest(forms: Mapping[str, Form], wanted: str) -> Form | None:
    """Guess which form a name was meant for."""
    words = {word: form for form in forms.values() for word in (form.id, form.name)}
    near = difflib.get_close_matches(wanted, words, n=1, cutoff=0.3)
    return words[near[0]] if near else None


def files_to_keep(root: Path, form: str) -> dict[Path, bytes]:
    """List the files by which a repository keeps a form that came with the program, as they belong in it."""
    templates = packaged_root() / "templates"
    own = [path for path in sorted((templates / form).iterdir()) if path.is_file()]
    shared = [templates / name for name in SHARED]
    sources = [*own, *(path for path in shared if not (root / "templates" / path.name).exists())]
    return {
        root / "templates" / path.relative_to(templates): file.contents(path, file.LARGEST_DOCUMENT)
        for path in sources
    }


def folder_for(root: Path, name: str) -> Path | None:
    """Find the folder of an assessment of that name; None where no folder can have it."""
    return disk.inside(root / "content", name)


def files_for(root: Path, form: Form) -> dict[Path, bytes]:
    """List what a repository lacks before an assessment of a form can be written in it."""
    folder = root / "templates" / form.id
    if not folder.exists():
        return files_to_keep(root, form.id)
    path = folder / schema.ASSESSMENT_SCHEMA
    return {} if path.exists() else {path: schema.text(Assessment, form.layout).encode()}


def sample_of(form: str) -> dict[str, bytes]:
    """Read the filled assessment that comes with a form, by file name; nothing where there is none."""
    folder = packaged_root() / "templates" / form / SAMPLE
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return {path.name: file.contents(path, file.LARGEST_TEXT) for path in found}


@dataclass(frozen=True, slots=True)
class Difference:
    """How a repository's form differs from the one of that folder that came with the program.

    Attributes:
        form: The repository's.
        rules: Parameters of the rulebook, by the year from which they differ.
        parts: What else of form.yaml differs, in its words.
        files: Files that hold something else.
    """

    form: Form
    rules: tuple[tuple[int, ChangedRule], ...]
    parts: tuple[str, ...]
    files: tuple[str, ...]


def differences(root: Path) -> Iterator[Difference]:
    """Hold every form of a repository against the one that came with the program."""
    for name in forms_of(root):
        if (packaged_root() / "templates" / name / FORM).is_file():
            files = files_to_keep(root, name)
            changed = tuple(path.name for path in files if _other(path, files[path]))
            own, new = open_form(root, name), open_form(packaged_root(), name)
            if own.form and new.form:
                rules = tuple(_rules(own, new))
                yield Difference(own.form, rules, _parts(own.form, new.form, rules), changed)


def _other(path: Path, data: bytes) -> bool:
    try:
        return file.contents(path, file.LARGEST_DOCUMENT) != data
    except FileNotFoundError:
        return True


def _rules(own: OpenedForm, new: OpenedForm) -> Iterator[tuple[int, ChangedRule]]:
    """List the parameters that differ in any year, each from the first year on."""
    known = [form for each in (own, new) for form in (each.form, *each.editions) if form]
    years = {form.revisions[-1].first_year if form.revisions else form.first_year for form in known}
    said: set[ChangedRule] = set()
    for year in sorted({*years, *(form.first_year for form in known)}):
        old, other = own.in_year(year), new.in_year(year)
        for rule in changed_rules(old, other) if old and other else ():
            if rule not in said:
                said.add(rule)
                yield year, rule


def _parts(own: Form, new: Form, rules: tuple[tuple[int, ChangedRule], ...]) -> tuple[str, ...]:
    """Name the parts of form.yaml that differ beside those whose parameters are listed."""
    declared = keys_of(Form)
    said = tuple(rule.part for _, rule in rules)
    differ = (declared[name] for name in declared if getattr(own, name) != getattr(new, name))
    return tuple(key for key in differ if not any(part.startswith(key) for part in said))
