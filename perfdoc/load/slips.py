"""Which slips of the keyboard keep a YAML text from being read?

Asked only of a text that the loader gave up on. The loader notices a slip where it can go no further, often
lines later; here every line is looked at for itself, with as much of YAML's grammar as tells where a name,
a value or an item is due. A slip that has a plain cure is mended on the spot, so that the next one can be found.
Rows and columns count from 0 here.
"""

import re
from dataclasses import dataclass
from enum import Enum

from perfdoc.diagnostics import Diagnostic
from perfdoc.load import brackets, traps
from perfdoc.load.page import Page, comment_at, indent_of, string_end
from perfdoc.load.text import Sheet, excerpt

LONGEST = 200_000
"""Characters; in a longer text only the place is named where the loader gave up."""

_COLON = re.compile(r":(?= |$)")
_NO_TEXT = frozenset("%@`,]}")
_LAYOUT = re.compile(r"[|>](?:[+-]?[1-9]?|[1-9][+-]) *(?: #.*)?$")
_PROPERTY = re.compile(r"(?:[&*][0-9A-Za-z_-]+|!(?:![\w:/.,-]*|[\w:/.,-]*)(?<![^\x00-\x7f]))(?= |$)", re.ASCII)
