import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="2. Weight decay and data")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    from matplotlib import pyplot as plt

    import groklab as gl
    from groklab import teaching
    from groklab.plots import style

    store = gl.Store()
    return gl, mo, np, plt, store, style, teaching


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # 2. Weight decay and data

    In lesson 1 a network first learned a table by heart, and found its rule much later. Is that bound to happen? Much
    decides it. Here you change two things: whether large weights cost something, and how many examples there are. You
    will see when the network understands sooner, later, or not within the time that it has.
    """)
    return


@app.cell(hide_code=True)
def _(mo, teaching):
    mo.md(
        teaching.lesson_plan(
            [
                (4, "See", "The figure of lesson 1 again, from memory: what was shown, what was withheld?"),
                (6, "Guess", "Part 1. What does a network do that pays for large weights? Vote before the figure."),
                (10, "Try", "Part 2 and 3. Each group takes one setting of a slider and reads two steps off it."),
                (
                    7,
                    "Explain",
                    "After part 3. Two ways to be right: a long list, or a short rule. Which needs larger weights?",
                ),
                (8, "Bet", "Part 4. This time a run may take longer than it has: a bet may say *never*."),
                (10, "Questions", "Part 5. Alone, on paper, 13 points."),
            ],
            "Lesson 1 comes before this one. The first time it trains 29 networks, in about 100 seconds on two cores."
            " Question 5 needs a calculator with logarithms.",
        )
    )
    return


@app.cell
def _(gl, store, teaching):
    # Addition on a clock of 23 hours again; 80 % of the cells are shown. Four prices of large weights, two seeds each.
    plan = gl.Plan(
        task=gl.tasks.BinaryTable(gl.tasks.Modular("addition", 23), fraction=0.8),
        model=gl.models.MLP(),
        optimizer=gl.optimizers.adamw(learning_rate=3e-3),
        steps=3500,
        record=gl.Record(stop_after=20, growth=1.05),
    )
    with teaching.training("Trains eight networks, about 25 seconds the first time"):
        decays = gl.sweep(plan, weight_decay=[0.0, 0.5, 1.0, 3.0], seed=[100, 101], store=store)
    return decays, plan


@app.cell(hide_code=True)
def _(decays, mo, np, plan, plt, style, teaching):
    _none, _some = (decays.sel(weight_decay=value).isel(seed=0) for value in (0.0, 1.0))
    _at = float(_some.generalized_at)
    _doubt = teaching.unless(
        np.isinf(_none.generalized_at) and np.isfinite(_at), "only the network with weight decay generalizes"
    )
    with style.use():
        _figure, _panels = plt.subplots(2, 2, figsize=(6.2, 4.2), layout="constrained", sharex=True, sharey="row")
        for _column, _run, _title in ((0, _none, "weight decay 0"), (1, _some, "weight decay 1")):
            teaching.accuracies(_panels[0, _column], _run)
            _panels[0, _column].set_title(_title)
            _panels[0, _column].set_xlabel("")
            _panels[1, _column].plot(_run.step, _run.weight_norm, color=style.MARK)
            teaching.steps_axis(_panels[1, _column])
            _panels[1, _column].set_xlabel("step of training")
        for _axes in _panels[:, 1]:
            _axes.set_ylabel("")
        _panels[0, 0].legend(loc="center left")
        _panels[1, 0].set_ylabel("size of all weights")
        _panels[1, 0].set_ylim(bottom=0)
        _panels[1, 0].set_xlim(1, plan.steps)
        _image = teaching.figure(_figure, "Accuracies and the size of the weights, without and with weight decay")
    _first = float(_none.weight_norm[0])
    _sizes = [float(each.weight_norm.dropna("step")[-1]) for each in (_none, _some)]
    _cells = plan.task.operation.p**2
    mo.md(f"""
    ## Part 1. A price for large weights

    {_doubt}

    **Weight decay** is a price on large weights. In every step each weight is first made a tiny bit smaller, by the
    same share of what it is. Only weights that help to answer are built up again by training; the others fade away.
    Weight decay 0 is no price, 1 is the price of lesson 1.

    Two networks with the same first weights and the same cells shown, without the price and with it:

    {_image}

    Both memorize, at steps {int(_none.memorized_at)} and {int(_some.memorized_at)}. The one with weight decay
    generalizes at step {_at:,.0f}. The other is right on at most
    {teaching.percent(float(_none.validation_accuracy.max()))} of the withheld cells in {plan.steps:,} steps.

    Below is the size of all weights together (the square root of the sum of their squares). Without the price it goes
    from {_first:.0f} to {_sizes[0]:.0f}, with it to {_sizes[1]:.0f}. A common explanation is that a list of
    {round(plan.task.fraction * _cells)} answers takes larger weights than a rule, so that the price favors the rule.
    Lesson 5 tests how far the size of the weights decides.

    Not that it is the only way: other networks grok without weight decay, mostly much later (Power and others 2022;
    Kumar and others 2023). This one does not within its {plan.steps:,} steps.
    """)
    return


@app.cell(hide_code=True)
def _(decays, mo):
    price = mo.ui.slider(
        steps=decays.weight_decay.values.tolist(), value=0.5, label="weight decay", show_value=True, full_width=True
    )
    mo.vstack([mo.md("## Part 2. Which price?\n\nMove the slider: each group takes one price."), price])
    return (price,)


@app.cell(hide_code=True)
def _(decays, mo, np, plan, plt, price, style, teaching):
    _runs = decays.sel(weight_decay=price.value)
    _all = decays.generalized_at
    with style.use():
        _figure, (_left, _right) = plt.subplots(1, 2, figsize=(6.2, 2.8), layout="constrained", width_ratios=(1.5, 1))
        teaching.accuracies(_left, _runs, faint=True)
        _left.set_xlim(1, plan.steps)
        _left.legend(loc="center left")
        _left.set_xlabel("step of training")
        _left.set_title(f"weight decay {price.value:g}, two seeds")
        teaching.times(_right, _all, plan.steps)
        _right.axvline(list(_all.weight_decay.values).index(price.value), color="#f2d16b", lw=9, zorder=0)
        _right.set_xlabel("weight decay")
        _image = teaching.figure(_figure, "Accuracies at one weight decay, and when runs generalize at each")
    _medians = {float(each): float(_all.sel(weight_decay=each).median()) for each in _all.weight_decay}
    _doubt = teaching.unless(
        np.isinf(_medians[0.0]) and _medians[0.5] > _medians[1.0] > _medians[3.0],
        "it comes the sooner, the higher the price",
    )
    mo.md(
        teaching.text(f"""
    {_doubt}

    {_image}

    On the right is the step at which each network generalizes; *never* means not within {plan.steps:,} steps. With the
    price 0.5 it takes {_medians[0.5] / _medians[3.0]:.1f} times as many steps as with the price 3.
    """)
    )
    return


@app.cell
def _(gl, plan, store, teaching):
    # The price of lesson 1, and four shares of the table shown.
    with teaching.training("Trains eight networks, about 25 seconds the first time"):
        shares = gl.sweep(plan.replace(steps=4000), fraction=[0.5, 0.7, 0.8, 0.9], seed=[100, 101], store=store)
    return (shares,)


@app.cell(hide_code=True)
def _(mo, shares):
    share = mo.ui.slider(
        steps=shares.fraction.values.tolist(),
        value=0.7,
        label="share of the table that is shown",
        show_value=True,
        full_width=True,
    )
    mo.vstack(
        [mo.md("## Part 3. How much must it see?\n\nThe price is 1 again. Now choose how many cells are shown."), share]
    )
    return (share,)


@app.cell(hide_code=True)
def _(mo, np, plt, share, shares, style, teaching):
    _runs = shares.sel(fraction=share.value)
    _all, _budget = shares.generalized_at, int(shares.budget.max())
    with style.use():
        _figure, (_left, _right) = plt.subplots(1, 2, figsize=(6.2, 2.8), layout="constrained", width_ratios=(1.5, 1))
        teaching.accuracies(_left, _runs, faint=True)
        _left.set_xlim(1, _budget)
        _left.legend(loc="center left")
        _left.set_xlabel("step of training")
        _left.set_title(f"{teaching.percent(share.value)} of the table shown, two seeds")
        teaching.times(_right, _all, _budget)
        _right.axvline(list(_all.fraction.values).index(share.value), color="#f2d16b", lw=9, zorder=0)
        _right.set_xlabel("share of the table shown")
        _image = teaching.figure(_figure, "Accuracies at one share, and when runs generalize at each share")
    _medians = {round(float(each), 2): float(_all.sel(fraction=each).median()) for each in _all.fraction}
    _doubt = teaching.unless(
        np.isinf(_medians[0.5]) and _medians[0.7] > _medians[0.8] > _medians[0.9],
        "it comes the sooner, the more is shown",
    )
    _memorized = shares.memorized_at.median("seed").values
    mo.md(f"""
    {_doubt}

    {_image}

    With 90 % of the table it takes {_medians[0.9]:,.0f} steps, with 70 % {_medians[0.7]:,.0f}, and with half of it
    the network does not generalize in {_budget:,} steps. Memorizing hardly depends on it: {_memorized.min():.0f} to
    {_memorized.max():.0f} steps for all shares. So a little less data does not make the network a little worse in the
    end. It makes understanding come later, and below a certain amount not at all in the time that we have.
    """)
    return


@app.cell
def _(gl, plan, store, teaching):
    # For the game: 65 % of the table, where a few per cent more or less decide. Twelve more seeds.
    _plan = plan.replace(task=plan.task.replace(fraction=0.65), steps=5000)
    with teaching.training("Trains thirteen networks, about 50 seconds the first time"):
        _shown = gl.sweep(_plan, seed=[102], store=store).isel(seed=0)
        _others = gl.sweep(_plan, seed=range(103, 115), store=store).generalized_at
    game = teaching.Game(_shown, _others, budget=_plan.steps)
    return (game,)


@app.cell(hide_code=True)
def _(game, mo, teaching):
    bet = mo.ui.range_slider(**game.slider(), label="It generalizes from step … to step …")
    _text = f"""
    ## Part 4. The prediction game

    This network is shown 65 % of the table, at weight decay 1. You see {game.budget // 10} of its {game.budget:,}
    steps. Use what parts 2 and 3 told you: at 70 % it takes some time, at 50 % it never came.

    {game.first_tenth()}
    """
    names = mo.ui.text_area(**game.field("Ada 2000 never"))
    _question = game.asked("At which step does it come to 99 % of the withheld cells?")
    mo.vstack([mo.md(teaching.text(_text, _question)), bet, names])
    return bet, names


@app.cell(hide_code=True)
def _(bet, game, mo, names):
    mo.md(game.results(bet.value, names.value))
    return


@app.cell(hide_code=True)
def _(mo, shares, teaching):
    _median = shares.generalized_at.median("seed")
    _ratio = float(_median.sel(fraction=0.7) / _median.sel(fraction=0.9))
    mo.md(
        teaching.text(
            "## Part 5. Questions",
            teaching.question(
                1,
                "What does weight decay do to a weight that does not help to give right answers? And to one that does?",
                "The first becomes smaller in every step and fades away.",
                "The second is made smaller too, but built up again by training: it stays.",
            ),
            teaching.question(
                2,
                "Both networks of part 1 are right on everything that they were shown. Why does weight decay still"
                " change one of them?",
                "Where all answers are right, they give hardly any reason to change a weight.",
                "Weight decay goes on to make large weights smaller, whether answers are right or not.",
                "So the network is pushed from the list, which takes large weights, to the rule.",
            ),
            teaching.question(
                3,
                "Read off part 3 about how many times as long it takes with 70 % of the table as with 90 %. Is the"
                " difference in memorizing as large?",
                f"A ratio that agrees with the figure on the right, about {_ratio:.0f}.",
                "No: memorizing takes nearly the same number of steps with every share.",
            ),
            teaching.question(
                4,
                "A run did not generalize within its 5,000 steps. May we leave it out when we say how long runs take on"
                " average? May we write that it never generalizes?",
                "No: leaving out the slowest makes all look faster than they are.",
                "No: we know only that it took more than 5,000 steps.",
                "We can say how many runs did by then, or the middle one of them (the median).",
            ),
            teaching.question(
                5,
                "In the game, when is “3,000 to never” a better bet than “3,000 to 4,000”? Answer with the score.",
                "The first is wider by log₂(5,000 / 4,000) = 0.32 doublings, and always costs that much more.",
                "The second costs up to 3.2 more after step 4,000, and 3.2 where it never comes.",
                "So the first is better if the run never comes more often than one time in ten.",
            ),
        )
    )
    return


if __name__ == "__main__":
    app.run()
