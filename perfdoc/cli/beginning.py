"""The commands that begin: `init`, `forms`, `new`."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from perfdoc.cli.outputs import set_aside, write_new
from perfdoc.cli.screen import FINE, WRONG_USE, Refusal, find_repository, print_troubles, shown
from perfdoc.host import forms as known_forms
from perfdoc.host import workspace
from perfdoc.host.output import Home

if TYPE_CHECKING:
    from perfdoc.form.rulebook import Form


def init(folder: str | None = None) -> int:
    """Make a content repository of a folder; what is there already stays as it is.

    Args:
        folder: The folder; the current one where left out.
    """
    from perfdoc.host import start  # noqa: PLC0415

    target = Path(os.path.abspath(folder or "."))  # noqa: PTH100 -- `..` goes, links stay
    wrong = start.name_fault(target) if folder else None
    if wrong:
        raise Refusal(f"「{folder}」不能做文件夹名：{wrong}。请换一个名称。")
    above = next((each for each in (target, *target.parents) if each.exists()), target)
    if not above.is_dir():
        raise Refusal(f"「{above}」是一个文件，不是文件夹。请换一个名称。")
    inside = workspace.find_root(above)
    if inside is not None:
        raise Refusal(f"{inside} 已经是内容仓库，不用再建。可以直接用 perfdoc new 新写一份。")
    target = target.resolve()
    packaged = known_forms.packaged_root() / "templates"
    files = {target / name: text.encode() for name, text in start.FILES.items()}
    files |= {target / "templates" / name: (packaged / name).read_bytes() for name in known_forms.SHARED}
    there = [path for path in files if os.path.lexists(path)]
    new = {path: data for path, data in files.items() if path not in there}
    if not write_new(Home(target, target), new):
        return WRONG_USE
    for path in there:
        print(f"已有 {shown(target, path)}，没有改动。")
    print(
        f"已建好 {target}。接下来：进入这个文件夹，用 perfdoc forms 看有哪些表式，用 perfdoc new 新写一份。"
    )
    return FINE


# --- forms --------------------------------------------------------------------------------------------------------


def forms(*, update: bool = False, take: str | None = None) -> int:
    """List the forms, or hold those of the repository against those that came with the program.

    Args:
        update: True says how each form of the repository differs.
        take: The form that is to become the one that came with the program.
    """
    if take is not None:
        return _take(find_repository(), take)
    if update:
        return _say_differences(find_repository())
    root = workspace.find_root(Path.cwd())
    own = known_forms.forms_of(root) if root else {}
    for form in (_every_form(root)).values():
        until = f"–{form.last_year}" if form.last_year else "起"
        kept = "，已在 templates 里" if form.id in own else ""
        print(f"{form.name}（{form.id}）\n  {form.jurisdiction}，{form.first_year}{until}{kept}")
    print("新写一份：perfdoc new 某局/2026 --form 表式的名称")
    return FINE


def _every_form(root: Path | None) -> "dict[str, Form]":
    """List the forms by their folders; the repository's own win."""
    return known_forms.forms_of(known_forms.packaged_root()) | (known_forms.forms_of(root) if root else {})


def _chosen(root: Path, wanted: str) -> "Form":
    every = _every_form(root)
    form = known_forms.find(every, wanted)
    if form is None:
        near = known_forms.nearest(every, wanted)
        hint = f"是否为「{near.name}」？" if near else ""
        listed = "、".join(f"{form.name}（{form.id}）" for form in every.values())
        raise Refusal(f"没有「{wanted}」这种表式。{hint}现有：{listed}。")
    return form


def _say_differences(root: Path) -> int:
    same = True
    for each in known_forms.differences(root):
        for year, rule in each.rules:
            old, new = rule.old or "没有写", rule.new or "没有写"
            print(
                f"{each.form.name}，{year} 年度起，{rule.part} 的 {rule.parameter}：{old} → {new}（{rule.clause}）"
            )
        if each.parts:
            print(f"{each.form.name}：form.yaml 的 {'、'.join(each.parts)} 不同")
        if each.files:
            same = False
            print(
                f"{each.form.name}：{'、'.join(each.files)} 与自带的不同。要换成自带的：perfdoc forms --take {each.form.id}"
            )
    if same:
        print("templates 里的表式与 perfdoc 自带的相同。")
    return FINE


def _take(root: Path, wanted: str) -> int:
    """Put the form that came with the program in the place of the repository's; what differs is kept beside."""
    form = _chosen(root, wanted)
    if not (known_forms.packaged_root() / "templates" / form.id).is_dir():
        raise Refusal(f"perfdoc 没有自带「{form.name}」，它是这里自己的。")
    home = Home(root, root / "templates")
    files = known_forms.files_to_keep(root, form.id)
    for path, data in files.items():
        if (
            path.suffix != ".json"
            and workspace.edited_by_hand(root, None, path, data)
            and not set_aside(home, path)
        ):
            return WRONG_USE
    troubles = home.write(files)
    print_troubles(troubles)
    if not troubles:
        print(f"templates/{form.id} 已是 perfdoc 自带的。请用 perfdoc check 核对各年的得分。")
    return WRONG_USE if troubles else FINE


# --- new ----------------------------------------------------------------------------------------------------------


def new(name: str, *, form: str | None = None, sample: bool = False, dry_run: bool = False) -> int:
    """Write an assessment that nobody has filled in yet, and keep its form in the repository.

    Args:
        name: Its path below content/.
        form: Its form, by folder or printed name; the repository's only one where left out.
        sample: True writes one that is filled in.
        dry_run: True only lists what would be written.
    """
    root = find_repository()
    wanted = workspace.plain_name(name)
    folder = known_forms.folder_for(root, wanted)
    if folder is None:
        raise Refusal(f"「{name}」不能做 content 里的文件夹名。请写成 某局/2026 这样。")
    if _taken(folder):
        raise Refusal(f"已经有 {shown(root, folder)}，没有写出任何文件。请换一个名称。")
    chosen = _only_form(root) if form is None else _chosen(root, form)
    texts = _sample(chosen, wanted) if sample else _empty(chosen, wanted)
    files = {folder / file: data for file, data in texts.items()}
    files |= known_forms.files_for(root, chosen)
    if not dry_run and not write_new(Home(root, root), files):
        return WRONG_USE
    for path in files:
        print(f"{'将写出' if dry_run else '已写出'} {shown(root, path)}")
    print("只是预览，没有写出任何文件。" if dry_run else f"填好以后：perfdoc build --name {wanted}")
    return FINE


def _taken(folder: Path) -> bool:
    """Tell whether anything but folders lies there: a unit's projects may be written before its own form."""
    if folder.is_symlink() or not folder.is_dir():
        return os.path.lexists(folder)
    inside = list(folder.iterdir())
    return not inside or not all(each.is_dir() for each in inside)


def _only_form(root: Path) -> "Form":
    own = list(known_forms.forms_of(root).values())
    if len(own) == 1:
        return own[0]
    listed = "、".join(form.name for form in _every_form(root).values())
    raise Refusal(f"请用 --form 写明表式。现有：{listed}。")


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)", re.ASCII)


def _empty(form: "Form", name: str) -> Mapping[str, bytes]:
    from perfdoc.form.rulebook import edition_in, editions  # noqa: PLC0415
    from perfdoc.host.skeleton import skeleton  # noqa: PLC0415

    found = _YEAR.search(name)
    if found is None:
        raise Refusal(f"「{name}」里没有年度。请写成 {name}/2026 这样。")
    year, step = int(found[0]), name.split("/", maxsplit=1)[0]
    unit = "" if found[0] in step else step
    text = skeleton(edition_in(year, form, editions(form)), name, year, unit)
    return {workspace.ASSESSMENT: text.encode()} | {rule.file: b"" for rule in form.narratives}


def _sample(form: "Form", name: str) -> Mapping[str, bytes]:
    from perfdoc.host.skeleton import schema_line  # noqa: PLC0415

    found = known_forms.sample_of(form.id)
    if not found:
        raise Refusal(f"「{form.name}」没有样例。请不带 --sample，新写一份空的。")
    asked, said = _YEAR.search(name), workspace.year_in(found[workspace.ASSESSMENT])
    if asked and asked[0] != said:
        raise Refusal(f"样例是 {said} 年度的。名称请写 {name.replace(asked[0], str(said))}。")
    head = f"{schema_line(form, name)}\n".encode()
    return found | {workspace.ASSESSMENT: head + found[workspace.ASSESSMENT]}
