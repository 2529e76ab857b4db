import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="5. Norm, L and U")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    from matplotlib import pyplot as plt

    import groklab as gl
    from groklab import teaching
    from groklab.landscapes import critical_alpha
    from groklab.plots import style

    store = gl.Store()
    return critical_alpha, gl, mo, np, plt, store, style, teaching


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # 5. Norm, L and U

    In lesson 2 a price on large weights made networks generalize. Liu, Michaud and Tegmark (2023) asked how much all
    weights together should weigh. They found two curves, shaped like the letters L and U, with which they explain
    why one network groks, why another does not, and how long it takes. (It is not the only cause: Kumar and others 2023
    found networks that grok while their norm grows.) In this lesson you measure both curves, and then predict a run
    with a pocket calculator.
    """)
    return


@app.cell(hide_code=True)
def _(mo, teaching):
    mo.md(
        teaching.lesson_plan(
            [
                (5, "See", "Part 1. Two networks that differ only in the size of their first weights."),
                (5, "Guess", "Part 2. If the size is held fixed: which error depends on it how? Sketch both curves."),
                (10, "Try", "Part 2 and 3. Read the letters off the figure, then follow a free run across it."),
                (8, "Explain", "Part 4. Exponential decay, and the time that it takes to go from one size to another."),
                (7, "Bet", "Part 5. Those who calculate may bet narrowly."),
                (10, "Questions", "Part 6. Alone, on paper, 14 points."),
            ],
            "Needed: exponential decay and the natural logarithm. The first time it trains nearly"
            " sixty small networks, in under 90 seconds on two cores.",
        )
    )
    return


@app.cell
def _(gl, store, teaching):
    # Five numbers in, five out: a small network learns what another one answers, from 100 examples.
    liu = gl.plan_named("teacher-student")
    plan = liu.replace(
        steps=8000,
        optimizer=liu.optimizer.replace(weight_decay=0.2),
        record=gl.Record(growth=1.03, stop_after=10),
    )
    with teaching.training("Trains two networks, about 10 seconds the first time"):
        two = gl.sweep(plan, alpha=[0.5, 2.0], seed=[100], store=store).isel(seed=0)
    return liu, plan, two


@app.cell(hide_code=True)
def _(mo, np, plan, plt, style, teaching, two):
    _small, _large = (two.sel(alpha=value) for value in (0.5, 2.0))
    _is_so = _large.generalized_at > 5 * _large.memorized_at and _small.generalized_at < 2 * _small.memorized_at
    _doubt = teaching.unless(bool(_is_so), "only the network begun large generalizes late")
    _then = float(_large.validation_accuracy.sel(step=int(_large.memorized_at)))
    _sizes = [float(each.weight_norm.isel(step=0)) for each in (_small, _large)]
    with style.use():
        _figure, _panels = plt.subplots(1, 2, figsize=(6.2, 2.7), layout="constrained", sharey=True)
        for _axes, _run, _size in zip(_panels, (_small, _large), _sizes, strict=True):
            teaching.accuracies(_axes, _run, words=("examples seen", "new examples"))
            _axes.set_xlim(1, float(_large.generalized_at) * 1.4)
            _axes.set_title(f"α = {float(_run.alpha):g}: norm {_size:.1f} at the start")
            _axes.set_xlabel("step of training")
        _panels[1].set_ylabel("")
        _panels[0].legend(loc="center right")
        _image = teaching.figure(_figure, "Right answers with small and with large first weights")
    mo.md(f"""
    ## Part 1. The same network, begun small and begun large

    {_doubt}

    The **norm** of a network is the size of all its weights together: the square root of the sum of their squares.
    Here a small network learns to answer as another one does, the teacher. It reads five numbers, answers five, and
    has seen {plan.task.size} examples. An answer is right if the square of its error is below
    {plan.objective.tolerance:g}. Before training all weights are multiplied by a number **α**: by 0.5 on the left, by
    2 on the right. All else is the same, and there is some weight decay.

    {_image}

    Begun small it has the examples seen at step {int(_small.memorized_at)} and new ones at step
    {int(_small.generalized_at)}, at nearly the same time. Begun large it memorizes at step
    {int(_large.memorized_at)}, where it has {teaching.percent(_then)} of the new ones, and generalizes at step
    {int(_large.generalized_at):,}, {_large.generalized_at / _large.memorized_at:.0f} times as late. That is less sudden
    than in lesson 1; what both share is the delay. So grokking is not only a matter of the task. It can be made by
    multiplying.
    """)
    return


@app.cell
def _(gl, liu, np, store, teaching):
    # The norm is held: after every step all weights are scaled back to the norm that they began with.
    alphas = [float(f"{alpha:.3g}") for alpha in np.geomspace(0.1, 10, 9)]
    with teaching.training("Trains 27 networks, about 20 seconds the first time"):
        landscape = gl.landscape(liu, steps=4000, alpha=alphas, seed=[100, 101, 102], store=store)
    return (landscape,)


@app.cell(hide_code=True)
def _(critical_alpha, landscape, mo, np, plt, style, teaching):
    best = critical_alpha(landscape)
    _middle = landscape.median("seed")
    _alphas = _middle.alpha.values
    _train, _validation = _middle.train_loss.values, _middle.validation_loss.values
    _lowest = int(_validation.argmin())
    _is_so = 0 < _lowest < len(_alphas) - 1 and _validation[-1] > 100 * _validation[_lowest]
    _doubt = teaching.unless(bool(_is_so and _train[-1] < 1e-3 * _train[0]), "these are an L and a U")
    norm_of = float(np.median(landscape.norm / landscape.alpha))
    with style.use():
        _figure, _axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
        for _part, _color, _word in (
            ("train", style.TRAIN, "examples seen"),
            ("validation", style.VALIDATION, "new examples"),
        ):
            _axes.plot(_alphas * norm_of, _middle[f"{_part}_loss"], color=_color, label=_word)
            _axes.plot(landscape.norm, landscape[f"{_part}_loss"], "o", color=_color, markersize=2.5, alpha=0.5)
        _axes.axvline(best.value * norm_of, color=style.MARK, lw=0.8, ls=":")
        _axes.annotate("valley", (best.value * norm_of, 2), fontsize=8, xytext=(3, 0), textcoords="offset points")
        _axes.set(xscale="log", yscale="log", xlabel="norm that is held", ylabel="error in the end")
        _axes.set_ylim(1e-6, 10)  # below, all is as good as no error
        style.plain(_axes.xaxis, [1, 2, 5, 10, 20, 50])
        _axes.legend(loc="center left")
        _image = teaching.figure(_figure, "Errors on examples seen and on new ones, against the norm that is held")
    mo.md(f"""
    ## Part 2. Hold the norm, and measure

    {_doubt}

    Now the norm is held fixed: after every step all weights are scaled back to the norm that they began with. Each
    point is a network that was trained in this way, three for each norm; the lines are medians.

    {_image}

    - On **examples seen** (red) the curve is an **L**: with too small a norm the network cannot fit them, and from a
      certain norm on it can, however large the norm is. (An error below a millionth is as good as none, and is
      left out of the figure.)
    - On **new examples** (green) it is a **U**. With too small a norm it cannot answer. With too large a norm it
      answers anything: it fits what it has seen, and is wild in between. In the middle is a valley, at α =
      {best.value:.2g}, a norm of about {best.value * norm_of:.0f}.

    To the left of the valley both curves are the same. To the right they part, and that is where grokking lives:
    examples seen are fitted already, and nothing but the norm stands between the network and new ones.
    """)
    return best, norm_of


@app.cell(hide_code=True)
def _(best, landscape, mo, norm_of, np, plt, style, teaching, two):
    _run = two.sel(alpha=2.0).dropna("step", subset=["weight_norm"])
    _middle = landscape.median("seed")
    _norms = _middle.alpha.values * norm_of
    _moments = {"start": 0, "memorized": int(_run.memorized_at), "generalized": int(_run.generalized_at)}
    with style.use():
        _figure, _axes = plt.subplots(figsize=(6.2, 3.6), layout="constrained")
        for _part, _color in (("train", style.TRAIN), ("validation", style.VALIDATION)):
            _axes.plot(_norms, _middle[f"{_part}_loss"], color=_color, alpha=0.35, lw=4)
            _axes.plot(_run.weight_norm, _run[f"{_part}_loss"], color=_color, lw=1.2)
            for _step in _moments.values():
                _now = _run.sel(step=_step)
                _axes.plot(_now.weight_norm, _now[f"{_part}_loss"], "o", color=_color, markersize=4)
        _heights = {"start": (8, 4), "memorized": (8, -12), "generalized": (-62, -14)}
        for _word, _step in _moments.items():
            _now = _run.sel(step=_step)
            _axes.annotate(
                f"{_word} (step {_step:,})",
                (float(_now.weight_norm), float(_now.validation_loss)),
                xytext=_heights[_word],
                textcoords="offset points",
                fontsize=7,
            )
        _axes.set(xscale="log", yscale="log", xlabel="norm of all weights", ylabel="error", xlim=(3, 40))
        _axes.set_ylim(1e-7, 3)
        style.plain(_axes.xaxis, [4, 6, 8, 10, 15, 20, 30])
        _image = teaching.figure(_figure, "A free run drawn over the L and the U: it falls, then walks left")
    _at = {word: float(_run.weight_norm.sel(step=step)) for word, step in _moments.items()}
    _doubt = teaching.unless(_at["generalized"] < 0.95 * _at["memorized"], "between the two the norm shrinks")
    mo.md(f"""
    ## Part 3. A free run walks across

    {_doubt}

    Here is the network of part 1 that was begun large. It may choose its norm. Wide and pale are the L and the U of
    part 2, thin the run itself, with dots at the start, where it has memorized and where it generalizes.

    {_image}

    It first falls nearly straight down: the examples seen are fitted at a norm of {_at["memorized"]:.1f}, hardly less
    than the {_at["start"]:.1f} at the start. These are right now, though their error (red) still falls. Meanwhile
    weight decay makes the norm smaller step by step, and the green error goes down the slope of the U, until answers
    are near enough at a norm of {_at["generalized"]:.1f}. It need not reach the bottom of the valley at
    {best.value * norm_of:.0f} for that.
    """)
    return


@app.cell
def _(gl, plan, store, teaching):
    # Five strengths of weight decay, three seeds each.
    _decays = [0.05, 0.1, 0.2, 0.4, 0.8]
    with teaching.training("Trains fifteen networks, about 20 seconds the first time"):
        speeds = gl.sweep(
            plan.replace(steps=16_000), weight_decay=_decays, alpha=[2.0], seed=[100, 101, 102], store=store
        ).isel(alpha=0)
    return (speeds,)


@app.cell(hide_code=True)
def _(mo, np, plan, plt, speeds, style, teaching):
    _decays = speeds.weight_decay.values
    _times = speeds.generalized_at.values
    _came = np.isfinite(_times)
    _whole = _came.all(1)  # where a run has not come there, the middle of those that did would be too early
    _slope, _ = np.polyfit(np.log(_decays[_whole]), np.log(_times[_whole]).mean(1), 1)
    _doubt = teaching.unless(-1.2 < _slope < -0.7, "the time is inverse to the decay, or nearly")
    _most = int(speeds.budget.max())
    _last_norms = [
        float(speeds.weight_norm.isel(weight_decay=row, seed=seed).sel(step=_times[row, seed]))
        for row, seed in np.argwhere(_came)
    ]
    _rate = plan.optimizer.learning_rate
    _at = speeds.generalized_at.sel(weight_decay=0.2, seed=100).item()
    _norms = speeds.weight_norm.sel(weight_decay=0.2, seed=100)
    _first, _last = float(_norms.sel(step=0)), float(_norms.sel(step=_at))
    _told = np.log(_first / _last) / (_rate * 0.2)
    with style.use():
        _figure, _axes = plt.subplots(figsize=(6.2, 2.8), layout="constrained")
        _axes.loglog(_decays, np.where(_came, _times, np.nan), "o", color=style.VALIDATION, markersize=5)
        _axes.plot(_decays[~_whole], [1.2 * _most] * int((~_whole).sum()), "^", color=style.MARK, label="not yet there")
        _middle = np.median(_times[2])
        _axes.loglog(_decays, _middle * _decays[2] / _decays, ":", color=style.MARK, label="exactly inverse")
        style.plain(_axes.xaxis, list(_decays))
        _axes.set(xlabel="weight decay γ", ylabel="generalizes at step")
        _axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        _axes.legend()
        _image = teaching.figure(_figure, "The step at which runs generalize, against weight decay")
    mo.md(f"""
    ## Part 4. How long the walk takes

    With weight decay γ and learning rate η each weight loses the share η·γ in every step. If nothing else happened
    the norm would shrink like money under inflation: after t steps it would be w₀ · e<sup>−ηγt</sup>. To go from the
    norm w₀ to the norm w takes

    t = ln(w₀ / w) / (η · γ) steps.

    Here η = {_rate:g}. The run of part 3 has γ = 0.2, began at w₀ = {_first:.1f} and generalized at w = {_last:.1f}.
    The formula says {_told:,.0f} steps, it took {_at:,.0f}. This says only that decay is nearly all that shrinks the
    norm, for the norm at which it generalized was read off the run. To predict another run we must assume that norm. In
    the {int(_came.sum())} runs below it was {min(_last_norms):.1f} to {max(_last_norms):.1f}.

    The formula also says that twice the decay takes half the time.

    {_doubt}

    {_image}

    The dots are measured, three seeds for each decay; {int(_came.sum())} of {_came.size} runs came there within
    {_most:,} steps. The slope on these axes, of the decays with which all came, is −{abs(_slope):.2f}; exactly inverse
    would be −1.
    """)
    return


@app.cell
def _(gl, plan, store, teaching):
    # For the game: a decay that was not shown, and twelve more seeds.
    _plan = plan.replace(steps=10_000, alpha=2.0, optimizer=plan.optimizer.replace(weight_decay=0.15))
    with teaching.training("Trains thirteen networks, about 20 seconds the first time"):
        _shown = gl.sweep(_plan, seed=[103], store=store).isel(seed=0)
        _others = gl.sweep(_plan, seed=range(104, 116), store=store).generalized_at
    game = teaching.Game(_shown, _others, _plan.steps, words=("examples seen", "new examples"))
    return (game,)


@app.cell(hide_code=True)
def _(game, mo, teaching):
    _norms = game.run.weight_norm.dropna("step")
    _now = _norms.sel(step=game.budget / 10, method="pad")
    bet = mo.ui.range_slider(**game.slider(), label="It generalizes from step … to step …")
    _text = f"""
    ## Part 5. The prediction game

    Another network, α = 2, with the decay γ = 0.15, which you have not seen. You see {game.budget // 10:,} of
    {game.budget:,} steps. Its norm was {float(_norms[0]):.2f} at the start, and at step {int(_now.step):,} it is
    {float(_now):.2f}. What you need to know for a bet you have from part 4: at what norm, or in what time, runs with
    another decay generalized.

    {game.first_tenth()}
    """
    names = mo.ui.text_area(**game.field("Ada 2500 7000"))
    _question = game.asked("At which step has it 99 % of the new examples?")
    mo.vstack([mo.md(teaching.text(_text, _question)), bet, names])
    return bet, names


@app.cell(hide_code=True)
def _(bet, game, mo, names):
    mo.md(game.results(bet.value, names.value))
    return


@app.cell(hide_code=True)
def _(mo, teaching):
    mo.md(
        teaching.text(
            "## Part 6. Questions",
            teaching.question(
                1,
                "A network has three weights: 2, −1 and 2. What is its norm? And if all are multiplied by α = 3?",
                "√(4 + 1 + 4) = 3.",
                "9: the norm is multiplied by α.",
            ),
            teaching.question(
                2,
                "Which letter is that of the examples seen, which that of new ones? Say for three norms, very small,"
                " in the valley and very large, whether the network memorizes and whether it generalizes.",
                "L: examples seen. U: new examples.",
                "Very small: neither.",
                "In the valley: both, and at the same time.",
                "Very large: it memorizes and does not generalize, until its norm has shrunk.",
            ),
            teaching.question(
                3,
                "Why does the network that was begun small not grok?",
                "It comes to the valley from the left, or begins in it.",
                "There the two curves are the same, so both errors become small together.",
            ),
            teaching.question(
                4,
                "A run with η = 0.001 and γ = 0.1 shrinks from norm 20 to norm 15, where it generalizes. About how many"
                " steps does that take? And with γ = 0.4? And with γ = 0?",
                "ln(20 / 15) / (0.001 · 0.1) = 0.288 / 0.0001, about 2,900 steps.",
                "A quarter of that, about 720.",
                "It never comes there: without decay nothing shrinks it.",
            ),
            teaching.question(
                5,
                "Two runs with the same η and γ begin at the norms 17.5 and 25, and both generalize at 14.6. How many"
                " times as long does the second take?",
                "The first takes ln(17.5 / 14.6) / (η · γ) = 0.18 / (η · γ).",
                "The second takes ln(25 / 14.6) / (η · γ) = 0.54 / (η · γ).",
                "Three times as long, whatever η and γ are.",
            ),
        )
    )
    return


if __name__ == "__main__":
    app.run()
