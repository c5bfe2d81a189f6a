#!/usr/bin/python3
"""Peak memory of PyTorch on one workload and one variant, in a process of its own: one JSON line each.

usage: torch_peak.py [W4,W7] [THREADS]          LAYERSMITH_SHARED holds peers/bench/torch_bench.py

`layersmith-cli bench --against torch` gives the peak of a process that runs every variant of a workload; here each runs alone.
"""
import json
import os
import resource
import runpy
import subprocess
import sys

VARIANTS = {"W4": ["torch", "torch-nhwc"], "W7": ["torch", "torch-nhwc", "torch-jit"]}


class Done(Exception):
    pass


def run_variant(workload, variant, threads):
    """Runs the peer's own functions, passing over the variants before this one."""
    script = os.path.join(os.environ["LAYERSMITH_SHARED"], "peers/bench/torch_bench.py")
    sys.argv = [script, threads, "none"]
    bench = runpy.run_path(script)
    own = bench["w4"].__globals__
    own["budget"] = 1.0
    turn = iter(VARIANTS[workload])
    times = own["times"]

    def times_of_variant(body, *rest):
        if next(turn) != variant:
            return [1.0]
        times(body, *rest)
        raise Done

    own["times"] = times_of_variant
    try:
        if workload == "W4":
            own["w4"](workload)
        else:
            own["infer"](workload, own["resnet50"](), 1, 7.72)
    except Done:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    raise RuntimeError(f"{workload} has no variant {variant}")


def main():
    if len(sys.argv) == 5 and sys.argv[1] == "--variant":
        print(run_variant(*sys.argv[2:]))
        return
    threads = sys.argv[2] if len(sys.argv) > 2 else "1"
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("OPENBLAS_", "OMP_"))}
    for workload in (sys.argv[1] if len(sys.argv) > 1 else "W4,W7").split(","):
        for variant in VARIANTS[workload]:
            command = [sys.executable, __file__, "--variant", workload, variant, threads]
            done = subprocess.run(command, env=environment, capture_output=True, text=True)
            peak = done.stdout.split()
            answer = {"peak_mb": round(int(peak[-1]) / 1e6, 1)} if done.returncode == 0 else {"error": done.stderr.strip().splitlines()[-1]}
            print(json.dumps({"name": workload, "backend": variant, "threads": int(threads), **answer}), flush=True)


if __name__ == "__main__":
    main()
