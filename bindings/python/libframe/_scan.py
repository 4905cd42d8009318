"""Scan: a file and what will be done with it; rows are read when collect() is called, batch by batch."""
from . import _core
from ._hints import not_yet
from ._steps import steps_of
from ._verbs import Verbs
from ._warnings import told


class Scan(Verbs):
    """What scan_csv returns. Verbs are remembered; collect() plans them together, reads only the columns they need and
    runs what it can batch by batch, so the file may be larger than memory.

        lf.scan_csv("big.csv").filter("amount > 100").group("region", "total = sum(amount)").collect()
    """

    __slots__ = ("_core", "_steps")

    @classmethod
    def _wrap(cls, handle, steps=None):
        self = object.__new__(cls)
        self._core = handle
        self._steps = steps if steps is not None else _core.steps_with(None, -1, ())
        return self

    def __init__(self, *args, **keywords):
        raise TypeError("a Scan comes from scan_csv")

    def _step(self, number, options):
        return type(self)._wrap(self._core, _core.steps_with(self._steps, number, options))

    def pipe(self, steps, *args, **keywords):
        """Remember steps (a chain, Steps, or a list of these), or call a function with this scan."""
        if callable(steps):
            return steps(self, *args, **keywords)
        return type(self)._wrap(self._core, _core.steps_join(self._steps, steps_of(steps)))

    def collect(self):
        """Run it: the resulting DataFrame."""
        from ._frame import DataFrame
        if not self._steps.count():
            return DataFrame._wrap(told(_core.collect(self._core)))
        return DataFrame._wrap(told(_core.run_steps(self._core, self._steps)))

    def explain(self):
        """What collect() would do, one row a step."""
        from ._frame import DataFrame
        return DataFrame._wrap(_core.run_steps(self._core, self._steps, True))

    @property
    def columns(self):
        """Names of the file's columns."""
        return self._core.names()

    @property
    def schema(self):
        """Names and types of the file's columns."""
        return dict(zip(self._core.names(), self._core.types()))

    @property
    def context(self):
        """The Context that the scan runs under."""
        return self._core.context

    def __getattr__(self, name):
        raise not_yet(self, name, "collect() makes it")

    def __getitem__(self, key):
        raise TypeError("a Scan has no rows yet: collect() makes the DataFrame; select and slice may come before")

    def __repr__(self):
        fields = ", ".join(f"{name}: {kind}" for name, kind in self.schema.items())
        return f"<libframe.Scan of {fields}; {self._steps.count()} steps, collect() runs them>"
