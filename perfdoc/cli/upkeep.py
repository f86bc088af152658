"""The tasks around the content: `draw`, `schema`, `clean`, `git-setup`, `text`."""

import io
import os
import sys
from pathlib import Path

from perfdoc.cli.screen import (
    AT_FAULT,
    FINE,
    WRONG_USE,
    Refusal,
    escaped,
    find_repository,
    open_run,
    print_diagnostics,
    print_troubles,
    shown,
)
from perfdoc.host import workspace


def schema() -> int:
    """Write what is derived: the JSON Schemas that editors use, and each template as docxtpl prepares it."""
    from perfdoc.faces.json import schemas  # noqa: PLC0415
    from perfdoc.host.output import Home  # noqa: PLC0415

    root = find_repository()
    files, faults = open_run(root).derived()
    files |= {root / "templates" / name: text.encode() for name, text in schemas().items()}
    print_diagnostics(faults, sys.stderr)
    if faults:
        return AT_FAULT
    troubles = Home(root, root / "templates").write(files)
    print_troubles(troubles)
    for path in files if not troubles else ():
        print(f"已生成 {shown(root, path)}")
    return WRONG_USE if troubles else FINE


def draw(form: str) -> int:
    """Draw the first Word template of a form from its 版面; one that is there is never drawn over."""
    from perfdoc.host.drawing import draw_form  # noqa: PLC0415
    from perfdoc.host.output import Home  # noqa: PLC0415

    root = find_repository()
    name = form.rstrip("/").removeprefix("templates/")
    drawing = draw_form(root, name)
    if drawing is None:
        known = "、".join(sorted(path.parent.name for path in root.glob("templates/*/form.yaml")))
        raise Refusal(f"没有 templates/{name}/form.yaml。现有的表式：{known or '无'}。")
    if drawing.faults:
        print_diagnostics(drawing.faults, sys.stderr)
        return AT_FAULT
    target = shown(root, drawing.path)
    if os.path.lexists(drawing.path):
        raise Refusal(f"已经有 {target}，没有改动：初稿只画一次，以后在 Word 里改。要重画，先给它改名。")
    troubles = Home(root, root / "templates").write({drawing.path: drawing.data})
    print_troubles(troubles)
    if troubles:
        return WRONG_USE
    print(f"已画出 {target}\n{_NEXT}")
    return FINE


_NEXT = """接下来用 Word 或 WPS 打开它，照印发的表改字体、列宽和固定的文字。
{{ … }} 和 {% … %} 是程序填写的地方：可以换样式，不要改里面的字。
改好后在 content 里照这份表写一份自评，用 perfdoc build 生成。"""


def git_setup(*, undo: bool = False) -> int:
    """Tell git, for this repository only, how to show what changed in assessments; `undo` takes it back."""
    from perfdoc.host.git import setup  # noqa: PLC0415
    from perfdoc.host.git.ask import NoAnswer, prefix  # noqa: PLC0415

    root = find_repository()
    about = {key: words for key, (_, words) in setup.settings("").items()}
    try:
        prefix(root)
        done = setup.remove(root) if undo else setup.install(root, sys.executable)
        lacking = [] if undo else setup.unattributed(root)
    except NoAnswer as missing:
        raise Refusal(str(missing)) from None
    for key in done.changed:
        print(f"已删去 {key}" if undo else f"已设置 {key}：{about[key]}")
    for key, value in done.left.items():
        print(f"没有动 {key}：您自己设过（{value}）。")
        if not undo:
            print(f"  要用 perfdoc 的，先运行 git config --unset-all {key}，再来一次。")
    if not done.changed and not done.left:
        print("没有设置过，不用撤销。" if undo else "已经设置好了，不用再做。")
    if lacking:
        print("还要在 .gitattributes 里加上下面几行，并提交：")
        for line in lacking:
            print(line)
    return FINE


def text(file: str) -> int:
    """Print a .docx as lines of text, a row of a table a line; git compares two versions of it by these lines.

    What cannot be read is said in a line of its own, different for different bytes, and is no failure: git would
    show nothing at all.
    """
    import hashlib  # noqa: PLC0415

    from perfdoc.docx import transcript  # noqa: PLC0415

    data, why = workspace.read_document(Path(file))
    if why:
        raise Refusal(f"读不了「{file}」：{why}")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(newline="\n")  # git would show a carriage return at the end of each line
    try:
        for line in transcript.transcript(data):
            print(line)
    except transcript.Unreadable as refusal:
        print(f"（读不出这份文件：{refusal}。sha256 {hashlib.sha256(data).hexdigest()}）")
    return FINE


def clean() -> int:
    """Remove from build/ what the program wrote; what somebody made or changed there stays."""
    from perfdoc.host import output  # noqa: PLC0415

    root = find_repository()
    if not (root / "build").exists():
        print("没有 build，不用删除。")
        return FINE
    link, left = output.clear(root)
    if link is not None:
        raise Refusal(f"{shown(root, link)} 是一个链接，没有删除任何文件。请自行处理这个链接。")
    if not left:
        print("已删除 build。")
        return FINE
    print(f"已删除 perfdoc 生成的文件。build 里还有 {len(left)} 个不是它写的，或后来改过，没有动：")
    for path in left[:20]:
        print(escaped(shown(root, path)))
    print("不需要的，请自行删除。")
    return FINE
