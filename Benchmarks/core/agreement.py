"""Compares two results and prints one JSON line.

Usage: agreement.py logits OURS.safetensors PEER.safetensors | agreement.py labels OURS.safetensors PEER.safetensors
"""

from __future__ import annotations

import json
import sys

import numpy as np
from safetensors.numpy import load_file

CLEAR = 1e-3


def compare_logits(ours: np.ndarray, peer: np.ndarray) -> dict:
    """The largest error as a share of the largest logit; labels where the best two logits differ by more than CLEAR of it, and anywhere."""
    largest = float(np.abs(peer).max())
    best = np.partition(peer, peer.shape[1] - 2, axis=1)[:, -2:]
    clear = best[:, 1] - best[:, 0] > CLEAR * largest
    equal = ours.argmax(axis=1) == peer.argmax(axis=1)
    return {"largest_error": float(np.abs(ours - peer).max()) / largest, "labels_equal": float(equal.mean()),
            "clear_labels_equal": float(equal[clear].mean()) if clear.any() else None, "clear_voxels": float(clear.mean())}


def main() -> None:
    kind, ours, peer = sys.argv[1:]
    first, second = load_file(ours)[kind], load_file(peer)[kind]
    if first.shape != second.shape:
        sys.exit(f"the shapes differ: ours {first.shape}, the peer's {second.shape}")
    if not np.isfinite(first).all():
        sys.exit("ours has values that are not finite")
    print(json.dumps(compare_logits(first, second) if kind == "logits" else {"labels_equal": float((first == second).mean())}))


main()
