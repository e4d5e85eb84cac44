from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.errors import WorkbenchError
from workbench.methods.lsfa import label_prototypes
from workbench.methods.pair_features import PairFeatures, PairWriter, RunningPrototypes

FEATURES = torch.randn(7, 3, generator=torch.Generator().manual_seed(0))
LABELS = torch.tensor([4, 0, 0, 2, 4, 2, 0])


def _written(folder) -> PairFeatures:
    writer = PairWriter(folder, 7, 3)
    writer.add(FEATURES[:4], LABELS[:4])
    writer.add(FEATURES[4:], LABELS[4:])
    return writer.finish(*label_prototypes(FEATURES, LABELS, 5))


def test_what_is_written_in_batches_is_read_in_any_order(tmp_path):
    kept = _written(tmp_path / "features")
    assert len(kept) == 7
    assert isinstance(kept.features, np.memmap)
    batch = kept[np.array([5, 0, 3])]
    torch.testing.assert_close(batch.inputs["features"], FEATURES[[5, 0, 3]], atol=2e-3, rtol=1e-3)
    assert batch.inputs["label_index"].tolist() == [2, 4, 2]
    assert batch.targets.shape == (3, 0)
    assert kept.counts.tolist() == [3, 0, 2, 0, 2]


def test_what_was_not_finished_is_not_opened_and_begun_anew(tmp_path):
    folder = tmp_path / "features"
    assert PairFeatures.open(folder) is None
    PairWriter(folder, 7, 3).add(FEATURES[:4], LABELS[:4])
    assert PairFeatures.open(folder) is None
    assert len(_written(folder)) == 7


def test_too_few_features_are_an_error(tmp_path):
    writer = PairWriter(tmp_path / "features", 8, 3)
    writer.add(FEATURES, LABELS)
    with pytest.raises(WorkbenchError, match="7 features came where 8 were expected"):
        writer.finish(*label_prototypes(FEATURES, LABELS, 5))


def test_numbers_beyond_half_precision_become_its_largest(tmp_path):
    writer = PairWriter(tmp_path / "features", 1, 2)
    writer.add(torch.tensor([[1e6, -1e6]]), torch.tensor([0]))
    kept = writer.finish(torch.zeros(1, 2), torch.ones(1, dtype=torch.int64))
    assert kept.features.tolist() == [[65504.0, -65504.0]]


def test_a_disk_without_room_is_refused_before_it_is_full(tmp_path):
    with pytest.raises(WorkbenchError, match=r"The features of head labels need .* or raise head_threshold"):
        PairWriter(tmp_path / "features", 10**15, 300)


def test_running_prototypes_are_the_means_of_everything_so_far():
    running = RunningPrototypes(5, 3, torch.device("cpu"))
    running.add(FEATURES[:4], LABELS[:4])
    running.add(FEATURES[4:], LABELS[4:])
    prototypes, counts = label_prototypes(FEATURES, LABELS, 5)
    torch.testing.assert_close(running.prototypes, prototypes)
    assert running.counts.equal(counts)
    exact = FEATURES.double()
    within = (exact - label_prototypes(exact, LABELS, 5)[0][LABELS]).square().sum() / exact.square().sum()
    assert running.spread == pytest.approx(float(within))


@pytest.mark.parametrize("features", [torch.zeros(4, 3), torch.ones(4, 3), torch.zeros(0, 3)])
def test_features_of_labels_that_are_all_the_same_have_no_spread(features):
    running = RunningPrototypes(2, 3, torch.device("cpu"))
    running.add(features, torch.zeros(len(features), dtype=torch.int64))
    running.add(3 * features, torch.ones(len(features), dtype=torch.int64))  # another label, another vector
    assert running.spread == pytest.approx(0, abs=1e-12)
