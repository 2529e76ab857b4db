"""What an embedding of symbols shows in a plane: its strongest frequencies, its leading directions, or t-SNE."""

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Complex, Float, Int
from threadpoolctl import threadpool_limits

Vectors = Float[np.ndarray, "symbols width"]
Points = Float[np.ndarray, "symbols 2"]
SHOWN = 3  # frequencies
PERPLEXITY = 30.0  # of t-SNE, or a third of the symbols where they are few
ITERATIONS = 500


class Plane(NamedTuple):
    """Two directions of the space of an embedding, the length that counts as 1 in it, and what it shows."""

    directions: Float[np.ndarray, "width 2"]
    unit: float
    frequency: int = 0  # 0 where it is not one of a frequency

    def points(self, vectors: Vectors) -> Points:
        """Return where the symbols lie in the plane."""
        return centred(vectors) @ self.directions / self.unit


def spectrum(vectors: Vectors) -> Float[np.ndarray, "frequencies"]:
    """Return the norm of each frequency from 1 to n/2 in an embedding of the residues modulo n (Nanda et al., 4.1)."""
    norms = np.linalg.norm(_waves(vectors), axis=1) * np.sqrt(2 / len(vectors))
    return norms / np.sqrt(2) ** (np.arange(1, len(norms) + 1) * 2 == len(vectors))  # n/2 has no sine


def planes_of(last: Vectors, *, is_residues: bool) -> list[Plane]:
    """Return the planes in which an embedding is shown at all steps, from the network's last: nothing else moves.

    Of residues those of the strongest frequencies: cos and sin of 2πkx/n, as the embedding carries them; of other
    symbols that of the two leading directions.
    """
    if not is_residues or len(last) < 5:
        return [_leading(last)]
    norms = spectrum(last)
    n = len(last)
    whole = norms[: (n - 1) // 2]  # a plane needs a cosine and a sine
    return [_of_frequency(last, int(k)) for k in np.argsort(whole)[::-1][:SHOWN] + 1]


def _of_frequency(last: Vectors, k: int) -> Plane:
    wave = _waves(last)[k - 1]
    directions = _orthonormal(np.stack([wave.real, -wave.imag], axis=1))
    return Plane(directions, _unit(last, directions), k)


def _leading(last: Vectors) -> Plane:
    directions = np.linalg.svd(centred(last), full_matrices=False)[2][:2].T
    if directions.shape[1] < 2:  # an embedding of one dimension
        directions = np.concatenate([directions, np.zeros_like(directions)], axis=1)
    return Plane(directions, _unit(last, directions))


def neighbours(vectors: Vectors, start: Points) -> Points:
    """Return t-SNE of an embedding (van der Maaten and Hinton 2008), begun at points, so that it moves little."""
    from sklearn.manifold import TSNE

    scale = start[:, 0].std() or 1.0
    fewer = max(2.0, (len(vectors) - 1) / 3)
    begun: Any = start / scale * 1e-4
    found = TSNE(init=begun, perplexity=min(PERPLEXITY, fewer), max_iter=ITERATIONS, random_state=0)
    with threadpool_limits(1):  # few points: more threads only wait for each other
        points = found.fit_transform(vectors.astype(np.float32))
    return points / (np.sqrt(np.square(points).sum(1).mean()) or 1.0)


def clusters(functions: Float[np.ndarray, "n neurons"]) -> tuple[Int[np.ndarray, "neurons"], Points]:
    """Return the frequency that each neuron follows, and the neuron as a point: its share of variance and its phase.

    `functions` are the mean activations over one operand. Of a neuron all of whose variance is of one frequency the
    point lies on the unit circle.
    """
    waves = _waves(functions)
    energies = np.square(np.abs(waves))
    if len(functions) % 2 == 0:
        energies[-1] /= 2
    total = energies.sum(0)
    best = energies.argmax(0)
    at = np.arange(functions.shape[1])
    share = np.divide(energies[best, at], total, out=np.zeros_like(total), where=total > 0)
    angle = np.angle(waves[best, at])
    return best + 1, np.stack([share * np.cos(angle), share * np.sin(angle)], axis=1)


def centred(vectors: Vectors) -> Vectors:
    return vectors - vectors.mean(0)


def _waves(vectors: Float[np.ndarray, "n width"]) -> Complex[np.ndarray, "frequencies width"]:
    return np.fft.rfft(vectors.astype(float), axis=0)[1:]


def _orthonormal(columns: Float[np.ndarray, "width 2"]) -> Float[np.ndarray, "width 2"]:
    directions, scale = np.linalg.qr(columns)
    return directions * np.where(np.diag(scale) < 0, -1.0, 1.0)


def _unit(vectors: Vectors, directions: Float[np.ndarray, "width 2"]) -> float:
    return float(np.sqrt(np.square(centred(vectors) @ directions).sum(1).mean())) or 1.0
