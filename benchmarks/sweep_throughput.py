"""Member-steps per second of a sweep, of one member trained alone, and of a PyTorch loop with the same model.

On an accelerator the sweep is trained side by side in one program, ever wider until memory ends. On a CPU it is trained
in lanes, one a core, and for comparison side by side too. All are timed in turn in one process; the table shows medians
over the rounds, and medians of the ratios within a round. Members differ in seeds and fractions, as in figure 2 right
of Power et al. 2022. Only training is timed: recording and saving come on top.

    python benchmarks/sweep_throughput.py --size paper    x / y mod 97, two blocks of width 128: for an accelerator
    python benchmarks/sweep_throughput.py --size laptop   x / y mod 31, one block of width 64: two minutes on a CPU
    python benchmarks/sweep_throughput.py --size mlp      x + y mod 23, a multilayer perceptron; without PyTorch

PyTorch is wanted for its row and not needed; --no-torch leaves it out. From the sources, without installing groklab,
put PYTHONPATH=src before the command.
"""

import argparse
import functools
import json
import time
from pathlib import Path

import jax
from sweep_contenders import (
    SIZES,
    Contender,
    Size,
    contender,
    in_lanes,
    laid_out,
    side_by_side,
    torch_alone,
    torch_device,
)
from sweep_table import about, results_of, show, warnings
from timing import in_turn

from groklab.runner.describe import cores

CPU_WIDTHS, ACCELERATOR_WIDTHS = (4, 16), (16, 64, 128, 256, 512)


def contenders(size: Size, options: argparse.Namespace, torch: str) -> list[Contender]:
    """Return all that is timed, compiled."""
    seconds = options.seconds
    alone = functools.partial(side_by_side, laid_out(size, 1, same_fraction=True))
    found = contender("one member alone", "alone", 1, alone, seconds)
    found += pytorch(size, torch, seconds) if torch in ("cuda", "cpu") else []
    if jax.default_backend() == "cpu":
        lanes = functools.partial(in_lanes, laid_out(size, cores()))
        found += contender(f"{cores()} in lanes", "sweep", cores(), lanes, seconds)
    return found + wider_and_wider(size, options.widths, seconds, time.monotonic() + options.until)


def wider_and_wider(size: Size, widths: list[int], seconds: float, deadline: float) -> list[Contender]:
    """Return sweeps side by side until memory or time ends, and beside the widest the same with one fraction.

    Members of one fraction begin their epochs together, so that a program draws orders only then. Where fractions
    differ it draws them, by a sort, at every step. The two rows tell what that costs.
    """
    laid, found = laid_out(size, max(widths)), []
    for width in sorted(widths):
        build = functools.partial(side_by_side, laid[:width])
        wider = contender(f"{width} side by side", "sweep", width, build, seconds)
        found += wider
        if not wider or time.monotonic() > deadline:
            break
    if not found:
        return []
    width = found[-1].members
    build = functools.partial(side_by_side, laid_out(size, width, same_fraction=True))
    return found + contender(f"{width} side by side, one fraction", "one fraction", width, build, seconds)


def pytorch(size: Size, device: str, seconds: float) -> list[Contender]:
    """Return the PyTorch loop; nothing, and say why, where it fails.

    On a CPU it is timed with one thread too: its threads wait for one another, and where cores are busy with other
    work one thread can be twenty times as fast as two. Ratios are taken against the faster.
    """
    found = []
    try:
        for threads in sorted({1, cores()}) if device == "cpu" else (cores(),):
            name = "PyTorch" if device == "cuda" else f"PyTorch, CPU, {threads} thread{'s' if threads > 1 else ''}"
            build = functools.partial(torch_alone, size.plan, device, threads)
            found += contender(name, "PyTorch", 1, build, seconds)
    except RuntimeError as error:  # no kernels for this GPU, no memory beside JAX
        print(f"  PyTorch failed, its row is left out: {str(error).splitlines()[0]}")
    return found


def options_of() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="laptop", help="size of each run (default laptop)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of all contenders (default 7)")
    parser.add_argument("--seconds", type=float, default=0.5, help="length of a turn, about (default 0.5)")
    widths = CPU_WIDTHS if jax.default_backend() == "cpu" else ACCELERATOR_WIDTHS
    numbers = " ".join(map(str, widths))
    parser.add_argument("--widths", type=int, nargs="+", default=widths, help=f"side by side (default here {numbers})")
    parser.add_argument("--products", default="float32", choices=("float32", "bfloat16"), help="of groklab's members")
    parser.add_argument(
        "--until", type=float, default=600, metavar="SECONDS", help="no wider sweep is compiled after so long"
    )
    parser.add_argument("--no-torch", action="store_true", help="leave out the PyTorch loop")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there too")
    return parser.parse_args()


def main() -> None:
    """Compile, time and print."""
    options = options_of()
    size = SIZES[options.size].with_products(options.products)
    torch = "left out" if options.no_torch or options.size == "mlp" else torch_device()
    facts = {"size": options.size, **about(size, torch)}
    for name, value in facts.items():
        print(f"{name}: {value}", flush=True)
    timed = contenders(size, options, torch)
    runs, counts = {each.name: each.run for each in timed}, {each.name: each.steps for each in timed}
    results = results_of(timed, in_turn(runs, counts, options.rounds))
    show(results)
    for warning in warnings(facts):
        print(warning)
    if options.json:
        options.json.write_text(json.dumps(facts | results, indent=1) + "\n")


if __name__ == "__main__":
    main()
