"""Runs in a store as training leaves them, written in a moment."""

import numpy as np

from groklab.training import encode, sweep_from

STEPS = np.array([0, 1, 10, 100, 1000])


def stored(store, *overrides, task="addition", train=(0, 0, 1, 1, 1), validation=(0, 0, 0, 0.5, 1)):
    """Return the finished run of a plan, with these accuracies and a table where `predictions` were kept."""
    (plan,) = sweep_from(task, ["p=3", *overrides] if task == "addition" else overrides).plans()
    run = store.run(plan.task.name, plan.id)
    run.begin({"id": plan.id, "task": plan.task.name, "plan": encode(plan), "versions": {"jax": "1"},
               "hardware": {"device": "cpu", "cores": 2}})  # fmt: skip
    losses = np.array([4, 3, 2, 1, 0.1])
    columns = {"run": np.array([plan.id] * len(STEPS)), "step": STEPS}
    columns |= {"train_accuracy": np.array(train, float), "train_loss": losses}
    columns |= {"validation_accuracy": np.array(validation, float), "validation_loss": losses}
    examples = plan.task.examples(seed=plan.seeds.split)
    layout = plan.task.layout(examples)
    known = np.isin(layout.row, examples.order[: examples.known_size])
    truth = np.where(known, examples.targets[np.maximum(layout.row, 0), 0], -1).astype(np.int32)
    run.write_table(
        {"row": layout.row.astype(np.int32), "truth": truth, "withheld": layout.withheld},
        {"left": layout.left, "right": layout.right, "sign": layout.sign, "words": plan.task.vocabulary()},
    )
    moments = ["start", "end"] + ["memorized"] * (1 in train)
    arrays = {f"predictions.{name}": examples.targets[:, :1] for name in moments}
    run.finish(columns, arrays, 1000, {"train_accuracy": float(train[-1]), "validation_accuracy": float(validation[-1]),
               **_milestones(columns)})  # fmt: skip
    run.release()
    return run


def _milestones(columns):
    from groklab.milestones import milestones

    return milestones(*(columns[name] for name in ("step", "train_accuracy", "validation_accuracy"))).as_dict()
