"""The transformer's weights under the names and in the shapes of TransformerLens, and back.

They are those of a `HookedTransformer`, which TransformerLens had up to version 3; version 4 converts them.
"""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from groklab.errors import InvalidModel, InvalidSetting
from groklab.models.products import EPSILON
from groklab.models.transformer.settings import Transformer
from groklab.models.transformer.weights import Norm, Weights, sinusoidal
from groklab.types import Classes, Shape, Tokens

Arrays = dict[str, np.ndarray]
ACTIVATIONS = {"relu": "relu", "gelu": "gelu_new"}  # ours is the approximation by tanh
NORMS = {"none": None, "pre": "LN"}
OWN_ACTIVATIONS = {lens: own for own, lens in ACTIVATIONS.items()} | {None: "relu"}
OWN_NORMS = {lens: own for own, lens in NORMS.items()}
PROJECTIONS = {"query": "Q", "key": "K", "value": "V"}
NEEDED = (
    *("n_layers", "d_model", "n_heads", "d_head", "d_mlp", "n_ctx", "d_vocab", "d_vocab_out"),
    *("act_fn", "attn_only", "normalization_type"),
)
# What our transformer does, where a configuration of theirs may ask for something else.
FIXED = {
    "positional_embedding_type": "standard",
    "attention_dir": "causal",
    "use_attn_scale": True,
    "parallel_attn_mlp": False,
    "gated_mlp": False,
    "use_local_attn": False,
    "scale_attn_by_inverse_layer_idx": False,
    "final_rms": False,
    "clip_qkv": None,
    "use_logn_attn": False,
    "attn_scores_soft_cap": -1.0,
    "output_logits_soft_cap": -1.0,
    "eps": EPSILON,
}
BUFFERS = ("mask", "IGNORE")  # of theirs, that hold no weights
# From the path of one of our weights, within its block if it has one, to the tensor's name there.
NAMES = {
    "embedding": "embed.W_E",
    "positions": "pos_embed.W_pos",
    "head": "unembed.W_U",
    "head_bias": "unembed.b_U",
    "final_norm.scale": "ln_final.w",
    "final_norm.shift": "ln_final.b",
    **{name: f"attn.W_{letter}" for name, letter in PROJECTIONS.items()},
    **{f"bias.{name}": f"attn.b_{letter}" for name, letter in PROJECTIONS.items()},
    "output": "attn.W_O",
    "bias.output": "attn.b_O",
    "up": "mlp.W_in",
    "bias.up": "mlp.b_in",
    "down": "mlp.W_out",
    "bias.down": "mlp.b_out",
    "attention_norm.scale": "ln1.w",
    "attention_norm.shift": "ln1.b",
    "mlp_norm.scale": "ln2.w",
    "mlp_norm.shift": "ln2.b",
}


def to_lens(model: Transformer, weights: Weights, shape: Shape) -> tuple[Arrays, dict[str, Any]]:
    """Return the tensors and the configuration; raise `InvalidSetting` for a network that TransformerLens lacks."""
    _refuse(model)
    sizes = model.sizes
    arrays: Arrays = {
        "embed.W_E": np.asarray(weights.embedding),
        "pos_embed.W_pos": _positions(model, weights, shape),
        "unembed.W_U": np.asarray(weights.embedding.T if weights.head is None else weights.head),
        "unembed.b_U": _or_zeros(weights.head_bias, shape.outputs),
    }
    for number, block in enumerate(weights.blocks):
        arrays |= {f"blocks.{number}.{name}": array for name, array in _block(model, block).items()}
    if weights.final_norm is not None:
        arrays |= _norm("ln_final", weights.final_norm)
    return arrays, {
        "n_layers": model.depth,
        "d_model": sizes.width,
        "n_heads": sizes.heads,
        "d_head": sizes.head_width,
        "d_mlp": sizes.hidden or None,
        "n_ctx": shape.tokens.length,
        "d_vocab": shape.tokens.vocabulary,
        "d_vocab_out": shape.outputs,
        "act_fn": ACTIVATIONS[model.activation] if sizes.hidden else None,
        "attn_only": not sizes.hidden,
        "normalization_type": NORMS[model.norm],
        "init_weights": False,
    }


def from_lens(
    arrays: Mapping[str, np.ndarray], config: Mapping[str, Any], model: Transformer | None = None
) -> tuple[Transformer, Weights]:
    """Return the transformer and its weights.

    Raise `InvalidModel` for missing or misshapen tensors, and for a configuration of what our transformer does not do.

    Without a `model`, what is known of it is read off the configuration: then positions are trained ones, and biases
    are there if any is not 0.
    """
    _check_config(config)
    model = model or _model(arrays, config)
    shape = Shape(Tokens(config["n_ctx"], config["d_vocab"], (config["n_ctx"] - 1,)), Classes(config["d_vocab_out"]))
    like = jax.eval_shape(lambda key: model.initialize(shape, key=key), jax.random.key(0))
    zeros = jax.tree.map(lambda leaf: np.zeros(leaf.shape, np.float32), like)
    _check_tensors(arrays, to_lens(model, zeros, shape)[0])
    return model, jax.tree_util.tree_map_with_path(lambda path, leaf: _own(arrays, path, leaf.shape), zeros)


def _check_tensors(arrays: Mapping[str, np.ndarray], expected: Arrays) -> None:
    """Raise `InvalidModel` unless the tensors are those expected."""
    together = "Do the tensors and the configuration belong together?"
    for name, like in expected.items():
        array = arrays.get(name)
        if array is None or array.shape != like.shape:
            got = "none" if array is None else f"shape {array.shape}"
            raise InvalidModel(f"`{name}` must have shape {like.shape}, got {got}. {together}")
        if not jnp.issubdtype(array.dtype, jnp.floating):
            raise InvalidModel(f"`{name}` must hold floating-point numbers, got {array.dtype}. Write the file anew.")
    for name in arrays:
        if name not in expected and name.rpartition(".")[2] not in BUFFERS:
            raise InvalidModel(f"`{name}` must not be there: the configuration has no place for it. {together}")


def _check_config(config: Mapping[str, Any]) -> None:
    """Raise `InvalidModel` where a configuration lacks a number or asks for what our transformer does not do."""
    missing = [name for name in NEEDED if name not in config]
    if missing:
        raise InvalidModel(f"`config` must have {', '.join(NEEDED)}, got none of {', '.join(missing)}.")
    for name, known in (("normalization_type", OWN_NORMS), ("act_fn", OWN_ACTIVATIONS)):
        if config[name] not in known:
            raise InvalidModel(f"`{name}` must be one of {', '.join(map(str, known))}, got {config[name]}.")
    for name, ours in FIXED.items():
        if config.get(name, ours) != ours:
            raise InvalidModel(f"`{name}` must be {ours}, got {config[name]}. groklab has no other.")
    scale = config.get("attn_scale", -1.0)
    if scale != -1 and not np.isclose(scale, config["d_head"] ** 0.5):
        raise InvalidModel(f"`attn_scale` must be √d_head, got {scale}. groklab has no other.")


def _model(arrays: Mapping[str, np.ndarray], config: Mapping[str, Any]) -> Transformer:
    has = {name for name, array in arrays.items() if ".b_" in name and np.any(array)}
    attends = any(".attn." in name or name.startswith("unembed") for name in has)
    return Transformer(
        depth=config["n_layers"],
        width=config["d_model"],
        heads=config["n_heads"],
        head_width=config["d_head"],
        hidden=config["d_mlp"] or 0,
        feed_forward=not config["attn_only"],
        norm=OWN_NORMS[config["normalization_type"]],
        activation=OWN_ACTIVATIONS[config["act_fn"]],
        positions="learned",
        bias="all" if attends else "feed-forward" if has else "none",
    )


def _own(arrays: Mapping[str, np.ndarray], path: tuple[Any, ...], shape: tuple[int, ...]) -> jax.Array:
    """Return the tensor that belongs at a path of the weights, in our shape."""
    *place, name = (str(getattr(part, "name", getattr(part, "idx", ""))) for part in path)
    name = ".".join([*place[2:], name]) if place[:1] == ["blocks"] else ".".join([*place, name])
    prefix = f"blocks.{place[1]}." if place[:1] == ["blocks"] else ""
    array = arrays[prefix + NAMES[name]]
    if name in PROJECTIONS:
        array = array.transpose(1, 0, 2)
    return jnp.asarray(array.reshape(shape), jnp.float32)


def _refuse(model: Transformer) -> None:
    reasons = {
        "norm=post": (model.norm == "post", "model.norm=pre or model.norm=none"),
        "activation=quadratic": (model.activation == "quadratic" and model.feed_forward, "activation=relu"),
        "smeared=true": (model.smeared, "smeared=false"),
        "doubled=true": (model.doubled, "doubled=false"),
        f"cosine={model.cosine:g}": (bool(model.cosine), "cosine=0"),
    }
    for reason, (holds, cure) in reasons.items():
        if holds:
            raise InvalidSetting(f"`{reason}` has no counterpart in TransformerLens. Train with {cure}.")


def _positions(model: Transformer, weights: Weights, shape: Shape) -> np.ndarray:
    if weights.positions is not None:
        return np.asarray(weights.positions)
    is_fixed = model.positions == "sinusoidal"
    return (
        sinusoidal(shape.tokens.length, model.width)
        if is_fixed
        else np.zeros((shape.tokens.length, model.width), np.float32)
    )


def _block(model: Transformer, block: Any) -> Arrays:
    heads, each, width = model.heads, model.sizes.head_width, model.width

    def bias(name: str, size: int) -> np.ndarray:
        return _or_zeros(None if block.bias is None else getattr(block.bias, name), size)

    arrays = {
        f"attn.W_{letter}": np.asarray(getattr(block, name)).reshape(width, heads, each).transpose(1, 0, 2)
        for name, letter in PROJECTIONS.items()
    }
    arrays |= {
        f"attn.b_{letter}": bias(name, heads * each).reshape(heads, each) for name, letter in PROJECTIONS.items()
    }
    arrays |= {"attn.W_O": np.asarray(block.output).reshape(heads, each, width), "attn.b_O": bias("output", width)}
    if block.up is not None:
        arrays |= {"mlp.W_in": np.asarray(block.up), "mlp.b_in": bias("up", model.sizes.hidden)}
        arrays |= {"mlp.W_out": np.asarray(block.down), "mlp.b_out": bias("down", width)}
    for name, norm in (("ln1", block.attention_norm), ("ln2", block.mlp_norm)):
        arrays |= {} if norm is None else _norm(name, norm)
    return arrays


def _norm(name: str, norm: Norm) -> Arrays:
    return {f"{name}.w": np.asarray(norm.scale), f"{name}.b": np.asarray(norm.shift)}


def _or_zeros(bias: Any, size: int) -> np.ndarray:
    return np.zeros(size, np.float32) if bias is None else np.asarray(bias)
