import copy
import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml
from builders import FILED_TEXT, FORM_TEXT, ROOT, decoded, encodes_in_gbk, node

from perfdoc.core.assessment import Assessment
from perfdoc.form.rulebook import Form
from perfdoc.read import schema
from perfdoc.read.folder import open_form

TEXTS = {Assessment: FILED_TEXT, Form: FORM_TEXT}
CHECKERS = {cls: jsonschema.Draft202012Validator(schema.schema(cls)) for cls in TEXTS}


def plain(text: str) -> Any:
    """Read YAML as an editor does: figures are numbers, dates are texts."""
    return _without_dates(yaml.safe_load(text))


def _without_dates(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _without_dates(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_without_dates(item) for item in content]
    return content.isoformat() if isinstance(content, dt.date) else content


def fits(content: Any, cls: type[Any]) -> bool:
    return bool(CHECKERS[cls].is_valid(content))


def reads(content: Any, cls: type[Any]) -> bool:
    """Tell whether perfdoc itself takes a content."""
    return decoded(node(_as_text(content)), cls)[1] == []


def _as_text(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _as_text(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_as_text(item) for item in content]
    return "" if content is None else str(content)


CONTENT = {cls: plain(text) for cls, text in TEXTS.items()}


# --- what is shipped --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(schema.SCHEMAS))
def test_the_shipped_schema_is_the_generated_one(name: str) -> None:
    shipped = (ROOT / "templates" / name).read_bytes()
    assert shipped == schema.text(schema.SCHEMAS[name]).encode(), "run `invoke schema`"


FORMS = sorted(path.parent.name for path in (ROOT / "templates").glob("*/form.yaml"))


@pytest.mark.parametrize("name", FORMS)
def test_each_form_ships_the_schema_of_its_own_assessments(name: str) -> None:
    form = open_form(ROOT, name).form
    assert form is not None
    shipped = (ROOT / "templates" / name / schema.ASSESSMENT_SCHEMA).read_text(encoding="utf-8")
    assert shipped == schema.text(Assessment, form.layout), "run `invoke schema`"
    jsonschema.Draft202012Validator.check_schema(json.loads(shipped))
    assert json.loads(shipped)["title"] == "自评"


@pytest.mark.parametrize("name", list(schema.SCHEMAS))
def test_a_schema_is_a_sound_one_and_says_what_it_is(name: str) -> None:
    known = json.loads(schema.text(schema.SCHEMAS[name]))
    jsonschema.Draft202012Validator.check_schema(known)
    assert known["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    titles = {"form.schema.json": "表式", "cases.schema.json": "算例"}
    assert known["title"] == titles[name]


def test_the_files_that_people_edit_point_to_their_schema() -> None:
    for path, text in (
        ("content/2020/assessment.yaml", FILED_TEXT),
        ("templates/hubei-department/form.yaml", FORM_TEXT),
    ):
        first = text.splitlines()[0]
        named = first.removeprefix("# yaml-language-server: $schema=")
        assert named != first
        target = ((ROOT / path).parent / named).resolve()
        assert target.is_file()
        assert target.name in {*schema.SCHEMAS, schema.ASSESSMENT_SCHEMA}


def described(known: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Yield every named value that a schema describes, with its path."""
    if isinstance(known, dict):
        for key, value in known.get("properties", {}).items():
            yield (*path, key), value
            yield from described(value, (*path, key))
        for key in ("items", "anyOf"):
            inner = known.get(key, [])
            for part in inner if isinstance(inner, list) else [inner]:
                yield from described(part, path)


@pytest.mark.parametrize("cls", list(TEXTS))
def test_every_field_is_explained_in_a_chinese_phrase(cls: type[Any]) -> None:
    found = dict(described(schema.schema(cls)))
    assert len(found) > 25
    for path, value in found.items():
        assert len(value["description"]) >= 4, path
        assert any("一" <= character <= "鿿" for character in value["description"]), path
        assert encodes_in_gbk(value["description"]), path


# --- what fits --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", list(TEXTS))
def test_the_shipped_content_and_form_fit_their_schema(cls: type[Any]) -> None:
    errors = [f"{error.json_path}: {error.message}" for error in CHECKERS[cls].iter_errors(CONTENT[cls])]
    assert errors == []


def places(content: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every named value."""
    entries = (
        content.items()
        if isinstance(content, dict)
        else enumerate(content)
        if isinstance(content, list)
        else ()
    )
    for key, value in entries:
        if isinstance(content, dict):
            yield (*path, key)
        yield from places(value, (*path, key))


def kinds(content: Any) -> list[tuple[str | int, ...]]:
    """Choose one place of each kind: the same names on the way, whatever the numbers."""
    by_names = {tuple(step for step in path if isinstance(step, str)): path for path in places(content)}
    return list(by_names.values())


def changed(content: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """Copy with another value at a path; `...` takes the name out."""
    copied = copy.deepcopy(content)
    inner = copied
    for step in path[:-1]:
        inner = inner[step]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return copied


EVERY_KIND = [(cls, path) for cls, content in CONTENT.items() for path in kinds(content)]


@pytest.mark.parametrize("value", [..., None, ["x"], [], {"x": "y"}, {}], ids=repr)
def test_the_schema_and_the_reader_agree_on_what_is_required_and_of_what_kind(value: Any) -> None:
    disagreed = []
    for cls, path in EVERY_KIND:
        content = changed(CONTENT[cls], path, value)
        if fits(content, cls) != reads(content, cls):
            disagreed.append((cls.__name__, path))
    assert disagreed == []


def test_the_schema_and_the_reader_agree_that_unknown_names_are_wrong() -> None:
    for cls, path in EVERY_KIND:
        content = changed(CONTENT[cls], (*path[:-1], f"{path[-1]}："), "x")
        assert not fits(content, cls), path
        assert not reads(content, cls), path


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("年度",), 20),
        (("年度",), "2020年"),
        (("年度",), 1989),
        (("年度",), 2100),
        (("状态",), "已上报"),
        (("支出", "往来资金"), "约48"),
        (("支出", "往来资金"), "1e3"),
        (("预算执行", 0, "预算数"), "489万元"),
        (("预算执行", 0, "预算数"), "四百"),
        (("指标", 0, "分值"), "40分"),
        (("指标", 0, "二级指标", 0, "三级指标", 0, "方向"), "正"),
        (("指标", 0, "二级指标", 0, "三级指标", 0, "报送得分"), "满分"),
    ],
)
def test_a_wrong_value_fits_neither_the_schema_nor_the_reader(
    path: tuple[str | int, ...], value: Any
) -> None:
    content = changed(CONTENT[Assessment], path, value)
    assert not fits(content, Assessment)
    assert not reads(content, Assessment)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("年度",), "2021"),
        (("部门",), 110),
        (("填报日期",), "2021年5月25日"),
        (("支出", "往来资金"), "1,000.50"),
        (("支出", "往来资金"), "１２"),
        (("支出", "往来资金"), -3),
        (("指标", 0, "二级指标", 0, "三级指标", 0, "定性"), "部分达成预期 60%"),
        (("指标", 0, "二级指标", 0, "三级指标", 0, "年初目标值"), "≥90%"),
        (("指标", 0, "二级指标", 0, "三级指标", 0, "年初目标值"), "全年无事故"),
        (("指标", 0, "二级指标", 0, "三级指标", 0, "报送得分"), 2.5),
    ],
)
def test_a_right_value_fits_both_the_schema_and_the_reader(path: tuple[str | int, ...], value: Any) -> None:
    content = changed(CONTENT[Assessment], path, value)
    assert fits(content, Assessment)
    assert reads(content, Assessment)


@pytest.mark.parametrize(
    ("path", "value", "right"),
    [
        (("舍入", "得分位数"), 0, True),
        (("舍入", "得分位数"), "3", True),
        (("舍入", "得分位数"), 10, False),
        (("舍入", "得分位数"), -1, False),
        (("舍入", "得分位数"), "10", False),
        (("舍入", "得分位数"), "两", False),
        (("舍入", "方式"), "进一", False),
        (("定性", "档次", 0, "上限"), "100", False),
        (("定性", "档次", 0, "上限"), 100, False),
        (("定性", "档次", 0, "上限"), "62.5%", True),
        (("定性", "档次", 0, "含上限"), "yes", False),
        (("定性", "档次", 0, "含上限"), "否", True),
        (("条款", 0, "状态"), "自定", True),
        (("条款", 0, "状态"), "猜的", False),
        (("首个年度",), 1900, False),
        (("末个年度",), 2025, True),
    ],
)
def test_the_values_of_a_rulebook_fit_the_schema_where_the_reader_takes_them(
    path: tuple[str | int, ...], value: Any, *, right: bool
) -> None:
    content = changed(CONTENT[Form], path, value)
    assert fits(content, Form) is right
    assert reads(content, Form) is right


def test_the_words_of_a_choice_are_offered() -> None:
    known = schema.schema(Assessment)["properties"]
    assert known["状态"]["enum"] == ["填报中", "定稿", "已报送"]
    table = known["指标"]["anyOf"][0]
    assert table["type"] == "array"
    indicator = table["items"]["properties"]["二级指标"]["items"]["properties"]["三级指标"]["anyOf"][0][
        "items"
    ]
    assert indicator["properties"]["方向"]["anyOf"] == [
        {"enum": ["正向", "反向", "等于", "区间", "截止", "是否"]},
        {"type": "null"},
    ]
    assert indicator["required"] == ["名称", "分值"]
    assert indicator["additionalProperties"] is False
