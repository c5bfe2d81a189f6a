# Shared pieces of the scripts of this folder; sourced, after `set -euo pipefail`.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Settings of the surroundings that slow the kernels down or start a second thread pool.
for variable in $(compgen -e | grep -E '^(OPENBLAS|OMP|GOMP)_' || true); do unset "$variable"; done

say() { printf '\n== %s (%s)\n' "$*" "$(date -u +%H:%M:%S)"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "This needs an administrator: log in as root or install sudo, then run: $*" >&2
    return 1
  fi
}

# missing_packages LIST...: names from packages/LIST.txt that this machine does not have.
missing_packages() {
  local list package program
  for list in "$@"; do
    while read -r package program; do
      case "$package" in '' | '#'*) continue ;; esac
      if [ -n "$program" ] && command -v "$program" >/dev/null; then continue; fi
      if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ]; then continue; fi
      echo "$package"
    done <"$root/packaging/packages/$list.txt"
  done
}

# install_packages LIST...: asks the network only when something is missing.
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  if [ ${#missing[@]} = 0 ]; then return; fi
  say "Installing ${missing[*]}"
  local apt=(apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=5)
  as_root "${apt[@]}" update -q
  as_root env DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y -q --no-install-recommends "${missing[@]}"
}

# build PRESET [TARGET...]
build() {
  local preset=$1
  shift
  cd "$root"
  if [ ! -e "build/$preset/build.ninja" ] || [ CMakePresets.json -nt "build/$preset/build.ninja" ]; then
    say "Configuring build/$preset"
    cmake --preset "$preset"
  fi
  say "Building build/$preset"
  cmake --build "build/$preset" --parallel "$(nproc)" ${1:+--target "$@"}
}
