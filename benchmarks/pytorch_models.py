"""Training steps of Omnigrok's networks as a user of PyTorch would write them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from groklab.training import Plan, prepare

try:
    import torch
    from torch import nn
except ImportError:
    torch = None


def torch_steps(name: str, plan: Plan) -> Callable[[int], Any] | None:
    """Return a function that makes so many steps, None where PyTorch is not installed."""
    if torch is None:
        return None
    examples = plan.task.examples(seed=0)
    build, loss_of, inputs, targets = CASES[name](examples, plan)
    model, rows = build(), torch.tensor(examples.order[: examples.train_size]).long()
    optimizer = torch.optim.AdamW(
        model.parameters(), float(plan.optimizer.learning_rate), weight_decay=float(plan.optimizer.weight_decay)
    )
    size = plan.batch_of(examples.train_size)

    def run(count: int) -> None:
        batches: Any = iter(())
        for _ in range(count):
            index = rows if size == len(rows) else next(batches, None)
            if index is None:
                batches = iter(rows[torch.randperm(len(rows))].split(size))
                index = next(batches)
            optimizer.zero_grad()
            loss_of(model(*(each[index] for each in inputs)), targets[index]).backward()
            optimizer.step()

    return run


def _images(examples: Any, plan: Plan) -> Any:
    inputs = torch.tensor(examples.inputs.reshape(len(examples.inputs), -1), dtype=torch.float32)
    targets = nn.functional.one_hot(torch.tensor(examples.targets[:, 0]).long(), 10).float()

    def build() -> nn.Module:
        return nn.Sequential(nn.Linear(784, 200), nn.ReLU(), nn.Linear(200, 200), nn.ReLU(), nn.Linear(200, 10))

    return build, nn.functional.mse_loss, (inputs,), targets


def _reviews(examples: Any, plan: Plan) -> Any:
    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.Embedding(201, plan.model.width)
            self.cells = nn.LSTM(plan.model.width, plan.model.hidden, plan.model.depth, batch_first=True)
            self.answer = nn.Linear(plan.model.hidden, 1)

        def forward(self, words: torch.Tensor) -> torch.Tensor:
            return self.answer(self.cells(self.embedding(words))[0][:, -1])[:, 0]

    inputs, targets = torch.tensor(examples.inputs).long(), torch.tensor(examples.targets[:, 0]).float()
    return Network, nn.functional.binary_cross_entropy_with_logits, (inputs,), targets


def _molecules(examples: Any, plan: Plan) -> Any:
    """Dense graphs, as groklab has them: a library for sparse ones is another dependency, and slower at this size."""
    joined = examples.inputs[:, :, 11:].reshape(len(examples.inputs), 29, 4, 29)
    kept = [examples.inputs[:, :, :11], joined, examples.inputs[:, :, :11].any(-1)]
    inputs = tuple(torch.tensor(np.asarray(each), dtype=torch.float32) for each in kept)

    class Convolution(nn.Module):
        def __init__(self, rows: int, columns: int) -> None:
            super().__init__()
            self.sizes = (4, rows, columns)
            self.itself = nn.Linear(rows, columns)
            self.edge = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, rows * columns))

        def forward(self, values: torch.Tensor, joined: torch.Tensor) -> torch.Tensor:
            passed = self.edge(torch.eye(4)).reshape(self.sizes)
            sent = torch.einsum("bjr,krc->bjkc", values, passed)
            return torch.relu(self.itself(values) + torch.einsum("bikj,bjkc->bic", joined, sent))

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second = Convolution(11, 32), Convolution(32, 16)
            self.answer = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 1))

        def forward(self, values: torch.Tensor, joined: torch.Tensor, is_node: torch.Tensor) -> torch.Tensor:
            values = self.second(self.first(values, joined), joined)
            return self.answer((values * is_node[:, :, None]).sum(1))

    return Network, nn.functional.mse_loss, inputs, torch.tensor(examples.targets[:, 0], dtype=torch.float32)


def _sums(examples: Any, plan: Plan) -> Any:
    table = torch.tensor(np.asarray(prepare(plan)[1].inputs.fixed))
    inputs = table[torch.tensor(examples.inputs).long()].sum(1)

    def build() -> nn.Module:
        return nn.Sequential(
            nn.Linear(2, 200), nn.LeakyReLU(0.2), nn.Linear(200, 200), nn.LeakyReLU(0.2), nn.Linear(200, 30)
        )

    return build, nn.functional.mse_loss, (inputs,), torch.tensor(examples.targets[:, 0], dtype=torch.float32)


CASES = {"images": _images, "reviews": _reviews, "molecules": _molecules, "sums": _sums}
