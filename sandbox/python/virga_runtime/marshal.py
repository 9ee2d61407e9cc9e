"""Events and results as JSON."""

import decimal
import json
import math
import os
import re

from .errors import RuntimeFault

# From Python 3.12 on, AWS writes characters beyond ASCII as they are.
_VERSION = re.match(r"AWS_Lambda_python3\.(\d+)$", os.environ.get("AWS_EXECUTION_ENV", ""))
_ENSURE_ASCII = bool(_VERSION and int(_VERSION.group(1)) < 12)


class _Encoder(json.JSONEncoder):
    """Writes a Decimal with its own digits, by way of a mark that is replaced in the text."""

    def __init__(self):
        super().__init__(ensure_ascii=_ENSURE_ASCII)
        self._decimals = []
        self._mark = os.urandom(8).hex()

    def default(self, value):
        if not isinstance(value, decimal.Decimal):
            return super().default(value)
        if value.is_nan():
            return math.nan
        self._decimals.append(str(value))
        return "%s:%d" % (self._mark, len(self._decimals) - 1)

    def encode(self, value):
        text = super().encode(value)
        if not self._decimals:
            return text
        return re.sub('"%s:([0-9]+)"' % self._mark, lambda match: self._decimals[int(match.group(1))], text)


def unmarshal(body):
    try:
        return json.loads(body)
    except Exception as error:
        raise RuntimeFault("Runtime.UnmarshalError", "Unable to unmarshal input: %s" % error)


def marshal(result):
    """The bytes of a result and their type. Bytes pass as they are."""
    if isinstance(result, bytes):
        return result, "application/unknown"
    try:
        return _Encoder().encode(result).encode(), "application/json"
    except Exception as error:
        raise RuntimeFault("Runtime.MarshalError", "Unable to marshal response: %s" % error)
