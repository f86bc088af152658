"""Do two texts of a page break their lines in the same places?"""

from collections import Counter


def lines_of(text: str) -> list[str]:
    """Return the non-empty lines without white space: its amount is the extracting program's choice."""
    return [bare for line in text.splitlines() if (bare := "".join(line.split()))]


def same_lines(pdf_text: str, seed_text: str) -> tuple[int, list[str]]:
    """Count the lines of the seed that stand in the PDF with the same characters, wherever they stand.

    Args:
        pdf_text: What `pdftotext -raw` says of the page under test.
        seed_text: What the filed form says.

    Returns:
        The number of lines found, each line of the PDF counted once, and the seed's lines that were not found.
    """
    found = Counter(lines_of(pdf_text))
    missing = []
    count = 0
    for line in lines_of(seed_text):
        if found[line]:
            found[line] -= 1
            count += 1
        else:
            missing.append(line)
    return count, missing
