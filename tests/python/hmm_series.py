#!/usr/bin/python3
"""Draws a packet series from a weir-hmm model, for tests that learn the model back.

Usage: hmm_series.py MODEL PACKETS FLOWS SEED

Each chain gives each flow so many packets; flows and directions take turns.
"""
import sys

import numpy as np


def read_model(path):
    head, chains = {}, []
    with open(path) as f:
        for line in f:
            word, *rest = line.split()
            if word == "chain":
                chains.append({"dir": rest[0], "states": [], "to": []})
            elif word == "state":
                chains[-1]["states"].append({"numbers": [float(x) for x in rest]})
            elif word in ("lengths", "times"):
                chains[-1]["states"][-1][word] = rest[1:]
            elif word == "to":
                chains[-1]["to"].append([float(x) for x in rest])
            else:
                head[word] = rest[0]
    return head, chains


def draw_packet(state, joint, rng):
    if "lengths" in state:
        pairs = [x.split(":") for x in state["lengths"]]
        length = int(rng.choice([p[0] for p in pairs], p=[float(p[1]) for p in pairs]))
        times = np.array(state["times"], dtype=float).reshape(-1, 3)
        _, mean, var = times[rng.choice(len(times), p=times[:, 0])]
        iat = rng.normal(mean, np.sqrt(var))
    else:
        mean_len, mean_iat, var_len, cov, var_iat = state["numbers"][-5:]
        length, iat = rng.multivariate_normal([mean_len, mean_iat], [[var_len, cov], [cov, var_iat]])
        length = min(65535, max(0, round(length * 1500)))
    forward = joint and rng.random() < state["numbers"][1]
    return forward, length, max(0, round((10 ** iat - 1) * 1000))


def walk(chain, packets, rng):
    joint = chain["dir"] == "both"
    p = [s["numbers"][0] for s in chain["states"]]
    for _ in range(packets):
        i = rng.choice(len(p), p=p)
        forward, length, iat = draw_packet(chain["states"][i], joint, rng)
        yield int(forward if joint else chain["dir"] == "forward"), length, iat
        p = chain["to"][i]


def main():
    path, packets, flows, seed = sys.argv[1], *map(int, sys.argv[2:])
    rng = np.random.default_rng(seed)
    head, chains = read_model(path)
    series = [(f, list(walk(c, packets, rng))) for f in range(flows) for c in chains]
    print(f"flow,dir,len,{head['iat']}")
    for t in range(packets):
        for f, s in series:
            print(f, *s[t], sep=",")


main()
