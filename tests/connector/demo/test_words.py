"""What the demonstration prints can be pasted into a shell as it stands."""

from __future__ import annotations

import shlex

from hypothesis import given
from hypothesis import strategies as st

from connector.demo.command import quoted


@given(st.lists(st.text(st.characters(exclude_characters="\x00", codec="utf-8")), max_size=4))
def test_quoted_words_come_back(words: list[str]):
    """Whatever the words are, a shell reads back exactly them."""
    assert shlex.split(" ".join(map(quoted, words))) == words


def test_a_question_with_apostrophes_stays_readable():
    """SQL with a text literal is put in double quotes, and not torn apart."""
    sql = "SELECT COUNT(*) FROM t WHERE d = 'D30'"
    assert quoted(sql) == f'"{sql}"'
    assert quoted("WHERE d = '$x'") != "\"WHERE d = '$x'\""
