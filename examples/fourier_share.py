"""Measure something of your own: how few waves the embeddings of the numbers are made of. About fifteen seconds.

A transformer that generalizes addition modulo p writes numbers as a few cosines, so that a few frequencies come to
hold most of the embedding's power. Here this happens long after the network has memorized.

python examples/fourier_share.py
"""

import jax.numpy as jnp

import groklab as gl
from groklab.measures import Measure, Observation
from groklab.settings import setting
from groklab.types import Scalar

P = 23


class FourierShare(Measure):
    """Share of the embedding's power, its mean left out, in its strongest frequencies."""

    p: int = setting(97, "how many tokens are numbers; they come first", at_least=3)
    strongest: int = setting(3, "how many frequencies to count", at_least=1)

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        waves = jnp.fft.rfft(seen.weights.embedding[: self.p], axis=0)[1:]  # (frequencies, width)
        power = jnp.sort(jnp.square(jnp.abs(waves)).sum(axis=1))[::-1]
        return {"fourier_share": power[: self.strongest].sum() / power.sum()}


def main() -> None:
    history = gl.train(
        gl.Plan(
            task=gl.tasks.BinaryTable(gl.tasks.Modular("addition", P), fraction=0.7),
            model=gl.models.Transformer(depth=1, width=64),
            optimizer=gl.optimizers.adamw(learning_rate=3e-3),
            steps=2500,
            measures=(gl.measures.Accuracy(), FourierShare(p=P)),
        )
    )
    found = history.milestones
    moments = {"at the start": 0, "memorized": found.memorized_at, "generalized": found.generalized_at}
    for words, step in {**moments, "at the end": found.budget}.items():
        if step is not None:
            now = history.dataset.sel(step=step)
            share, accuracy = float(now.fourier_share), float(now.validation_accuracy)
            print(f"{words:13} step {step:5}   validation {accuracy:6.1%}   fourier share {share:.2f}")


if __name__ == "__main__":
    main()
