#!/usr/bin/python3
"""The EM of hmmlearn's Gaussian HMM in NumPy, a step a packet, for tests and benches of hmm-train.

Usage: hmm_peer.py [--log] [--floor=X] ITERATIONS TABLE MODEL…

Fits each chain of the models, from the model as it is, to the packets of its direction (one flow)
and prints direction, states and log-likelihood a packet of each after so many iterations. --log
works in logarithms, as hmmlearn does by default; without, probabilities are scaled. --packets
prints what hmm-train --score adds to each packet, a chain's packets after the other's. --time
prints the seconds of CPU time that the iterations took, last.
"""
import argparse
import csv
import sys
import time

import numpy as np


def read_model(path):
    chains = []
    with open(path) as f:
        for line in f:
            word, *rest = line.split()
            if word == "chain":
                chains.append({"dir": rest[0], "k": int(rest[1]), "states": [], "to": []})
            elif word == "state":
                chains[-1]["states"].append([float(x) for x in rest])
            elif word == "to":
                chains[-1]["to"].append([float(x) for x in rest])
    for c in chains:
        s = np.array(c["states"])
        c["start"], c["mean"], c["to"] = s[:, 0], s[:, 1:3], np.array(c["to"])
        c["cov"] = s[:, [3, 4, 4, 5]].reshape(-1, 2, 2)
    return chains


def read_points(path, column="dir_iat"):
    rows = [r for r in csv.DictReader(open(path)) if r[column] != ""]
    points = np.array([[int(r["len"]) / 1500, np.log10(1 + int(r[column]) / 1000)] for r in rows])
    forward = np.array([r["dir"] == "1" for r in rows])
    return {"forward": points[forward], "backward": points[~forward]}


def log_densities(x, c):
    out = np.empty((len(x), c["k"]))
    for i in range(c["k"]):
        d = x - c["mean"][i]
        low = np.linalg.cholesky(c["cov"][i])
        z = np.linalg.solve(low, d.T)
        out[:, i] = -np.log(2 * np.pi) - np.log(np.diag(low)).sum() - 0.5 * (z ** 2).sum(axis=0)
    return out


def expect_scaled(logb, c):
    n, k = logb.shape
    most = logb.max(axis=1)
    b = np.exp(logb - most[:, None])
    alpha, beta, scale = np.empty((n, k)), np.empty((n, k)), np.empty(n)
    a = c["start"] * b[0]
    for t in range(n):
        if t:
            a = (alpha[t - 1] @ c["to"]) * b[t]
        scale[t] = a.sum()
        alpha[t] = a / scale[t]
    beta[n - 1] = 1
    for t in range(n - 2, -1, -1):
        beta[t] = c["to"] @ (b[t + 1] * beta[t + 1] / scale[t + 1])
    pairs = c["to"] * (alpha[:-1].T @ (b[1:] * beta[1:] / scale[1:, None]))
    return np.log(scale).sum() + most.sum(), alpha * beta, pairs


def logsumexp(x, axis=None):
    most = np.max(x, axis=axis, keepdims=True)
    most = np.where(np.isfinite(most), most, 0)
    return np.log(np.exp(x - most).sum(axis=axis)) + np.squeeze(most, axis=axis)


def expect_log(logb, c):
    n, k = logb.shape
    with np.errstate(divide="ignore"):
        start, to = np.log(c["start"]), np.log(c["to"])
        alpha, beta = np.empty((n, k)), np.empty((n, k))
        alpha[0] = start + logb[0]
        for t in range(1, n):
            alpha[t] = logsumexp(alpha[t - 1][:, None] + to, axis=0) + logb[t]
        beta[n - 1] = 0
        for t in range(n - 2, -1, -1):
            beta[t] = logsumexp(to + logb[t + 1] + beta[t + 1], axis=1)
        log_prob = logsumexp(alpha[n - 1])
        pairs = np.full((k, k), -np.inf)
        for t in range(n - 1):
            pairs = np.logaddexp(pairs, alpha[t][:, None] + to + logb[t + 1] + beta[t + 1])
    return float(log_prob), np.exp(alpha + beta - log_prob), np.exp(pairs - log_prob)


def print_packets(logb, c):
    n, k = logb.shape
    with np.errstate(divide="ignore"):
        start, to = np.log(c["start"]), np.log(c["to"])
    alpha = best = start + logb[0]
    came, likelihood = np.zeros((n, k), dtype=int), [logsumexp(alpha)]
    for t in range(1, n):
        alpha = logsumexp(alpha[:, None] + to, axis=0) + logb[t]
        likelihood.append(logsumexp(alpha))
        ways = best[:, None] + to
        came[t] = ways.argmax(axis=0)
        best = ways.max(axis=0) + logb[t]
    states = [best.argmax()]
    for t in range(n - 1, 0, -1):
        states.append(came[t][states[-1]])
    for state, gain in zip(reversed(states), np.diff(likelihood, prepend=0)):
        print(state + 1, f"{gain:.6f}", sep=",")


def maximise(x, c, gamma, pairs, floor):
    c["start"] = gamma[0] / gamma[0].sum()
    c["to"] = pairs / pairs.sum(axis=1, keepdims=True)
    w = gamma.sum(axis=0)
    c["mean"] = (gamma.T @ x) / w[:, None]
    for i in range(c["k"]):
        d = x - c["mean"][i]
        values, vectors = np.linalg.eigh((gamma[:, i] * d.T) @ d / w[i])
        c["cov"][i] = (vectors * np.maximum(values, floor)) @ vectors.T


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--log", action="store_true")
    p.add_argument("--packets", action="store_true")
    p.add_argument("--time", action="store_true")
    p.add_argument("--floor", type=float, default=1e-9)
    p.add_argument("iterations", type=int)
    p.add_argument("table")
    p.add_argument("models", nargs="+")
    o = p.parse_args()
    points = read_points(o.table)
    expect = expect_log if o.log else expect_scaled
    seconds = 0
    for path in o.models:
        for c in read_model(path):
            x = points[c["dir"]]
            start = time.process_time()
            for _ in range(o.iterations):
                _, gamma, pairs = expect(log_densities(x, c), c)
                maximise(x, c, gamma, pairs, o.floor)
            seconds += time.process_time() - start
            if o.packets:
                print_packets(log_densities(x, c), c)
                continue
            log_prob, _, _ = expect(log_densities(x, c), c)
            print(c["dir"], c["k"], f"{log_prob / len(x):.9f}", sep="\t")
            sys.stdout.flush()
    if o.time:
        print("seconds", f"{seconds:.3f}", sep="\t")


main()
