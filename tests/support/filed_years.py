"""The filed year 2020, and a year after it that was made up for the tests."""

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from perfdoc.docx.content import Content
from perfdoc.faces import printed
from perfdoc.host.pipeline import Run
from perfdoc.years.comparison import ScoredYear

ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = "2020", "2021"
CHANGES = {
    "年度: 2020": "年度: 2021",
    "填报日期: 2021-05-25": "填报日期: 2022-05-20",
    "项目支出总额: 415.93": "项目支出总额: 512.3",
    "预算数: 489, 执行数: 367.24": "预算数: 520, 执行数: 463.61",
    "  - 党建工作有序开展": "  - 园区配套逐步完善，新建停车场一处\n  - 党建工作有序开展",
    "名称: 招商接洽企业数量, 分值: 3, 年初目标值: 30个, 实际完成值: 74个": "名称: 接洽招商企业家数, 曾用名: 招商接洽企业数量, 分值: 3, 年初目标值: 60家, 实际完成值: 66家",
    "          - {名称: 制作园区宣传册次数, 分值: 2, 年初目标值: 1次, 实际完成值: 1次}\n": "",
    "年初目标值: 10次, 实际完成值: 3次}": "年初目标值: 4次, 实际完成值: 4次}",
    "年初目标值: 4个, 实际完成值: 3个, 报送得分: 5}": "年初目标值: 4个, 实际完成值: 5个}\n          - {名称: 园区满意度, 分值: 2, 年初目标值: 90%, 实际完成值: 95%}",
}
"""What became of the year: figures, a goal, a rename, an indicator dropped and one added."""
MOVED = "          - {名称: 排江水质合格率, 分值: 3, 年初目标值: 100%, 实际完成值: 100%}\n"
"""An indicator that goes from 质量指标 to the beginning of 社会效益指标."""


@cache
def year(name: str) -> tuple[ScoredYear, Content]:
    """Score a year, and fill its form."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for part in ("content", "templates"):
            shutil.copytree(ROOT / part, root / part)
        write_new_year(root / "content")
        judged = Run(root).judge(name)
        assert judged.scored is not None, "\n".join(map(str, judged.diagnostics))
        assert judged.narratives is not None
        return ScoredYear(name, judged.scored, judged.narratives), printed.fill(
            judged.scored, judged.narratives
        )


def write_new_year(content: Path) -> None:
    """Write the year after 2020 beside it."""
    shutil.rmtree(content / NEW, ignore_errors=True)
    shutil.copytree(content / OLD, content / NEW)
    file = content / NEW / "assessment.yaml"
    text = file.read_text(encoding="utf-8")
    for old, new in CHANGES.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    assert MOVED in text
    text = text.replace(MOVED, "", 1)
    head, group, rest = text.partition("      - 名称: 社会效益指标\n        分值: 20\n        三级指标:\n")
    file.write_text(head + group + MOVED + rest, encoding="utf-8")
    review = content / NEW / "review.yaml"
    review.unlink(missing_ok=True)
    for name in ("deviation.md", "improvement.md"):
        prose = content / NEW / name
        paragraphs = prose.read_text(encoding="utf-8").strip().split("\n\n")
        kept = paragraphs[: len(paragraphs) * 2 // 3] or paragraphs
        kept[0] = kept[0].replace("2020", "2021").replace("较", "相对")
        kept.insert(1, "新增一段：R&D 投入<100万元，仍需加强。")
        prose.write_text("\n\n".join(kept) + "\n", encoding="utf-8")
