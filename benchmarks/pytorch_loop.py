"""The loop that a user of PyTorch would write for a plan's model, with indices drawn from tensors in memory."""

import torch
from timing import Timed
from torch import nn

from groklab.models import Transformer
from groklab.training import Plan
from groklab.types import Shape


class Block(nn.Module):
    """Attention and a feed-forward layer, each followed by a norm."""

    def __init__(self, model: Transformer) -> None:
        super().__init__()
        width, hidden = model.width, model.hidden or 4 * model.width
        self.attention = nn.MultiheadAttention(width, model.heads, bias=False, batch_first=True)
        self.up, self.down = nn.Linear(width, hidden, bias=False), nn.Linear(hidden, width, bias=False)
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        x = self.first(x + self.attention(x, x, x, attn_mask=mask, need_weights=False)[0])
        return self.second(x + self.down(torch.relu(self.up(x))))


class Network(nn.Module):
    """The transformer of the default plan; fixed positions cost the same whatever their values."""

    def __init__(self, model: Transformer, shape: Shape) -> None:
        super().__init__()
        self.embedding = nn.Embedding(shape.tokens.vocabulary, model.width)
        self.head = nn.Linear(model.width, shape.outputs, bias=False)
        self.blocks = nn.ModuleList(Block(model) for _ in range(model.depth))
        self.register_buffer("positions", torch.randn(shape.tokens.length, model.width))
        self.register_buffer(
            "mask", torch.triu(torch.ones(shape.tokens.length, shape.tokens.length, dtype=torch.bool), 1)
        )

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        x = self.embedding(tokens) + self.positions
        for each in self.blocks:
            x = each(x, self.mask)
        return self.head(x[:, -1])


def torch_loop(plan: Plan, *, threads: int, device: str = "cpu") -> Timed:
    """Return the loop on a device: random batches, gradient, AdamW."""
    if device == "cuda":
        torch.set_float32_matmul_precision("high")  # TF32, as JAX takes by default for float32 on such a device
    examples = plan.task.examples(seed=0)
    rows = examples.order[: examples.train_size]
    arrays = examples.inputs[rows], examples.targets[rows, 0]
    inputs, targets = (torch.tensor(array, device=device).long() for array in arrays)
    network, batch_size = Network(plan.model, examples.shape).to(device), plan.batch_of(examples.train_size)
    rate = float(plan.optimizer.learning_rate)
    optimizer = torch.optim.AdamW(network.parameters(), rate, betas=(0.9, 0.98), weight_decay=1.0)

    def timed(count: int) -> None:
        torch.set_num_threads(threads)  # here, since another loop may have changed it
        for _ in range(count):
            index = torch.randint(0, len(inputs), (batch_size,), device=device)
            optimizer.zero_grad()
            nn.functional.cross_entropy(network(inputs[index]), targets[index]).backward()
            optimizer.step()
        if device == "cuda":
            torch.cuda.synchronize()

    return timed
