"""A run as those with slingshots are made, the update's sharpness among what is recorded, against a plain PyTorch loop.

python benchmarks/slingshot_run.py [--steps 1000] [--every 5] [--rounds 3]

Division modulo 31 by a multilayer perceptron, full batches, float32, no weight decay. At every fifth step both record
losses, accuracies, the last layer's norm and uᵀHu / ‖u‖² of the update u that follows, one product with the Hessian.
Both are timed without compilation. Beside them stand the steps alone, without recordings.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from pytorch_run import network
from torch import nn

from groklab.measures import Accuracy, HeadNorm, Loss, UpdateSharpness
from groklab.papers.thilak2022.setups import LAPTOP
from groklab.training import Plan, Program, Record, prepare
from groklab.training.trajectory import trajectory


def in_groklab(plan: Plan) -> Callable[[], object]:
    """Return a function that trains a plan, compiled."""
    setup, member, _ = prepare(plan)
    program = Program([setup], [member])

    def run() -> object:
        reached = program.begin(program.start(), 0, [0])
        return [end.step for end in trajectory(program, plan.record.steps(plan.steps), reached, -1)]

    run()
    return run


def in_torch(plan: Plan) -> Callable[[], object]:
    """Return a function that trains a plan's network by a plain loop."""
    examples = plan.task.examples(seed=plan.seeds.split)
    tokens, answers = (torch.tensor(each).long() for each in (examples.inputs, examples.targets[:, 0]))
    order = torch.tensor(examples.order).long()
    parts = order[: examples.train_size], order[examples.train_size : examples.known_size]
    schedule, rows = set(plan.record.steps(plan.steps)), parts[0]

    def run() -> object:
        model = network(plan, examples)
        weights = list(model.parameters())
        rate = float(plan.optimizer.learning_rate)
        optimizer = torch.optim.Adam(weights, rate, betas=(0.9, 0.98))
        recorded = []
        for step in range(plan.steps + 1):
            before = None
            if step in schedule:
                with torch.no_grad():
                    seen = [model(tokens[part]) for part in parts]
                    losses = [
                        nn.functional.cross_entropy(outputs, answers[part]).item()
                        for outputs, part in zip(seen, parts, strict=True)
                    ]
                    right = [
                        (outputs.argmax(-1) == answers[part]).float().mean().item()
                        for outputs, part in zip(seen, parts, strict=True)
                    ]
                    recorded.append([*losses, *right, weights[-2].norm().item()])
                before = [each.detach().clone() for each in weights]
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(tokens[rows]), answers[rows]).backward()
            optimizer.step()
            if before is not None:
                recorded[-1].append(sharpness(model, tokens[rows], answers[rows], before))
        return recorded

    def sharpness(model: nn.Module, inputs: torch.Tensor, targets: torch.Tensor, before: list[torch.Tensor]) -> float:
        named = dict(model.named_parameters())
        old = {name: each.requires_grad_() for name, each in zip(named, before, strict=True)}
        moved = [each.detach() - was.detach() for each, was in zip(named.values(), before, strict=True)]
        loss = nn.functional.cross_entropy(torch.func.functional_call(model, old, (inputs,)), targets)
        slopes = torch.autograd.grad(loss, list(old.values()), create_graph=True)
        along = sum((slope * way).sum() for slope, way in zip(slopes, moved, strict=True))
        products = torch.autograd.grad(along, list(old.values()))
        square = sum(way.square().sum() for way in moved)
        return float(sum((each * way).sum() for each, way in zip(products, moved, strict=True)) / square)

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=1_000)
    parser.add_argument("--every", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    plan = LAPTOP.replace(
        steps=options.steps,
        record=Record(every=options.every),
        measures=(Accuracy(), Loss(), HeadNorm(), UpdateSharpness()),
    )
    alone = plan.replace(record=Record(growth=1e6))
    contenders = {"groklab": in_groklab(plan), "groklab, steps alone": in_groklab(alone), "PyTorch": in_torch(plan)}
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(options.rounds):
        for name, run in contenders.items():
            began = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - began)
    ours = statistics.median(seconds["groklab"])
    print(f"{options.steps:,} steps, {len(plan.record.steps(plan.steps)):,} recordings")
    for name, each in seconds.items():
        took = statistics.median(each)
        print(f"{name:22} {took:7.2f} s   {took / ours:5.2f} times groklab's")


if __name__ == "__main__":
    main()
