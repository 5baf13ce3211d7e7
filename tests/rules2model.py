#!/usr/bin/python3
"""Turns the rules of the reference generator's tree.txt into a model file.

Usage: rules2model.py BITS NAME [BITS NAME]... < tree.txt > model

Each rule is a path from the root: "IF iat<=5.0 and len>9.5 THEN 2;", yes branches first. Class
numbers become classes c1, c2, ...; every leaf gets one row.
"""
import re
import sys

features = [(int(b), n) for b, n in zip(sys.argv[1::2], sys.argv[2::2])]
rules = []
for line in sys.stdin:
    m = re.match(r"\s*IF (.*) THEN (\d+);", line)
    if m:
        conditions = re.findall(r"(\w+)(<=|>)([0-9.]+)", m.group(1))
        rules.append(([(n, op, int(float(t))) for n, op, t in conditions], int(m.group(2))))

lines = []


def grow(rules, depth):
    path, verdict = rules[0]
    if len(path) == depth:
        assert len(rules) == 1
        lines.append(" " * depth + f"leaf {verdict}:1")
        return
    name, op, threshold = path[depth]
    assert op == "<="
    yes = [r for r in rules if r[0][depth] == (name, "<=", threshold)]
    no = rules[len(yes):]
    assert no and all(r[0][depth] == (name, ">", threshold) for r in no)
    lines.append(" " * depth + f"split {threshold} {name}")
    grow(yes, depth + 1)
    grow(no, depth + 1)


grow(rules, 0)
classes = max(r[1] for r in rules)
print(f"weir-tree 1\nmade rules2model\nseed 1\nrows {len(rules)}\nlabel class\nweights none")
for bits, name in features:
    print(f"feature {bits} {name}")
for c in range(1, classes + 1):
    print(f"class {sum(r[1] == c for r in rules)} 1 c{c}")
print(f"trees 1\ntree {len(lines)}")
print("\n".join(lines))
