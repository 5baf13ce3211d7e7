"""scikit-learn's word on what dt-eval says.

usage: sklearn_peers.py prepare NIMS.csv   writes here table.csv, tree.model, weighted.model,
                                           forest.model and what scikit-learn says of each:
                                           NAME.predicted, NAME.importance, NAME.permutation
       sklearn_peers.py scores PREDICTED.csv METRICS.tsv [LABEL]   compares the metrics
"""
import csv
import sys

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.inspection import permutation_importance
from sklearn.metrics import (accuracy_score, confusion_matrix, f1_score,
                             precision_recall_fscore_support)
from sklearn.tree import DecisionTreeClassifier

from weir_sklearn import write_model

LIMIT = 2 ** 24 - 1  # scikit-learn works on float32, which holds no larger integers exactly


def save(path, rows):
    with open(path, "w", encoding="utf-8") as f:
        f.writelines("\t".join(map(str, row)) + "\n" for row in rows)


def prepare(path):
    raw = pd.read_csv(path)
    y = raw["Label"].astype(str).to_numpy()
    numbers = raw.drop(columns=["Flow ID", "Label", "Packet Count"]).select_dtypes("number")
    table = pd.DataFrame({name: (c if c.max() < LIMIT else (c / 1000).clip(0, LIMIT))
                         .astype(np.int64) for name, c in numbers.items()})
    names, x = list(table.columns), table.to_numpy()
    table["class"] = y
    table.to_csv("table.csv", index=False)
    models = {
        "tree": DecisionTreeClassifier(max_leaf_nodes=60, random_state=1),
        "weighted": DecisionTreeClassifier(max_leaf_nodes=60, random_state=1,
                                           class_weight="balanced"),
        "forest": RandomForestClassifier(n_estimators=7, max_depth=9, random_state=1),
    }
    for kind, model in models.items():
        model.fit(x, y)
        write_model(f"{kind}.model", model, names, [24] * len(names), y)
        save(f"{kind}.predicted", [[c] for c in model.predict(x)])
        save(f"{kind}.importance", zip(names, model.feature_importances_))
        permuted = permutation_importance(model, x, y, scoring="accuracy", n_repeats=20,
                                          random_state=1)
        save(f"{kind}.permutation", zip(names, permuted.importances_mean))


def scores(predicted_path, metrics_path, label="class"):
    table = pd.read_csv(predicted_path, dtype=str, keep_default_na=False)
    y, p = table[label], table["predicted"]
    expected = {"rows": len(y), "accuracy": accuracy_score(y, p),
                "macro_f1": f1_score(y, p, average="macro", zero_division=0),
                "majority": y.value_counts().max() / len(y)}
    labels = sorted(set(y) | set(p))
    parts = precision_recall_fscore_support(y, p, labels=labels, zero_division=0)
    for kind, values in zip(("precision", "recall", "f1", "support"), parts):
        expected.update({f"{kind}.{name}": v for name, v in zip(labels, values)})
    for t, row in zip(labels, confusion_matrix(y, p, labels=labels)):
        expected.update({f"confusion.{t}.{name}": n for name, n in zip(labels, row) if n})
    with open(metrics_path, newline="", encoding="utf-8") as f:
        said = {r["metric"]: float(r["value"]) for r in csv.DictReader(f, delimiter="\t")}
    wrong = [f"{k}: {said.get(k)}, not {v}" for k, v in expected.items()
             if k not in said or abs(said[k] - v) > 1e-11]
    extra = [k for k in said if k not in expected and not k.startswith("majority_")
             and said[k] != 0]
    print("\n".join(wrong + extra) or f"{len(expected)} metrics agree")
    sys.exit(1 if wrong or extra else 0)


{"prepare": prepare, "scores": scores}[sys.argv[1]](*sys.argv[2:])
