"""Products and quotients of figures, exact until they are rounded once."""

import decimal
from dataclasses import replace
from decimal import Decimal

from perfdoc.core.assessment import Quantity, Value
from perfdoc.core.quantity import comparable, plain
from perfdoc.form.rulebook import Rounding

# Products of figures of 15 digits are exact, and a quotient lies further from any half of the last digit kept
# than 90 digits can blur: multiply first, divide once, round once. A figure averaged in a roll-up may not end
# (250 ÷ 3); it carries 100 digits, and cutting the quotient to 90 gives back the half that it stands for.
EXACT = decimal.Context(prec=100)
_CUT = decimal.Context(prec=90)
HUNDRED = Decimal(100)


def quotient(times: Decimal, above: Decimal, below: Decimal) -> Decimal:
    """Compute times × above ÷ below, multiplied first and divided once."""
    return _CUT.plus(EXACT.divide(EXACT.multiply(times, above), below))


def completion(a: Decimal, b: Decimal) -> Decimal:
    """Divide B, what was done or spent, by A, what was promised or budgeted; not rounded."""
    return EXACT.divide(b, a)


def reached(target: Value | None, actual: Value | None) -> Decimal | None:
    """Divide the actual by the target; None where they are not figures of one unit, or the target is zero."""
    if not isinstance(target, Quantity) or not isinstance(actual, Quantity) or not target.number:
        return None
    if not comparable(target, actual):
        return None
    return completion(target.number, actual.number)


def trimmed(number: Decimal) -> Decimal:
    """Drop trailing zeros: 15, not 15.00."""
    return number.normalize(EXACT)


def in_percent(ratio: Decimal) -> Decimal:
    """Turn B ÷ A into per cent, not rounded."""
    return _CUT.plus(EXACT.multiply(ratio, HUNDRED))


def rounded_percent(ratio: Decimal, rule: Rounding) -> Decimal:
    """Turn B ÷ A into per cent with the digits that the form prints, rounded the way its rulebook rounds."""
    digits = Decimal(1).scaleb(-rule.rate_digits)
    return in_percent(ratio).quantize(digits, rounding=rule.mode.decimal_name, context=EXACT)


def percent(ratio: Decimal | None, rule: Rounding) -> str | None:
    """Print B ÷ A as the form does, `42.8%`; None stays None."""
    return None if ratio is None else plain(rounded_percent(ratio, rule)) + "%"


def whole_percent(ratio: Decimal, rule: Rounding) -> str:
    """Print B ÷ A in whole per cent, `43%`, for findings where a digit more says nothing."""
    return plain(rounded_percent(ratio, replace(rule, rate_digits=0))) + "%"
