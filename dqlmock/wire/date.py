"""The Date of an answer.

Owns nothing but the text of the current second, so that it isn't made for every answer.
"""

from __future__ import annotations

import time
from email.utils import formatdate


class _HttpDate:
    def __init__(self) -> None:
        self._made = -1, ""

    def __call__(self) -> str:
        """Return what a Date header says now, to the second; freezegun and time-machine move it.

        >>> http_date()[-3:]
        'GMT'
        """
        now_s = int(time.time())
        second, text = self._made
        if second != now_s:
            text = formatdate(now_s, usegmt=True)
            self._made = now_s, text  # in one step: threads share it
        return text


http_date = _HttpDate()
