"""Exported networks load into the real TransformerLens as the help says, which then gives the same numbers."""

from importlib.metadata import version

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from kinds import small_plan

from groklab.cli.export_command import LOADING
from groklab.models import Transformer
from groklab.runner import execute, export, weights_at
from groklab.store import Store
from groklab.tasks import BinaryTable, Modular, Repeats
from groklab.training import Record, prepare
from groklab.training.presets import MAINLINE

pytestmark = [pytest.mark.export, pytest.mark.filterwarnings("ignore")]
NEEDS = "needs TransformerLens: pip install 'groklab[export]'"
STEPS = 5
TABLE = MAINLINE.task.replace(fraction=0.5)
PLANS = {
    "mainline": MAINLINE.replace(task=TABLE.replace(operation=Modular("addition", 13))),
    "the full table": MAINLINE.replace(task=TABLE),
    "pre-norm, gelu, sinusoidal": small_plan(
        task=BinaryTable(Modular("addition", 7)),
        model=Transformer(depth=2, width=8, heads=2, norm="pre", activation="gelu"),
    ),
    "biases everywhere, own width of heads": small_plan(
        task=BinaryTable(Modular("addition", 7)),
        model=Transformer(depth=2, width=8, heads=2, head_width=3, norm="pre", bias="all"),
    ),
    "attention only": small_plan(
        task=Repeats(vocabulary=9, length=13, stretch=3, validation=16),
        model=Transformer(depth=2, width=8, heads=2, norm="none", positions="learned", feed_forward=False),
    ),
}


@pytest.fixture(scope="module")
def load():
    """Return what loads an export by the lines of the help, for the TransformerLens that is installed."""
    pytest.importorskip("transformer_lens", reason=NEEDS)
    lines = LOADING[int(version("transformer-lens").partition(".")[0])]

    def load(tensors):
        names = {}
        exec(lines.replace("NAME", tensors.removesuffix(".safetensors")), names)
        return names["network"]

    return load


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_transformer_lens_computes_the_same(plan, load, tmp_path):
    import torch

    plan = plan.replace(steps=STEPS, record=Record(snapshots=10.0))
    (run,) = execute([plan], Store(str(tmp_path)))
    tensors, _ = export(run, str(tmp_path / "exported"))
    setup, member, examples = prepare(plan)
    weights = jax.tree.map(jnp.asarray, weights_at(run, STEPS))
    with torch.no_grad():
        theirs, their_cache = load(tensors).run_with_cache(torch.tensor(examples.inputs, dtype=torch.long))
    ours, cache = setup.model.inside(weights, member.inputs, setup.shape, matmul_dtype="float32")
    np.testing.assert_allclose(theirs.numpy()[:, list(setup.shape.tokens.scored)], ours, atol=1e-5)
    for name in cache.keys() - {f"blocks.{block}.attn.hook_attn_scores" for block in range(plan.model.depth)}:
        np.testing.assert_allclose(their_cache[name].numpy(), cache[name], atol=1e-5, err_msg=name)
