"""The two-sample test and learning from synth by scikit-learn's trees, on windows described anew.

usage: trafcmp_trees.py REAL SYNTH     CSV files of dir_iat; exits 1 where accuracies differ

Trees choose among equal splits and thresholds as they like, so accuracies agree within some
standard errors, not to the digit.
"""
import subprocess
import sys

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, f1_score
from sklearn.tree import DecisionTreeClassifier

WINDOW, MOST, FOLDS = 20, 1000, 10


def load(path):
    """Flows as arrays of (dir, len, ns, class)."""
    table = pd.read_csv(path).dropna(subset=["dir_iat"])
    for name in ("flow", "class"):
        if name not in table:
            table[name] = 0
    return [t[["dir", "len", "dir_iat", "class"]] for _, t in table.groupby("flow", sort=False)]


def spread(x):
    if not len(x):
        return [0] * 5
    return [x.min(), x.max(), x.mean(), x.std(), np.abs(np.diff(x)).mean() if len(x) > 1 else 0]


def describe(window):
    code, size, ns = (window[:, i] for i in range(3))
    time = np.log10(1 + ns / 1000)
    values = [*code, *size, *ns]
    for d in (1, 0):
        mine = code == d
        s, t = size[mine], time[mine]
        values += [mine.sum(), ns[mine].sum(), len(set(s)), (np.diff(s) == 0).sum(),
                   *spread(s), *spread(t)]
    way = 2 * code[:-1] + code[1:]
    for w in range(4):
        values += [(way == w).sum(), time[1:][way == w].mean() if (way == w).any() else 0]
    return values


def windows(flows, stride, extra, most):
    """(flow, place) of windows, evenly thinned."""
    places = [(f, i) for f, flow in enumerate(flows)
              for i in range(0, len(flow) - WINDOW - extra + 1, stride)]
    n = min(len(places), most)
    return [places[i * len(places) // n] for i in range(n)]


def look(flows, places):
    arrays = [f[["dir", "len", "dir_iat"]].to_numpy(dtype=float) for f in flows]
    return np.array([describe(arrays[f][i:i + WINDOW]) for f, i in places])


def deal(places, folds):
    """The fold of each window: blocks of flows, each to the emptiest fold."""
    n, counts, fold = len(places), np.zeros(folds, int), []
    for f in dict.fromkeys(f for f, _ in places):
        m = sum(g == f for g, _ in places)
        blocks = -(-m * folds // n)
        for b in range(blocks):
            size, to = (b + 1) * m // blocks - b * m // blocks, int(np.argmin(counts))
            fold += [to] * size
            counts[to] += size
    return np.array(fold)


def two_sample(a, b, model):
    sides = [windows(s, WINDOW, 0, MOST) for s in (a, b)]
    n = min(map(len, sides))
    sides = [[p[i * len(p) // n] for i in range(n)] for p in sides]
    x = np.vstack([look(s, p) for s, p in zip((a, b), sides)])
    y = np.repeat([0, 1], n)
    folds = min(FOLDS, n)
    fold = np.concatenate([deal(p, folds) for p in sides])
    right = np.zeros(2 * n)
    for k in range(folds):
        model.fit(x[fold != k], y[fold != k])
        right[fold == k] = model.predict(x[fold == k]) == y[fold == k]
    return right.mean()


def questions(flows, edges):
    if edges is None:
        places = windows(flows, WINDOW, 0, 3 * MOST)
        return places, np.array([flows[f]["class"].iloc[i + WINDOW - 1] for f, i in places])
    places = windows(flows, 1, 1, 3 * MOST)
    answers = []
    for f, i in places:
        code, size = flows[f].iloc[i + WINDOW][["dir", "len"]]
        answers.append(4 * code + (size > np.array(edges[code])).sum())
    return places, np.array(answers)


def transfer(real, synth):
    everything, edges = pd.concat(real), None
    if everything["class"].nunique() == 1:
        edges = {d: np.quantile(t["len"], [0.25, 0.5, 0.75], method="inverted_cdf")
                 for d, t in everything.groupby("dir")}
    (places, answers), (others, theirs) = questions(real, edges), questions(synth, edges)
    test = np.zeros(len(places), bool)
    for group in set(answers) if edges is None else (None,):
        mine = np.flatnonzero(answers == group) if edges is None else np.arange(len(places))
        test[mine[len(mine) - len(mine) // 3:]] = True
    learn = ~test
    if edges is not None:
        f, i = places[np.flatnonzero(test)[0]]
        learn &= np.array([(g, k + WINDOW) < (f, i) for g, k in places])
    x, z = look(real, places), look(synth, others)
    n = min(len(others), learn.sum())
    thin = np.array([i * len(others) // n for i in range(n)])
    marks = []
    for a, b in ((z[thin], theirs[thin]), (x[learn], answers[learn])):
        said = DecisionTreeClassifier(max_depth=8, min_samples_leaf=5, random_state=1) \
            .fit(a, b).predict(x[test])
        marks += [accuracy_score(answers[test], said),
                  f1_score(answers[test], said, average="macro")]
    return marks


def main():
    real, synth = load(sys.argv[1]), load(sys.argv[2])
    text = subprocess.run(["trafcmp", "-q", "--tsv", *sys.argv[1:3]], check=True,
                          capture_output=True, text=True).stdout
    rows = {r[0]: r for r in (line.split("\t") for line in text.splitlines())}
    bad = False

    def compare(name, ours, theirs, slack):
        nonlocal bad
        wrong = not abs(float(ours) - theirs) <= slack
        bad |= wrong
        print(f"{name}: {float(ours):.4f}, scikit-learn {theirs:.4f}{' WRONG' if wrong else ''}")

    for name, model in (
            ("c2st.tree", DecisionTreeClassifier(max_depth=4, min_samples_leaf=5, random_state=1)),
            ("c2st.forest", RandomForestClassifier(50, max_features="sqrt", random_state=1))):
        error = float(rows[name][5])
        compare(name, rows[name][2], two_sample(real, synth, model), 0.03 + error)
    marks = transfer(real, synth)
    error = float(rows["tstr.accuracy"][5])
    for name, column, mark in (("tstr.accuracy", 2, marks[0]), ("tstr.macro_f1", 2, marks[1]),
                               ("tstr.accuracy", 3, marks[2]), ("tstr.macro_f1", 3, marks[3])):
        compare(name + (" floor" if column == 3 else ""), rows[name][column], mark,
                0.03 + 2 * error)
    sys.exit(bad)


main()
