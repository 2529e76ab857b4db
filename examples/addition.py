"""Watch a small network grok addition modulo 23. About ten seconds on a laptop.

python examples/addition.py
"""

import groklab as gl


def main() -> None:
    history = gl.train(
        gl.Plan(
            task=gl.tasks.BinaryTable(gl.tasks.Modular("addition", 23), fraction=0.7),
            model=gl.models.MLP(),
            optimizer=gl.optimizers.adamw(learning_rate=3e-3),
            steps=5000,
            record=gl.Record(stop_after=20),  # end when 20 recordings in a row are at 99 % or better
        )
    )
    seen = history.dataset
    print("  step   train   validation   weight norm")
    for step in (0, 10, 30, 100, 300, 1000, int(seen.step[-1])):
        now = seen.sel(step=step, method="nearest")
        numbers = (float(now.train_accuracy), float(now.validation_accuracy), float(now.weight_norm))
        print("{:6d}  {:6.1%}  {:10.1%}  {:12.1f}".format(int(now.step), *numbers))

    found = history.milestones
    print(f"memorized at step {found.memorized_at}, generalized at step {found.generalized_at}")
    if found.delay_ratio is not None:
        print(f"a delay of {found.delay} steps: {found.delay_ratio:.0f} times as long")


if __name__ == "__main__":
    main()
