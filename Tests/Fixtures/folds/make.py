"""Folds by nnU-Net's own generate_crossval_split (nnunetv2 2.8, scikit-learn 1.9.1): writes folds.json beside this file.

For each case its names, seed and count of folds, and of each fold the names that it is validated on.
"""
import json
import pathlib

import numpy as np
from nnunetv2.utilities.crossval_split import generate_crossval_split

cases = [
    ([f"case-{i:02}" for i in range(12)], 12345, 5),
    ([f"s{i:04}" for i in range(0, 203, 3)], 12345, 5),
    (["b", "B", "a-1", "a_1", "A", "a.1", "a1"], 12345, 3),
    ([f"n{i}" for i in range(30)], 7, 4),
    (["x", "y"], 12345, 2),
]
made = []
for names, seed, count in cases:
    folds = generate_crossval_split(list(np.sort(names)), seed, count)
    made.append({"names": names, "seed": seed, "validation": [[str(n) for n in fold["val"]] for fold in folds]})
    for fold in folds:
        assert sorted(fold["train"] + fold["val"]) == sorted(names)
pathlib.Path(__file__).with_name("folds.json").write_text("[\n" + ",\n".join(map(json.dumps, made)) + "\n]\n")
