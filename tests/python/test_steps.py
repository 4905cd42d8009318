"""Steps: kept, joined, written down, run on any frame."""
import pickle

import libframe as lf
import pytest


def test_chains_methods_and_lists_mean_the_same(sales):
    built = lf.Steps().filter("quantity > 1").sort("price", descending=True).head(1)
    chain = lf.Steps("filter quantity > 1 | sort price descending | head 1")
    listed = lf.Steps(["filter quantity > 1", lf.Steps().sort("price", descending=True), "head 1"])
    assert len(built) == len(chain) == len(listed) == 3
    results = [sales.pipe(steps) for steps in (built, chain, listed, "filter quantity > 1 | sort price descending | head 1",
                                               [built])]
    assert all(one.equals(results[0]) for one in results) and results[0]["quantity"].to_list() == [3]
    assert (built + "select price").run is not None and sales.pipe(built + "select price").columns == ["price"]
    assert sales.pipe([]).equals(sales) and len(lf.Steps()) == 0


def test_text_is_a_job_that_comes_back(sales):
    steps = lf.Steps().filter("region == $1", ["it's"]).join(sales, "region", how="left").fill_null("quantity_x", 5)
    again = lf.Steps.from_job(str(steps))
    assert again == steps and hash(again) == hash(steps) and again != lf.Steps("head 1") and again != "head 1"
    assert sales.pipe(again).equals(sales.pipe(steps))
    assert pickle.loads(pickle.dumps(steps)) == steps
    assert 'verb = "join"' in str(steps) and "3 steps" in repr(steps)


def test_a_job_that_names_its_input(tmp_path, sales):
    sales.write_csv(tmp_path / "s.csv")
    job = f'format = "libframe job"\nversion = 1\nreader = 1\ninput = \'read_csv("{tmp_path}/s.csv")\'\n\n' \
          '[[step]]\nverb = "head"\nn = 2\n'
    assert lf.Steps.from_job(job).run().shape == (2, 3)
    with pytest.raises(ValueError):
        lf.Steps("head 2").run()


def test_steps_keep_frames_alive(sales):
    steps = lf.Steps().join(lf.DataFrame({"region": ["North"], "x": [1]}), "region")
    assert sales.pipe(steps)["x"].to_list() == [1, 1]


def test_a_pipe_takes_functions(sales):
    assert sales.pipe(lambda frame, n, unit: frame.head(n), 2, unit="rows").shape == (2, 3)


def test_explain_runs_nothing(sales):
    plan = sales.explain("filter quantity > 1 | select price")
    assert plan.columns[:2] == ["step", "detail"] and len(plan) >= 2


@pytest.mark.parametrize("wrong,error", [(3, TypeError), (None, TypeError), ([3], TypeError), ("filter", ValueError),
                                         ("nosuch 3", KeyError),
                                         ("head 3 |", ValueError), ("head x", ValueError), ("a\0b", ValueError)])
def test_what_are_no_steps(sales, wrong, error):
    with pytest.raises(error):
        sales.pipe(wrong)


def test_nested_frames_cannot_be_written_as_text(sales):
    nested = lf.DataFrame({"region": ["North"], "l": [[1]]})
    with pytest.raises(ValueError, match="lists or structs"):
        str(lf.Steps().join(nested, "region"))
