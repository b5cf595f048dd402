"""Small ONNX files of one operator each, and what ONNX Runtime computes with them: onnx-runtime.json beside this.
Written with onnx 1.23.2 and onnxruntime 1.32.0: python onnx-runtime.py > onnx-runtime.json"""
import base64, json
import numpy, onnx, onnxruntime
from onnx import helper, numpy_helper

generator = numpy.random.default_rng(1)


def some(*shape):
    return generator.normal(size=shape).round(2).astype(numpy.float32)


def whole(*values):
    return numpy.array(values, dtype=numpy.int64)


def case(operator, inputs, opset=21, name="", **attributes):
    constants = {f"c{i}": value for i, value in enumerate(inputs) if i > 0 and value is not None}
    names = ["x"] + [f"c{i}" if value is not None else "" for i, value in enumerate(inputs) if i > 0]
    node = helper.make_node(operator, names, ["y"], **attributes)
    graph = helper.make_graph(
        [node], "one",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, inputs[0].shape)],
        [helper.make_tensor_value_info("y", onnx.TensorProto.INT64 if operator in ("ArgMax", "Shape") else onnx.TensorProto.FLOAT, None)],
        [numpy_helper.from_array(value, key) for key, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    model.producer_name = ""
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"x": inputs[0]})
    said = ", ".join([f"opset {opset}"] * (opset != 21) + [f"{key} {value}" for key, value in attributes.items()])
    return {
        "name": f"{operator} of {' and '.join(str(list(i.shape)) if i is not None else 'none' for i in inputs)}{': ' if said else ''}{said}",
        "model": base64.b64encode(model.SerializeToString()).decode(),
        "input": {"shape": inputs[0].shape, "values": [round(float(v), 2) for v in inputs[0].ravel()]},
        "output": {"shape": found.shape, "values": [float(f"{v:.6g}") for v in found.ravel()]},
    }


def window(operator, shape, *more, **attributes):
    return case(operator, [some(*shape), *more], **attributes)


image = (1, 2, 7, 5)
pool = dict(kernel_shape=[3, 2], strides=[2, 3])
cases = [
    *[window("Conv", image, some(3, 2, 3, 2), some(3), auto_pad=pad, strides=[2, 3]) for pad in ("SAME_UPPER", "SAME_LOWER", "VALID")],
    window("Conv", image, some(2, 2, 2, 3), auto_pad="VALID", dilations=[3, 2]),
    window("Conv", image, some(2, 2, 2, 3), some(2), pads=[1, 0, 2, 3], dilations=[2, 1], strides=[1, 2]),
    window("Conv", (2, 1, 4, 4), some(2, 1, 3, 3)),
    *[window("MaxPool", image, auto_pad=pad, **pool) for pad in ("SAME_UPPER", "SAME_LOWER", "VALID")],
    window("MaxPool", image, pads=[1, 0, 2, 1], dilations=[2, 1], **pool),
    *[window("MaxPool", (1, 1, side, side + 1), ceil_mode=1, kernel_shape=[2, 3], strides=[2, 3], pads=[0, 0, 0, 0]) for side in (5, 6, 7)],
    window("MaxPool", (1, 1, 6, 6), ceil_mode=1, kernel_shape=[2, 2], strides=[3, 3], pads=[1, 0, 1, 1]),
    *[window("AveragePool", image, auto_pad=pad, count_include_pad=count, **pool) for pad in ("SAME_UPPER", "SAME_LOWER", "VALID") for count in (0, 1)],
    *[window("AveragePool", image, pads=[1, 0, 2, 1], count_include_pad=count, ceil_mode=ceil, **pool) for count in (0, 1) for ceil in (0, 1)],
    *[window("AveragePool", (1, 1, 6, 7), kernel_shape=[3, 2], strides=[2, 2], ceil_mode=1, count_include_pad=count) for count in (0, 1)],
    case("GlobalAveragePool", [some(2, 3, 2, 5)]),
    case("ReduceMean", [some(2, 3, 2, 2)], opset=13, axes=[2, -1], keepdims=0),
    case("ReduceMean", [some(2, 3, 2), whole(0, -1)]),
    case("ReduceMean", [some(2, 3)]),
    case("ReduceMean", [some(2, 3, 4), whole(1)], keepdims=0),
    case("ReduceSumSquare", [some(2, 3, 2)], opset=13, axes=[1]),
    case("Gemm", [some(2, 3), some(3, 4), some(4)], alpha=0.5, beta=-2.0),
    case("Gemm", [some(3, 2), some(4, 3), some(2, 1)], transA=1, transB=1),
    case("Gemm", [some(3, 2), some(3, 4), some(2, 4)], transA=1, alpha=3.0),
    case("Gemm", [some(2, 3), some(4, 3), some(1)], transB=1),
    case("Gemm", [some(2, 3), some(3, 2)]),
    case("MatMul", [some(2, 3, 4), some(4, 2)]),
    case("MatMul", [some(4), some(4, 2)]),
    *[case(operator, [some(2, 3, 1, 4), some(3, 5, 1)]) for operator in ("Add", "Sub", "Mul")],
    case("Div", [some(2, 3), some(1) + 3]),
    case("Add", [some(4), some(2, 3, 4)]),
    case("Mean", [some(2, 3), some(3), some(2, 1)]),
    case("PRelu", [some(2, 3, 2, 2), some(3, 1, 1)]),
    case("Relu", [some(2, 3)]),
    case("LeakyRelu", [some(2, 3)]),
    case("LeakyRelu", [some(2, 3)], alpha=0.3),
    case("Gelu", [some(2, 5)]),
    case("Gelu", [some(2, 5)], approximate="tanh"),
    case("Tanh", [some(2, 3)]),
    case("Erf", [some(2, 3)]),
    case("Sqrt", [numpy.abs(some(2, 3))]),
    case("Sigmoid", [some(2, 3)]),
    *[case(operator, [some(2, 3, 4)], opset=opset, axis=axis) for operator in ("Softmax", "LogSoftmax") for opset, axis in ((21, -1), (11, 2))],
    case("Softmax", [some(2, 3, 4)]),
    case("Softmax", [some(2, 3)], opset=11),
    case("InstanceNormalization", [some(2, 3, 2, 2), some(3), some(3)], epsilon=0.01),
    case("InstanceNormalization", [some(2, 3, 5), some(3), some(3)]),
    case("BatchNormalization", [some(2, 3, 2, 2), some(3), some(3), some(3), numpy.abs(some(3))], epsilon=0.1),
    case("BatchNormalization", [some(2, 3), some(3), some(3), some(3), numpy.abs(some(3)) + 1], opset=13, momentum=0.5),
    case("Identity", [some(2, 3)]),
    case("Dropout", [some(2, 3)], opset=11, ratio=0.7),
    case("Dropout", [some(2, 3), numpy.array(0.7, dtype=numpy.float32)]),
    case("Cast", [some(2, 3)], to=1),
    case("Transpose", [some(2, 3, 4)]),
    case("Transpose", [some(2, 3, 4)], perm=[1, 2, 0]),
    *[case("Flatten", [some(2, 3, 2)], **axis) for axis in ({}, {"axis": 0}, {"axis": 2}, {"axis": -1}, {"axis": 3})],
    case("Reshape", [some(2, 3, 4), whole(0, -1)]),
    case("Reshape", [some(2, 3, 4), whole(4, 0, 1, -1)]),
    case("Slice", [some(2, 5, 2), whole(-4), whole(9223372036854775807), whole(1)]),
    case("Slice", [some(5, 2), whole(1), whole(-1)]),
    case("Slice", [some(5, 2), whole(3), whole(2), whole(0), whole(1)]),
    *[case("Unsqueeze", [some(2, 3), axes]) for axes in (whole(0, -1), whole(1))],
    case("Unsqueeze", [some(2, 3)], opset=11, axes=[1, 3]),
    case("ArgMax", [some(2, 3, 4)]),
    case("ArgMax", [some(2, 3, 4)], axis=-1, keepdims=0),
    case("Shape", [some(2, 3)]),
    case("Gather", [some(5), whole(3, -1)]),
    case("Concat", [some(3), some(2)], axis=0),
]
print("[\n" + ",\n".join(json.dumps(one) for one in cases) + "\n]")
