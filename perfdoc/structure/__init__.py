"""Will Word, WPS and LibreOffice open this without repair?

The check between rendering and writing. It takes bytes and gives faults, each at a place a person can find; it
opens no file. `survey` looks once at what stays the same from document to document, `read` at the rendered part,
`package_faults` at a whole file as it came.

Nobody else sees all of it: neither the schema nor Microsoft's own validator misses a paragraph at the end of a cell,
which is the commonest reason for "unreadable content".
What it cannot promise is the page: two sound documents may look different.
"""

from perfdoc.structure.archive import package_faults
from perfdoc.structure.faults import Fault
from perfdoc.structure.package import survey
from perfdoc.structure.references import Surroundings
from perfdoc.structure.story import Reading, read

__all__ = ["Fault", "Reading", "Surroundings", "package_faults", "read", "survey"]
