"""OpenVINO inference, float32 enforced, latency hint."""

from __future__ import annotations

from collections import Counter

import openvino
from safetensors.numpy import load_file

from serving import arguments, serve


def main() -> None:
    options = arguments(__doc__)
    core = openvino.Core()
    compiled = core.compile_model(f"{options.data}/{options.architecture}.onnx", "CPU", {
        "INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": options.threads, "PERFORMANCE_HINT": "LATENCY",
    })
    request = compiled.create_infer_request()
    volume = load_file(f"{options.data}/{options.architecture}.input.safetensors")["input"]
    kinds = Counter(str(node.get_rt_info()["primitiveType"].astype(str)) for node in compiled.get_runtime_model().get_ops()
                    if node.get_rt_info()["layerType"].astype(str) == "Convolution")

    def run() -> None:
        request.infer({0: volume}, share_inputs=True, share_outputs=True)

    serve(run, name=f"OpenVINO {openvino.__version__.split('-')[0]}", capability=kinds.most_common(1)[0][0])


main()
