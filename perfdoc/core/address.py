"""Addresses: the way to one value of a record by the form's own words, checked against what the record declares."""

import dataclasses
import functools
import types
import typing
from typing import Any

Address = tuple[str | int, ...]
"""`("指标", 0, "二级指标", 1, "分值")`: keys as a person writes them, and positions in a list."""


class UnknownAddressError(LookupError):
    """An address that no record declares: a bug in the program, never a fault of the content."""


def checked(record: type, address: Address, own: frozenset[str] = frozenset()) -> Address:
    """Return an address if a record declares what it leads to, whether or not it is written in the file.

    Args:
        record: A dataclass whose fields are declared with `entry`.
        address: The way to one of its values.
        own: Names that a form declares beside those of the record.

    Raises:
        UnknownAddressError: Where a step names nothing that can stand there.
    """
    if not _known(record, address, own):
        raise UnknownAddressError(f"{record.__name__} has nothing at {address!r}")
    return address


@functools.lru_cache(maxsize=65_536)  # one look-up for each place of each score, in every unit of a batch
def _known(record: type, address: Address, own: frozenset[str]) -> bool:
    """Tell whether the steps lead down a record."""
    kind: Any = record
    for step in address:
        if step in own:
            return True
        kind = _below(kind, step)
        if kind is None:
            return False
    return True


def _below(kind: Any, step: str | int) -> Any:
    """Find what is declared one step below a type; None where nothing is."""
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _fields(kind).get(step)
    item, *rest = typing.get_args(kind) or (None,)
    if typing.get_origin(kind) is not tuple or rest != [...]:
        return None
    if isinstance(step, int):
        return item
    return str if item == tuple[str, str] else None  # names of the person's own, as in 基本信息


@functools.cache
def _fields(record: type) -> dict[str | int, Any]:
    declared = typing.get_type_hints(record)
    known = {
        field.metadata["key"]: _plain(declared[field.name])
        for field in dataclasses.fields(record)
        if "key" in field.metadata
    }
    for level in _LEVELS:
        items = typing.get_args(known.get(level))  # a label of the same name holds words, and is no level
        if items:
            return _fields(items[0]) | known
    return known


_LEVELS = ("二级指标", "三级指标")
"""Levels that a form may leave out; what stands below then stands in their place."""


def _plain(kind: Any) -> Any:
    """Leave None out of a type: an address leads to what may be written."""
    if not isinstance(kind, types.UnionType) and typing.get_origin(kind) is not typing.Union:
        return kind
    kinds = [each for each in typing.get_args(kind) if each is not type(None)]
    return kinds[0] if len(kinds) == 1 else str
