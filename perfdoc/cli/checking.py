"""The tasks that read and report: `check` and `explain`."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from perfdoc.cli.screen import (
    AT_FAULT,
    FINE,
    Refusal,
    choose,
    open_run,
    print_diagnostics,
    print_json,
    write_prepared,
)
from perfdoc.host import workspace

if TYPE_CHECKING:
    from perfdoc.core.diagnostics import Diagnostic
    from perfdoc.host.pipeline import Built


def check(
    year: str | None = None,
    name: str | None = None,
    *,
    strict: bool = False,
    as_json: bool = False,
    settle: bool = False,
    explain: str | None = None,
) -> int:
    """Report everything that is wrong with the chosen assessments: what a build would say, without writing.

    With `settle` also the lines of review.yaml that would accept each finding; with `explain` only what a
    code means.
    """
    if explain is not None:
        return _explain_check(explain)
    root, chosen = choose(year, name)
    run = open_run(root, strict=strict)
    code = FINE
    found: list[Diagnostic] = []
    for each in chosen:
        built = run.build(each)
        found.extend(built.diagnostics)
        code = code if built.files else AT_FAULT
        if settle:
            _print_to_settle(built)
    departures = run.worked_cases()
    found.extend(departures)
    code = AT_FAULT if departures else code
    found = list(dict.fromkeys(found))
    if settle:
        return code
    if as_json:
        from perfdoc.faces.json import checked  # noqa: PLC0415

        print_json(checked(found))
    else:
        print_diagnostics(found, sys.stdout)
        print(_summary(found, len(chosen)))
    write_prepared(run)
    return code


def _print_to_settle(built: "Built") -> None:
    """Print what a person may accept, each with the line to paste into review.yaml."""
    evaluation = built.evaluation
    left = evaluation.to_settle()
    if not left:
        print(f"{evaluation.name}：没有要核定的。")
        return
    print(f"# 可以接受的，把那一行放进 content/{evaluation.name}/review.yaml，填上理由和经办。")
    print("核定:")
    for finding, line in left:
        place = evaluation.place(finding.address)
        print(f"  # {place.line}:{place.column} {finding.code} {finding.message}")
        print(line)


def _explain_check(code: str) -> int:
    """Print what a code means, why it matters, who asks for it, how grave it is and how each form sets it."""
    from perfdoc.faces import explain as words  # noqa: PLC0415

    wanted, known = code.upper(), words.codes()
    if wanted not in known:
        listed = "".join(f"\n  {each} {title}" for each, title in known.items())
        raise Refusal(f"没有「{code}」这个代码。现有：{listed}")
    root = workspace.find_root(Path.cwd())
    for line in words.one_code(wanted, open_run(root).every_form() if root else ()):
        print(line)
    return FINE


def _summary(diagnostics: "Iterable[Diagnostic]", total: int) -> str:
    counts: dict[str, int] = {}
    for d in diagnostics:
        counts[d.severity.value] = counts.get(d.severity.value, 0) + 1
    found = "，".join(f"{counts[word]} 条{word}" for word in ("错误", "警告", "提示") if word in counts)
    return f"检查了 {total} 份自评：{found or '没有发现问题'}。"


def explain(year: str | None = None, name: str | None = None, indicator: str | None = None) -> int:
    """Print why each score is what it is: the whole form as a tree, or one indicator in full."""
    from perfdoc.faces import explain as words  # noqa: PLC0415

    root, chosen = choose(year, name)
    if len(chosen) > 1:
        raise Refusal(f"有 {len(chosen)} 份自评，请用 --name 选一份：{'、'.join(chosen)}。")
    evaluation = open_run(root).judge(chosen[0])
    if evaluation.scored is None:
        print_diagnostics(evaluation.diagnostics, sys.stderr)
        return AT_FAULT
    if indicator is None:
        lines = words.tree(evaluation.scored)
    else:
        found = [s for s in evaluation.scored.total.walk() if s.name == indicator]
        if not found:
            raise Refusal(_no_such_indicator(indicator, [s.name for s in evaluation.scored.total.walk()]))
        lines = (
            line
            for score in found
            for line in words.one(evaluation.scored, score, evaluation.place, evaluation.trace)
        )
    for line in lines:
        print(line)
    return FINE


def _no_such_indicator(indicator: str, known: Sequence[str]) -> str:
    import difflib  # noqa: PLC0415

    close = difflib.get_close_matches(indicator, known, n=3, cutoff=0.3)
    hint = f"是否为：{'、'.join(close)}？" if close else "用 explain 不带 --indicator 可以看到全部名称。"
    return f"没有找到指标「{indicator}」。{hint}"
