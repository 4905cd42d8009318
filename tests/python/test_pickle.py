"""Pickles: every type, exactly; damaged ones are exceptions."""
import copy
import datetime
import pickle
import random

import libframe as lf
import pytest


@pytest.fixture
def everything():
    moment = datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.timezone.utc)
    frame = lf.DataFrame({"i": [1, None, 3], "f": [0.1, None, float("nan")], "s": ["a", None, "x" * 50], "b": [True, None,
                                                                                                               False],
                          "y": [b"\0", None, b""], "d": [datetime.date(1, 1, 1), None, datetime.date.max], "t": [moment,
                                                                                                                 None, moment],
                          "l": [[1, None], [], None], "r": [{"a": "x", "b": None}, None, {"a": None,
                                                                                          "b": 2.5}], "n": [None] * 3,
                          "c": ["red", "blue", None]})
    return frame.cast("c: cat").with_("e = cast(i, 'decimal(30,3)'); u = cast(i, 'u8'); z = t - t")


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_frames_come_back_bit_by_bit(everything, protocol):
    again = pickle.loads(pickle.dumps(everything, protocol))
    assert again.equals(everything) and again.schema == everything.schema
    for part in (everything[1:2], everything[2:], everything[:0], lf.DataFrame(), lf.DataFrame({"a": []})):
        back = pickle.loads(pickle.dumps(part, protocol))
        assert back.equals(part) and back.schema == part.schema


def test_copies(everything):
    assert copy.copy(everything).equals(everything) and copy.deepcopy(everything).equals(everything)


def test_a_slice_of_a_large_frame_is_a_small_pickle():
    frame = lf.DataFrame({"i": range(100_000), "s": ["text of some length, so that it is no view"] * 100_000})
    assert len(pickle.dumps(frame[50_000:50_010])) < 100_000


def test_newer_pickles_are_refused(everything):
    rebuild, state = everything.__reduce__()
    with pytest.raises(ValueError, match="newer libframe"):
        rebuild(99, *state[1:])


def test_damaged_pickles_are_exceptions(everything):
    rebuild, (version, names, types, tree) = everything.__reduce__()
    rng = random.Random(1)

    def damage(node):
        if isinstance(node, tuple):
            if not node:
                return node
            i = rng.randrange(len(node))
            return (*node[:i], damage(node[i]), *node[i + 1:])
        if isinstance(node, bytes):
            return rng.choice([node[:len(node) // 2], b"", b"\xff" * len(node), None])
        if isinstance(node, int):
            return rng.choice([-1, 0, 1, 2**31, 2**62, -2**63, node + 1])
        if isinstance(node, str):
            return rng.choice(["", "U", "l", "+s", "+L", "vu", "d:38,2", "w:4", "\0", "x"])
        return rng.choice([b"abc", 5, ()])

    survived = 0
    for _ in range(3000):
        try:
            frame = rebuild(version, names, types, damage(tree))
            frame.to_string(), frame.shape, [frame[name].null_count for name in frame]
            survived += 1
        except (ValueError, TypeError, OverflowError, lf.FrameError, MemoryError, KeyError):
            pass
    assert survived < 3000
