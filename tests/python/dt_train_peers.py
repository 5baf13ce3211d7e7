"""scikit-learn's word, and a slow plain one, on what dt-train makes.

usage: dt_train_peers.py splits        every split of trees on real tables is a best one
       dt_train_peers.py accuracy      the training accuracy is scikit-learn's
       dt_train_peers.py pruning       cost-complexity pruning leaves as many leaves
       dt_train_peers.py table NAME    writes the table nims or quic as CSV (a class column)
"""
import math
import os
import sys

import numpy as np
from sklearn.tree import DecisionTreeClassifier

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts",
                                "bench"))
import trees  # noqa: E402


def impurity(kind, counts):
    """Of weighted class counts, times their sum."""
    total = counts.sum()
    if kind == "gini":
        return total - (counts ** 2).sum() / total
    share = counts[counts > 0]
    return -(share * np.log2(share / total)).sum()


def best_gain(kind, X, one_hot, min_leaf):
    """The greatest gain of any cut, by trying all of them: one_hot holds a row's weight."""
    best = -math.inf
    for f in range(X.shape[1]):
        order = np.argsort(X[:, f], kind="stable")
        values = X[order, f]
        below = np.cumsum(one_hot[order], axis=0)
        for i in range(min_leaf, len(order) - min_leaf + 1):
            if values[i - 1] < values[i]:
                yes = below[i - 1]
                best = max(best, -impurity(kind, yes) - impurity(kind, below[-1] - yes))
    return best + impurity(kind, one_hot.sum(axis=0))


def check_splits(name, X, y, kind, options, min_leaf=1):
    """Walks the model's tree along the training rows."""
    model = trees.Model(trees.train(X, y, ["--no-merge", f"--criterion={kind}", *options]))
    weights = dict(zip(model.classes, model.weights))
    one_hot = np.array([[weights[c] if c == label else 0 for c in model.classes] for label in y])
    values = X[model.features].values
    stack, checked = [np.arange(len(y))], 0
    for node in model.trees[0]:
        rows = stack.pop()
        best = best_gain(kind, values[rows], one_hot[rows], min_leaf)
        if node.startswith("leaf"):
            pure = len(set(y[rows])) == 1
            assert pure or best == -math.inf, f"{name}: {node} could be split"
            continue
        _, threshold, feature = node.split(" ", 2)
        yes = X[feature].values[rows] <= int(threshold)
        gain = (impurity(kind, one_hot[rows].sum(axis=0))
                - impurity(kind, one_hot[rows[yes]].sum(axis=0))
                - impurity(kind, one_hot[rows[~yes]].sum(axis=0)))
        assert min(yes.sum(), (~yes).sum()) >= min_leaf
        assert abs(gain - best) <= 1e-9 * len(rows), f"{name}: {node} gains {gain}, not {best}"
        checked += 1
        stack += [rows[~yes], rows[yes]]
    assert checked > 20, f"{name}: {checked} splits"


def splits():
    nims, quic = trees.nims(), trees.quic()
    some = np.arange(0, len(quic.y), 8)
    for kind in ("gini", "entropy"):
        check_splits("NIMS", nims.X[:700], nims.y[:700], kind, [])
        check_splits("QUIC", quic.X.iloc[some], quic.y[some], kind,
                     ["--class-weight=balanced", "--min-leaf=5"], 5)
        check_splits("QUIC", quic.X.iloc[some], quic.y[some], kind, [])


def accuracy():
    """Where splits tie, trees may differ; without limits they all end at the same accuracy."""
    for table in (trees.nims(), trees.quic(), trees.botnet()):
        for limits, ours in (({}, []), ({"criterion": "entropy"}, ["--criterion=entropy"])):
            peer = DecisionTreeClassifier(random_state=1, **limits).fit(table.X.values, table.y)
            model = trees.Model(trees.train(table.X, table.y, ours))
            a = np.mean(model.predict(table.X) == table.y)
            b = peer.score(table.X.values, table.y)
            assert a == b, f"{table.name}: {a}, scikit-learn {b}"
    quic = trees.quic()
    for limits, ours in (({"max_depth": 6}, ["--max-depth=6"]),
                         ({"min_samples_leaf": 40}, ["--min-leaf=40"]),
                         ({"min_samples_split": 300}, ["--min-split=300"]),
                         ({"max_leaf_nodes": 60}, ["--max-leaves=60", "--no-merge"]),
                         ({"max_depth": 8, "class_weight": "balanced", "criterion": "entropy"},
                          ["--max-depth=8", "--class-weight=balanced", "--criterion=entropy"])):
        peer = DecisionTreeClassifier(random_state=1, **limits).fit(quic.X.values, quic.y)
        model = trees.Model(trees.train(quic.X, quic.y, ours))
        a = np.mean(model.predict(quic.X) == quic.y)
        b = peer.score(quic.X.values, quic.y)
        assert a == b, f"{limits}: {a}, scikit-learn {b}"


def pruning():
    """Along the path of a tree whose splits hardly tie, so that both start from the same one."""
    random = np.random.RandomState(1)
    X = random.randint(0, 2 ** 20, (3000, 4))
    y = np.array(["abc"[c] for c in np.digitize(
        X[:, 0] / 2e5 + X[:, 1] / 3e5 + random.normal(0, 1, 3000), [3, 5.5])])
    frame = trees.pd.DataFrame(X, columns=list("pqrs"))
    for weight in (None, "balanced"):
        peer = DecisionTreeClassifier(min_samples_leaf=15, class_weight=weight, random_state=1)
        alphas = peer.cost_complexity_pruning_path(X, y).ccp_alphas
        middles = (alphas[1:] + alphas[:-1]) / 2
        assert len(middles) > 30
        for alpha in middles[middles > 1e-9][::4]:
            pruned = DecisionTreeClassifier(min_samples_leaf=15, class_weight=weight,
                                            random_state=1, ccp_alpha=alpha).fit(X, y)
            model = trees.Model(trees.train(frame, y, [
                "--no-merge", "--min-leaf=15", f"--ccp-alpha={alpha!r}",
                f"--class-weight={weight or 'none'}"]))
            assert model.leaves() == pruned.get_n_leaves(), (
                f"{weight}, alpha {alpha}: {model.leaves()} leaves, "
                f"scikit-learn {pruned.get_n_leaves()}")


def table(name):
    t = {"nims": trees.nims, "quic": trees.quic}[name]()
    t.X.assign(**{"class": t.y}).to_csv(sys.stdout, index=False)


{"splits": splits, "accuracy": accuracy, "pruning": pruning, "table": table}[sys.argv[1]](
    *sys.argv[2:])
