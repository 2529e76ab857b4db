"""What takes a network to be answered: pictures of a step, measures, commands. It is worked out once, one at a time."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from groklab.errors import GroklabError, InvalidSetting, unknown
from groklab.page.entry import Entry
from groklab.page.imports import ready

if TYPE_CHECKING:
    from groklab.measures import Measure
    from groklab.page.network import Network

NETWORKS, ANSWERS = 8, 512  # that are remembered
RATIO = 1.2  # of successive steps whose weights are kept, where a run is made again to be looked into


class Workshop:
    """Answers from networks. JAX is imported at the first question, or by `warm` before it."""

    def __init__(self) -> None:
        self._lock, self._measuring = threading.RLock(), threading.RLock()  # a slow measure holds no picture up
        self._networks: OrderedDict[Any, Network] = OrderedDict()
        self._answers: OrderedDict[Any, Any] = OrderedDict()  # the oldest go first

    def warm(self) -> None:
        """Import in another thread what takes a second, so that the first question need not wait for it."""
        threading.Thread(target=ready, daemon=True).start()

    def moments(self, entry: Entry) -> dict[str, Any]:
        """Return the steps of which there are pictures, or why there are none."""
        with self._lock:
            try:
                steps, trouble = self._network(entry).steps(), ""
            except GroklabError as error:
                steps, trouble = [], str(error)
        return {"steps": steps, "trouble": trouble}

    def moment(self, entry: Entry, step: int) -> dict[str, Any]:
        """Return the pictures of a step."""
        return self._once((*_network_of(entry), "moment", step), lambda: self._network(entry).at(step))

    def neighbours(self, entry: Entry, step: int) -> dict[str, Any]:
        """Return t-SNE of the embedding at a step."""
        return self._once((*_network_of(entry), "t-SNE", step), lambda: self._network(entry).neighbours(step))

    def measures(self, entry: Entry) -> list[str]:
        """Return the measures that suit a run's task and network, by their words."""
        return self._once((entry.key, "measures"), lambda: _suiting(entry))

    def measured(self, entry: Entry, name: str) -> dict[str, Any]:
        """Return what a measure says of all kept weights of a run, by column."""
        return self._once((entry.key, entry.written, name), lambda: _measured(entry, name), self._measuring)

    def commands(self, entry: Entry) -> dict[str, Any]:
        """Return the command that makes a run, and the one that makes it with weights kept on the way."""
        return self._once((entry.key, "command"), lambda: _commands(entry))

    def _network(self, entry: Entry) -> "Network":
        ready()
        from groklab.page.network import Network

        place = _network_of(entry)
        if place not in self._networks:
            self._networks[place] = Network(entry.run)
            while len(self._networks) > NETWORKS:
                self._networks.popitem(last=False)
        self._networks.move_to_end(place)
        return self._networks[place]

    def _once(self, question: Any, answer: Callable[[], Any], lock: AbstractContextManager[Any] | None = None) -> Any:
        with lock or self._lock:
            if question in self._answers:
                return self._answers[question]
            found = answer()
            with self._lock:
                self._answers[question] = found
                while len(self._answers) > ANSWERS:
                    self._answers.popitem(last=False)
            return found


def _network_of(entry: Entry) -> tuple[str, float]:
    """Return what stands for a network: one that is trained is the same until it ends, and may be trained again."""
    return entry.key, 0.0 if entry.state == "running" else entry.written


def _kinds() -> "dict[str, type[Measure]]":
    """Return the measures that kept weights can be asked, by their words."""
    ready()
    from groklab.measures import KINDS
    from groklab.naming import word_of

    return {word_of(kind.__name__): kind for kind in KINDS if not kind.needs_update}


def _suiting(entry: Entry) -> list[str]:
    """Return the words of the measures that suit a run, which each of them says itself."""
    ready()
    import jax

    from groklab.runner import plan_of
    from groklab.training import prepare

    plan = plan_of(entry.run)
    _, _, examples = prepare(plan)
    weights = jax.eval_shape(lambda key: plan.model.initialize(examples.shape, key=key), jax.random.key(0))

    def suits(measure: "Measure") -> bool:
        try:
            measure.check(examples, weights)
        except GroklabError:
            return False
        return True

    return [word for word, kind in _kinds().items() if suits(kind())]


def _measured(entry: Entry, name: str) -> dict[str, Any]:
    from groklab.page.about import numbers
    from groklab.runner import measured
    from groklab.runner.kept import Kept

    kinds = _kinds()
    if name not in kinds:
        raise InvalidSetting(unknown("measure", name[:80], kinds))
    # With the steps given nothing is written: the page reads only.
    found = measured(entry.run, kinds[name](), Kept(entry.run).steps)
    columns = {str(name): found[name].values for name in found.data_vars}
    return {"columns": numbers({"step": found.step.values, **columns})}


def _commands(entry: Entry) -> dict[str, Any]:
    ready()
    from groklab.runner import plan_of
    from groklab.training.plan import MEASURES
    from groklab.training.wording import command_of

    plan = plan_of(entry.run)
    kept = plan.replace(record=plan.record.replace(snapshots=RATIO))
    measures = [type(measure).__name__ for measure in plan.measures if measure not in MEASURES]
    return {"makes": command_of(plan), "keeps": command_of(kept), "besides": measures}
