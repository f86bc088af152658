"""What CONTRIBUTING says of a form is followed: a column, a table and a line by data alone, a new kind by one function."""

import re
import shutil
from pathlib import Path

import pytest
from commands import Done, perfdoc, process, replace

import perfdoc as package

ROOT = Path(__file__).parents[2]
PAGE = (
    (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("\n## A form\n")[2].partition("\n## ")[0]
)
ADDED = {
    what: (below, line)
    for what, below, line in re.findall(r"^\| (a .*?) \| `(.*?)` \| `(.*?)` \|$", PAGE, re.MULTILINE)
}
FUNCTION, NAME = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
FORM, CONTENT = "templates/mof-project/form.yaml", "content/sample/assessment.yaml"
ROW = "实际完成值: 38.5公里"
HEADER = "〃 | 产出指标 / （50） | 数量指标 | 改造渠道长度 | ≥40公里 | 38.5公里 | 10 | 9.63 | "


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Lay out the form without its template, and a sound assessment of it."""
    (tmp_path / "templates" / "mof-project").mkdir(parents=True)
    shutil.copy(ROOT / FORM, tmp_path / FORM)
    shutil.copytree(ROOT / "templates" / "mof-project" / "sample", tmp_path / "content" / "sample")
    return tmp_path


def add(root: Path, below: str, line: str) -> None:
    """Put a line of form.yaml below the one that ends so, indented as a block or as a column is."""
    path = root / FORM
    lines = path.read_text(encoding="utf-8").splitlines()
    (place,) = (i for i, known in enumerate(lines) if known.endswith(below))
    indent = "  " if line.startswith("- {块") else "      "
    lines.insert(place + 1, indent + line)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def page(root: Path, environment: dict[str, str] | None = None) -> str:
    """Draw, check and build the form; return the page as text."""

    def done(*arguments: str) -> Done:
        run = process(root, *arguments, **environment) if environment else perfdoc(root, *arguments)
        assert run.returncode == 0, run.stdout + run.stderr
        return run

    done("draw", "mof-project")
    assert "没有发现问题" in done("check").stdout
    done("build")
    (document,) = (root / "build" / "sample").glob("*.docx")
    return done("text", str(document)).stdout


def test_a_column_of_text(repository: Path) -> None:
    add(repository, *ADDED["a column of text"])
    replace(CONTENT, ROW, f"{ROW}, 数据来源: 验收报告")(repository)
    assert f"{HEADER}验收报告 | " in page(repository)


def test_a_computed_column(repository: Path) -> None:
    add(repository, *ADDED["a computed column"])
    assert f"{HEADER}96.25% | " in page(repository)


def test_a_table_of_money_with_its_sum(repository: Path) -> None:
    add(repository, *ADDED["a table of money with its sum"])
    rows = "资金来源:\n  - {来源: 省级补助, 金额: 600}\n  - {来源: 县级配套, 金额: 310.4}\n\n指标:\n"
    replace(CONTENT, "\n指标:\n", f"\n{rows}")(repository)
    text = page(repository)
    assert "资金来源 | 来源 | 金额\n〃 | 省级补助 | 600\n〃 | 县级配套 | 310.4\n〃 | 合计 | 910.4\n" in text


def test_a_line_of_signatures(repository: Path) -> None:
    add(repository, *ADDED["a line of signatures"])
    replace(CONTENT, "  主管部门:", "  填表人: 林晓\n  主管部门:")(repository)
    assert page(repository).endswith("填表人：林晓\t审核人：\n")


def test_all_that_is_shown_is_followed() -> None:
    assert len(ADDED) == 4


def test_a_new_kind_of_computed_column_is_one_function_in_one_file(repository: Path) -> None:
    shutil.copytree(
        Path(package.__file__).parent, repository / "perfdoc", ignore=shutil.ignore_patterns("__pycache__")
    )
    path = repository / "perfdoc" / "judge" / "computed.py"
    before, start, rest = path.read_text(encoding="utf-8").partition("KINDS: ")
    first, brace, names = rest.partition("{\n")
    assert start
    assert brace
    path.write_text(f"{before}{FUNCTION}\n\n{start}{first}{brace}{NAME}{names}", encoding="utf-8")
    below, line = ADDED["a computed column"]
    add(repository, below, line.replace("完成率", "失分率"))
    text = page(repository, {"PYTHONPATH": str(repository)})
    assert f"{HEADER}3.7% | " in text
    assert "满意度 | ≥90% | 93.6% | 10 | 10 | 0% | " in text
