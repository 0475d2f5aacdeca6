"""Builds the encoder's ONNX graph from its published weights.

The network is BERT with mean pooling (Devlin et al. 2019; Reimers and Gurevych 2019), written out operation by
operation, so that neither PyTorch nor a converter is needed. Shapes: B sentences, T tokens, H = 384 hidden units in 12
heads of 32.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

HIDDEN, HEADS, LAYERS = 384, 12, 6
HEAD = HIDDEN // HEADS
LAYER_NORM_EPSILON = 1e-12
MASKED = -10_000.0
POOLED_LAYERS = (3, 5)


class _Graph:
    """Collects nodes and constants; every method adds one operation and returns its output's name."""

    def __init__(self, weights: dict[str, NDArray[np.float32]]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def weight(self, name: str, transpose: bool = False) -> str:
        value = self.weights[name]
        return self.constant(name, value.T if transpose else value)

    def add(self, operation: str, *inputs: str, **attributes: Any) -> str:
        output = f"{operation.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, list(inputs), [output], **attributes))
        return output

    def scalar(self, value: float) -> str:
        return self.constant(f"scalar_{value}", np.array(value, dtype=np.float32))

    def shape(self, *sizes: int) -> str:
        return self.constant("shape_" + "_".join(map(str, sizes)), np.array(sizes, dtype=np.int64))

    def dense(self, inputs: str, prefix: str) -> str:
        product = self.add("MatMul", inputs, self.weight(f"{prefix}.weight", transpose=True))
        return self.add("Add", product, self.weight(f"{prefix}.bias"))

    def layer_norm(self, inputs: str, prefix: str) -> str:
        scale, bias = self.weight(f"{prefix}.weight"), self.weight(f"{prefix}.bias")
        return self.add("LayerNormalization", inputs, scale, bias, axis=-1, epsilon=LAYER_NORM_EPSILON)

    def gelu(self, inputs: str) -> str:
        error = self.add("Erf", self.add("Div", inputs, self.scalar(float(np.sqrt(2)))))
        half = self.add("Mul", inputs, self.scalar(0.5))
        return self.add("Mul", half, self.add("Add", error, self.scalar(1.0)))


def _heads(graph: _Graph, inputs: str, prefix: str, order: list[int]) -> str:
    split = graph.add("Reshape", graph.dense(inputs, prefix), graph.shape(0, 0, HEADS, HEAD))
    return graph.add("Transpose", split, perm=order)


def _attention(graph: _Graph, inputs: str, mask: str, layer: str) -> str:
    prefix = f"{layer}.attention.self"
    query = _heads(graph, inputs, f"{prefix}.query", [0, 2, 1, 3])
    key = _heads(graph, inputs, f"{prefix}.key", [0, 2, 3, 1])
    value = _heads(graph, inputs, f"{prefix}.value", [0, 2, 1, 3])
    scores = graph.add("Div", graph.add("MatMul", query, key), graph.scalar(float(np.sqrt(HEAD))))
    weights = graph.add("Softmax", graph.add("Add", scores, mask), axis=-1)
    mixed = graph.add("Transpose", graph.add("MatMul", weights, value), perm=[0, 2, 1, 3])
    return graph.add("Reshape", mixed, graph.shape(0, 0, HIDDEN))


def _layer(graph: _Graph, inputs: str, mask: str, index: int) -> str:
    layer = f"encoder.layer.{index}"
    attended = graph.dense(_attention(graph, inputs, mask, layer), f"{layer}.attention.output.dense")
    middle = graph.layer_norm(graph.add("Add", attended, inputs), f"{layer}.attention.output.LayerNorm")
    widened = graph.gelu(graph.dense(middle, f"{layer}.intermediate.dense"))
    narrowed = graph.dense(widened, f"{layer}.output.dense")
    return graph.layer_norm(graph.add("Add", narrowed, middle), f"{layer}.output.LayerNorm")


def _embed(graph: _Graph, ids: str) -> str:
    words = graph.add("Gather", graph.weight("embeddings.word_embeddings.weight"), ids)
    length = graph.add("Slice", graph.add("Shape", ids), graph.shape(1), graph.shape(2))
    positions = graph.add(
        "Slice", graph.weight("embeddings.position_embeddings.weight"), graph.shape(0), length, graph.shape(0)
    )
    kinds = graph.constant("token_type", graph.weights["embeddings.token_type_embeddings.weight"][0])
    summed = graph.add("Add", graph.add("Add", words, positions), kinds)
    return graph.layer_norm(summed, "embeddings.LayerNorm")


def _mean(graph: _Graph, hidden: str, wide: str) -> str:
    total = graph.add("ReduceSum", graph.add("Mul", hidden, wide), graph.shape(1), keepdims=0)
    return graph.add("Div", total, graph.add("ReduceSum", wide, graph.shape(1), keepdims=0))


def _maximum(graph: _Graph, hidden: str, absent: str) -> str:
    return graph.add("ReduceMax", graph.add("Add", hidden, absent), axes=[1], keepdims=0)


def build(weights: dict[str, NDArray[np.float32]]) -> onnx.ModelProto:
    """The network as an ONNX model: int64 `ids` and `mask` (B, T) in, float32 `features` (B, 4, H) out, not normalised.

    The features are the mean and the largest value over the tokens, of the last layer and of the one two below it. The
    first is the sentence vector as published; the others keep words that the mean blurs.
    """
    graph = _Graph(weights)
    mask = graph.add("Cast", "mask", to=TensorProto.FLOAT)
    absent = graph.add("Mul", graph.add("Sub", graph.scalar(1.0), mask), graph.scalar(MASKED))
    bias = graph.add("Unsqueeze", absent, graph.shape(1, 2))
    wide, padding = graph.add("Unsqueeze", mask, graph.shape(2)), graph.add("Unsqueeze", absent, graph.shape(2))
    hidden = _embed(graph, "ids")
    views: list[str] = []
    for index in range(LAYERS):
        hidden = _layer(graph, hidden, bias, index)
        if index in POOLED_LAYERS:
            views = [_mean(graph, hidden, wide), _maximum(graph, hidden, padding), *views]
    stacked = graph.add("Concat", *(graph.add("Unsqueeze", view, graph.shape(1)) for view in views), axis=1)
    graph.nodes.append(helper.make_node("Identity", [stacked], ["features"]))
    tokens = [helper.make_tensor_value_info(name, TensorProto.INT64, ["B", "T"]) for name in ("ids", "mask")]
    vectors = [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["B", len(views), HIDDEN])]
    network = helper.make_graph(graph.nodes, "encoder", tokens, vectors, list(graph.constants.values()))
    model = helper.make_model(network, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def convert(weights: Path, target: Path) -> None:
    """Write the ONNX graph of the safetensors file `weights` to `target`; the file appears whole or not at all."""
    model = build(load_file(str(weights)))
    partial = target.with_suffix(".partial")
    onnx.save(model, str(partial))
    partial.replace(target)
