import dataclasses
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from builders import FORM, HIGHER, LOWER, assessment, dimension, encodes_in_gbk, group, indicator

from perfdoc import checks
from perfdoc.core import assessment as model
from perfdoc.core import diagnostics, source
from perfdoc.core.assessment import Comparator, Direction
from perfdoc.faces import printed
from perfdoc.form import rulebook
from perfdoc.judge import narrative, scoring

CORE = (model, diagnostics, rulebook, source, scoring, narrative, checks, printed)


def records(module: ModuleType) -> Iterator[type[Any]]:
    for _, member in inspect.getmembers(module, inspect.isclass):
        if dataclasses.is_dataclass(member) and member.__module__ == module.__name__:
            yield member


EVERY_RECORD = [record for module in CORE for record in records(module)]


@pytest.mark.parametrize("record", EVERY_RECORD, ids=lambda record: record.__name__)
def test_a_value_of_the_core_never_changes_and_takes_no_other_names(record: Any) -> None:
    assert record.__dataclass_params__.frozen
    assert "__slots__" in vars(record)
    hashable = record.__eq__ is not object.__eq__ and record.__hash__ is not None
    assert hashable


def test_an_assessment_and_its_scores_can_be_compared_and_kept_in_a_set() -> None:
    assert assessment() == assessment()
    assert len({assessment(), assessment(), assessment(year=2021)}) == 2
    assert scoring.score(assessment(), FORM) == scoring.score(assessment(), FORM)
    assert len({scoring.score(assessment(), FORM), scoring.score(assessment(), FORM)}) == 1


WRITTEN = [record for record in EVERY_RECORD if any("key" in f.metadata for f in dataclasses.fields(record))]


@pytest.mark.parametrize("record", WRITTEN, ids=lambda record: record.__name__)
def test_a_field_that_a_person_writes_has_a_name_and_an_explanation(record: Any) -> None:
    keys = [field.metadata["key"] for field in dataclasses.fields(record) if "key" in field.metadata]
    assert len(set(keys)) == len(keys)
    for field in dataclasses.fields(record):
        if "key" in field.metadata:
            assert encodes_in_gbk(field.metadata["key"] + field.metadata["about"])
            assert not field.metadata["about"].endswith("。")
        else:
            assert field.default is not dataclasses.MISSING or not field.init


@pytest.mark.parametrize(
    ("sign", "direction"),
    [("≥", HIGHER), ("＞", HIGHER), ("≤", LOWER), ("＜", LOWER), ("=", Direction.EQUAL)],
)
def test_a_sign_implies_a_direction(sign: str, direction: Direction) -> None:
    assert Comparator(sign).direction is direction


@pytest.mark.parametrize(
    ("target", "written", "better"),
    [
        ("30个", None, HIGHER),
        ("≥30个", None, HIGHER),
        ("≤30个", None, LOWER),
        ("=30个", None, Direction.EQUAL),
        ("≤30个", HIGHER, HIGHER),
        ("30个", LOWER, LOWER),
        ("无事故", None, HIGHER),
        (None, None, HIGHER),
        (None, LOWER, LOWER),
    ],
)
def test_the_direction_in_force_is_the_written_one_else_the_signs_else_higher(
    target: str | None, written: Direction | None, better: Direction
) -> None:
    assert indicator(target, direction=written).better is better


def test_indicators_are_listed_in_the_order_of_the_form() -> None:
    named = [indicator(name=name, weight=20) for name in "甲乙丙丁"]
    given = assessment(
        dimensions=(
            dimension(group(*named[:1]), group(*named[1:3], name="质量指标")),
            dimension(group(*named[3:]), name="效益指标"),
        )
    )
    assert [one.name for one in given.indicators()] == ["甲", "乙", "丙", "丁"]
    assert [one.name for one, _ in scoring.score(given, FORM).indicators()] == ["甲", "乙", "丙", "丁"]


def test_prose_is_found_by_name_and_empty_where_there_is_none() -> None:
    assert assessment().prose_named("改进措施") == "加快执行。\n"
    assert assessment().prose_named("其他") == ""
