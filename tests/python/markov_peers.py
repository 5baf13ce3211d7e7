#!/usr/bin/python3
"""Peers of markov-gen: chains whose probabilities are known, and escapes with dictionaries.

markov_peers.py make ORDER SYMBOLS N MATRIX      a series of a random chain; its probabilities
markov_peers.py recovered MATRIX MODEL           fails unless the counts of MODEL fit MATRIX
markov_peers.py drawn MATRIX MODEL SERIES ESCAPE fails unless SERIES is as MODEL says; and MATRIX
markov_peers.py agrees ORDER ESCAPE SMOOTHING MODEL SERIES    fails unless SERIES is as MODEL says,
                                                 after every context that came often, known or not
markov_peers.py score ORDER ESCAPE SMOOTHING TRAIN TEST    as markov-gen --score=symbols

All draws are of Python's generator, not of the one that is tested."""
import collections
import csv
import itertools
import math
import random
import sys


def read_flows(path):
    """Symbols by flow, in order of appearance."""
    flows = collections.OrderedDict()
    with open(path, encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if row["token"]:
                flows.setdefault(row.get("flow"), []).append(row["token"])
    return flows


def make(order, symbols, n, matrix):
    """Each context of `order` symbols has its own probabilities, from some 0.01 to 0.9."""
    draw = random.Random(order * 1000 + symbols)
    names = [f"s{i}" for i in range(symbols)]
    chain = {}
    for context in itertools.product(names, repeat=order):
        weights = [draw.gammavariate(0.7, 1) + 0.02 for _ in names]
        chain[context] = [w / sum(weights) for w in weights]
    with open(matrix, "w", encoding="utf-8") as out:
        for context, row in chain.items():
            print(*context, *(f"{p:.17g}" for p in row), file=out)
    series = [draw.choice(names) for _ in range(order)]
    for _ in range(n):
        series.append(draw.choices(names, chain[tuple(series[len(series) - order:])])[0])
    print("token", *series[order:], sep="\n")


def read_matrix(path):
    chain = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            words = line.split()
            context = tuple(w for w in words if w.startswith("s"))
            names = [f"s{i}" for i in range(len(words) - len(context))]
            chain[context] = dict(zip(names, map(float, words[len(context):])))
    return chain


def read_model(path):
    """{context of names: {name: count}}"""
    names, contexts = [], {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            words = line.split()
            if words[0] == "symbol":
                names.append(words[2])
            elif words[0] == "context":
                end = words.index("--")
                contexts[tuple(names[int(w)] for w in words[1:end])] = {
                    names[int(pair.split(":")[0])]: int(pair.split(":")[1])
                    for pair in words[end + 1:]}
    return contexts


def require(holds, text):
    if not holds:
        sys.exit(text)


def compare(context, found, expected, allowed):
    """Counts `found` are shares as `expected`, within so many standard errors."""
    n = sum(found.values())
    for name, p in expected.items():
        share = found.get(name, 0) / n
        error = math.sqrt(p * (1 - p) / n)
        rare = 10 / n if n * p < 10 else 1e-12  # where a standard error says little
        require(abs(share - p) <= allowed * error + rare,
                f"after {context}: {name} has {share} of {n}, and {p} was expected")


def greatest_error(counts, truth):
    """Of the shares after contexts that were seen 2,000 times and more."""
    return max(abs(found[s] / sum(found.values()) - p) for context, found in counts.items()
               if sum(found.values()) >= 2000 for s, p in truth[context].items())


def recovered(matrix, model):
    truth, contexts = read_matrix(matrix), read_model(model)
    counts = {context: collections.Counter(contexts[context]) for context in truth}
    for context in truth:
        compare(context, counts[context], truth[context], 4.5)
    worst = greatest_error(counts, truth)
    print(f"{len(truth)} contexts, {sum(map(len, truth.values()))} probabilities,"
          f" greatest error {worst:.4f}")
    require(worst < 0.02, "more than 0.02")


class Chain:
    """P(symbol | context), as chain.h says; `contexts` is {tuple: {symbol: count}}."""

    def __init__(self, contexts, order, escape, smoothing):
        self.contexts, self.escape, self.smoothing = contexts, escape, smoothing
        self.weights = {c: dict(seen) for c, seen in contexts.items()}
        if escape == "kneser-ney":
            longer = collections.defaultdict(list)
            for context in contexts:
                if context:
                    longer[context[1:]].append(contexts[context])
            for context, seen in contexts.items():
                if len(context) < order:
                    self.weights[context] = {s: sum(s in x for x in longer[context]) + (
                        sum(x.get(s, 0) for x in longer[context]) < n) for s, n in seen.items()}
        self.discounts = {}
        for length in range(1, order + 1):
            weights = [w for c, seen in self.weights.items() if len(c) == length
                       for w in seen.values()]
            ones, twos = weights.count(1), weights.count(2)
            self.discounts[length] = min(max(ones / (ones + 2 * twos) if ones else 0, 0.05), 0.95)

    def known(self, context):
        """The longest end of it that was followed."""
        while context not in self.contexts:
            context = context[1:]
        return context

    def probability(self, context, symbol):
        longest = self.known(context)
        seen = (self.contexts if longest == context else self.weights)[longest]
        return self.blend(seen, longest, symbol)

    def blend(self, seen, context, symbol):
        n, c, d = sum(seen.values()), seen.get(symbol, 0), len(seen)
        if not context:
            return (c + self.smoothing) / (n + self.smoothing * (d + 1))
        if self.escape == "none":
            return c / n
        shorter = self.blend(self.weights[context[1:]], context[1:], symbol)
        if self.escape == "ppm-c":
            return (c + d * shorter) / (n + d)
        discount = self.discounts[len(context)]
        return ((c - discount if c else 0) + discount * d * shorter) / n


def drawn(matrix, model, series, escape):
    """What was drawn after each context of the whole order, beside what the model says (4.5
    standard errors) and beside the chain that the model was learnt from (0.03)."""
    truth = read_matrix(matrix)
    order = len(next(iter(truth)))
    chain = Chain(read_model(model), order, escape, 0)
    symbols = read_flows(series)[None]
    after = collections.defaultdict(collections.Counter)
    for i in range(order, len(symbols)):
        after[tuple(symbols[i - order:i])][symbols[i]] += 1
    for context, found in after.items():
        expected = {s: chain.probability(context, s) for s in truth[context]}
        compare(context, found, expected, 4.5)
    worst = greatest_error(after, truth)
    print(f"greatest distance to the truth {worst:.4f}")
    require(worst < 0.03, "more than 0.03")


def agrees(order, escape, smoothing, model, series):
    chain = Chain(read_model(model), order, escape, smoothing)
    symbols = read_flows(series)[None]
    after = collections.defaultdict(collections.Counter)
    for i in range(order, len(symbols)):
        after[tuple(symbols[i - order:i])][symbols[i]] += 1
    often = {context: found for context, found in after.items() if sum(found.values()) >= 400}
    for context, found in often.items():
        expected = {s: chain.probability(context, s) for s in chain.contexts[()]}
        whole = sum(expected.values())  # symbols that were not learnt are not drawn
        compare(context, found, {s: p / whole for s, p in expected.items()}, 4.5)
    unknown = sum(context not in chain.contexts for context in often)
    print(f"{len(often)} contexts, {unknown} of them never seen")


def score(order, escape, smoothing, train, test):
    contexts = collections.defaultdict(collections.Counter)
    for symbols in read_flows(train).values():
        for i, symbol in enumerate(symbols):
            for length in range(min(i, order) + 1):
                contexts[tuple(symbols[i - length:i])][symbol] += 1
    chain = Chain(contexts, order, escape, smoothing)
    flows = read_flows(test)
    many = list(flows) != [None]
    print(*(["flow"] if many else []) + ["token", "depth", "probability", "bits"], sep=",")
    for flow, symbols in flows.items():
        context = ()
        for symbol in symbols:
            p = chain.probability(context, symbol)
            bits = f"{abs(math.log2(p)):.6f}" if p > 0 else ""
            depth = len(chain.known(context))
            print(*([flow] if many else []) + [symbol, depth, f"{p:.12g}", bits], sep=",")
            context = (context + (symbol,))[-order:] if order else ()


def main():
    what, *words = sys.argv[1:]
    if what == "make":
        make(int(words[0]), int(words[1]), int(words[2]), words[3])
    elif what == "recovered":
        recovered(*words)
    elif what == "drawn":
        drawn(*words)
    elif what == "agrees":
        agrees(int(words[0]), words[1], float(words[2]), *words[3:])
    elif what == "score":
        score(int(words[0]), words[1], float(words[2]), *words[3:])
    else:
        sys.exit(__doc__)


main()
