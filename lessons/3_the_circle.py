import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="3. The circle in the network")


@app.cell
def _():
    import equinox as eqx
    import jax.numpy as jnp
    import marimo as mo
    import numpy as np
    from matplotlib import pyplot as plt

    import groklab as gl
    from groklab import teaching
    from groklab.plots import style

    store = gl.Store()
    hours = 23
    return eqx, gl, hours, jnp, mo, np, plt, store, style, teaching


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # 3. The circle in the network

    A network that generalizes the sums on a clock of 23 hours must have found some way to add. Nobody told it one. In
    this lesson we open a network and look. What it found is older than computers: it puts the numbers on circles and
    turns them. Power and others (2022) saw such a circle, Nanda and others (2023) found what it is for. You will see
    circles form, and then break the network on purpose, to make sure that it needs them.
    """)
    return


@app.cell(hide_code=True)
def _(mo, teaching):
    mo.md(
        teaching.lesson_plan(
            [
                (7, "See", "Part 1. Add on a clock by turning hands; then with cosine and sine, on one example."),
                (4, "Guess", "Part 2. The network has 64 numbers for each hour. What could they be? Collect ideas."),
                (9, "Try", "Part 2 and 3. Move the slider from step 0 to the end: when does the circle appear?"),
                (
                    8,
                    "Explain",
                    "Part 5: how we know that the network needs the circles. If time is left, part 4: why several.",
                ),
                (7, "Bet", "Part 6. A plateau that is not chance: what does it mean for the bet?"),
                (10, "Questions", "Part 7. Alone, on paper, 13 points."),
            ],
            "Needed: lesson 1, cosine and sine of any angle, and cos(α + β) = cos α cos β − sin α sin β, which may be"
            " looked up. Part 4 can be left out. The first time it trains fourteen networks, in about 90 seconds on two"
            " cores.",
        )
    )
    return


@app.cell(hide_code=True)
def _(hours, mo):
    first = mo.ui.slider(0, hours - 1, value=9, label="a", show_value=True)
    second = mo.ui.slider(0, hours - 1, value=17, label="b", show_value=True)
    speed = mo.ui.slider(1, hours // 2, value=1, label="turns per day k", show_value=True)
    _text = mo.md("""
    ## Part 1. Adding by turning

    On a clock of 23 hours the number a stands at the angle of a/23 of a full turn. To add b, turn by b/23 of a turn
    more. Where you arrive is a + b, and full turns are forgotten, just as the table forgets them: after 22 comes 0.
    """)
    mo.vstack([_text, first, second, speed])
    return first, second, speed


@app.cell(hide_code=True)
def _(hours, first, mo, np, plt, second, speed, style, teaching):
    _a, _b, _k = first.value, second.value, speed.value
    _sum = (_a + _b) % hours
    _angles = {x: 2 * np.pi * _k * x / hours for x in range(hours)}
    with style.use():
        _figure, _axes = plt.subplots(figsize=(3.4, 3.4), layout="constrained")
        _axes.plot(np.cos(np.linspace(0, 7, 200)), np.sin(np.linspace(0, 7, 200)), color="#dddddd")
        for _x, _angle in _angles.items():
            _axes.text(1.12 * np.sin(_angle), 1.12 * np.cos(_angle), str(_x), ha="center", va="center", fontsize=7)
        for _x, _color, _word in ((_a, style.TRAIN, "a"), (_b, "#d9a400", "b"), (_sum, style.VALIDATION, "a + b")):
            _axes.plot([0, np.sin(_angles[_x])], [0, np.cos(_angles[_x])], color=_color, lw=2.5, label=f"{_word}: {_x}")
        _axes.legend(loc="center", fontsize=7, bbox_to_anchor=(0.5, 0.3))
        _axes.set_aspect("equal")
        style.bare(_axes)
        _image = teaching.figure(_figure, f"A clock of 23 hours with hands at {_a}, {_b} and {_sum}")
    _turn = 2 * np.pi / hours
    _left = np.cos(_turn * _k * _sum)
    _right = np.cos(_turn * _k * _a) * np.cos(_turn * _k * _b) - np.sin(_turn * _k * _a) * np.sin(_turn * _k * _b)
    _doubt = teaching.unless(bool(np.isclose(_left, _right)), "both sides are equal")
    mo.md(f"""
    <div style="max-width: 24rem">{_image}</div>

    The place of a hand is two numbers, its cosine and its sine. The place of the sum can be calculated from those of
    a and b by multiplying and adding alone:

    cos(a + b) = cos a · cos b − sin a · sin b. Here both sides are {_left:.3f}. {_doubt}

    The hand may also go around k times a day. Then the numbers stand on the circle in another order, and turning
    still adds them. Since 23 is a prime number each has a place of its own. Such a k is
    called a **frequency**.
    """)
    return


@app.cell
def _(gl, hours, store, teaching):
    # The network of Nanda and others on a smaller clock, half as wide. Its weights are kept on the way.
    nanda = gl.plan_named("mainline")
    plan = nanda.replace(
        task=nanda.task.replace(operation=gl.tasks.Modular("addition", hours), fraction=0.75),
        model=nanda.model.replace(width=64, hidden=256),
        optimizer=nanda.optimizer.replace(learning_rate=2e-3, weight_decay=2.0),
        steps=2000,
        record=gl.Record(growth=1.05, stop_after=8, snapshots=1.2),
    )
    with teaching.training("Trains a network, about 20 seconds the first time"):
        one = gl.sweep(plan, seed=[100], store=store).isel(seed=0)
    run = store.named(str(one.run.values))
    weights = gl.kept_weights(run)
    steps = list(weights)
    return one, plan, run, steps, weights


@app.cell
def _(hours, gl, np, plan, run):
    _examples = plan.task.examples(seed=gl.plan_of(run).seeds.split)
    _inputs = plan.model.arrange(_examples.inputs, _examples.shape)
    _is_shown = np.isin(np.arange(len(_examples.inputs)), _examples.order[: _examples.train_size])

    _place = {tuple(pair): number for number, pair in enumerate(np.asarray(_examples.inputs)[:, :2].tolist())}
    _is_mirrored = np.array([_is_shown[_place[right, left]] for left, right in _place])

    def withheld_right(network, is_mirrored=None):
        """Return the share of withheld cells that a network has right, of all, or by their mirror image."""
        outputs = plan.model.outputs(network, _inputs, _examples.shape, matmul_dtype="float32")
        is_right = np.asarray(outputs)[:, 0].argmax(-1) == _examples.targets[:, 0]
        chosen = ~_is_shown if is_mirrored is None else ~_is_shown & (_is_mirrored == is_mirrored)
        return float(is_right[chosen].mean())

    def waves(vectors):
        """Return the share of each frequency in 23 vectors, their mean left out."""
        power = np.square(np.abs(np.fft.rfft(vectors, axis=0)[1:])).sum(1)
        return power / power.sum()

    def numbers(network):
        """Return the vector that a network has for each of the 23 numbers."""
        return np.asarray(network.embedding)[:hours]

    return numbers, waves, withheld_right


@app.cell(hide_code=True)
def _(mo, numbers, np, one, plt, steps, style, teaching, waves, weights, withheld_right):
    shares = np.array([waves(numbers(weights[step])) for step in steps])
    strongest = [int(k) + 1 for k in np.argsort(shares[-1])[::-1][:3] if shares[-1, k] > 2 / len(shares[-1])]
    _names = " and ".join(map(str, strongest))
    _top = shares[:, [k - 1 for k in strongest]].sum(1)
    _memorized, _generalized = int(one.memorized_at), float(one.generalized_at)
    _early = max(step for step in steps if step <= max(_generalized / 2, _memorized))
    _known, _new = (np.array([withheld_right(weights[step], side) for step in steps]) for side in (True, False))
    _at = steps.index(_early)
    with style.use():
        _figure, (_above, _beneath) = plt.subplots(2, 1, figsize=(6.2, 4.2), layout="constrained", sharex=True)
        teaching.accuracies(_above, one)
        _above.plot(steps, 100 * _known, color=style.VALIDATION, lw=0.9, ls="--", label="mirror image shown")
        _above.plot(steps, 100 * _new, color=style.VALIDATION, lw=0.9, ls=":", label="mirror image withheld too")
        _above.set_xlabel("")
        _above.legend(loc="center left", fontsize=7)
        _beneath.plot(steps[1:], 100 * _top[1:], color=style.MARK)
        _beneath.set_ylabel(f"share of {len(strongest)}\nfrequencies (%)")
        _beneath.set_ylim(0, 103)
        teaching.steps_axis(_beneath)
        _beneath.set_xlim(1, steps[-1])
        _image = teaching.figure(_figure, "Accuracies, and the share of the strongest frequencies, against steps")
    _doubt = teaching.unless(_top[0] < 0.4 and _top[-1] > 0.8, "a few frequencies take over")
    mo.md(f"""
    ## Part 2. What the network has for each number

    {_doubt}

    This network is a small **transformer**: it looks at all of its inputs at once, and mixes what it has for each of
    them before it answers. For each of the 23 numbers it has a list of 64 weights of its own, the **embedding**, which
    is the first thing that is looked up. At the start these are random. What are they in the end?

    Any list over the numbers 0 to 22 can be written as a sum of waves, of 1, 2, … 11 turns a day. (This is Fourier's
    idea. A musician hears a chord in the same way, as a few tones.) So we ask how much of the embedding each
    frequency makes up. The lower curve is the share of those that are strong in the end: of all 11 only {_names}.

    {_image}

    - It memorizes at step {_memorized:,}, and generalizes at step {_generalized:,.0f}. In between many of the withheld
      cells are right already, but not because they are understood. A transformer sees at once that order does not
      matter: who knows 3 + 5 knows 5 + 3. The thin lines part the withheld cells. At step {_early:,} it has
      {teaching.percent(_known[_at])} of those whose mirror image was shown, and {teaching.percent(_new[_at])} of those
      whose mirror image is withheld too. Only the latter tell whether it can add.
    - At first these {len(strongest)} of 11 frequencies have {teaching.percent(_top[0])} of the embedding, in the end
      {teaching.percent(_top[-1])}.
    - This does not happen at once: at step {_early:,} their share is {teaching.percent(_top[_at])} already. What looks
      sudden from outside has been on its way inside.
    """)
    return shares, strongest


@app.cell(hide_code=True)
def _(mo, steps):
    moment = mo.ui.slider(steps=steps, value=steps[-1], label="step", show_value=True, full_width=True)
    _text = mo.md("""
    ## Part 3. Watch the circle

    The 64 weights of a number are a point in a space of 64 dimensions, which nobody can draw. We draw its shadow on
    planes, one for each of the strong frequencies. Lines join the numbers in the order in which the hand passes them.
    """)
    mo.vstack([_text, moment])
    return (moment,)


@app.cell(hide_code=True)
def _(hours, mo, moment, numbers, np, plt, shares, steps, strongest, style, teaching, weights):
    _waves = np.fft.rfft(numbers(weights[steps[-1]]), axis=0)
    _planes = {k: np.linalg.qr(np.stack([_waves[k].real, -_waves[k].imag], axis=1))[0] for k in strongest}
    _rows = [steps[0], moment.value]
    with style.use():
        _figure, _panels = plt.subplots(
            2, len(_planes), figsize=(3 * len(_planes), 6), layout="constrained", squeeze=False
        )
        for _line, _step in zip(_panels, _rows, strict=True):
            _vectors = numbers(weights[_step])
            for _axes, (_k, _plane) in zip(_line, _planes.items(), strict=True):
                _points = (_vectors - _vectors.mean(0)) @ _plane
                _points /= np.sqrt(np.square(_points).sum(1).mean())
                _place = np.arange(hours) * _k % hours
                _order = np.argsort(_place)
                _axes.plot(*_points[[*_order, _order[0]]].T, color="#bbbbbb", lw=0.8, zorder=0)
                _axes.scatter(*_points.T, c=_place, cmap="hsv", s=90, alpha=0.35, lw=0)
                for _x, _point in enumerate(_points):
                    _axes.text(*_point, str(_x), ha="center", va="center", fontsize=6)
                _share = shares[steps.index(_step)][_k - 1]
                _axes.set_title(f"step {_step:,}: k = {_k}, {teaching.percent(_share)}", fontsize=8)
                _axes.set(xlim=(-2.2, 2.2), ylim=(-2.2, 2.2), aspect="equal")
                style.bare(_axes)
        _image = teaching.figure(_figure, "The 23 numbers in these planes, at the start and at the step of the slider")
    mo.md(f"""
    {_image}

    Above is the start, below the step of the slider. In the title: how much of the embedding this frequency makes up.
    Each picture is enlarged so that the numbers lie at the distance 1 from the middle on average. The same 64 weights
    of a number hold all these circles at once, in different directions.
    """)
    return


@app.cell(hide_code=True)
def _(hours, mo, np, plt, strongest, style, teaching):
    _d = np.arange(-(hours // 2), hours // 2 + 1)
    _one = np.cos(2 * np.pi * strongest[0] * _d / hours)
    _both = np.mean([np.cos(2 * np.pi * k * _d / hours) for k in strongest], axis=0)
    _second = [float(np.sort(each)[-2]) for each in (_one, _both)]
    _doubt = teaching.unless(_second[1] < _second[0], "several frequencies tell the right answer better from the next")
    with style.use():
        _figure, _panels = plt.subplots(1, 2, figsize=(6.2, 2.3), layout="constrained", sharey=True)
        for _axes, _values, _title in zip(
            _panels, (_one, _both), ("one frequency", f"mean of {len(strongest)}"), strict=True
        ):
            _axes.bar(_d, _values, color=np.where(_d == 0, style.VALIDATION, "#bbbbbb"))
            _axes.set_title(_title)
            _axes.set_xlabel("c − (a + b), how far off an answer c is")
        _panels[0].set_ylabel("score of the answer")
        _image = teaching.figure(_figure, "Scores of all answers by one frequency and by several")
    mo.md(f"""
    ## Part 4. Why more than one circle?

    {_doubt}

    At the end the network gives each answer c a score, and says the one with the highest. Score c by the cosine of
    the angle between a + b and c: it is 1 where c is right, and less elsewhere.

    {_image}

    With one frequency the second best answer has {_second[0]:.3f}, almost as much as the right one. With the
    frequencies of this network together it has {_second[1]:.3f}. Where all circles agree there is only one answer.
    """)
    return


@app.cell(hide_code=True)
def _(hours, eqx, jnp, mo, np, numbers, steps, strongest, teaching, weights, withheld_right):
    _last = weights[steps[-1]]
    _spectrum = np.fft.rfft(numbers(_last), axis=0)
    _all = range(1, hours // 2 + 1)

    def kept(frequencies):
        """Return the network with nothing but some frequencies, and the mean, left in its embedding."""
        chosen = np.isin(np.arange(len(_spectrum)), [0, *frequencies])
        rows = np.fft.irfft(np.where(chosen[:, None], _spectrum, 0), n=hours, axis=0)
        return eqx.tree_at(lambda network: network.embedding, _last, jnp.asarray(_last.embedding).at[:hours].set(rows))

    _others = [k for k in _all if k not in strongest]
    _tries = {
        "nothing taken out": kept(_all),
        f"only {' and '.join(map(str, strongest))} left": kept(strongest),
        f"{' and '.join(map(str, strongest))} taken out, the other {len(_others)} left": kept(_others),
        **{f"{k} alone taken out": kept([each for each in _all if each != k]) for k in strongest},
    }
    _right = {words: withheld_right(network) for words, network in _tries.items()}
    _table = "\n".join(f"| {words} | {teaching.percent(share)} |" for words, share in _right.items())
    _whole, _only, _without, *_ = _right.values()
    _doubt = teaching.unless(
        _whole > 0.97 and _only > _without + 0.5, "the network needs these frequencies, and hardly any other"
    )
    mo.md(
        teaching.text(
            """
    ## Part 5. Break it on purpose

    Circles in a picture might be an ornament. So we take frequencies out of the embedding, train nothing, and ask
    again for the withheld cells. If the network adds with these circles it must fail without them, and manage without
    the rest.
    """,
            f"| frequencies | withheld cells right |\n| :--- | ---: |\n{_table}",
            _doubt,
            f"""
    With these alone it has {teaching.percent(_only)}; without them {teaching.percent(_without)}, where blind
    guessing has {teaching.percent(1 / hours)}. To look is not enough; to take away and see what happens shows what is
    needed. So it needs these circles. *How* it calculates with them is a further question: Nanda and others found
    turning, as in part 1, in theirs; Zhong and others (2023) found another way in networks that look alike.
    """,
        )
    )
    return


@app.cell
def _(gl, plan, store, teaching):
    # For the game: one more run of the same network, and twelve with other seeds.
    _plan = plan.replace(record=gl.Record(growth=1.05, stop_after=8))
    with teaching.training("Trains thirteen networks, about 50 seconds the first time"):
        _shown = gl.sweep(_plan, seed=[101], store=store).isel(seed=0)
        _others = gl.sweep(_plan, seed=range(102, 114), store=store).generalized_at
    game = teaching.Game(_shown, _others, budget=plan.steps)
    return (game,)


@app.cell(hide_code=True)
def _(game, mo, store, teaching):
    _arrays, _ = store.named(str(game.run.run.values)).table()
    _withheld = _arrays["withheld"].astype(bool)
    _mirrored = float((~_withheld.T[_withheld]).mean())
    bet = mo.ui.range_slider(**game.slider(), label="It generalizes from step … to step …")
    _text = f"""
    ## Part 6. The prediction game

    Another network of this kind, with other seeds. You see {game.budget // 10} of its {game.budget:,} steps.

    {game.first_tenth()}

    The green curve is far above chance already. Of the withheld cells, {teaching.percent(_mirrored)} have a mirror
    image that was shown.
    """
    names = mo.ui.text_area(**game.field("Ada 400 1500"))
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
        teaching.text(
            "## Part 7. Questions",
            teaching.question(
                1,
                "Add 15 and 12 on the clock of 23 hours by turning. How far is that in all, and where do you arrive?",
                "27/23 of a turn.",
                "One full turn is forgotten: 4/23 are left, the number 4.",
            ),
            teaching.question(
                2,
                "At frequency k = 2 the hand goes around twice a day. Which numbers stand next to 0 on that circle?",
                "Those whose double is 1 or −1 on the clock.",
                "12, since 2 · 12 = 24 is 1 more than 23, and 11, since 2 · 11 = 22 is 1 less.",
            ),
            teaching.question(
                3,
                "Why is a network that uses one circle alone easily wrong, though its scores are highest at the right"
                " answer?",
                "The score of the next answer on the circle is nearly as high.",
                "A small error in any of the weights is then enough to turn the order around.",
            ),
            teaching.question(
                4,
                "What do we learn from part 5 that part 3 does not show?",
                "That the circles are used: without them the network cannot do it any more.",
                "That the rest is not needed: with them alone it still can, or nearly.",
                "A picture shows only that circles are there, which could be an accident or a side effect.",
            ),
            teaching.question(
                5,
                "Somebody says: “At the step where it generalizes the network understands all at once.” What does the"
                " lower curve of part 2 say to that, and why is accuracy so sudden?",
                "The frequencies grow long before, step by step; nothing begins at that moment.",
                "Accuracy is sudden because an answer is either right or wrong.",
            ),
            teaching.question(
                6,
                "What would the table have to be like for no circle to form?",
                "A table without a clock in it, for instance one that is filled by dice (lesson 1).",
                "The network would then have nothing to gain from a circle.",
            ),
        )
    )
    return


if __name__ == "__main__":
    app.run()
