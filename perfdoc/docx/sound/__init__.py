"""Will Word, WPS and LibreOffice open this without repair?

The check between rendering and writing: bytes in, faults out, each at a place that a person can find.
`survey` looks once at what stays the same from document to document, `read` at the rendered part, and `read_part` at
another that was rendered too.

Nobody else sees all of it: a cell that does not end with a paragraph is the commonest reason for "unreadable
content", and neither the schema nor Microsoft's own validator minds.
What this cannot promise is the page: a sound document may still look wrong.
"""

from perfdoc.docx.sound.faults import Fault
from perfdoc.docx.sound.known import read
from perfdoc.docx.sound.package import read_part, survey
from perfdoc.docx.sound.references import Surroundings
from perfdoc.docx.sound.story import Reading

__all__ = ["Fault", "Reading", "Surroundings", "read", "read_part", "survey"]
