#!/usr/bin/env bash
# A person's hands: drags Dense from the palette onto the canvas, presses Ctrl+S, and looks at the saved model.json.
# usage: xdotool_drag.sh STUDIO WITH_XVFB
set -euo pipefail

studio=$1
with_xvfb=$2
for tool in xdotool Xvfb openbox python3; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done
if [[ "${3:-}" != inside ]]; then
  XVFB_SCREEN=1440x900x24 exec "$with_xvfb" "$0" "$studio" "$with_xvfb" inside
fi

home=$(mktemp -d)
studio_pid=
finish() {
  [[ -n "$studio_pid" ]] && kill "$studio_pid" 2>/dev/null || true
  rm -rf "$home"
}
trap finish EXIT
export LAYERSMITH_HOME=$home/data QT_QPA_PLATFORM=xcb

mkdir -p "$home/moons"
cat >"$home/moons/model.json" <<'JSON'
{"modelTopology":{"class_name":"Sequential","config":{"name":"moons","layers":[{"class_name":"Dense","config":{"units":4,"activation":"relu","use_bias":true,"name":"hidden","trainable":true,"batch_input_shape":[null,2],"dtype":"float32"}},{"class_name":"Dense","config":{"units":1,"activation":"sigmoid","use_bias":true,"name":"out","trainable":true}}]},"keras_version":"tfjs-layers 4.22.0","backend":"tensor_flow.js"},"format":"layers-model","generatedBy":"TensorFlow.js tfjs-layers v4.22.0","convertedBy":null,"weightsManifest":[{"paths":["./weights.bin"],"weights":[{"name":"hidden/kernel","shape":[2,4],"dtype":"float32"},{"name":"hidden/bias","shape":[4],"dtype":"float32"},{"name":"out/kernel","shape":[4,1],"dtype":"float32"},{"name":"out/bias","shape":[1],"dtype":"float32"}]}]}
JSON
head -c 68 /dev/zero >"$home/moons/weights.bin"

layers() {
  python3 -c 'import json,sys; print(len(json.load(open(sys.argv[1]))["modelTopology"]["config"]["layers"]))' "$home/moons/model.json"
}
before=$(layers)

"$studio" --new-window --theme light "$home/moons" &
studio_pid=$!
window=$(timeout 30 xdotool search --sync --onlyvisible --name 'moons.*Layersmith' | head -1)
xdotool windowactivate --sync "$window"
xdotool windowmove --sync "$window" 0 0 2>/dev/null || true
sleep 2

# The filter leaves one row in the palette, under its heading; the link between the two Dense cards is in the middle of
# the canvas, which is the middle between the docks.
xdotool key --window "$window" --clearmodifiers ctrl+f
sleep 0.3
xdotool type --window "$window" --delay 30 Dense
sleep 0.7
from_x=90
from_y=${DENSE_ROW:-170}
to_x=${LINK_X:-700}
to_y=${LINK_Y:-359}
move() { xdotool mousemove --sync --window "$window" "$1" "$2"; }
move "$from_x" "$from_y"
sleep 0.3
xdotool mousedown 1
for step in $(seq 1 20); do
  move $((from_x + (to_x - from_x) * step / 20)) $((from_y + (to_y - from_y) * step / 20))
  sleep 0.03
done
sleep 0.5
xdotool mouseup 1
sleep 1
[[ -n "${LAYERSMITH_PICTURE:-}" ]] && import -window root "$LAYERSMITH_PICTURE"
xdotool key --window "$window" --clearmodifiers ctrl+s

for _ in $(seq 50); do
  after=$(layers)
  [[ "$after" -gt "$before" ]] && { echo "layers in model.json: $before, then $after"; exit 0; }
  sleep 0.2
done
echo "model.json still holds $before layers" >&2
exit 1
