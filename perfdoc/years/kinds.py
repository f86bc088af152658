"""The enums of a comparison: changes, causes, breaks and flags.

They have a module of their own because the checks use them: a build without a last year imports nothing else of `years`.
"""

from enum import Enum

from perfdoc.core import keys


class Change(Enum):
    """What became of an indicator; the value is the word that the reviewer reads."""

    UNCHANGED = "未变"
    CHANGED = "修改"
    RENAMED = "更名"
    MOVED = "移动"
    ADDED = "新增"
    DROPPED = keys.DROPPED
    SPLIT = "拆分"
    MERGED = "合并"


class Cause(Enum):
    """Why points were won or lost, in the fixed order in which one year is turned into the next."""

    WEIGHT = keys.WEIGHT
    TARGET = keys.GOAL
    DIRECTION = keys.DIRECTION
    ACTUAL = "完成"
    RULE = "规则"
    FILED = "人工"
    SPLIT = "拆分"
    MERGED = "合并"
    ADDED = "新增"
    DROPPED = keys.DROPPED
    MOVED = "移动"
    OPEN = "待填"
    BLOCKED = "算不出"
    CAP = "总分上限"


WAITING = frozenset({Cause.OPEN, Cause.BLOCKED})
"""They explain nothing: there is no score yet."""


class Break(Enum):
    """Why two years of a row cannot be compared."""

    UNIT = "单位"
    DIRECTION = keys.DIRECTION
    KIND = "性质"
    SCOPE = keys.SCOPE
    RULE = "计分规则"
    FORM = keys.FORM
    WEIGHTS = "分值体系"


SCORE_BREAKS = frozenset({Break.RULE, Break.FORM, Break.WEIGHTS})
"""They leave the figures comparable and the points not."""


class Flag(Enum):
    """Why a target looks soft."""

    LOWERED = "目标下调而得分上升"
    BELOW_LAST = "目标低于上年完成"
    KEPT = "上年远超而目标未变"
    REPEATED = "目标、完成、分值都与上年相同"

    @property
    def code(self) -> str:
        """The check that reports it."""
        return _CODES[self]


_CODES = {Flag.LOWERED: "P403", Flag.BELOW_LAST: "P404", Flag.KEPT: "P405", Flag.REPEATED: "P406"}


class Op(Enum):
    """What became of a piece of text."""

    SAME = "同"
    ADDED = "增"
    DROPPED = "删"
