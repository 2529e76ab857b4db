#!/usr/bin/env bash
# The runs of Liu et al. 2023 that need a GPU: MNIST at full length, its landscape of 30 sizes, and 50,000 reviews.
#
#   bash benchmarks/omnigrok_on_gpu.sh MINUTES FOLDER DATA [reviews|images]
#
# The last word takes the 50,000 reviews alone, or all that is on images; without it images come first.
# Five processes share the device: programs of small networks leave it idle between their steps, and compile on a core.
# Ends within MINUTES, packing included. Works in .gpu, as on_gpu.sh does, and goes on from there when called again;
# leaves metrics and logs in FOLDER, in pieces (cat metrics.tar.xz.* | tar xJ).
set -uo pipefail
cd "$(dirname "$0")/.."
END=$((SECONDS + 60 * $1))
OUT=$(realpath -m "$2")
WORK=.gpu
PACKING=40 # seconds kept for it
PYTHON=${PYTHON:-python3}
mkdir -p "$OUT" "$WORK/omnigrok"
export PYTHONPATH=src PYTHONUNBUFFERED=1 JAX_COMPILATION_CACHE_DIR=$WORK/compiled JAX_DEFAULT_MATMUL_PRECISION=float32
export XLA_PYTHON_CLIENT_PREALLOCATE=false

pack() {
  tar -c --exclude='*.safetensors' --exclude=lock -C "$WORK" omnigrok | xz -T0 -1 | split -b 15000000 - "$OUT/metrics.tar.xz."
}
trap pack EXIT

share() { # NAME OPTION …
  local name=$1 left=$((END - SECONDS - PACKING))
  shift
  [ "$left" -lt 20 ] && return
  timeout --signal=INT --kill-after=20 "$left" "$PYTHON" benchmarks/paper_share.py "$@" \
    --store "$WORK/omnigrok" --data "$DATA" >>"$WORK/omnigrok/$name.txt" 2>&1
}

DATA=$3
nvidia-smi --query-gpu=name --format=csv,noheader 2>/dev/null
PARTS=${4:-images reviews}
[[ $PARTS == *images* ]] && share images omnigrok2023/mnist --width 6 &
for number in 1 2 3 4; do
  [[ $PARTS == *images* ]] || break
  {
    share map-$number omnigrok2023/mnist-landscape --share $number/4 --width 21 --seeds 0
    share map-$number omnigrok2023/mnist-landscape --share $number/4 --width 42 --seeds 1 2 --sizes 50 200 1000 7196
    share map-$number omnigrok2023/mnist-landscape --share $number/4 --width 42 --seeds 1 2
  } &
done
wait
# Last and alone: an evaluation of 15 runs asks for 64 GB, and six processes at once leave them too little.
[[ $PARTS == *reviews* ]] && share reviews omnigrok2023/imdb --sizes 37500 --width 5
tail -n 9 "$WORK"/omnigrok/*.txt
