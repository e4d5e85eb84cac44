"""A corpus described in tidy tables, one row per thing that a picture or a line of text would show."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from workbench.data.corpus import Corpus
from workbench.metrics.groups import GROUP_NAMES, frequency_groups


def split_summary(corpus: Corpus, sample: int = 1000, seed: int = 0) -> pd.DataFrame:
    """One row per split, with what there is in it.

    Columns: split, documents, generated (those of them that were made from others; the further columns count
    them too), labels_per_document (mean), without_labels (documents), labels_seen, and words_per_document:
    the median over at most `sample` documents drawn by `seed`, so that a large corpus is not read whole.
    """
    rows = []
    for name, split in corpus.splits.items():
        chosen = np.random.default_rng(seed).permutation(len(split))[:sample]
        words = [len(split.texts[int(row)].split()) for row in np.sort(chosen)]
        per_document = np.diff(split.targets.indptr)
        rows.append(
            {
                "split": name,
                "documents": len(split),
                "generated": split.n_generated,
                "labels_per_document": float(per_document.mean()) if len(split) else 0.0,
                "without_labels": int((per_document == 0).sum()),
                "labels_seen": len(np.unique(split.targets.indices)),
                "words_per_document": float(np.median(words)) if words else 0.0,
            }
        )
    return pd.DataFrame(rows)


def label_frequencies(corpus: Corpus) -> pd.DataFrame:
    """One row per label, the most frequent first: rank, label, text, train, valid, test (documents), group.

    The group is head, mid, tail or unseen by training documents (workbench.metrics.groups); ties keep the
    label set's order. Training documents are the real ones alone, as in the metrics of runs: those that were
    generated or are changed copies stand in a further column.

    Args:
        corpus: of L labels.

    Returns:
        L rows; where training documents were made from others, with a column generated (documents).
    """
    table = pd.DataFrame({"label": corpus.labels, "text": corpus.label_texts})
    for name, split in corpus.splits.items():
        table[name] = _column_sums(split.real_targets)
    if corpus.train.n_generated:
        table["generated"] = _column_sums(corpus.train.targets) - table["train"]
    table["group"] = ""
    for group, members in frequency_groups(table["train"].to_numpy()).items():
        table.loc[members, "group"] = group
    table = table.sort_values("train", ascending=False, kind="stable", ignore_index=True)
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table


def frequency_group_sizes(corpus: Corpus) -> pd.DataFrame:
    """One row per group, head first: group, labels, train_assignments (summed real training documents)."""
    by_group = label_frequencies(corpus).groupby("group")["train"]
    labels, assignments = by_group.size(), by_group.sum()
    return pd.DataFrame(
        {
            "group": list(GROUP_NAMES),
            "labels": [int(labels.get(group, 0)) for group in GROUP_NAMES],
            "train_assignments": [int(assignments.get(group, 0)) for group in GROUP_NAMES],
        }
    )


def labels_per_document(corpus: Corpus) -> pd.DataFrame:
    """One row per split and number of labels that occurs: split, labels, documents (real ones)."""
    rows = []
    for name, split in corpus.splits.items():
        numbers, documents = np.unique(np.diff(split.real_targets.indptr), return_counts=True)
        rows.append(pd.DataFrame({"split": name, "labels": numbers, "documents": documents}))
    return pd.concat(rows, ignore_index=True)


def label_pairs(corpus: Corpus, top: int = 20) -> pd.DataFrame:
    """The pairs of labels that real training documents share most often, the most frequent first.

    Columns: label_a, label_b, documents (with both), jaccard (of the two labels' sets of documents),
    lift (how many times more often than if the two were independent).
    """
    targets = corpus.train.real_targets.astype(np.int64)
    counts = _column_sums(targets)
    together = sparse.coo_array(sparse.triu(targets.T @ targets, k=1))
    order = np.lexsort((together.col, together.row, -together.data))[:top]
    a, b, both = together.row[order], together.col[order], together.data[order]
    labels = np.array(corpus.labels, dtype=object)
    return pd.DataFrame(
        {
            "label_a": labels[a],
            "label_b": labels[b],
            "documents": both,
            "jaccard": both / (counts[a] + counts[b] - both),
            "lift": both * targets.shape[0] / (counts[a] * counts[b]),
        }
    )


def _column_sums(targets: sparse.csr_array) -> np.ndarray:
    return np.bincount(targets.indices, minlength=targets.shape[1])
