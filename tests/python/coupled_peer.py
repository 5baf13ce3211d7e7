#!/usr/bin/python3
"""Coupled chains by adding up all ways there are: coupled_peer.py MODEL TABLE WEIGHT

For a table of few packets (dir, len, dir_iat and, where there are many, flow) under a Gaussian model
whose points stand as they are. Prints for each packet the state of its direction on the most likely
way, and the log-density after those before it; then the rows beside that one step of EM leads to, after
a prior of so much weight around the chains' own rows: direction, state, other, probabilities. Rows that
are no other than the chain's own are left out.
"""

import csv
import itertools
import math
import sys


def read_model(path):
    chains, chain = {}, None
    with open(path, encoding="ascii") as f:
        for words in (line.split() for line in f):
            if words[0] == "chain":
                chain = chains[words[1] == "forward"] = {"states": [], "to": [], "beside": {}}
            elif words[0] == "state":
                chain["states"].append([float(w) for w in words[1:]])
            elif words[0] == "to":
                chain["to"].append([float(w) for w in words[1:]])
            elif words[0] == "coupling":
                chain = chains[words[1] == "forward"]
            elif words[0] == "beside":
                key = int(words[1]) - 1, int(words[2]) - 1
                chain["beside"][key] = [float(w) for w in words[3:]]
    return chains


def density(state, length, time):
    _, mean_len, mean_iat, a, b, c = state
    x, y = length / 1500 - mean_len, math.log10(1 + time / 1000) - mean_iat
    det = a * c - b * b
    return math.exp(-(c * x * x - 2 * b * x * y + a * y * y) / det / 2) / (2 * math.pi * math.sqrt(det))


def row(chain, state, other):
    return chain["beside"].get((state, other), chain["to"][state])


def ways(chains, packets):
    """Each way as its pairs before every packet, and its probability, packets included."""
    sizes = {d: range(len(chains[d]["states"])) for d in chains}
    begins = [({True: f, False: b}, chains[True]["states"][f][0] * chains[False]["states"][b][0])
              for f, b in itertools.product(sizes[True], sizes[False])]
    found = [([pair], p) for pair, p in begins]
    for t, (d, length, time) in enumerate(packets):
        grown = []
        for pairs, p in found:
            now = pairs[-1]
            p *= density(chains[d]["states"][now[d]], length, time)
            if t + 1 == len(packets):
                grown.append((pairs, p))
                continue
            for to in sizes[d]:
                move = row(chains[d], now[d], now[not d])[to]
                grown.append((pairs + [{**now, d: to}], p * move))
        found = grown
    return found


def main():
    chains, weight = read_model(sys.argv[1]), float(sys.argv[3])
    flows = {}
    with open(sys.argv[2], encoding="ascii") as f:
        for r in csv.DictReader(f):
            packet = (r["dir"] == "1", int(r["len"]), int(r["dir_iat"]))
            flows.setdefault(r.get("flow"), []).append(packet)
    counts = {}
    for packets in flows.values():
        whole = ways(chains, packets)
        total = sum(p for _, p in whole)
        best = max(whole, key=lambda way: way[1])[0]
        before = 1
        for t, (d, _, _) in enumerate(packets):
            now = sum(p for _, p in ways(chains, packets[:t + 1]))
            print(f"{best[t][d] + 1},{math.log(now / before):.6f}")
            before = now
        for pairs, p in whole:
            for t, (d, _, _) in enumerate(packets[:-1]):
                key = d, pairs[t][d], pairs[t][not d]
                to = counts.setdefault(key, [0] * len(chains[d]["states"]))
                to[pairs[t + 1][d]] += p / total
    for d, state, other in sorted(counts, key=lambda key: (not key[0], key[1:])):
        n, own = counts[d, state, other], chains[d]["to"][state]
        learnt = [(n[j] + weight * own[j]) / (sum(n) + weight) for j in range(len(own))]
        if max(abs(learnt[j] - own[j]) for j in range(len(own))) <= 1e-9:
            continue
        print("forward" if d else "backward", state + 1, other + 1, *(f"{p:.6f}" for p in learnt))


main()
