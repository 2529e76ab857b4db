"""`groklab export RUN`: a run's network as files that other tools read."""

import argparse
import textwrap

from groklab.cli import output
from groklab.cli.choice import RUN, add_choice, chosen
from groklab.runner import export
from groklab.runner.compiled import keep_programs
from groklab.store import Store

FORMS = ("transformer-lens",)
# The lines that load an export, by the major version of TransformerLens. The pages have them too.
LOADING = {
    4: """\
import json

from safetensors.torch import load_file
from transformer_lens import TransformerBridge
from transformer_lens.utilities.tl_checkpoint_conversion import convert_tl_checkpoint

with open("NAME.json") as file:
    network = TransformerBridge.boot_native(json.load(file))
network.load_state_dict(convert_tl_checkpoint(load_file("NAME.safetensors"), network.cfg))
""",
    3: """\
import json

from safetensors.torch import load_file
from transformer_lens import HookedTransformer

with open("NAME.json") as file:
    network = HookedTransformer(json.load(file))
network.load_state_dict(load_file("NAME.safetensors"), strict=False)
""",
}
EPILOG = f"""\
TransformerLens has no counterpart of norm=post, the default of groklab run, nor of activation=quadratic, smeared=true
and doubled=true: train what is to be exported with model.norm=pre or model.norm=none, as mainline does.

TransformerLens and PyTorch come with pip install "groklab[export]". In TransformerLens 4 this loads the network:

{textwrap.indent(LOADING[4], "  ")}
and in 3.9, where the buffers that the files lack are not missed:

{textwrap.indent(LOADING[3], "  ")}
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("run", nargs="?", help=RUN)
    parser.add_argument("--to", choices=FORMS, default=FORMS[0], help="for which tool (default transformer-lens)")
    parser.add_argument("--step", type=int, help="of a step whose weights were kept (default: the last)")
    parser.add_argument("--output", default=".", help="folder or URL to write to (default: here)")
    add_choice(parser)
    parser.epilog = EPILOG


def execute(options: argparse.Namespace) -> int:
    """Write the files and say where they are."""
    keep_programs()
    console = output.console()
    run = chosen(Store(options.store), options.run, is_last=options.last)
    for place in export(run, options.output, step=options.step):
        console.print(place, soft_wrap=True, highlight=False)
    return 0
