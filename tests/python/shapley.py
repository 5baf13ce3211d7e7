"""Checks dt-eval --shap=rows against Shapley's definition: all subsets of the features.

usage: shapley.py MODEL TABLE VALUES (what dt-eval --shap=rows --csv said of the table's first rows)
"""
import csv
import itertools
import math
import sys


class Model:
    """A Weir tree model, read with a few lines of its own."""

    def __init__(self, path):
        self.features, self.classes, self.weights, self.trees = [], [], [], []
        with open(path, encoding="utf-8") as f:
            lines = [line.strip() for line in f]
        at = 0
        while at < len(lines):
            word, _, rest = lines[at].partition(" ")
            at += 1
            if word == "feature":
                self.features.append(rest.split(" ", 1)[1])
            elif word == "class":
                _, weight, name = rest.split(" ", 2)
                self.classes.append(name)
                self.weights.append(float(weight))
            elif word == "tree":
                root, at = self.read_node(lines, at)
                self.trees.append(root)

    def read_node(self, lines, at):
        word, _, rest = lines[at].partition(" ")
        at += 1
        if word == "leaf":
            rows = [0.0] * len(self.classes)
            for pair in rest.split():
                number, n = map(int, pair.split(":"))
                rows[number - 1] = n * self.weights[number - 1]
            return {"cover": sum(rows), "shares": [r / sum(rows) for r in rows]}, at
        threshold, name = rest.split(" ", 1)
        yes, at = self.read_node(lines, at)
        no, at = self.read_node(lines, at)
        return {"feature": self.features.index(name), "threshold": int(threshold), "yes": yes,
                "no": no, "cover": yes["cover"] + no["cover"]}, at

    def expected(self, node, row, known):
        """The shares when only the features in `known` are known."""
        if "shares" in node:
            return node["shares"]
        if node["feature"] in known:
            met = row[node["feature"]] <= node["threshold"]
            return self.expected(node["yes" if met else "no"], row, known)
        yes = self.expected(node["yes"], row, known)
        no = self.expected(node["no"], row, known)
        p = node["yes"]["cover"] / node["cover"]
        return [p * a + (1 - p) * b for a, b in zip(yes, no)]

    def value(self, row, known):
        shares = [self.expected(tree, row, known) for tree in self.trees]
        return [sum(column) / len(self.trees) for column in zip(*shares)]

    def shapley(self, row):
        n = len(self.features)
        worth = {s: self.value(row, s) for k in range(n + 1)
                 for s in map(frozenset, itertools.combinations(range(n), k))}
        values = [[0.0] * len(self.classes) for _ in range(n)]
        for s, v in worth.items():
            for i in set(range(n)) - s:
                weight = math.factorial(len(s)) * math.factorial(n - len(s) - 1) / math.factorial(n)
                for c, (a, b) in enumerate(zip(worth[s | {i}], v)):
                    values[i][c] += weight * (a - b)
        return values, worth[frozenset()], worth[frozenset(range(n))]


def main(model_path, table_path, values_path):
    model = Model(model_path)
    with open(table_path, newline="", encoding="utf-8") as f:
        rows = [[int(r[name]) for name in model.features] for r in csv.DictReader(f)]
    worst = checked = 0
    with open(values_path, newline="", encoding="utf-8") as f:
        for said in csv.DictReader(f):
            c = model.classes.index(said["explained"])
            if c == 0:
                values, base, full = model.shapley(rows[int(said["row"]) - 1])
            own = [float(said["shap." + name]) for name in model.features]
            errors = [abs(a - values[i][c]) for i, a in enumerate(own)]
            errors.append(abs(float(said["base"]) - base[c]))
            errors.append(abs(float(said["probability"]) - full[c]))
            errors.append(abs(float(said["base"]) + sum(own) - float(said["probability"])))
            worst = max(worst, *errors)
            checked += 1
    print(f"{checked} rows, worst error {worst:.2g}")
    sys.exit(0 if checked and worst < 1e-9 else 1)


main(*sys.argv[1:])
