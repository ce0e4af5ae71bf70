"""Measures Columna's tensor core beside OpenVINO, ONNX Runtime, PyTorch and MONAI on the same weights and inputs, in alternating rounds.

Started by Scripts/benchmark-core. Uses the standard library only: a child's peak memory must not begin with that of a large parent.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from architectures import PATCH
from contender import Contender, ContenderFailed, alternate
from report import machine, summary, table

HERE = Path(__file__).parent
SECTIONS = ("segresnet", "plain-unet", "training-step", "ct")
# Every switch the libraries honour. OpenVINO's own kernels follow OV_CPU_MAX_ISA only in some builds, its oneDNN always does;
# ONNX Runtime knows no such switch. OpenBLAS is ours.
AVX2 = {
    "ONEDNN_MAX_CPU_ISA": "AVX2", "DNNL_MAX_CPU_ISA": "AVX2", "OV_CPU_MAX_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2", "OPENBLAS_CORETYPE": "Haswell",
}


def say(text: str = "") -> None:
    print(text, flush=True)


class Comparison:
    """What the options say, and the contenders built from them."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.environment = dict(AVX2) if options.isa == "avx2" else {}
        self.environment |= {"OMP_NUM_THREADS": str(options.threads), "PYTHONDONTWRITEBYTECODE": "1"}
        self.results: dict[str, object] = {}
        self.failed = False

    def ours(self, *words: str, architecture: str, source: str, patch: int) -> Contender:
        base = self.options.data / architecture
        command = [str(self.options.columna), "benchmark", *words, "--architecture", architecture, "--patch", str(patch),
                   "--config", f"{base}.json", "--weights", f"{base}.weights.safetensors",
                   "--input", str(self.options.data / f"{source}.input.safetensors"), "--threads", str(self.options.threads), "--serve"]
        if self.options.exact:
            command.append("--exact")
        return Contender("Columna, exact" if self.options.exact else "Columna", command, self.environment, ours=True)

    def peer(self, title: str, script: str, architecture: str = "segresnet", *words: str) -> Contender:
        command = [sys.executable, str(HERE / script), "--architecture", architecture, "--data", str(self.options.data),
                   "--threads", str(self.options.threads)]
        return Contender(title, command + list(words), self.environment)

    def measure(self, name: str, heading: str, contenders: list[Contender], repeat: int, memory: bool = False,
                warm_up: bool = True) -> list[Contender]:
        say(f"\n{heading}")
        contenders = [contender for contender in contenders if not (contender.ours and self.options.peers_only)]
        alive, failures = alternate(contenders, repeat, say, warm_up)
        self.failed |= bool(failures)
        if alive:
            say()
            say(table(alive, ratio_of_memory=memory))
        self.results[name] = {"contenders": summary(alive), "failures": failures}
        return alive

    def inference(self, architecture: str) -> None:
        patch = PATCH[architecture]
        self.measure(architecture, f"{architecture} forward, one patch of {patch}³, float32, {self.options.threads} threads", [
            self.ours("inference", architecture=architecture, source=architecture, patch=patch),
            self.peer("OpenVINO", "openvino_peer.py", architecture),
            self.peer("ONNX Runtime", "onnxruntime_peer.py", architecture),
            self.peer("PyTorch", "pytorch_peer.py", architecture),
        ], self.options.repeat)
        if not self.options.peers_only:
            self.agree_on_logits(architecture)

    def training(self) -> None:
        alive = self.measure("training-step", f"segresnet training step, DiceCE, AdamW, batch 1 of 96³, {self.options.threads} threads", [
            self.ours("training-step", architecture="segresnet", source="segresnet", patch=PATCH["segresnet"]),
            self.peer("PyTorch", "pytorch_training_peer.py"),
        ], self.options.repeat, memory=True)
        for contender in alive:
            losses = [f"{answer['loss']:.6f}" for answer in contender.answers if answer.get("loss") is not None]
            say(f"  losses of {contender.title}: {' '.join(losses) or 'not told'}")

    def whole_ct(self) -> None:
        if not (self.options.data / "ct.input.safetensors").exists():
            say("\nwhole CT: skipped, no CT was given (COLUMNA_SHARED names no folder with data/abdomen-pelvis-3mm/ct.nii.gz)")
            return
        output = {who: self.options.data / f"ct.{who}.safetensors" for who in ("ours", "peer")}
        ours = self.ours("volume", architecture="segresnet", source="ct", patch=PATCH["segresnet"])
        ours.command += ["--overlap", "0.25", "--output", str(output["ours"])]
        alive = self.measure("ct", "whole CT at 1.5 mm: segresnet in windows of 96³, overlap 0.25, Gaussian, to labels", [
            ours, self.peer("MONAI", "monai_peer.py", "segresnet", "--output", str(output["peer"])),
        ], self.options.ct_repeat, memory=True, warm_up=False)
        say("  windows: " + ", ".join(f"{each.title} {each.answers[-1].get('windows', '?')}" for each in alive))
        if len(alive) == 2:
            found = self.run([sys.executable, str(HERE / "agreement.py"), "labels", str(output["ours"]), str(output["peer"])])
            if found:
                self.results["ct"]["agreement"] = json.loads(found)
                say(f"  equal labels: {json.loads(found)['labels_equal']:.4%} of voxels (channels-last errs by 1e-4 of the largest logit here: see segresnet)")

    def agree_on_logits(self, architecture: str) -> None:
        """Runs ours and PyTorch once more with their logits written, and prints how far they are from PyTorch's in its contiguous layout.

        Channels-last is no reference: its group norm sums squares in single precision, which shows at 1e-4 of the largest logit.
        """
        base = self.options.data / architecture
        files = {who: f"{base}.{who}.safetensors" for who in ("reference", "ours", "channels-last")}
        command = [str(self.options.columna), "network", "forward", "--architecture", architecture, "--config", f"{base}.json",
                   "--weights", f"{base}.weights.safetensors", "--input", f"{base}.input.safetensors", "--output", files["ours"],
                   "--threads", str(self.options.threads)] + (["--exact"] if self.options.exact else [])
        reference = self.peer("PyTorch", "pytorch_peer.py", architecture, "--contiguous", "--output", files["reference"])
        other = self.peer("PyTorch", "pytorch_peer.py", architecture, "--output", files["channels-last"])
        if self.run(command) is None or not (self.once(reference) and self.once(other)):
            return
        say(f"  against {reference.title}'s contiguous float32 (clear voxels: the best two logits differ by over 1e-3 of the largest):")
        for who, title in (("ours", "Columna"), ("channels-last", "PyTorch channels-last")):
            found = self.run([sys.executable, str(HERE / "agreement.py"), "logits", files[who], files["reference"]])
            if found:
                facts = json.loads(found)
                self.results[architecture].setdefault("agreement", {})[who] = facts
                clear = "no voxel is clear" if facts["clear_labels_equal"] is None else \
                    f"labels equal in {facts['clear_labels_equal']:.5%} of the {facts['clear_voxels']:.2%} clear voxels"
                say(f"    {title}: largest error {facts['largest_error']:.1e} of the largest logit; {clear}, in "
                    f"{facts['labels_equal']:.5%} of all")

    def once(self, contender: Contender) -> bool:
        """One run outside the rounds, for what it writes."""
        try:
            contender.start()
            contender.warm_up()
            return True
        except ContenderFailed as error:
            self.failed = True
            say(f"  logits cannot be compared: {error}")
            return False
        finally:
            contender.stop()

    def run(self, command: list[str]) -> str | None:
        """The standard output of a command; None, and a line that says why, when it fails."""
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **self.environment})
        if done.returncode == 0:
            return done.stdout
        self.failed = True
        reason = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        say(f"  {Path(command[0]).name} {' '.join(command[1:3])} ended with status {done.returncode}: {reason}")
        return None


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="Scripts/benchmark-core", description=__doc__.splitlines()[0])
    parser.add_argument("--columna", type=Path, default=Path(".build/release/columna"), help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--repeat", type=int, default=5, help="measured rounds after one warm-up (default 5)")
    parser.add_argument("--ct-repeat", type=int, default=1, help="measured rounds of the whole CT, minutes each (default 1)")
    parser.add_argument("--threads", type=int, default=2, help="threads of every contender (default 2)")
    parser.add_argument("--isa", choices=("native", "avx2"), default="native",
                        help="avx2: hold every library that can be held to AVX2, as on a machine without AVX-512")
    parser.add_argument("--only", choices=SECTIONS, action="append", help="a section to measure (repeat for several; default: all)")
    parser.add_argument("--exact", action="store_true", help="measure Columna's direct path instead of Winograd's")
    parser.add_argument("--peers-only", action="store_true", help="leave Columna out")
    parser.add_argument("--json", type=Path, help="file that receives every measured run")
    options = parser.parse_args()
    for name in ("repeat", "ct_repeat", "threads"):
        if getattr(options, name) < 1:
            parser.error(f"--{name.replace('_', '-')} must be at least 1, got {getattr(options, name)}")
    return options


def main() -> int:
    # A plain end would leave the contenders to run on; this way `alternate` stops them.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = parse()
    if options.check:
        return 0
    comparison = Comparison(options)
    say(f"{machine()}; instruction set: {options.isa}")
    for section in options.only or SECTIONS:
        if section in PATCH:
            comparison.inference(section)
        elif section == "training-step":
            comparison.training()
        else:
            comparison.whole_ct()
    if options.json:
        options.json.write_text(json.dumps({"machine": machine(), "isa": options.isa, **comparison.results}, indent=2) + "\n")
    return 1 if comparison.failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
