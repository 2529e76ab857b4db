"""What tests of several figures share."""

import numpy as np
import pytest

from groklab.data import imdb, mnist, qm9


@pytest.fixture
def data_without_files(monkeypatch):
    """Put blank images in the place of MNIST's, as many as it has."""

    def blank(part):
        count = mnist.PARTS[part]
        return mnist.Images(np.zeros((count, 28, 28), np.uint8), np.zeros(count, np.uint8))

    monkeypatch.setattr(mnist, "images", blank)
    texts = imdb.Reviews(("fine",) * 50_000, np.arange(50_000) % 2)
    monkeypatch.setattr(imdb, "reviews", lambda: texts)
    monkeypatch.setattr(qm9, "molecules", lambda target: qm9.Molecules(("C",) * 133_885, np.ones(133_885)))
