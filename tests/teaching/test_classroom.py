"""What a lesson says of itself while it runs."""

import pytest

from groklab.errors import StoreError
from groklab.teaching import unless
from groklab.teaching.classroom import DOUBT, training


def test_a_claim_is_doubted_only_where_it_is_not_so():
    assert unless(True, "the sun shines") == ""
    assert unless(False, "the sun shines") == f"**{DOUBT}:** it is not so that the sun shines."


def test_what_cannot_be_trained_fails_where_nobody_watches():
    pytest.importorskip("marimo", reason="marimo is not installed")
    with pytest.raises(StoreError, match="no room"), training("Trains"):
        raise StoreError("no room")
