"""scikit-learn's trees and forests as Weir models, for tests that compare the two."""
import math

import numpy as np


def node_lines(tree, weights, names, node=0, depth=0):
    """The lines of a node and what is below it. Thresholds lie between integers, so floor() keeps
    every decision."""
    blanks = " " * min(depth, 60)
    if tree.children_left[node] < 0:
        value = tree.value[node][0]
        if value.sum() < 1.5 and tree.weighted_n_node_samples[node] > 1.5:
            value = value * tree.weighted_n_node_samples[node]  # shares, since 1.3
        rows = [round(v / w) for v, w in zip(value, weights)]
        pairs = " ".join(f"{i + 1}:{n}" for i, n in enumerate(rows) if n)
        return [f"{blanks}leaf {pairs}"]
    head = f"{blanks}split {math.floor(tree.threshold[node])} {names[tree.feature[node]]}"
    return ([head] + node_lines(tree, weights, names, tree.children_left[node], depth + 1)
            + node_lines(tree, weights, names, tree.children_right[node], depth + 1))


def write_model(path, fitted, names, bits, y, label="class", made="scikit-learn"):
    """Writes a fitted DecisionTreeClassifier or RandomForestClassifier. y: the training classes,
    as text."""
    classes = [str(c) for c in fitted.classes_]
    counts = [int(np.sum(y == c)) for c in fitted.classes_]
    if fitted.class_weight == "balanced":
        weights = [len(y) / (len(classes) * n) for n in counts]
    else:
        weights = [1.0] * len(classes)
    trees = [e.tree_ for e in getattr(fitted, "estimators_", [fitted])]
    lines = ["weir-tree 1", f"made {made}", "seed 1", f"rows {len(y)}", f"label {label}",
             f"weights {'balanced' if fitted.class_weight else 'none'}"]
    lines += [f"feature {b} {n}" for b, n in zip(bits, names)]
    lines += [f"class {n} {w!r} {c}" for n, w, c in zip(counts, weights, classes)]
    lines.append(f"trees {len(trees)}")
    for tree in trees:
        lines.append(f"tree {tree.node_count}")
        lines += node_lines(tree, weights, names)
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")
