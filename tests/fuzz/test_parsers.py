"""Fuzzing for seconds here; `make fuzz` does it for as long as it is told.

`DQLMOCK_FUZZ_EXAMPLES` is how many texts Hypothesis makes for each test, `DQLMOCK_FUZZ_S` how long
the coverage-guided fuzzer runs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS, WORDS, attack, condition, statement, update

EXAMPLES = int(os.environ.get("DQLMOCK_FUZZ_EXAMPLES", "150"))
SECONDS = int(os.environ.get("DQLMOCK_FUZZ_S", "3"))
ROOT = Path(__file__).parents[2]

fuzzed = settings(max_examples=EXAMPLES)


@fuzzed
@given(
    st.integers(0, len(TARGETS) - 1),
    st.lists(st.sampled_from(WORDS), max_size=40),
    st.sampled_from(["", " "]),
)
def test_words_in_any_order(number: int, words: list[str], separator: str) -> None:
    attack(number, separator.join(words))


@fuzzed
@given(st.integers(0, len(TARGETS) - 1), st.text(max_size=200))
def test_any_text(number: int, text: str) -> None:
    attack(number, text)


@fuzzed
@given(
    st.integers(0, len(TARGETS) - 1),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
    st.integers(100, 4096),
)
def test_words_over_and_over(number: int, words: list[str], length: int) -> None:
    attack(number, (" ".join(words) * length)[:length])


def calls_made(run: Callable[[str], None], text: str) -> int:
    """Count the functions called: work without a clock."""
    count = 0

    def profile(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += 1

    number = TARGETS.index(run)
    attack(number, text[: len(text) // 2])
    sys.setprofile(profile)
    try:
        attack(number, text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    ("run", "head", "piece"),
    [
        (condition, "", "("),
        (condition, "", "NOT "),
        (condition, "a = :v", " AND a = :v"),
        (condition, "a = :v", " OR NOT a = :v"),
        (condition, "a IN (:v", ", :v"),
        (condition, "a = a", ".a"),
        (condition, "a", "[0]"),
        (condition, "", "size("),
        (condition, "", "a "),
        (condition, "", "["),
        (update, "SET a = a", ", a = a"),
        (update, "REMOVE a", ", b"),
        (update, "SET a = ", "if_not_exists(a, "),
        (update, "SET ", "list_append("),
        (statement, "SELECT * FROM t WHERE ", "("),
        (statement, "SELECT * FROM t WHERE a = 1", " AND a = 1"),
        (statement, "SELECT * FROM t WHERE a IN [1", ", 1"),
        (statement, "INSERT INTO t VALUE {'a': ", "["),
        (statement, "SELECT a", ".a"),
        (statement, "", "'"),
        (statement, "", "/*"),
        (statement, "", "<<"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_twice_the_text_is_twice_the_work(
    run: Callable[[str], None], head: str, piece: str
) -> None:
    half = calls_made(run, head + piece * (1000 // len(piece)))
    whole = calls_made(run, head + piece * (2000 // len(piece)))
    assert whole <= 2.5 * half + 200


def test_the_coverage_guided_fuzzer_finds_nothing(tmp_path: Path) -> None:
    if find_spec("atheris") is None:
        pytest.skip("atheris is not installed: no coverage-guided fuzzing")
    command = [sys.executable, "-m", "tests.fuzz.targets", f"-max_total_time={SECONDS}"]
    options = ["-max_len=4096", "-timeout=2", f"-artifact_prefix={tmp_path}/", str(tmp_path)]
    done = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
