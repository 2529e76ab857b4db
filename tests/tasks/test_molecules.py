"""Molecules as tasks: those of a file, and the stand-in that is made up."""

import numpy as np
import pytest

from groklab.data import qm9
from groklab.data.graphs import FEATURES, KINDS, graphs
from groklab.errors import InvalidSetting
from groklab.tasks import Qm9, StandInMolecules, molecules
from groklab.types import Graphs, Numbers

chem = pytest.importorskip("rdkit.Chem")

GIVEN = qm9.Molecules(tuple("C" * length for length in range(1, 9)), np.arange(8) / 2)  # the rest of a row says which


@pytest.fixture
def given(monkeypatch):
    monkeypatch.setattr(qm9, "molecules", lambda target: GIVEN)


def told(examples):
    return examples.targets.reshape(-1).tolist()


@pytest.mark.usefixtures("given")
@pytest.mark.parametrize("chosen", ["first", "random"])
def test_graphs_go_with_their_targets(chosen):
    examples = Qm9(size=3, validation=2, chosen=chosen).examples(seed=1)
    assert examples.shape[:2] == (Graphs(29, FEATURES, len(KINDS)), Numbers((1,)))
    assert (examples.train_size, examples.known_size) == (3, 5)
    assert examples.targets.shape == (5, 1, 1)
    records = [GIVEN.records[int(2 * target)] for target in told(examples)]
    np.testing.assert_array_equal(examples.inputs, graphs(records, 29))


@pytest.mark.usefixtures("given")
def test_the_first_are_the_first_and_the_seed_splits_them():
    found = [told(Qm9(size=3, validation=2, chosen="first").examples(seed=seed)) for seed in (0, 0, 1, 2)]
    assert all(sorted(each) == [0.0, 0.5, 1.0, 1.5, 2.0] for each in found)
    assert found[0] == found[1]
    assert len({tuple(each) for each in found}) > 1


@pytest.mark.usefixtures("given")
def test_random_ones_are_nested_over_sizes():
    few, more = (told(Qm9(size=size, validation=2, chosen="random").examples(seed=4)) for size in (2, 6))
    assert few[:2] == more[:2]
    assert few[2:] == more[6:]
    assert sorted(more) == GIVEN.targets.tolist()


@pytest.mark.usefixtures("given")
def test_more_molecules_than_there_are_is_one_sentence():
    with pytest.raises(InvalidSetting, match="`size` and `validation` must be at most 8 together, got 9"):
        Qm9(size=7, validation=2).examples(seed=0)
    with pytest.raises(InvalidSetting, match=r"`size` and `validation` must be at most [0-9,]+ together, got 10,000"):
        StandInMolecules(size=9990, validation=10).examples(seed=0)


def test_made_up_molecules_are_distinct_and_nested():
    small, large = (StandInMolecules(size=size, validation=20).examples(seed=1) for size in (30, 60))
    assert len({graph.tobytes() for graph in large.inputs}) == 80
    np.testing.assert_array_equal(small.inputs[:30], large.inputs[:30])
    np.testing.assert_array_equal(small.inputs[30:], large.inputs[60:])
    assert 3 < large.targets.min() < large.targets.max() < 40


def test_refractivity_is_that_of_known_molecules():
    """RDKit's own numbers: of methane 6.731, and of propane and its neighbours one CH2 more, 4.617 each."""
    smiles, targets = molecules._made_up()
    known = dict(zip(smiles, targets.tolist(), strict=True))
    assert known["C"] == pytest.approx(6.731)
    assert known["CCCC"] - known["CCC"] == pytest.approx(4.617)


def test_there_are_enough_of_them_the_smallest_first():
    smiles, targets = molecules._made_up()
    assert len(smiles) == len(targets) == 1947
    parsed = [chem.MolFromSmiles(each) for each in smiles]
    assert len({chem.MolToSmiles(each) for each in parsed}) == len(smiles)
    heavy = [each.GetNumAtoms() for each in parsed]
    assert heavy == sorted(heavy)
    assert max(chem.AddHs(each).GetNumAtoms() for each in parsed) == molecules.MADE_UP_ATOMS
