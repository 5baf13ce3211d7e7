#!/usr/bin/python3
"""The network of scripts/bench/cnn in PyTorch, on one thread.

Usage: torch_cnn.py TABLE

Prints the CPU seconds of an epoch of training, and of a table read and written with its verdicts.
"""

import sys
import time

import numpy as np
import pandas as pd
import torch
from torch import nn

PACKETS, BATCH, EPOCHS = 16, 64, 2


class Net(nn.Module):
    def __init__(self, channels, stats, classes):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv1d(channels, 64, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2),
                                  nn.Conv1d(64, 64, 3, padding=1), nn.ReLU(), nn.MaxPool1d(2))
        self.dense = nn.Sequential(nn.Dropout(0.5), nn.Linear(64 * PACKETS // 4 + stats, 64),
                                   nn.ReLU(), nn.Linear(64, classes))

    def forward(self, x, stats):
        return self.dense(torch.cat([self.conv(x).flatten(1), stats], 1))


def places(x, stretches):
    """Where numbers stand among quantiles of theirs, along a further axis."""
    knots = np.unique(np.quantile(x, np.linspace(0, 1, stretches + 1))).astype(np.float32)
    return np.clip((x[..., None] - knots[:-1]) / np.diff(knots), 0, 1) - np.float32(0.5)


def load(path):
    frame = pd.read_csv(path)
    names = [[f"{kind}_{i}" for i in range(1, PACKETS + 1)] for kind in ("len", "iat", "dir")]
    length, iat, direction = (frame[n].to_numpy(np.float32) for n in names)
    sign = 2 * direction - 1
    x = np.stack([np.ones_like(sign), sign * length / 1500, np.log10(1 + iat / 1000) / 3, sign], 1)
    stats = frame[[c for c in frame if c.startswith("x")]].to_numpy(np.float32)
    more = [places(sign * length, 16), places(iat, 8)]
    x = np.concatenate([x, *(m.transpose(0, 2, 1) for m in more)], 1)
    scaled = (stats - stats.mean(0)) / stats.std(0)
    stats = np.concatenate([scaled, *(places(column, 16) for column in stats.T)], 1)
    return frame, torch.from_numpy(x), torch.from_numpy(stats)


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    frame, x, stats = load(sys.argv[1])
    names, y = np.unique(frame["class"], return_inverse=True)
    y = torch.from_numpy(y)
    net, loss = Net(x.shape[1], stats.shape[1], len(names)), nn.CrossEntropyLoss()
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)

    def epoch():
        order = torch.randperm(len(y))
        for first in range(0, len(y), BATCH):
            rows = order[first:first + BATCH]
            adam.zero_grad()
            loss(net(x[rows], stats[rows]), y[rows]).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1)
            adam.step()

    epoch()
    start = time.process_time()
    for _ in range(EPOCHS):
        epoch()
    training = (time.process_time() - start) / EPOCHS
    net.eval()
    with torch.no_grad():
        start = time.process_time()
        frame, x, stats = load(sys.argv[1])
        p = torch.cat([torch.softmax(net(x[i:i + 4096], stats[i:i + 4096]), 1)
                       for i in range(0, len(x), 4096)]).max(1)
        frame["predicted"] = names[p.indices.numpy()]
        frame["confidence"] = p.values.numpy()
        frame.to_csv("/dev/null", index=False)
    print(f"{training:.4f} {time.process_time() - start:.4f}")


main()
