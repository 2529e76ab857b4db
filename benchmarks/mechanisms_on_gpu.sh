#!/usr/bin/env bash
# Slingshots on division modulo 97 by the paper's transformer, 500,000 steps, eight seeds, four arms side by side:
#
#   bash benchmarks/mechanisms_on_gpu.sh [MINUTES] [FOLDER]
#
# Ends within MINUTES (9) with what it has reached saved in .gpu, and packs numbers and figures into FOLDER (gpu-results).
# Called again, with .gpu as it was, it goes on where it stopped.
set -uo pipefail
cd "$(dirname "$0")/.."
SECONDS_LEFT=$((60 * ${1:-9} - 30))
OUT=$(realpath -m "${2:-gpu-results}")
PYTHON=${PYTHON:-python3}
mkdir -p "$OUT" .gpu
export PYTHONPATH=src PYTHONUNBUFFERED=1 JAX_COMPILATION_CACHE_DIR=.gpu/compiled JAX_DEFAULT_MATMUL_PRECISION=float32
timeout --signal=INT --kill-after=12 "$SECONDS_LEFT" "$PYTHON" benchmarks/slingshot_arms.py --store .gpu/runs 2>&1 |
  tee -a "$OUT/log.txt"
tar -czf "$OUT/results.tar.gz" --exclude='*.safetensors' --exclude=lock -C .gpu runs 2>/dev/null
