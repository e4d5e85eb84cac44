"""What holds for every exhibit of every paper."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from tests.exhibits.conftest import FACTS
from tests.heads import give_heads
from tests.landscapes import give_landscape
from tests.training_sets import give_training_sets
from workbench.errors import WorkbenchError
from workbench.exhibits import numbers, printed
from workbench.exhibits.base import Exhibit
from workbench.exhibits.registry import all_exhibits
from workbench.exhibits.scope import Made, Need
from workbench.training.settings import resolve

PROBED = {"landscape": give_landscape, "training-sets": give_training_sets, "heads": give_heads}
"""Writes what each probe would have written into a run."""

EVERY = pytest.mark.parametrize("exhibit", all_exhibits().values(), ids=lambda exhibit: exhibit.id)


@EVERY
def test_it_says_what_it_is(exhibit):
    assert exhibit.id == f"{exhibit.paper.key}/{exhibit.place.lower().replace(' ', '-')}"
    assert len(exhibit.caption) > 40
    assert exhibit.title
    assert exhibit.paper.title
    assert exhibit.place.split()[0] in ("Table", "Figure")


@EVERY
def test_it_has_printed_numbers_or_says_that_there_are_none(exhibit):
    assert list(exhibit.printed.columns) == printed.COLUMNS
    assert np.isfinite(exhibit.printed["value"]).all()
    assert not exhibit.printed.duplicated(["corpus", "split", "encoder", "variant", "at", "metric"]).any()
    if exhibit.printed.empty:
        assert "prints no numbers" in exhibit.remark
    else:
        metrics = exhibit.printed[exhibit.printed["metric"].isin(printed.METRICS)]["value"]
        assert metrics.between(0, 1).all()
        assert exhibit.printed["split"].str.contains("train").all()


@EVERY
@pytest.mark.parametrize("budget", ["quick", "full"])
def test_its_grid_can_be_trained(exhibit, budget):
    encoders = ("cnn", "bilstm") if exhibit.quick_encoders == ("cnn",) else exhibit.quick_encoders
    wanted = exhibit.scope(FACTS, encoders, budget=budget, seeds=(0, 1))
    needs = exhibit.needs(wanted)
    assert bool(needs) is not exhibit.needs_corpus
    assert len({repr(need) for need in needs}) == len(needs)
    assert {need.seed for need in needs} <= {0, 1}
    for need in needs:
        assert resolve(need.method, need.encoder, need.frozen, need.settings).training.epochs > 1


@EVERY
def test_without_runs_it_shows_the_papers_side_and_an_empty_picture(exhibit, analysed):
    state, result = analysed(exhibit, exhibit.scope(FACTS))
    assert not state.made
    assert not result.problems
    figure = exhibit.figure(result)
    has_its_own = exhibit.needs_corpus or exhibit.draws_printed
    assert has_its_own or figure is None or len(figure.data) == 0
    if not exhibit.needs_corpus:
        beside = numbers.side_by_side(exhibit.printed, result.tables.get("numbers", pd.DataFrame()))
        assert len(beside) == len(exhibit.printed)
        assert set(exhibit.shown) <= set(result.tables)


@EVERY
def test_it_probes_what_it_leaves_unprobed_and_nothing_else(exhibit, answer, workspace):
    has_own = [getattr(type(exhibit), name) is not getattr(Exhibit, name) for name in ("unprobed", "probe")]
    assert has_own in ([True, True], [False, False])
    if not any(has_own):
        need = Need("base", "cnn", 0, False, {})
        with pytest.raises(WorkbenchError, match="waits for no probe"):
            exhibit.probe(Made(need, answer(need)), workspace)


@EVERY
def test_with_its_runs_it_is_whole_and_draws_every_method(exhibit, answer, analysed):
    scope = exhibit.scope(FACTS)
    for need in exhibit.needs(scope):
        answer(need)
    for one in exhibit.unprobed(analysed(exhibit, scope)[0].made):
        PROBED[exhibit.probed_by](one.run.path)
    state, result = analysed(exhibit, scope)
    assert state.is_whole
    assert exhibit.unprobed(state.made) == []
    assert not result.problems
    assert all(len(result.tables[name]) for name in exhibit.shown)
    if "numbers" in result.tables:
        assert list(result.tables["numbers"].columns) == numbers.COLUMNS
    figure = exhibit.figure(result)
    if figure is not None:
        assert isinstance(figure, go.Figure)
        assert len(figure.data) > 0
        assert all(trace.hovertemplate for trace in figure.data)


@EVERY
def test_a_damaged_run_is_left_out_and_named(exhibit, answer, analysed):
    scope = exhibit.scope(FACTS)
    needs = exhibit.needs(scope)
    if len(needs) < 2:
        assert exhibit.needs_corpus or len(needs) == 1
        return
    runs = [answer(need) for need in needs]
    (runs[0].path / "metrics.json").write_text("{")
    for array in runs[0].array_names:
        np.save(runs[0].path / "arrays" / f"{array}.npy", np.full((3, 2), np.nan))
    _, result = analysed(exhibit, scope)
    (problem,) = result.problems
    assert runs[0].name in problem
