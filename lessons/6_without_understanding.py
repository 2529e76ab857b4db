import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="6. A model that groks without understanding")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    import xarray
    from matplotlib import pyplot as plt

    import groklab as gl
    from groklab import teaching
    from groklab.plots import style

    inputs, tolerance, level = 200, 1e-3, 0.95  # numbers of an example; error that still counts as right; share wanted
    return gl, inputs, level, mo, np, plt, style, teaching, tolerance, xarray


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # 6. A model that groks without understanding

    So far a network memorized first and understood later, and its curve of right answers showed it. Does such a curve
    prove that somebody has understood something? Levi, Beck and Bar-Sinai (2024) found a model so simple that all of
    it can be calculated. It has nothing to memorize and nothing to understand, and still its curve looks like that of
    lesson 1. In this lesson you find out why, and what follows for every curve of right answers.
    """)
    return


@app.cell(hide_code=True)
def _(mo, teaching):
    mo.md(
        teaching.lesson_plan(
            [
                (6, "See", "Part 1. Teacher and student: two lists of numbers, on one example with three of them."),
                (4, "Guess", "Part 2. Right or wrong? Agree on how wrong an answer may be, and sketch the curves."),
                (10, "Try", "Part 2 and 3. Move the tolerance and the number of examples. When is the delay long?"),
                (8, "Explain", "Part 4. The same run by its error and by its right answers: where is the jump?"),
                (7, "Bet", "Part 5. Two ways to go on drawing the curve: one comes too late, the other too early."),
                (10, "Questions", "Part 6. Alone, on paper, 13 points."),
            ],
            "Needed: logarithms as distances on an axis. Nothing is trained by steps: every step is calculated from one"
            " decomposition, in under 20 seconds on two cores.",
        )
    )
    return


@app.cell
def _(gl, inputs, np, tolerance, xarray):
    steps = np.unique(np.geomspace(1, 60_000, 240).round())

    def descent(examples, seed):
        """Draw examples, a teacher and a student, and return gradient descent: all its steps at once."""
        random = np.random.default_rng(seed)
        rows = random.standard_normal((examples, inputs))
        teacher, student = (random.standard_normal((inputs, 1)) / np.sqrt(2 * inputs) for _ in range(2))
        return gl.theory.Descent(gl.theory.DataSet(rows, rows @ teacher, teacher), student)

    def right(found, at=steps, within=tolerance):
        """Return both shares of right answers at some steps, as a run's record."""
        losses = found.losses(at)
        shares = {
            "train_accuracy": ("step", gl.theory.accuracy(losses.train, within)),
            "validation_accuracy": ("step", gl.theory.accuracy(losses.validation, within)),
        }
        return xarray.Dataset(shares, {"step": at})

    return descent, right, steps


@app.cell(hide_code=True)
def _(descent, inputs, mo, np, plt, style, teaching):
    _number = round(inputs / 0.9)
    _one = descent(_number, 100)
    _fresh = np.random.default_rng(1).standard_normal((300, inputs))
    _moments = ((0, "#bbbbbb"), (300, style.TRAIN), (60_000, style.VALIDATION))
    with style.use():
        _figure, _panels = plt.subplots(1, 3, figsize=(6.2, 2.5), layout="constrained", sharey=True)
        for _axes, (_step, _color) in zip(_panels, _moments, strict=True):
            _axes.plot(_fresh @ _one.data.teacher, _fresh @ _one.weights(_step), ".", color=_color, markersize=3)
            _axes.plot([-2.5, 2.5], [-2.5, 2.5], color="black", lw=0.6)
            _axes.set_title(f"step {_step:,}")
            _axes.set_xlabel("the teacher's answer")
        _panels[0].set_ylabel("the student's answer")
        _image = teaching.figure(_figure, "Answers of the student against those of the teacher at three steps")
    mo.md(f"""
    ## Part 1. A teacher and a student

    The **teacher** is a list of {inputs} numbers, drawn at random. An example is another list of {inputs} numbers.
    The teacher's answer is the sum of the products: first number times first number, second times second, and so on.
    With three numbers: the teacher (2, 0, −1) answers the example (1, 5, 3) by 2 · 1 + 0 · 5 − 1 · 3 = −1.

    The **student** is a list of {inputs} numbers too, other ones. It sees {_number} examples with the teacher's
    answers, and changes its numbers in every step so that its error becomes a little smaller. That is all. There is
    nothing inside to be rearranged: no list of answers learned by heart, no rule, no circle. It can only come closer
    to the teacher.

    Here are its answers to new examples. On the black line they are right.

    {_image}
    """)
    return


@app.cell(hide_code=True)
def _(inputs, mo):
    within = mo.ui.slider(
        steps=[0.1, 0.01, 0.001, 0.0001], value=0.001, label="tolerance ε", show_value=True, full_width=True
    )
    number = mo.ui.slider(
        steps=[round(inputs / ratio) for ratio in (1.5, 1.1, 0.9, 0.7, 0.5, 0.2)],
        value=round(inputs / 0.9),
        label="number of examples",
        show_value=True,
        full_width=True,
    )
    _text = mo.md("""
    ## Part 2. When is an answer right?

    The student's answers are never exactly right. So we must say how far off an answer may be: it counts as right if
    the square of its error is below a number ε, the **tolerance**. Somebody chose it. Move both sliders.
    """)
    mo.vstack([_text, within, number])
    return number, within


@app.cell(hide_code=True)
def _(descent, gl, level, mo, number, plt, right, steps, style, teaching, within):
    _found = descent(number.value, 100)
    _losses = _found.losses(steps)
    _wanted = gl.theory.loss_at(level, within.value)
    _times = _found.times(_wanted)
    with style.use():
        _figure, (_above, _beneath) = plt.subplots(2, 1, figsize=(6.2, 4.6), layout="constrained", sharex=True)
        teaching.accuracies(_above, right(_found, within=within.value), words=("examples seen", "new examples"))
        _above.set_xlabel("")
        _above.legend(loc="upper left")
        _beneath.plot(steps, _losses.train, color=style.TRAIN)
        _beneath.plot(steps, _losses.validation, color=style.VALIDATION)
        _beneath.axhline(_wanted, color=style.MARK, linestyle=":", lw=1)
        _beneath.set_yscale("log")
        _beneath.set_ylim(1e-8, 3)
        _beneath.set_ylabel("mean square of the error")
        teaching.steps_axis(_beneath)
        _beneath.set_xlim(1, steps[-1])
        _image = teaching.figure(_figure, "Right answers and errors of the same student against steps")
    _seen, _new = float(_times.memorized_at), float(_times.generalized_at)
    if not _new < float("inf"):
        _then = "**never**: with fewer examples than numbers many students fit them all, and this one stays another."
    elif _new < 3 * _seen:
        _then = f"at step {teaching.spoken(_new)}, hardly later."
    else:
        _then = f"""at step {teaching.spoken(_new)}, much later. The upper figure looks like that of lesson 1. In the
    lower one nothing jumps: both errors fall, that of new examples more slowly."""
    mo.md(f"""
    {_image}

    Above are the right answers, below the errors of the same student. With {number.value} examples and ε =
    {within.value:g} it has {teaching.percent(level)} of the examples seen at step {teaching.spoken(_seen)}, and of new
    ones {_then} The dotted line is the error at which
    {teaching.percent(level)} are right, about a quarter of ε. (How many are right follows from the error, since
    single errors are spread like a bell curve around 0.)
    """)
    return


@app.cell(hide_code=True)
def _(gl, level, mo, np, plt, style, teaching, tolerance):
    _ratios = np.linspace(0.05, 0.97, 60)
    _shades = {1e-2: "#bbbbbb", 1e-3: "#777777", 1e-5: "black"}
    _delays = {each: gl.theory.delay(_ratios, np.array([each]), level)[:, 0] for each in _shades}
    with style.use():
        _figure, _axes = plt.subplots(figsize=(6.2, 2.8), layout="constrained")
        for _each, _shade in _shades.items():
            _axes.semilogy(_ratios, _delays[_each], color=_shade, label=f"ε = {_each:.5f}".rstrip("0"))
        _axes.set_xlabel("numbers of the list / number of examples")
        _axes.set_ylabel("delay (steps)")
        _axes.legend()
        _image = teaching.figure(_figure, "The delay against the number of examples, for three tolerances")
    _low, _high = (float(np.interp(at, _ratios, _delays[tolerance])) for at in (0.5, 0.95))
    _is_so = _high > 10 * _low and np.all(_delays[1e-5] > _delays[1e-2])
    _doubt = teaching.unless(bool(_is_so), "fewer examples or a smaller ε make the delay longer")
    mo.md(f"""
    ## Part 3. The delay, calculated

    {_doubt}

    Between the two steps lies the **delay**. For this model it can be calculated without any training:

    {_image}

    With twice as many examples as numbers (0.5) it is {_low:,.0f} steps at ε = {tolerance:g}, with hardly more
    examples than numbers (0.95) {_high:,.0f}. In some directions the examples then hardly
    differ. What is wrong there shows hardly at all in the examples seen, and is mended very slowly. And the delay is
    the longer, the stricter the tolerance: it depends on what *we* call right.
    """)
    return


@app.cell(hide_code=True)
def _(descent, gl, inputs, level, mo, np, plt, right, style, teaching, tolerance):
    _found = descent(round(inputs / 0.9), 100)
    _when = float(_found.times(gl.theory.loss_at(level, tolerance)).generalized_at)
    _near = np.linspace(1, 2 * _when, 200)
    _gap = np.array([np.square(_found.weights(step) - _found.data.teacher).sum() for step in _near])
    _curve = right(_found, _near).validation_accuracy
    _slopes = np.abs(np.gradient(np.log(_gap), _near))
    _half, _full = (float(np.interp(at, _near, _slopes)) for at in (_when / 2, _when))
    _share = [float(np.interp(at, _near, _curve)) for at in (_when / 4, _when)]
    with style.use():
        _figure, _panels = plt.subplots(1, 2, figsize=(6.2, 2.6), layout="constrained")
        _panels[0].plot(_near, 100 * _curve, color=style.VALIDATION)
        _panels[0].set_ylabel("new examples right (%)")
        _panels[1].semilogy(_near, _gap, color="black")
        _panels[1].set_ylabel("squared distance from the teacher")
        for _axes in _panels:
            _axes.axvline(_when, color=style.MARK, linestyle=":")
            _axes.set_xlabel("step")
            _axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        _image = teaching.figure(_figure, "Right answers, and the distance of the weights from the teacher's")
    _doubt = teaching.unless(_full <= _half, "the weights do not hurry where answers become right")
    mo.md(f"""
    ## Part 4. Look at the weights themselves

    {_doubt}

    In lesson 3 we opened the network and saw circles grow. What happens in this student, at the moment at which it
    “understands” (dotted)? All that there is to see is how far its numbers are from the teacher's (the sum of the
    squares of the differences).

    {_image}

    Nothing. From a quarter of that time to the dotted line right answers go from {teaching.percent(_share[0])} to
    {teaching.percent(_share[1])}. The distance shrinks by {100 * _half:.3f} % a step halfway there, and by
    {100 * _full:.3f} % at the line: more slowly, not faster. On this axis, where all steps are equally long, even
    right answers climb gradually: some of what looked sudden in part 2 was the axis, on which ten times as many steps
    are as long as one.

    The rest is the limit. The curve of right answers asks “is the error below it?”, and most answers pass it in the
    same stretch of time. Late success in a curve is no proof of understanding, and a steep curve is no proof of
    anything sudden inside. To know that, one must look inside and break things, as in lesson 3.
    """)
    return


@app.cell
def _(descent, gl, inputs, level, np, right, teaching, tolerance):
    # For the game: one more student, and fifteen with other examples, teachers and first numbers.
    _budget = 40_000
    _students = [descent(round(inputs / 0.9), seed) for seed in range(101, 117)]
    _wanted = gl.theory.loss_at(level, tolerance)
    _at, *_others = (float(np.ceil(each.times(_wanted).generalized_at)) for each in _students)
    _steps = np.unique(np.geomspace(1, _budget, 200).round())
    student = _students[0]
    _words = ("examples seen", "new examples")
    game = teaching.Game(right(student, _steps), _others, _budget, _at, _words, came="had 95 % of new examples right")
    return game, student


@app.cell(hide_code=True)
def _(game, gl, inputs, level, mo, plt, student, style, teaching, tolerance):
    _wanted = float(gl.theory.loss_at(level, tolerance))
    _seen = game.run.step[game.run.step <= game.budget / 10]
    with style.use():
        _figure, _panels = plt.subplots(1, 2, figsize=(6.4, 2.4), layout="constrained", sharey=True)
        for _axes in _panels:
            _axes.semilogy(_seen, student.losses(_seen.values).validation, color=style.VALIDATION)
            _axes.axhline(_wanted, color=style.MARK, linestyle=":")
            _axes.set(xlim=(1, game.budget), ylim=(_wanted / 20, 3))
        teaching.steps_axis(_panels[0])
        _panels[0].set(ylabel="error, new examples", xlabel="step (tenfold)")
        _panels[1].set(xlabel="step (evenly)", xticks=[0, game.budget // 2, game.budget])
        _panels[1].xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        _error = teaching.figure(_figure, "The error on new examples so far, and the error that is wanted")
    bet = mo.ui.range_slider(**game.slider(), label="It has 95 % of new examples right from step … to step …")
    _text = f"""
    ## Part 5. The prediction game

    Another student, another teacher, {round(inputs / 0.9)} examples, ε = {tolerance:g}. You see {game.budget // 10:,}
    of {game.budget:,} steps, and this time also its error. Where that comes to the dotted line,
    {teaching.percent(level)} are right. Go on drawing both curves: in tenfold steps a straight line comes too
    late, since the curve bends down, and in even steps it comes too early, since it bends up.

    {game.first_tenth()}

    {_error}
    """
    names = mo.ui.text_area(**game.field("Ada 8000 30000"))
    _question = game.asked(f"At which step has it {teaching.percent(level)} of new examples right?")
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
                "A teacher is (1, −2, 4). What does it say to (3, 1, 1)? A student answers 4.98. Is that right at"
                " ε = 0.001? And at ε = 0.0001?",
                "3 − 2 + 4 = 5.",
                "The error is 0.02, its square 0.0004: right at 0.001, wrong at 0.0001.",
            ),
            teaching.question(
                2,
                "What happens to the delay if ε is made ten times smaller? What does that say about the delay?",
                "It becomes longer.",
                "It is not a property of the student alone: it depends on what we call right.",
            ),
            teaching.question(
                3,
                "Why are right answers late and then come quickly, though the error falls smoothly all the time?",
                "An answer is right or wrong, by a limit on its error.",
                "Errors shrink together, so most answers pass the limit in the same stretch of time.",
                "An axis of right answers shows nothing of what happens before the limit and after it.",
            ),
            teaching.question(
                4,
                "Name one observation from lesson 3 that shows more than a curve, and say why this student has nothing"
                " like it.",
                "Circles form in the embedding before accuracy rises, or: the network fails without them.",
                "The student is one list that comes closer to another: no part has a task of its own.",
            ),
            teaching.question(
                5,
                "A newspaper writes that a large model “suddenly learned to add at a certain size”. The test counted"
                " only answers with every digit right. What would you ask for before you believe it?",
                "A measure that changes gradually, such as the error or the share of right digits.",
                "Whether the jump is still there with it.",
                "More sizes in between.",
                "A look inside, or a test that takes away what it is said to have learned.",
            ),
        )
    )
    return


if __name__ == "__main__":
    app.run()
