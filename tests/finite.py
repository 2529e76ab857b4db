"""Tables under other names, with blanks and with wrong cells."""

import numpy as np

from groklab.algebra import Table


def renamed(values, seed=0):
    """Return an operation with its elements in another order."""
    new = np.random.default_rng(seed).permutation(len(values))
    old = np.argsort(new)
    return new[values[np.ix_(old, old)]]


def apart(values, seed=0):
    """Return a table with rows, columns and answers each in an order of their own."""
    random = np.random.default_rng(seed)
    n = len(values)
    return random.permutation(n)[values[np.ix_(random.permutation(n), random.permutation(n))]]


def spoilt(values, blank=0.0, wrong=0.0, seed=0):
    """Return a table with a share of its cells blank, another share wrong."""
    random = np.random.default_rng(seed)
    found = values.copy()
    places = random.permutation(values.size)
    blanks, mistakes = np.split(places, [round(blank * values.size)])
    found.flat[blanks] = -1
    for at in mistakes[: round(wrong * values.size)]:
        found.flat[at] = random.choice(np.delete(np.arange(len(values)), values.flat[at]))
    return found


def table(values, symbols=None):
    """Return an operation as a table of its indices, or of other symbols."""
    names = tuple(symbols or (f"s{at}" for at in range(len(values))))
    return Table(names, names, names, values)


def formula(function, n):
    """Return the table of a function modulo n."""
    x = np.arange(n)
    return np.asarray(function(x[:, None], x[None])) % n
