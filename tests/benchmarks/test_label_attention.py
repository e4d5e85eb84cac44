"""What benchmarks/label_attention.py measures holds: memory is bounded with thousands of labels."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "label_attention.py"


def test_a_step_with_four_thousand_labels_stays_far_below_eight_gigabytes():
    printed = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=True).stdout
    found = json.loads(printed)
    assert found["labels"] == 4108
    assert found["a_tensor_of_all_four_sizes_gb"] > 60
    assert found["peak_gb"] < 8
