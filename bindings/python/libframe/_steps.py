"""Steps: a plan that can be kept, joined, written down and run on any frame."""
from . import _core
from ._hints import not_yet
from ._verbs import Verbs


def steps_of(steps):
    """The handle of what users call steps: Steps, a chain as text, or a list of these."""
    if isinstance(steps, Steps):
        return steps._steps
    if isinstance(steps, str):
        return _core.parse_chain(steps)
    if isinstance(steps, (list, tuple)):
        joined = _core.steps_with(None, -1, ())
        for one in steps:
            joined = _core.steps_join(joined, steps_of(one))
        return joined
    raise TypeError(f"steps are Steps, a chain as text, or a list of these, not {steps!r}")


class Steps(Verbs):
    """A list of steps, run by `df.pipe(steps)`.

        top = lf.Steps().filter("quantity > 0").group("region", "revenue = sum(price)").sort("-revenue")
        top = lf.Steps("filter quantity > 0 | group region: revenue = sum(price) | sort -revenue")
        sales.pipe(top)

    Every verb is a method that returns the longer list. str() is the text of a job file, which from_job reads.
    """

    __slots__ = ("_steps",)

    def __init__(self, steps=()):
        self._steps = steps_of(steps)

    @classmethod
    def _wrap(cls, handle):
        self = object.__new__(cls)
        self._steps = handle
        return self

    @classmethod
    def from_job(cls, text):
        """Read the text of a job file (docs/jobs.md)."""
        return cls._wrap(_core.parse_job(text))

    def _step(self, number, options):
        return type(self)._wrap(_core.steps_with(self._steps, number, options))

    def run(self):
        """Run a job on the input that it names itself."""
        from ._frame import DataFrame
        # read anew: the input of a job lives under the context of its reading, which an interrupt may have ended since
        return DataFrame._wrap(_core.run_steps(None, _core.parse_job(str(self))))

    def __getattr__(self, name):
        raise not_yet(self, name, "df.pipe(steps) makes it")

    def __add__(self, other):
        return type(self)._wrap(_core.steps_join(self._steps, steps_of(other)))

    def __len__(self):
        return self._steps.count()

    def __str__(self):
        return self._steps.text()

    def __repr__(self):
        return f"<libframe.Steps: {len(self)} steps>"

    def __eq__(self, other):
        return str(self) == str(other) if isinstance(other, Steps) else NotImplemented

    def __hash__(self):
        return hash(str(self))

    def __reduce__(self):
        return Steps.from_job, (str(self),)
