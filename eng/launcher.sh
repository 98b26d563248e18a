# Functions of the launcher ./intrada. Expects ROOT and CONFIGURATION.

export DOTNET_CLI_TELEMETRY_OPTOUT="${DOTNET_CLI_TELEMETRY_OPTOUT:-1}"
export DOTNET_NOLOGO=1
# Where an account has no home folder, as in some containers, .NET and the services still need one.
if [[ ! -d "${HOME:-}" ]]; then
  export HOME="$ROOT/artifacts/home"
  mkdir -p "$HOME"
fi

fail() {
  echo "intrada: $*" >&2
  exit 1
}

# Sets DOTNET to a dotnet that has a .NET 10 SDK.
need_dotnet() {
  local candidate
  for candidate in dotnet "${DOTNET_ROOT:-/nonexistent}/dotnet" "$HOME/.dotnet/dotnet" /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet; do
    if command -v "$candidate" > /dev/null 2>&1 && "$candidate" --list-sdks 2> /dev/null | grep -q '^10\.'; then
      DOTNET="$(command -v "$candidate")"
      export DOTNET
      # Programs that are started by their own name look for the runtime there.
      export PATH="$(dirname "$DOTNET"):$PATH"
      return
    fi
  done
  fail "the .NET 10 SDK is not installed; install it (Ubuntu 24.04: sudo apt-get install dotnet-sdk-10.0; elsewhere https://dotnet.microsoft.com/download/dotnet/10.0) and run this again"
}

# The libstdc++ that the loader takes, or nothing.
find_libstdcxx() {
  local machine candidate ldconfig
  machine="$(uname -m)"
  for ldconfig in ldconfig /sbin/ldconfig /usr/sbin/ldconfig; do
    if command -v "$ldconfig" > /dev/null 2>&1; then
      while read -r candidate; do
        case "$candidate" in
          *i386* | */lib32/* | */libx32/*) ;;
          *) [[ -f "$candidate" ]] && echo "$candidate" && return ;;
        esac
      done < <("$ldconfig" -p 2> /dev/null | sed -n 's/^[[:space:]]*libstdc++\.so\.6 .*=> //p')
    fi
  done
  for candidate in "/usr/lib/$machine-linux-gnu/libstdc++.so.6" /usr/lib64/libstdc++.so.6 /usr/lib/libstdc++.so.6 /usr/lib/*/libstdc++.so.6; do
    [[ -f "$candidate" ]] && echo "$candidate" && return
  done
  return 0
}

# TorchSharp's native library is built with GCC 13. On an older libstdc++ its load fails with a message that names another library.
need_libstdcxx() {
  [[ "$(uname -s)" == Linux ]] || return 0
  local library what
  library="$(find_libstdcxx)"
  if [[ -n "$library" ]] && grep -aq 'GLIBCXX_3\.4\.32' "$library"; then
    return 0
  fi
  what="TorchSharp needs libstdc++ with GLIBCXX_3.4.32 (GCC 13; Ubuntu 24.04, Debian 13), and ${library:-this machine} does not have it"
  if [[ "$(os_release ID)" != debian || "$(os_release VERSION_ID)" != 12 ]]; then
    fail "$what; install a newer libstdc++6, or use Ubuntu 24.04, Debian 12 or Debian 13"
  fi

  local install="$ROOT/eng/install-libstdcxx.sh"
  echo "intrada: $what." >&2
  echo "intrada: on Debian 12 this is put right by adding Debian 13 at a low priority and installing only libstdc++6 from it." >&2
  if [[ "$(id -u)" == 0 ]]; then
    bash "$install" || exit 1
  elif [[ -t 0 && -t 2 ]] && command -v sudo > /dev/null 2>&1; then
    local answer
    read -r -p "intrada: do that now with sudo? (y/N) " answer
    [[ "$answer" == [yY]* ]] || fail "nothing was changed; do it yourself with: sudo bash $install"
    sudo bash "$install" || exit 1
  else
    fail "run this as root, then try again: bash $install"
  fi
}

os_release() {
  (
    . /etc/os-release 2> /dev/null || true
    eval "echo \"\${$1:-}\""
  )
}

# read_key ARGUMENT...: takes the API key of the compose stack from .env, for a gateway of this machine and no other: the key is nobody else's.
read_key() {
  [[ -z "${INTRADA_API_KEY:-}" && -r "$ROOT/.env" ]] || return 0
  local gateway="${INTRADA_GATEWAY:-}" key
  while (($#)); do
    case "$1" in
      --gateway) gateway="${2:-}" ;;
      --gateway=*) gateway="${1#*=}" ;;
    esac
    shift
  done
  case "${gateway#http*://}" in
    127.0.0.1 | 127.0.0.1:* | localhost | localhost:* | "[::1]" | "[::1]":*) ;;
    *) return 0 ;;
  esac
  key="$(sed -n 's/^INTRADA_API_KEY=//p' "$ROOT/.env")"
  [[ -z "$key" ]] || export INTRADA_API_KEY="$key"
}

# assembly PROJECT NAME: where a project's output lies.
assembly() {
  echo "$ROOT/artifacts/bin/$1/$(echo "$CONFIGURATION" | tr '[:upper:]' '[:lower:]')/$2.dll"
}

# dotnet_build LOG PROJECT...: builds quietly; on failure prints the error lines.
# One compiler server, warm after the first project, compiles them all; it is this build's own and ends with it.
dotnet_build() {
  local log="$1" server="intrada-build-$$" project result=0
  shift
  : > "$log"
  for project in "$@"; do
    # Descriptor 9 is the build lock: a compiler server that inherits it would hold the lock for ten minutes.
    if ! "$DOTNET" build "$project" -c "$CONFIGURATION" -v q --nologo -nodeReuse:false \
      -p:UseSharedCompilation=true -p:SharedCompilationId="$server" >> "$log" 2>&1 9>&-; then
      grep -E 'error( |:)' "$log" | sed "s|$ROOT/||g; s| \[[^]]*\]$||" | sort -u | head -n 20 >&2 || true
      result=1
      break
    fi
  done
  # Without pkill it ends by itself, ten minutes after its last use.
  pkill -f -- "-pipename:$server( |\$)" 2> /dev/null || true
  return "$result"
}

# Whether anything that is built is newer than the last build. Folders count too: a deleted file changes only its folder.
is_stale() {
  local stamp="$1"
  [[ -f "$stamp" && -f "$(assembly IntraDA.Cli intrada)" && -f "$(assembly IntraDA.Standalone IntraDA.Standalone)" ]] || return 0
  [[ -n "$(find "$ROOT/services" "$ROOT/protos" "$ROOT"/*.props "$ROOT"/*.targets "$ROOT/global.json" -newer "$stamp" -print -quit)" ]]
}

# Runs a function under the build lock, so that two first uses do not write the same files.
locked() {
  mkdir -p "$ROOT/artifacts"
  if command -v flock > /dev/null 2>&1; then
    exec 9> "$ROOT/artifacts/build.lock"
    flock 9
    "$@"
    exec 9>&-
  else
    "$@"
  fi
}

stamp_file() {
  echo "$ROOT/artifacts/build-$CONFIGURATION.stamp"
}

build_client() {
  if is_stale "$(stamp_file)"; then
    locked build_client_now
  fi
}

build_client_now() {
  local stamp begun reason
  stamp="$(stamp_file)"
  # Another process may have built while this one waited for the lock.
  is_stale "$stamp" || return 0
  reason="the sources have changed"
  [[ -f "$stamp" ]] || reason="first use"
  echo "Building ($reason) ..." >&2
  begun="$stamp.begun"
  touch "$begun"
  if ! dotnet_build "$ROOT/artifacts/build.log" "$ROOT/services/cli/IntraDA.Cli.csproj" "$ROOT/services/standalone/IntraDA.Standalone.csproj"; then
    fail "the build failed; all of its output is in $ROOT/artifacts/build.log"
  fi
  mv "$begun" "$stamp"
}

# Benches load torch and all services, so they are built for those who ask for one.
build_benchmarks() {
  local stamp="$ROOT/artifacts/benchmarks-$CONFIGURATION.stamp"
  if [[ ! -f "$stamp" || -n "$(find "$ROOT/services" "$ROOT/protos" "$ROOT/tests/benchmarks" "$ROOT"/*.props -newer "$stamp" -print -quit)" ]]; then
    locked build_benchmarks_now "$stamp"
  fi
}

build_benchmarks_now() {
  local begun="$1.begun"
  echo "Building the benches ..." >&2
  touch "$begun"
  if ! dotnet_build "$ROOT/artifacts/build.log" "$ROOT/tests/benchmarks/Benchmarks/IntraDA.Benchmarks.csproj"; then
    fail "the build failed; all of its output is in $ROOT/artifacts/build.log"
  fi
  mv "$begun" "$1"
}

run_tests() {
  case " $* " in
    *" --help "* | *" -h "*) locked build_runner_now ;;
    *) locked build_tests_now ;;
  esac
  # The tests may run ./intrada themselves, so the lock is free by now.
  "$DOTNET" "$(assembly IntraDA.TestRunner IntraDA.TestRunner)" --root "$ROOT" --configuration "$CONFIGURATION" "$@"
}

build_runner_now() {
  dotnet_build "$ROOT/artifacts/test-build.log" "$ROOT/eng/TestRunner/IntraDA.TestRunner.csproj" || fail "the build failed (see above)"
}

build_tests_now() {
  local stamp begun
  stamp="$(stamp_file)"
  begun="$stamp.begun"
  echo "Building all projects and tests ..." >&2
  touch "$begun"
  if ! dotnet_build "$ROOT/artifacts/test-build.log" "$ROOT/IntraDA.sln" "$ROOT/eng/TestRunner/IntraDA.TestRunner.csproj"; then
    echo "intrada: the build failed; all of its output is in $ROOT/artifacts/test-build.log" >&2
    echo "0 passed, 1 failed"
    exit 1
  fi
  # The solution holds client and services, so a test that runs ./intrada need not build them again.
  if [[ -f "$(assembly IntraDA.Cli intrada)" && -f "$(assembly IntraDA.Standalone IntraDA.Standalone)" ]]; then
    mv "$begun" "$stamp"
  fi
}
