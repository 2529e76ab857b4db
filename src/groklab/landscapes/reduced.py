"""What training came to at every point of a sweep: at last, and at best."""

import xarray

PARTS, KINDS = ("train", "validation"), ("loss", "accuracy")
SEED = "seed"


def reduced(data: xarray.Dataset) -> xarray.Dataset:
    """Return, over the axes of a sweep, the last and the best of both losses and accuracies, and the norm held.

    They are called `train_loss` and `best_train_loss`, and so on. The best validation loss is that of a run stopped at
    the right moment, as an oracle would: the released code shows it for images and molecules, the last one for
    teacher–student and addition. `norm` is that of the initial weights. The loss of a run that diverged is NaN.
    """
    found = {"norm": data.weight_norm.isel(step=0, drop=True), **{name: data[name] for name in ("run", "budget")}}
    for part in PARTS:
        for kind in KINDS:
            curve = data[f"{part}_{kind}"]
            found[f"{part}_{kind}"] = curve.sel(step=data.budget.astype(int)).drop_vars("step")
            found[f"best_{part}_{kind}"] = curve.min("step") if kind == "loss" else curve.max("step")
    return xarray.Dataset(found, attrs=data.attrs)
