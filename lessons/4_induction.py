import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="4. Phase changes and induction")


@app.cell
def _():
    import jax
    import jax.numpy as jnp
    import marimo as mo
    import numpy as np
    from matplotlib import pyplot as plt

    import groklab as gl
    from groklab import teaching
    from groklab.plots import style

    store = gl.Store()
    return gl, jax, jnp, mo, np, plt, store, style, teaching


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # 4. Phase changes and induction

    Water that is warmed does not become a little more like steam with every degree. At a certain point it changes,
    and all of it. Networks can change like that too, even where there is nothing to memorize. This lesson shows one
    such change: a network learns to look back for what it has seen before, and to say what came after it. Elhage and
    others (2021) found the part of a network that does it; Olsson and others (2022) followed it through training, and
    found signs of it in large networks too.
    """)
    return


@app.cell(hide_code=True)
def _(mo, teaching):
    mo.md(
        teaching.lesson_plan(
            [
                (7, "See", "Part 1. The class continues a sequence of symbols, then says how it did that."),
                (5, "Guess", "Part 2. How will the error fall: evenly, or how else? With one layer, with two?"),
                (8, "Try", "Part 3. Move the slider: when do the slanted lines come?"),
                (
                    8,
                    "Explain",
                    "Part 3 and 4. One layer looks one symbol back, the next uses that. Then switch heads off.",
                ),
                (7, "Bet", "Part 5. Every run changes. When?"),
                (10, "Questions", "Part 6. Alone, on paper, 12 points."),
            ],
            "Needed: the words of lesson 1, and what part 2 of lesson 3 says of a transformer. Part 4 can be left out."
            " What goes from layer to layer is doubled, as in the network that Nanda and Lieberum released, which makes"
            " the change more sudden. At first it trains fifteen networks, in under 120 seconds on two cores.",
        )
    )
    return


@app.cell
def _(gl):
    # Sequences of 31 symbols out of 64, in which a stretch of 8 comes three times; fresh ones in every batch.
    olsson = gl.plan_named("repeats")
    task = olsson.task.replace(vocabulary=64, length=31, stretch=8)
    plan = olsson.replace(
        task=task,
        model=olsson.model.replace(doubled=True),
        optimizer=olsson.optimizer.replace(learning_rate=2e-3),
        batch_size=32,
        steps=1000,
        record=gl.Record(growth=1.05, snapshots=1.12, generalized_from=0.5),
    )
    return plan, task


@app.cell(hide_code=True)
def _(jax, mo, np, task, teaching):
    signs = [chr(code) for code in (*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0x30, 0x3A))]
    _tokens, _ = task.draw(1, key=jax.random.key(3))
    tokens = np.asarray(_tokens)
    _written = " ".join("·" if each == 0 else signs[each - 1] for each in tokens[0])
    mo.md(
        teaching.text(
            f"""
    ## Part 1. What comes next?

    Here are {tokens.shape[1] - 1} symbols, drawn at random, after a starting dot. One stretch of {task.stretch}
    symbols occurs {task.copies} times, each time somewhere else. Find it. Cover the right half and read on symbol by
    symbol: from where on can you say what comes next?
    """,
            f"```\n{_written}\n```",
            """
    The first time nobody can know the stretch. When its first symbol comes again nobody can know that it does. From
    the second symbol on you can: *look back for the same symbol, and say what followed it then.* This is called
    **induction**. Nothing about these symbols can be learned by heart, since every sequence is new. What can be
    learned is how to do it.
    """,
        )
    )
    return signs, tokens


@app.cell
def _(gl, plan, store, teaching):
    with teaching.training("Trains two networks, about 30 seconds the first time"):
        two = gl.sweep(plan, seed=[100], store=store).isel(seed=0)
        one = gl.sweep(plan.replace(model=plan.model.replace(depth=1)), seed=[100], store=store).isel(seed=0)
    weights = gl.kept_weights(store.named(str(two.run.values)))
    return one, two, weights


@app.cell(hide_code=True)
def _(mo, np, one, plan, plt, style, task, teaching, two):
    _chance = float(np.log(task.vocabulary - 1))
    _falls = int(two.step[np.argmax(two.validation_loss.values < 1)])
    _last = [float(each.validation_loss[-1]) for each in (one, two)]
    _doubt = teaching.unless(_last[1] < 0.5 < 1.5 < _last[0], "two layers learn it and one does not")
    with style.use():
        _figure, _axes = plt.subplots(figsize=(6.2, 3), layout="constrained")
        _axes.plot(one.step, one.validation_loss, color=style.MARK, label="one layer")
        _axes.plot(two.step, two.validation_loss, color=style.VALIDATION, label="two layers")
        _axes.axhline(_chance, color="#bbbbbb", linestyle=":")
        _axes.annotate("blind guessing", (plan.steps, _chance + 0.05), fontsize=7, va="bottom", ha="right")
        _axes.set(ylabel="loss on new sequences", ylim=(0, 5), xlim=(0, plan.steps), xlabel="step of training")
        _axes.legend(loc="lower left")
        _image = teaching.figure(_figure, "Loss on new sequences with one and with two layers, against steps")
    mo.md(f"""
    ## Part 2. When it falls

    {_doubt}

    The network is a transformer, as in lesson 3, here with nothing but **attention**: at every symbol each of its
    **heads** looks back at earlier symbols, and passes on what stands there. Heads stand in layers, and those of the
    second layer see what those of the first have passed on.

    The **loss** says how surprised the network is by the right answer. It is 0 if the network is sure and right; blind
    guessing among {task.vocabulary - 1} symbols gives {_chance:.1f}. It is asked only where the answer can be known.

    {_image}

    With one layer the loss soon hardly falls any more, and is still at {_last[0]:.1f} after {plan.steps:,} steps. With
    two layers it goes on, and is below 1 at step {_falls}. This network
    sees every sequence only once and cannot memorize any, so this is no grokking. It is what Olsson and others call a
    **phase change**: a way to do it is not there, and then it is.
    """)
    return


@app.cell
def _(jax, jnp, np, plan, task, weights):
    # Where heads look on new sequences: from places that are asked, to what followed the same symbol earlier (layer 2);
    # and from those places that are to be found, one symbol back (layer 1).
    _tokens, _targets = (np.asarray(each) for each in task.draw(64, key=jax.random.key(5)))
    _length = _tokens.shape[1]
    _asked = np.zeros(_tokens.shape, bool)
    _asked[:, task.shape.tokens.scored] = _targets >= 0
    _earlier = np.tri(_length, dtype=bool)
    _follows = np.zeros((len(_tokens), _length, _length), bool)
    _follows[:, :, 1:] = (_tokens[:, :, None] == _tokens[:, None, :-1]) & _earlier[:, 1:]
    _found = (_follows & _asked[:, :, None]).any(1)

    def attention(step):
        seen = {}
        plan.model.plain_logits(weights[step], jnp.asarray(_tokens), task.shape, hook=seen.__setitem__)
        early, late = (np.asarray(seen[f"blocks.{layer}.attn.hook_pattern"]) for layer in (0, 1))
        back = np.diagonal(early, -1, axis1=2, axis2=3)  # of each head, to the place before
        one = {f"0.{head}": float(back[:, head][_found[:, 1:]].mean()) for head in range(early.shape[1])}
        return one | {
            f"1.{head}": float((late[:, head] * _follows).sum(-1)[_asked].mean()) for head in range(late.shape[1])
        }

    kept = list(weights)
    _all = [attention(step) for step in kept]
    heads = list(_all[0])
    attended = {head: np.array([each[head] for each in _all]) for head in heads}
    induction = max((head for head in heads if head[0] == "1"), key=lambda head: attended[head][-1])
    feeders = [head for head in heads if head[0] == "0" and attended[head][-1] > 2 * attended[head][0]]
    feeders.sort(key=lambda head: -attended[head][-1])
    return attended, feeders, heads, induction, kept


@app.cell(hide_code=True)
def _(attended, feeders, heads, induction, kept, mo, np, one, plt, style, teaching, two):
    with style.use():
        _figure, _axes = plt.subplots(figsize=(6.2, 3), layout="constrained")
        for _head in heads:
            _color = style.VALIDATION if _head[0] == "1" else style.TRAIN
            _axes.plot(kept, 100 * attended[_head], color=_color, lw=1.1)
        _axes.plot([], [], color=style.VALIDATION, label="heads of layer 2: back to what followed")
        _axes.plot([], [], color=style.TRAIN, label="heads of layer 1: one symbol back")
        _axes.set(ylabel="attention (%)", ylim=(0, 103))
        teaching.steps_axis(_axes)
        _loss = _axes.twinx()
        _loss.plot(two.step, two.validation_loss, color="#bbbbbb", lw=1)
        _loss.plot(one.step, one.validation_loss, color="#bbbbbb", lw=1, linestyle="--")
        _loss.set_ylabel("loss (dashed: one layer)", color="#888888")
        _loss.set_ylim(bottom=0)
        _loss.grid(visible=False)
        _axes.set_xlim(10, kept[-1])
        _axes.legend(loc="center left", fontsize=7)
        _image = teaching.figure(_figure, "Attention of all heads against steps, over the loss")
    _ends = [attended[head][-1] for head in heads if head[0] == "1"]
    _doubt = teaching.unless(
        bool(feeders) and max(_ends) > 0.5 > 0.25 > attended[induction][0], "such heads come with training"
    )
    _strong = sum(end > 2 * attended[induction][0] for end in _ends)
    _rises = kept[int(np.argmax(attended[induction] > attended[induction][-1] / 2))]
    _then = float(np.interp(_rises, two.step, two.validation_loss))
    mo.md(f"""
    ## Part 3. Who looks where

    {_doubt}

    We let the network read new sequences, and ask of each of its {len(heads)} heads where it looks.

    {_image}

    - In the first layer {len(feeders)} of {len(heads) - len(_ends)} heads come to look **one symbol back** from the
      places that are to be found, the best of them with {teaching.percent(float(attended[feeders[0]][-1]))} of its
      attention in the end. So it is known there which symbol came before.
    - In the second layer {_strong} of {len(_ends)} heads come to look **back to what followed the same symbol
      earlier**, the best of them with {teaching.percent(float(max(_ends)))} of its attention; at the start it was
      {teaching.percent(float(attended[induction][0]))}. They search for a place of which the first layer says:
      “before me stood what you see now”. What stands there is the answer. Such heads are called **induction heads**.

    This takes two layers, since the second needs what the first has found. The loss (grey) falls in two parts. The
    first part one layer can do as well (dashed). The second comes with the induction heads: the strongest has half of
    the attention that it has in the end at step {_rises:,}, where the loss is {_then:.1f}.
    """)
    return


@app.cell(hide_code=True)
def _(kept, mo):
    moment = mo.ui.slider(steps=kept, value=kept[-1], label="step", show_value=True, full_width=True)
    moment
    return (moment,)


@app.cell(hide_code=True)
def _(induction, jnp, mo, moment, np, plan, plt, signs, style, task, teaching, tokens, weights):
    _, _head = (int(each) for each in induction.split("."))
    _seen = {}
    plan.model.plain_logits(weights[moment.value], jnp.asarray(tokens), task.shape, hook=_seen.__setitem__)
    _pattern = np.asarray(_seen["blocks.1.attn.hook_pattern"])[0, _head]
    _names = ["·" if each == 0 else signs[each - 1] for each in tokens[0]]
    with style.use():
        _figure, _axes = plt.subplots(figsize=(5.2, 5), layout="constrained")
        _axes.imshow(_pattern, cmap="Greens", vmin=0, vmax=1)
        _axes.set_xticks(range(len(_names)), _names, fontsize=7)
        _axes.set_yticks(range(len(_names)), _names, fontsize=7)
        _axes.set(xlabel="looks at", ylabel="reads", title=f"step {moment.value:,}")
        _axes.grid(visible=False)
        _image = teaching.figure(_figure, "Where the induction head looks, for every symbol of the sequence of part 1")
    mo.md(f"""
    <div style="max-width: 34rem">{_image}</div>

    The strongest induction head on the sequence of part 1. Each row is a symbol that is read, dark is where the head
    looks; what comes later cannot be seen, so that one half stays empty. In
    the repeated stretch it forms slanted lines: each looks one place further than the last. Move the slider back, and
    see when they appear.
    """)
    return


@app.cell(hide_code=True)
def _(feeders, heads, induction, jax, jnp, mo, np, plan, task, teaching, weights):
    _weights = weights[max(weights)]
    _tokens, _targets = task.draw(256, key=jax.random.key(4))
    _shape = plan.task.shape
    _asked = np.asarray(_targets) >= 0

    def right_without(silenced):
        """Return the share of right answers with some heads switched off."""

        def silence(name, value):
            for head in silenced:
                if name == f"blocks.{head[0]}.attn.hook_z":
                    value = value.at[:, :, int(head[2:])].set(0)
            return value

        logits = plan.model.plain_logits(_weights, jnp.asarray(_tokens), _shape, hook=silence)
        return float((np.asarray(logits).argmax(-1) == np.asarray(_targets))[_asked].mean())

    _first, _second = ([head for head in heads if head[0] == layer] for layer in "01")
    _single = [right_without([head]) for head in _second]
    _tries = {
        "none": right_without([]),
        "layer 2: its strongest induction head": right_without([induction]),
        "layer 2: all but its strongest induction head": right_without([each for each in _second if each != induction]),
        "layer 2: all heads": right_without(_second),
        "layer 1: the heads that look one symbol back": right_without(feeders),
        "layer 1: the others": right_without([each for each in _first if each not in feeders]),
    }
    _table = "\n".join(f"| {words} | {teaching.percent(share)} |" for words, share in _tries.items())
    _whole, _one, _alone, _none, _fed, _unfed = _tries.values()
    _doubt = teaching.unless(
        _whole > 0.9 and _none < 0.1 and _one > _alone > 0.3 and _fed < _unfed, "they stand in for each other"
    )
    mo.md(
        teaching.text(
            """
    ## Part 4. Switch heads off

    As in lesson 3, a picture is not enough. We switch heads off, train nothing, and count right answers on new
    sequences.
    """,
            f"| switched off | right answers |\n| :--- | ---: |\n{_table}",
            _doubt,
            f"""
    Blind guessing has {teaching.percent(1 / (task.vocabulary - 1))}. Without the heads of layer 1 that look one symbol
    back those of layer 2 find little: {teaching.percent(_fed)} are right. They need what the first has found.

    To switch off one induction head does next to nothing: {teaching.percent(min(_single))} to
    {teaching.percent(max(_single))} are still right, whichever it is. Is it not needed, then? The strongest alone has
    {teaching.percent(_alone)}, and without all four it is {teaching.percent(_none)}. So they do the same work and
    stand in for each other. To take away one part and see no harm does not show that the part does nothing.
    """,
        )
    )
    return


@app.cell
def _(gl, plan, store, teaching):
    # For the game: it ends where half of all new sequences are continued without a mistake. Twelve more seeds.
    _plan = plan.replace(steps=2000, record=gl.Record(growth=1.08, generalized_from=0.5, stop_at="generalized"))
    with teaching.training("Trains thirteen networks, about a minute the first time"):
        _shown = gl.sweep(_plan, seed=[101], store=store).isel(seed=0)
        _others = gl.sweep(_plan, seed=range(102, 114), store=store).generalized_at
    _words = ("training sequences", "test sequences, new too")
    game = teaching.Game(
        _shown, _others, _plan.steps, words=_words, draw=teaching.losses, came="had half of the sequences right"
    )
    return (game,)


@app.cell(hide_code=True)
def _(game, mo, teaching):
    bet = mo.ui.range_slider(
        **game.slider(), label="Half of all sequences are continued without a mistake from step … to step …"
    )
    _text = f"""
    ## Part 5. The prediction game

    Another network of two layers, with other first weights and other sequences. You see {game.budget // 10} of
    {game.budget:,} steps.

    {game.first_tenth()}
    """
    names = mo.ui.text_area(**game.field("Ada 300 1500"))
    _question = game.asked("At which step does it continue half of all new sequences without a single mistake?")
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
                "Continue by induction: Q R S T X Q R … What is the next symbol, and which two places did you use?",
                "S.",
                "The R just read, and the R before it, after which S stood.",
            ),
            teaching.question(
                2,
                "Why can this network not do well by memorizing?",
                "Every sequence is new and random.",
                "What it saw in one says nothing about the next.",
            ),
            teaching.question(
                3,
                "An induction head looks for the place whose *predecessor* is the symbol just read. What must have been"
                " done before, and why does that need a layer of its own?",
                "At every place it must be noted which symbol stood before it.",
                "Heads of one layer work at the same time, on the same input.",
                "So what one notes can be used only by heads of a later layer.",
            ),
            teaching.question(
                4,
                "What is alike and what is different between this change and the grokking of lesson 1?",
                "Alike: for a long time little is seen, then within a short time nearly all is right.",
                "Different: there it had memorized its examples before; here nothing is memorized.",
                "Different: there both curves are far apart; here they fall together.",
            ),
            teaching.question(
                5,
                "Somebody switches off one head after the other, sees no harm from any, and writes: “no head of this"
                " network does induction.” What is wrong with that, and what should be tried?",
                "Several heads may do the same, so that each can be spared.",
                "Switch off all of them at once, or leave only one.",
            ),
        )
    )
    return


if __name__ == "__main__":
    app.run()
