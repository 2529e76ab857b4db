"""Runs in a store as training leaves them, written in a moment."""

import numpy as np

from groklab.training import encode, sweep_from

STEPS = np.array([0, 1, 10, 100, 1000])


def stored(store, *overrides, task="addition", train=(0, 0, 1, 1, 1), validation=(0, 0, 0, 0.5, 1), **other):
    """Return the finished run of a plan, with these accuracies and a table where `predictions` were kept.

    Its network has an `embedding` of the tokens where one is given, and says `answers`, tokens in the order of the
    examples, or the right ones. `columns` are recorded in the place of the usual ones, or beside them.
    """
    small = ["p=3"] if task == "addition" and not any(each.startswith("p=") for each in overrides) else []
    (plan,) = sweep_from(task, [*small, *overrides]).plans()
    run = store.run(plan.task.name, plan.id)
    run.begin({"id": plan.id, "task": plan.task.name, "plan": encode(plan), "versions": {"jax": "1"},
               "hardware": {"device": "cpu", "cores": 2}})  # fmt: skip
    losses = np.array([4, 3, 2, 1, 0.1])
    usual = {"step": STEPS, "train_accuracy": np.array(train, float), "train_loss": losses}
    usual |= {"validation_accuracy": np.array(validation, float), "validation_loss": losses}
    columns = usual | other.get("columns", {})
    columns |= {"run": np.array([plan.id] * len(columns["step"]))}
    examples = plan.task.examples(seed=plan.seeds.split)
    layout = plan.task.layout(examples)
    known = np.isin(layout.row, examples.order[: examples.known_size])
    truth = np.where(known, examples.targets[np.maximum(layout.row, 0), 0], -1).astype(np.int32)
    run.write_table(
        {"row": layout.row.astype(np.int32), "truth": truth, "withheld": layout.withheld},
        {"left": layout.left, "right": layout.right, "sign": layout.sign, "words": plan.task.vocabulary()},
    )
    moments = ["start", "end"] + ["memorized"] * (1 in train)
    said = np.asarray(other.get("answers", examples.targets[:, 0]), np.int32)[:, None]
    arrays = {f"predictions.{name}": said for name in moments}
    arrays |= {"weights.embedding": other["embedding"].astype(np.float32)} if "embedding" in other else {}
    last = {name: float(columns[name][-1]) for name in ("train_accuracy", "validation_accuracy")}
    run.finish(columns, arrays, int(columns["step"][-1]), {**last, **_milestones(columns), "seconds": 10.0})
    run.release()
    return run


def _milestones(columns):
    from groklab.milestones import milestones

    return milestones(*(columns[name] for name in ("step", "train_accuracy", "validation_accuracy"))).as_dict()
