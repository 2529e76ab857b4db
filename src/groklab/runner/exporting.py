"""A run's network as files that other tools read, and back."""

import json
from pathlib import Path
from typing import Any

import safetensors
import safetensors.numpy

from groklab.errors import InvalidModel, InvalidSetting
from groklab.models import Transformer
from groklab.models.transformer.lens import from_lens, to_lens
from groklab.models.transformer.weights import Weights
from groklab.runner.kept import weights_at
from groklab.runner.restore import plan_of
from groklab.store import Folder, Run, to_safetensors
from groklab.training import decode, encode, prepare


def export(run: Run, folder: str, *, step: int | None = None) -> tuple[str, str]:
    """Write a run's weights for TransformerLens: tensors as NAME.safetensors, the configuration as NAME.json.

    Those of the last checkpoint, or of a `step` whose weights were kept; return both places. `groklab export --help`
    has the lines that load them there. Raise `InvalidSetting` for a network that TransformerLens does not have, such as
    one with `norm="post"`.
    """
    plan = plan_of(run)
    if not isinstance(plan.model, Transformer):
        raise InvalidSetting(f"`{run.name}` must be of a transformer, got {type(plan.model).__name__}.")
    shape = prepare(plan)[0].shape
    weights = weights_at(run, step)
    arrays, config = to_lens(plan.model, weights, shape)
    name = run.name if step is None else f"{run.name}-step{step}"
    place = Folder(folder)
    place.create()
    place.write(f"{name}.safetensors", to_safetensors(arrays, {"plan": encode(plan), "scored": shape.tokens.scored}))
    place.write(f"{name}.json", json.dumps(config, indent=1).encode())
    return f"{place.url}/{name}.safetensors", f"{place.url}/{name}.json"


def load_exported(path: str | Path) -> tuple[Transformer, Weights]:
    """Return the transformer and the weights of NAME.safetensors and NAME.json, whoever wrote them: for `measured`.

    Raise `InvalidModel` where a file is missing or broken, a tensor is missing or misshapen, or the configuration asks
    for what our transformer does not do.
    """
    path = Path(path).with_suffix(".safetensors")
    config = _config(path.with_suffix(".json"))
    try:
        with safetensors.safe_open(path, "numpy") as opened:
            about = json.loads((opened.metadata() or {}).get("groklab", "{}"))
            arrays = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 (no mapping)
    except (OSError, ValueError, safetensors.SafetensorError) as error:
        raise InvalidModel(f"`{path}` must be a file of safetensors, got: {error}.") from None
    plan = decode(about["plan"]) if "plan" in about else None
    return from_lens(arrays, config, plan.model if plan else None)


def _config(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        raise InvalidModel(f"`{path}` is missing: the configuration. Put it beside the tensors.") from None
    except (OSError, ValueError) as error:
        raise InvalidModel(f"`{path}` must hold the model's configuration as JSON, got: {error}.") from None
