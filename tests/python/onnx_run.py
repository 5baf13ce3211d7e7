"""What ONNX files say, by NumPy, beside what Weir says of the same.
onnx_run.py DIR    for each DIR/NAME.onnx: onnx's own checker; then its outputs, of the flows in DIR/NAME.csv or of the
                   symbols in DIR/NAME.want, beside DIR/NAME.want. Prints the greatest differences; exit 1: too great.
"""
import csv
import json
import pathlib
import sys

import numpy
import onnx
from onnx import numpy_helper

MOST = 1e-5


def conv(x, w, b, dilations=(1,), pads=(0, 0)):
    x = numpy.pad(x, ((0, 0), (0, 0), pads))
    steps = x.shape[2] - (w.shape[2] - 1) * dilations[0]
    parts = [w[:, :, k] @ x[:, :, k * dilations[0] : k * dilations[0] + steps] for k in range(w.shape[2])]
    return sum(parts) + b[:, None]


def max_pool(x, kernel_shape, strides):
    assert kernel_shape == strides
    n = x.shape[2] // kernel_shape[0]
    return x[:, :, : n * kernel_shape[0]].reshape(*x.shape[:2], n, -1).max(3)


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def gru(x, w, r, b, _lengths=None, h=None, hidden_size=0, linear_before_reset=0):
    assert linear_before_reset == 1
    h = numpy.zeros((x.shape[1], hidden_size), x.dtype) if h is None else h[0]
    of_inputs, of_states = numpy.split(b[0], 2)
    out = []
    for step in x:
        a = numpy.split(step @ w[0].T + of_inputs, 3, 1)
        c = numpy.split(h @ r[0].T + of_states, 3, 1)
        z, reset = sigmoid(a[0] + c[0]), sigmoid(a[1] + c[1])
        h = (1 - z) * numpy.tanh(a[2] + reset * c[2]) + z * h
        out.append(h)
    return numpy.array(out)[:, None], h[None]


def softmax(x, axis):
    e = numpy.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def split(x, sizes=None, axis=0, outputs=1):
    return numpy.split(x, outputs if sizes is None else numpy.cumsum(sizes)[:-1], axis)


def cut(x, first, end, axes):
    index = [slice(None)] * x.ndim
    index[axes[0]] = slice(first[0], min(end[0], sys.maxsize))
    return x[tuple(index)]


TYPES = {1: numpy.float32, 7: numpy.int64, 11: numpy.float64}
RUN = {
    "Abs": numpy.abs,
    "Add": numpy.add,
    "And": numpy.logical_and,
    "ArgMax": lambda x, axis, keepdims: x.argmax(axis),
    "Cast": lambda x, to: x.astype(TYPES[to]),
    "Clip": numpy.clip,
    "Concat": lambda *x, axis: numpy.concatenate(x, axis),
    "Conv": conv,
    "Div": numpy.divide,
    "Flatten": lambda x, axis: x.reshape(x.shape[0], -1),
    "GRU": gru,
    "Gather": lambda x, i, axis=0: x.take(i, axis),
    "Gemm": lambda x, w, b, transB: x @ w.T + b,
    "GreaterOrEqual": numpy.greater_equal,
    "LessOrEqual": numpy.less_equal,
    "Identity": lambda x: x,
    "IsNaN": numpy.isnan,
    "Less": numpy.less,
    "Log": numpy.log,
    "MatMul": numpy.matmul,
    "Max": numpy.maximum,
    "MaxPool": max_pool,
    "Mul": numpy.multiply,
    "Not": numpy.logical_not,
    "ReduceMin": lambda x, axes, keepdims: x.min(tuple(axes)),
    "ReduceSum": lambda x, axes: x.sum(tuple(axes), keepdims=True),
    "ReduceSumSquare": lambda x, axes, keepdims: (x * x).sum(tuple(axes), keepdims=bool(keepdims)),
    "Relu": lambda x: numpy.maximum(x, 0),
    "Reshape": lambda x, shape: x.reshape([x.shape[i] if n == 0 else n for i, n in enumerate(shape)]),
    "Sign": numpy.sign,
    "Slice": cut,
    "Softmax": softmax,
    "Sqrt": numpy.sqrt,
    "Squeeze": lambda x, axes: x.squeeze(tuple(axes)),
    "Sub": numpy.subtract,
    "Transpose": lambda x, perm=None: x.transpose(perm),
    "Unsqueeze": lambda x, axes: numpy.expand_dims(x, tuple(axes)),
    "Where": numpy.where,
}


def run(graph, inputs):
    values = dict(inputs, **{t.name: numpy_helper.to_array(t) for t in graph.initializer})
    for node in graph.node:
        options = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        if node.op_type == "Split":
            got = split(*[values[name] for name in node.input], **options, outputs=len(node.output))
        else:
            got = RUN[node.op_type](*[values[name] if name else None for name in node.input], **options)
        got = got if isinstance(got, (list, tuple)) else [got]
        values.update(zip(node.output, got))
    return {output.name: values[output.name] for output in graph.output}


def distance(got, want):
    """The greatest difference; of numbers above 1 by their size."""
    return (numpy.abs(got - want) / numpy.maximum(1, numpy.abs(want))).max()


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def judge_flows(graph, notes, path, want):
    """The outputs for a table with columns in any order, whose empty fields are the notes' `empty`."""
    with open(path, newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    inputs = {}
    for value in graph.input:
        columns = json.loads(notes[value.name])
        flat = [[float(row[c] or notes["empty"]) for c in columns] for row in table]
        sides = [side.dim_value for side in value.type.tensor_type.shape.dim][1:]
        inputs[value.name] = numpy.array(flat).reshape(len(table), *sides)
    got = run(graph, inputs)
    says = [w[0] for w in want]
    numbers = numpy.array([[float(v) for v in w[1:]] for w in want])
    names = [v.decode() if isinstance(v, bytes) else v for v in got["verdict"]]
    assert names == says, f"{sum(a != b for a, b in zip(names, says))} of {len(says)} verdicts differ"
    assert numpy.allclose(got["probabilities"].sum(1), 1, atol=1e-5)
    return {
        "probabilities": numpy.abs(got["probabilities"].max(1) - numbers[:, 0]).max(),
        "novelty": distance(got["novelty"], numbers[:, 1]),
        "embedding": distance(got["embedding"], numbers[:, 2:]),
    }


def judge_series(graph, notes, want):
    """All symbols at once; then a few, and on from the state."""
    symbols = numpy.array([[int(w[0]) for w in want]])
    right = numpy.array([[float(v) for v in w[1:]] for w in want])
    assert right.shape[1] == len(json.loads(notes["symbols"])) == int(notes["beginning"])
    state = {v.name: numpy.zeros((1, v.type.tensor_type.shape.dim[1].dim_value), numpy.float32)
             for v in graph.input if v.name == "state"}
    whole = run(graph, dict(state, symbols=symbols))
    parts = []
    for first, end in ((0, 1), (1, 2), (2, 9), (9, None)):
        got = run(graph, dict(state, symbols=symbols[:, first:end]))
        state = {"state": got["next_state"]} if state else {}
        parts.append(got["probabilities"][0])
    assert numpy.allclose(softmax(whole["logits"], 2), whole["probabilities"], atol=1e-6)
    return {
        "probabilities": numpy.abs(whole["probabilities"][0] - right).max(),
        "by steps": numpy.abs(numpy.concatenate(parts) - right).max(),
    }


bad = 0
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.onnx")):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    notes = {note.key: note.value for note in model.metadata_props}
    want = rows_of(path.with_suffix(".want"))
    table = path.with_suffix(".csv")
    with numpy.errstate(invalid="ignore", over="ignore"):
        if table.exists():
            found = judge_flows(model.graph, notes, table, want)
        else:
            found = judge_series(model.graph, notes, want)
    print(path.stem, len(want), *[f"{what} {d:.1e}" for what, d in found.items()])
    # The nearer a flow is to a known one, the more the last digits of the network tell.
    bad += any(not d < (30 * MOST if what == "novelty" else MOST) for what, d in found.items())
sys.exit(bad > 0)
