"""What is wrong with a package, and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias
from xml.etree.ElementTree import Element

from perfdoc.docx.sound.places import Places

_MOST = 50
"""So many kinds of fault in one part say enough; a damaged file could have a million."""

Slip: TypeAlias = tuple[Element, str]
"""An element at fault and the message, before anyone asked where it stands."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason why an office program would refuse, repair or misread the file.

    Attributes:
        part: The part of the package, `word/document.xml`; empty where the file as a whole is at fault.
        where: The place in the words of a reader, `表1 第9行 第5格`; empty where there is none.
        message: What is wrong, with the offending value.
    """

    part: str
    where: str
    message: str

    def __str__(self) -> str:
        return " ".join(word for word in (self.part, self.where) if word) + f"：{self.message}"


def place(part: str, root: Element, slips: Iterable[Slip]) -> tuple[Fault, ...]:
    """Turn slips into faults in reading order, one for each message: a loop repeats its mistake in every row."""
    alike: dict[str, list[Element]] = {}
    for element, message in slips:
        alike.setdefault(message, []).append(element)
    if not alike:
        return ()
    places = Places(root)
    firsts = {message: min(elements, key=places.order) for message, elements in alike.items()}
    messages = sorted(firsts, key=lambda message: places.order(firsts[message]))
    faults = [
        Fault(part, places.name(firsts[message]), message + _times(len(alike[message])))
        for message in messages[:_MOST]
    ]
    if len(messages) > _MOST:
        faults.append(Fault(part, "", f"另有 {len(messages) - _MOST} 种问题，未一一列出。"))
    return tuple(faults)


def _times(count: int) -> str:
    return f"（共 {count} 处，这是第一处）" if count > 1 else ""
