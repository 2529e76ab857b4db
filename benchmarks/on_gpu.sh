#!/usr/bin/env bash
# What groklab wants to know of a GPU, the most telling first, from the sources, with what is installed:
#
#   bash benchmarks/on_gpu.sh [MINUTES] [FOLDER]
#
# Ends within MINUTES (9), packing included, and can be cut at any moment. Works in .gpu and leaves at most eight files
# of at most 16 MB in FOLDER (gpu-results). Called again, with .gpu as it was, it goes on where it stopped.
set -uo pipefail
cd "$(dirname "$0")/.."
END=$((SECONDS + 60 * ${1:-9}))
OUT=$(realpath -m "${2:-gpu-results}")
WORK=.gpu
PACKING=25 # seconds kept for it
PYTHON=${PYTHON:-python3}
mkdir -p "$OUT" "$WORK/done"
export PYTHONPATH=src PYTHONUNBUFFERED=1 JAX_COMPILATION_CACHE_DIR=$WORK/compiled

# Packs numbers, verdicts and figures; then, as far as they fit, the checkpoints of what is not finished.
pack() {
  tar -czf "$OUT/results.tar.gz" --exclude='*.safetensors' --exclude=lock -C "$WORK" runs done 2>/dev/null
  local unfinished
  unfinished=$(grep -l '"is_finished": false' "$WORK"/runs/*/status.json 2>/dev/null | xargs -r -n 1 dirname | head -n 9)
  [ -n "$unfinished" ] && tar -cz --ignore-failed-read $(printf '%s/state.safetensors %s/table.safetensors ' \
    $(printf '%s ' $unfinished | awk '{for (i = 1; i <= NF; i++) print $i, $i}')) 2>/dev/null |
    head -c 40000000 | split -b 15000000 - "$OUT/states.tar.gz."
  ls -l "$OUT"
}
trap pack EXIT
trap 'exit 143' TERM INT

# stage NAME SECONDS COMMAND …: for at most so long, and only if it is not done. Ctrl-C saves what a run has reached.
stage() {
  local name=$1 limit=$2 left=$((END - SECONDS - PACKING)) began=$SECONDS
  shift 2
  [ -e "$WORK/done/$name" ] && return
  [ "$left" -lt 20 ] && echo "== $name: no time left" | tee -a "$OUT/log.txt" && return
  [ "$left" -lt "$limit" ] && limit=$left
  echo "== $name, at most $limit s: $*" | tee -a "$OUT/log.txt"
  timeout --signal=INT --kill-after=12 "$limit" "$@" 2>&1 | tee -a "$OUT/log.txt"
  local status=${PIPESTATUS[0]}
  [ "$status" -eq 0 ] && touch "$WORK/done/$name"
  echo "== $name: status $status after $((SECONDS - began)) s" | tee -a "$OUT/log.txt"
}

reproduce() { # NAME SECONDS FIGURE …
  local name=$1 limit=$2
  shift 2
  # Full float32 products, as the plans say: what goes into the ledger is not to hang on TensorFloat-32.
  JAX_DEFAULT_MATMUL_PRECISION=float32 stage "$name" "$limit" "$PYTHON" -m groklab reproduce "$@" --scale paper --store "$WORK/runs"
}

throughput() { # SIZE SECONDS OPTION …
  local size=$1 limit=$2
  shift 2
  stage "throughput-$size" "$limit" "$PYTHON" benchmarks/sweep_throughput.py --size "$size" --until $((limit / 2)) \
    --rounds 5 --json "$OUT/$size.json" "$@"
}

nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader 2>/dev/null | tee -a "$OUT/log.txt"
throughput paper 170
# The figures of Nanda et al. come first: with three minutes they are whole, which no figure of Power et al. is.
reproduce nanda2023 240 nanda2023/phase-change nanda2023/progress nanda2023/algorithm nanda2023/spectra
stage fig2-left 300 "$PYTHON" benchmarks/paper_arms.py left --store "$WORK/runs"
stage fig2-right 600 "$PYTHON" benchmarks/paper_arms.py right --store "$WORK/runs"
throughput mlp 70 --widths 16 256 1024
throughput laptop 80 --widths 16 256 1024 --no-torch
