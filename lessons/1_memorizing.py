import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="1. Memorizing and understanding")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    from matplotlib import pyplot as plt

    import groklab as gl
    from groklab import teaching
    from groklab.plots import style
    from groklab.plots.table import draw_table, legend
    from groklab.tasks.quiz import quiz

    store = gl.Store()
    return draw_table, gl, legend, mo, np, plt, quiz, store, style, teaching


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # 1. Memorizing and understanding

    You can learn a times table in two ways. You can learn every line by heart. Or you can understand how the lines
    are made. Somebody who asks you only the lines that you learned cannot tell which of the two you did. This lesson
    is about a small computer program that learns a table, first in the one way and much later in the other, and about
    how we can tell.
    """)
    return


@app.cell(hide_code=True)
def _(mo, teaching):
    mo.md(
        teaching.lesson_plan(
            [
                (8, "See", "Part 1. Everybody fills in the letter table alone, then compares with a neighbor."),
                (5, "Explain", "Part 2. The words *network*, *weight* and *step*, with the table as the example."),
                (5, "Guess", "Part 3. Before the figure is shown: what will the two curves look like? Sketch them."),
                (9, "Try", "Part 3 and 4. Move the slider, find the step where the table fills. Then: no rule at all."),
                (8, "Bet", "Part 5. Everybody writes down an interval before the answer is opened."),
                (10, "Questions", "Part 6. Alone, on paper, 12 points. Answers are folded under each question."),
            ],
            "Needed: nothing but this page. No machine learning is assumed. The first time it trains fifteen networks,"
            " in under 60 seconds on two cores; then it reads them from the store. Pupils bet on paper. To type in"
            " everybody's bets takes longer than the lesson has: take a few that differ.",
        )
    )
    return


@app.cell(hide_code=True)
def _(gl, mo, quiz, teaching):
    _puzzle = gl.tasks.BinaryTable(gl.tasks.Modular("addition", 7), fraction=0.75)
    _quiz = quiz(_puzzle, seed=3)
    _meaning = ", ".join(f"{letter} = {number}" for letter, number in sorted(_quiz.meaning.items()))
    puzzle = gl.tasks.render(_quiz.cells, _quiz.withheld)
    _before = """
    ## Part 1. A table with holes

    Letters stand for things. Two of them joined by ∘ make a third, which stands where the row and the column meet. A
    question mark is a cell that was left out. What belongs there?
    """
    _after = f"""
    There are {int(_quiz.withheld.sum())} question marks. If you learned the other
    {_quiz.withheld.size - int(_quiz.withheld.sum())} cells by heart you would know nothing about them: a guess would
    be right one time in {len(_quiz.cells.answers)}. Two observations help with many of them: d ∘ a is always the same
    as a ∘ d, and no letter stands twice in a row. But that is not yet the rule. Which one makes the table?
    """
    _answer = teaching.folded("What the table is", f"{_quiz.rule}, with {_meaning}.")
    mo.md(teaching.text(_before, f"```\n{puzzle}\n```", _after, _answer))
    return


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    ## Part 2. What a network is

    A **network** is a long calculation. Numbers go in at one end, are multiplied and added many times, and numbers
    come out at the other end. What they are multiplied with are the **weights**. At first the weights are random, and
    so are the answers.

    To **train** a network is to show it examples with their right answers, and to change all weights a tiny bit so
    that the answers become a little less wrong. That is one **step**. It is done thousands of times. Nobody tells the
    network a rule. Nobody looks at what the weights mean.

    Ours reads two numbers x and y from 0 to 22 and says one number. It is to learn x + y on a clock with 23 hours:
    after 22 comes 0 again. We show it some cells of the table. The others are **withheld**: the network never sees
    them in training, and we use them to ask whether it understood.
    """)
    return


@app.cell
def _(gl):
    # Addition on a clock of 23 hours, by a network of two layers. 70 % of the cells are shown.
    plan = gl.Plan(
        task=gl.tasks.BinaryTable(gl.tasks.Modular("addition", 23), fraction=0.7),
        model=gl.models.MLP(),
        optimizer=gl.optimizers.adamw(learning_rate=3e-3),
        steps=5000,
        record=gl.Record(stop_after=20, snapshots=1.25),
    )
    return (plan,)


@app.cell
def _(gl, plan, store, teaching):
    with teaching.training("Trains a network, about 10 seconds the first time"):
        one = gl.sweep(plan, seed=[100], store=store).isel(seed=0)
    run = store.named(str(one.run.values))
    memorized_at, generalized_at = int(one.memorized_at), float(one.generalized_at)
    return generalized_at, memorized_at, one, run


@app.cell(hide_code=True)
def _(generalized_at, memorized_at, mo, one, plan, plt, style, teaching):
    _shown = round(plan.task.fraction * 23**2)
    _then = float(one.validation_accuracy.sel(step=memorized_at))
    with style.use():
        _figure, _axes = plt.subplots(figsize=(6.2, 2.9), layout="constrained")
        teaching.accuracies(_axes, one)
        _axes.set_xlim(1, generalized_at * 1.4)
        _axes.legend(loc="center left")
        _image = teaching.figure(_figure, "Share of right answers on shown and on withheld cells, against steps")
    mo.md(f"""
    ## Part 3. By heart first, and then …

    Guess before you look: {_shown} cells are shown, {23**2 - _shown} are withheld. After how many steps does the
    network know those that it was shown? What happens to the others meanwhile?

    {_image}

    - After **{memorized_at} steps** it has 99 % of the cells that it was shown. Of the withheld ones it has
      {teaching.percent(_then)}; who guesses blindly has one in 23, {teaching.percent(1 / 23)}. It has **memorized**.
    - For a long time nothing seems to happen. Somebody who looks only at the cells that were shown would say that it
      has learned all there is to learn, and stop.
    - After **{generalized_at:,.0f} steps**, {generalized_at / memorized_at:.0f} times as many, it has 99 % of the
      withheld cells. It **generalizes**. Nobody has shown it these cells in the meantime.

    This late and rather sudden change is called **grokking** (Power and others, 2022).
    """)
    return


@app.cell(hide_code=True)
def _(generalized_at, memorized_at, mo, run):
    kept = [step for step in run.snapshots() if step <= generalized_at * 1.3]
    moment = mo.ui.slider(
        steps=kept,
        value=min(kept, key=lambda step: abs(step - memorized_at)),
        label="step",
        show_value=True,
        full_width=True,
    )
    mo.vstack(
        [mo.md("Move the slider and watch the table. Where does it fill: everywhere at once, or in patches?"), moment]
    )
    return (moment,)


@app.cell(hide_code=True)
def _(draw_table, gl, legend, memorized_at, mo, moment, plan, plt, run, style, teaching):
    _arrays, _ = run.table()
    _examples = plan.task.examples(seed=gl.plan_of(run).seeds.split)
    _inputs = plan.model.arrange(_examples.inputs, _examples.shape)

    def answers(step):
        weights = gl.weights_at(run, step)
        outputs = plan.model.outputs(weights, _inputs, _examples.shape, matmul_dtype="float32")
        return outputs[:, 0].argmax(-1).__array__()

    _steps = sorted({0, moment.value, run.snapshots()[-1]})
    with style.use():
        _figure, _panels = plt.subplots(
            1, len(_steps), figsize=(2.5 * len(_steps), 3.6), layout="constrained", squeeze=False
        )
        for _axes, _step in zip(_panels[0], _steps, strict=True):
            draw_table(_axes, _arrays, answers(_step), f"step {_step:,}")
            style.bare(_axes)
        _figure.legend(handles=legend(_arrays), loc="outside lower center", ncols=2, fontsize=8)
        _image = teaching.figure(_figure, "The table at three steps, colored by what the network has right")
    mo.md(f"""
    {_image}

    The table at the start, at the step on the slider (at first close to step {memorized_at}, where it has memorized)
    and at the end. Light grey cells were shown (“training”) and are right, blue-grey ones were shown and are wrong.
    Pink ones were withheld and are wrong, green ones withheld and right.
    """)
    return (answers,)


@app.cell(hide_code=True)
def _(answers, memorized_at, mo, np, run, teaching):
    # Which answers stand already in a shown cell of the same row or column: in this table none of them can be right.
    _arrays, _ = run.table()
    _row, _withheld, _truth = _arrays["row"], _arrays["withheld"].astype(bool), _arrays["truth"]
    _early = min(run.snapshots(), key=lambda step: abs(step - memorized_at))
    _said = answers(_early)[_row]

    def taken(i, j):
        return set(_truth[i][~_withheld[i]]) | set(_truth[:, j][~_withheld[:, j]])

    _cells = list(zip(*np.nonzero(_withheld), strict=True))
    _caught = np.mean([_said[cell] in taken(*cell) for cell in _cells])
    _by_chance = np.mean([len(taken(*cell)) / len(_truth) for cell in _cells])
    _doubt = teaching.unless(_caught > _by_chance, "it says what it has seen nearby")
    mo.md(f"""
    {_doubt}

    How many of the withheld cells are right when it has memorized: more than by blind guessing, or fewer? In this table
    no number stands twice in a row, nor in a column. At step {_early}, {teaching.percent(_caught)} of what it says of
    withheld cells stands already in a shown cell of the same row or column, where blind guesses would do so in
    {teaching.percent(_by_chance)} of cases. It says what it has seen nearby, and in this table that is never right.
    """)
    return


@app.cell
def _(gl, plan, store, teaching):
    # The same network on a table that was filled by dice.
    dice = plan.replace(
        task=gl.tasks.BinaryTable(gl.tasks.Modular("random", 23), fraction=0.7), steps=3000, record=gl.Record()
    )
    with teaching.training("Trains a network, about 5 seconds the first time"):
        two = gl.sweep(dice, seed=[100], store=store).isel(seed=0)
    return dice, two


@app.cell(hide_code=True)
def _(dice, mo, plt, style, teaching, two):
    _best = float(two.validation_accuracy.max())
    _doubt = teaching.unless(not two.generalized_at < float("inf"), "a table without a rule is never generalized")
    with style.use():
        _figure, _axes = plt.subplots(figsize=(6.2, 2.5), layout="constrained")
        teaching.accuracies(_axes, two)
        _axes.set_xlim(1, dice.steps)
        _axes.legend(loc="center left")
        _image = teaching.figure(_figure, "The same for a table filled by dice: withheld cells stay near chance")
    mo.md(f"""
    ## Part 4. Where there is nothing to understand

    {_doubt}

    Now the table is filled by dice: each cell holds a number that was drawn. The same network, the same number of
    cells.

    {_image}

    It memorizes as before, at step {int(two.memorized_at)}. On the withheld cells it was never better than
    {teaching.percent(_best)} in
    {dice.steps:,} steps. So the network did not become clever with time: in the first table there was a rule to find,
    and here there is none.
    """)
    return


@app.cell
def _(gl, plan, store, teaching):
    # For the game: one more run, and twelve with other seeds. Only the seeds differ: first weights, shown cells, order.
    _plan = plan.replace(record=gl.Record(stop_after=20))
    with teaching.training("Trains thirteen networks, about 30 seconds the first time"):
        _shown = gl.sweep(_plan, seed=[101], store=store).isel(seed=0)
        _others = gl.sweep(_plan, seed=range(102, 114), store=store).generalized_at
    game = teaching.Game(_shown, _others, budget=plan.steps)
    return (game,)


@app.cell(hide_code=True)
def _(game, mo, teaching):
    bet = mo.ui.range_slider(**game.slider(), label="It generalizes from step … to step …")
    _text = f"""
    ## Part 5. The prediction game

    Here is another network with other first weights and other cells shown. You see the first tenth: {game.budget // 10}
    of the {game.budget:,} steps that it may take.

    {game.first_tenth()}
    """
    names = mo.ui.text_area(**game.field("Ada 800 4000"))
    _question = game.asked("At which step does it come to 99 % of the withheld cells?")
    mo.vstack([mo.md(teaching.text(_text, _question)), bet, names])
    return bet, names


@app.cell(hide_code=True)
def _(bet, game, mo, names):
    mo.md(game.results(bet.value, names.value))
    return


@app.cell(hide_code=True)
def _(mo, teaching):
    mo.md(
        "\n\n".join(
            [
                "## Part 6. Questions",
                teaching.question(
                    1,
                    "Why do we withhold cells? Could we tell without them that the network has understood?",
                    "Because a network that knows all cells by heart is right on every cell that it was shown.",
                    "No: only cells that it never saw tell memorizing and understanding apart.",
                ),
                teaching.question(
                    2,
                    "What would the share of right answers on withheld cells be for somebody who guesses, in a table"
                    " with 23 answers? And in one with 7?",
                    "One in 23, about 4 %.",
                    "One in 7, about 14 %.",
                ),
                teaching.question(
                    3,
                    "A friend trains a network until it knows all examples and then stops, “since it cannot become any"
                    " better”. What do the curves of part 3 say to that?",
                    "On what it was shown it cannot become better, that is true.",
                    "On what was withheld it can: here it did so only after dozens of times as many steps.",
                ),
                teaching.question(
                    4,
                    "What did the table filled by dice show that the first table alone could not?",
                    "That time alone does not help: as many steps, and no right answers beyond guessing.",
                    "That the late success comes from the rule in the table, since all else was the same.",
                ),
                teaching.question(
                    5,
                    "Ada bets 1,000 to 4,000, Emmy bets 2,000 to 2,100. The run generalizes at step 2,000. Give both"
                    " scores, roughly. Then the next run generalizes at step 1,000. Whose way of betting do you take?",
                    "Ada: two doublings wide, score 2. Emmy: hardly wide at all, score less than 0.1.",
                    "Next run: Ada 2 again. Emmy missed it by one doubling: a little more than 10.",
                    "Ada's: Emmy wins once by a little and loses by a lot whenever runs differ, and they do.",
                    "A narrow interval is worth it only for those who know that runs hardly differ.",
                ),
            ]
        )
    )
    return


if __name__ == "__main__":
    app.run()
