"""A whole run as a user of PyTorch would write it, with the recordings that groklab makes by default."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from pytorch_loop import Network
from torch import nn

from groklab.models import MLP
from groklab.training import Plan
from groklab.types import Examples, Numbers

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh}


class Operands(nn.Module):
    """The embeddings of both operands side by side."""

    def __init__(self, vocabulary: int, width: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.embedding(tokens[:, [0, 2]]).flatten(1)


def network(plan: Plan, examples: Examples) -> nn.Module:
    """Return the network of a plan."""
    model, shape = plan.model, examples.shape
    if not isinstance(model, MLP):
        return Network(model, shape)
    is_number = isinstance(shape.reads, Numbers)
    first = shape.reads.size if is_number else 2 * model.width
    sizes = [first, *[model.hidden] * model.depth, shape.outputs]
    layers: list[nn.Module] = [] if is_number else [Operands(shape.tokens.vocabulary, model.width)]
    for rows, columns in itertools.pairwise(sizes):
        layers += [nn.Linear(rows, columns), ACTIVATIONS[model.activation]()]
    return nn.Sequential(*layers[:-1])


def torch_run(plan: Plan) -> Callable[[], list[dict[str, float]]]:
    """Return a function that trains a plan's network and returns what was recorded."""
    examples = plan.task.examples(seed=plan.seeds.split)
    is_number = isinstance(examples.shape.answers, Numbers)
    inputs = torch.tensor(examples.inputs, dtype=torch.float32 if examples.inputs.dtype == np.float64 else torch.long)
    targets = torch.tensor(examples.targets[:, 0], dtype=torch.float32 if is_number else torch.long)
    order = torch.tensor(examples.order).long()
    parts = {"train": order[: examples.train_size], "validation": order[examples.train_size : examples.known_size]}
    batch_size, schedule = plan.batch_of(examples.train_size), set(plan.record.steps(plan.steps))
    loss_of = nn.functional.mse_loss if is_number else nn.functional.cross_entropy
    tolerance = getattr(plan.objective, "tolerance", 0.0)

    @torch.no_grad()
    def record(model: nn.Module) -> dict[str, float]:
        seen: dict[str, float] = {}
        for name, rows in parts.items():
            outputs = model(inputs[rows])
            seen[f"{name}_loss"] = loss_of(outputs, targets[rows]).item()
            errors = (outputs - targets[rows]).square().mean(-1) if is_number else None
            right = errors < tolerance if errors is not None else outputs.argmax(-1) == targets[rows]
            seen[f"{name}_accuracy"] = right.float().mean().item()
        norms = {name: each.norm().item() for name, each in model.named_parameters()}
        return {**seen, **norms, "weight_norm": sum(norm**2 for norm in norms.values()) ** 0.5}

    def batches() -> Any:
        while True:
            shuffled = parts["train"][torch.randperm(examples.train_size)]
            yield from (parts["train"],) if batch_size == examples.train_size else shuffled.split(batch_size)

    def run() -> list[dict[str, float]]:
        model, rows = network(plan, examples), batches()
        rule = plan.optimizer.rule
        betas = (float(rule.b1), float(rule.b2))
        rate, decay = float(plan.optimizer.learning_rate), float(plan.optimizer.weight_decay)
        optimizer = torch.optim.AdamW(model.parameters(), rate, betas=betas, weight_decay=decay)
        recorded = []
        for step in range(plan.steps + 1):
            before = None
            if step in schedule:
                recorded.append(record(model))
                before = [each.detach().clone() for each in model.parameters()]
            index = next(rows)
            optimizer.zero_grad()
            loss_of(model(inputs[index]), targets[index]).backward()
            optimizer.step()
            if before is not None:
                moved = [each.detach() - old for each, old in zip(model.parameters(), before, strict=True)]
                recorded[-1]["update_norm"] = torch.cat([each.flatten() for each in moved]).norm().item()
        return recorded

    return run
