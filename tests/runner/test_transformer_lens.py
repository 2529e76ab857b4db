"""Exported networks load into the real TransformerLens, which gives the same logits and the same activations."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from kinds import small_plan

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
    "attention only": small_plan(
        task=Repeats(vocabulary=9, length=13, stretch=3, validation=16),
        model=Transformer(depth=2, width=8, heads=2, norm="none", positions="learned", feed_forward=False),
    ),
}


@pytest.fixture(scope="module")
def lens():
    return pytest.importorskip("transformer_lens", reason=NEEDS)


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_transformer_lens_computes_the_same(plan, lens, tmp_path):
    import torch
    from safetensors.torch import load_file

    plan = plan.replace(steps=STEPS, record=Record(snapshots=10.0))
    (run,) = execute([plan], Store(str(tmp_path)))
    tensors, config = export(run, str(tmp_path / "exported"))
    settings = lens.HookedTransformerConfig.from_dict(json.loads(Path(config).read_text()))
    hooked = lens.HookedTransformer(settings)
    hooked.load_state_dict(load_file(tensors), strict=False)
    setup, member, examples = prepare(plan)
    weights = jax.tree.map(jnp.asarray, weights_at(run, STEPS))
    with torch.no_grad():
        theirs, their_cache = hooked.run_with_cache(torch.tensor(examples.inputs, dtype=torch.long))
    ours, cache = setup.model.inside(weights, member.inputs, setup.shape, products="float32")
    np.testing.assert_allclose(theirs.numpy()[:, list(setup.shape.scored)], ours, atol=1e-5)
    for name in ("blocks.0.attn.hook_pattern", "blocks.0.attn.hook_q", "blocks.0.hook_resid_post"):
        np.testing.assert_allclose(their_cache[name].numpy(), cache[name], atol=1e-5)
