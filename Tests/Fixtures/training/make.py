"""Oracles for training, by PyTorch 2.13 itself: `python make.py` beside this file writes training.json.

sgd:       torch.optim.SGD(nesterov=True) with nnU-Net's settings and clip_grad_norm_(12), ten steps of known gradients.
poly:      nnU-Net's PolyLRScheduler by epochs.
overhang:  nnU-Net 2.8's bounds of a crop's beginning (data loader, get_bbox), by its formula.
present:   Dice over the classes that a sample has, and cross entropy, in double precision, with its gradient.
"""
import json, math, pathlib
import numpy as np, torch

def gradient(step, i): return ((i * 7 + step * 3) % 11 - 5) * (8.0 if step == 4 else 0.3) + 0.05
out = {}
p = torch.nn.Parameter(torch.tensor([0.5, -1.25, 3.0, 0.0, 0.125, -2.0], dtype=torch.float64))
o = torch.optim.SGD([p], lr=0.01, momentum=0.99, nesterov=True, weight_decay=3e-5)
rows = []
for step in range(10):
    o.param_groups[0]["lr"] = 0.01 * (1 - step / 10) ** 0.9
    p.grad = torch.tensor([gradient(step, i) for i in range(6)], dtype=torch.float64)
    torch.nn.utils.clip_grad_norm_([p], 12)
    o.step()
    rows.append(p.detach().tolist())
out["sgd"] = rows
out["poly"] = [0.01 * (1 - e / 1000) ** 0.9 for e in (0, 1, 500, 999)]

def bounds(shape, source, final):
    need = source - final
    if need + shape < source: need = source - shape
    return [-(need) // 2, shape + need // 2 + need % 2 - source]
cases = [(s, src, f) for s in (40, 100, 203, 300) for src, f in ((205, 128), (128, 128), (224, 128), (96, 96), (151, 96))]
out["overhang"] = [[*c, *bounds(*c)] for c in cases]

torch.manual_seed(0)
N, K, V = 2, 5, 60
logits = torch.randn(N, K, V, dtype=torch.float64, requires_grad=True)
labels = torch.randint(0, 3, (N, V)); labels[1][labels[1] == 2] = 4
prob = torch.softmax(logits, 1); g = torch.nn.functional.one_hot(labels, K).permute(0, 2, 1).double()
i, u = (prob * g).sum(2), prob.sum(2) + g.sum(2)
d = 1 - (2 * i + 1e-5) / (u + 1e-5)
present = g.sum(2) > 0
dice = d[present].mean(); ce = torch.nn.functional.cross_entropy(logits, labels)
(dice + ce).backward()
out["present"] = {"shape": [N, K, 3, 4, 5], "logits": logits.detach().flatten().tolist(), "labels": labels.flatten().tolist(),
                  "dice": dice.item(), "cross_entropy": ce.item(), "gradient": logits.grad.flatten().tolist()}
(pathlib.Path(__file__).parent / "training.json").write_text(json.dumps(out))
