"""Files in the form of MNIST, with a few small images."""

import gzip
import struct

import numpy as np

SIZES = {"train": 30, "t10k": 12}


def idx(array):
    """Return an array of bytes as an idx file has it."""
    return bytes((0, 0, 8, array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def arrays(part):
    random = np.random.default_rng(len(part))
    pixels = random.integers(0, 256, (SIZES[part], 28, 28)).astype(np.uint8)
    return pixels, (np.arange(SIZES[part]) % 10).astype(np.uint8)


def write(folder, *, is_packed=True):
    """Write the four files into a folder, packed or plain."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in SIZES:
        for kind, array in zip(("images-idx3", "labels-idx1"), arrays(part), strict=True):
            name = f"{part}-{kind}-ubyte"
            if is_packed:
                (folder / f"{name}.gz").write_bytes(gzip.compress(idx(array), mtime=0))
            else:
                (folder / name).write_bytes(idx(array))
