"""ONNX Runtime inference, float32, its own CPU provider."""

from __future__ import annotations

import onnxruntime
from safetensors.numpy import load_file

from serving import arguments, serve


def main() -> None:
    options = arguments(__doc__)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    settings.inter_op_num_threads = 1
    # Its workers must not spin between runs: the other contenders take their turns on the same cores.
    settings.add_session_config_entry("session.force_spinning_stop", "1")
    session = onnxruntime.InferenceSession(f"{options.data}/{options.architecture}.onnx", settings,
                                           providers=["CPUExecutionProvider"])
    volume = load_file(f"{options.data}/{options.architecture}.input.safetensors")["input"]

    def run() -> None:
        session.run(None, {"input": volume})

    serve(run, name=f"ONNX Runtime {onnxruntime.__version__}", capability="as its own detection chooses")


main()
