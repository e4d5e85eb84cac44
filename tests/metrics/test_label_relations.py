import numpy as np
import pytest
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.metrics import constraint_sets, frequent_partners, label_relations, mean_relations

# Six documents, four labels: a, b, c, d.
DOCUMENTS = np.array([[1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1]])
# By hand: a with b in documents 0 and 1, a with c in 2, c with d in 3 and 4.
COUNTS = np.array([[0, 2, 1, 0], [2, 0, 0, 0], [1, 0, 0, 2], [0, 0, 2, 0]])
A, B, C, D = range(4)


def masks(*labels) -> list[bool]:
    return [label in labels for label in range(4)]


def test_counts_by_hand_dense_and_sparse():
    np.testing.assert_array_equal(label_relations(DOCUMENTS), COUNTS)
    np.testing.assert_array_equal(label_relations(sparse.csr_array(DOCUMENTS)), COUNTS)


def test_means_leave_the_diagonal_out():
    expected = [3 / 3, 2 / 3, 3 / 3, 2 / 3]
    np.testing.assert_allclose(mean_relations(COUNTS), expected)
    np.testing.assert_allclose(mean_relations(COUNTS + 100 * np.eye(4, dtype=int)), expected)


def test_ties_belong_to_the_low_frequency_side():
    # c comes with a once, which is a's average of 3 / 3: not frequent. d's partner c: 2 > 2 / 3.
    expected = [masks(B), masks(A), masks(D), masks(C)]
    np.testing.assert_array_equal(frequent_partners(COUNTS), expected)


def test_sets_by_hand_of_a_document_with_a_and_c():
    # Default: b is frequent with a, d is frequent with c, so both are weak, whichever the anchor.
    sets = constraint_sets(COUNTS, [1, 0, 1, 0], A)
    assert [mask.tolist() for mask in sets] == [masks(C), masks(B, D), masks()]
    # Against the anchor a alone, d never comes with a: contradicting. Against c, b never comes with c.
    sets = constraint_sets(COUNTS, [1, 0, 1, 0], A, reading="anchor")
    assert [mask.tolist() for mask in sets] == [masks(C), masks(B), masks(D)]
    sets = constraint_sets(COUNTS, [1, 0, 1, 0], C, reading="anchor")
    assert [mask.tolist() for mask in sets] == [masks(A), masks(D), masks(B)]


@pytest.mark.parametrize("reading", ["default", "anchor"])
def test_sets_equal_table_1_in_loops_and_part_the_other_labels(reading):
    rng = np.random.default_rng(0)
    targets = (rng.random((60, 9)) < 0.3).astype(int)
    targets[0] = 1
    counts = label_relations(targets)
    for row in targets[:20]:
        for anchor in np.flatnonzero(row):
            related, weak, contradicting = constraint_sets(counts, row, anchor, reading=reading)
            against = np.flatnonzero(row) if reading == "default" else [anchor]
            for label in range(9):
                exceeds = [
                    counts[k, label] > sum(counts[k, j] for j in range(9) if j != k) / 8 for k in against
                ]
                assert related[label] == (row[label] == 1 and label != anchor)
                assert weak[label] == (row[label] == 0 and any(exceeds))
                assert contradicting[label] == (row[label] == 0 and not any(exceeds))


def test_one_label_is_nobodys_partner():
    assert label_relations([[1], [0]]).tolist() == [[0]]
    assert mean_relations([[0]]).tolist() == [0.0]
    assert [mask.tolist() for mask in constraint_sets([[0]], [1], 0)] == [[False], [False], [False]]


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((COUNTS, [1, 0, 0], 0), "positives have shape"),
        ((COUNTS, [1, 0, 0, 0], 1), "The anchor 1 is no label of the document, which has .0."),
        ((COUNTS, [1, 0, 0, 0], 4), "The anchor 4"),
        ((COUNTS[:2], [1, 0, 0, 0], 0), "expected .labels, labels."),
        ((COUNTS, [1, 0, 0, 0], 0, "printed"), "there are default and anchor"),
    ],
)
def test_mistakes_are_told(arguments, message):
    with pytest.raises(WorkbenchError, match=message):
        constraint_sets(*arguments)
