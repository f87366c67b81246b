#!/bin/sh
# Installs perfmon for one user, or takes it away again. Needs no root; --help says more.
#
# All is in functions, and main is called in the last line: what was only downloaded in part does nothing.
set -eu

# The release fills these in (tools/packaging/release_files.ts).
VERSION=@VERSION@
REPOSITORY=@REPOSITORY@

GLIBC=2.27 # the oldest that the binary runs on
MACOS=12

usage() {
  cat <<END
Usage: install.sh [--prefix DIR] [--version VERSION] [--from URL]
       install.sh --uninstall [--purge] [--prefix DIR]

Puts perfmon, its man page and completions below a folder of yours, ~/.local
unless told. What is there of an older one is replaced.

  --prefix DIR       Install into DIR/bin and DIR/share
  --version VERSION  Another release than $VERSION
  --from URL         Where archives and SHA256SUMS are
  --uninstall        Take the hooks out of all settings, then perfmon away;
                     the log and its history stay
  --purge            With --uninstall: remove these, too, and nothing that is
                     not perfmon's
END
}

say() { printf '%s\n' "$*"; }

fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

main() {
  version=$VERSION prefix='' from='' uninstalls='' purges=''
  while [ $# -gt 0 ]; do
    case $1 in
      --prefix | --version | --from)
        [ $# -gt 1 ] && [ -n "$2" ] || fail "\"$1\" needs a value: see --help"
        case $1 in --prefix) prefix=$2 ;; --version) version=${2#v} ;; *) from=${2%/} ;; esac
        shift
        ;;
      --uninstall) uninstalls=yes ;;
      --purge) purges=yes ;;
      -h | --help) usage && exit 0 ;;
      *) fail "Unknown argument \"$1\": see --help" ;;
    esac
    shift
  done
  if [ -z "$prefix" ]; then
    [ -n "${HOME:-}" ] || fail "HOME is not set: name a folder with --prefix"
    prefix=$HOME/.local
  fi
  case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
  name_files
  if [ -n "$uninstalls" ]; then uninstall; else install; fi
}

name_files() {
  bin=$prefix/bin/perfmon
  man=$prefix/share/man/man1/perfmon.1
  bash=$prefix/share/bash-completion/completions/perfmon
  zsh=$prefix/share/zsh/site-functions/_perfmon
  fish=$prefix/share/fish/vendor_completions.d/perfmon.fish
}

install() {
  for file in "$bin" "$man" "$bash" "$zsh" "$fish"; do
    [ ! -d "$file" ] || fail "\"$file\" is a folder: move it away, or name another place with --prefix"
  done
  [ -n "$from" ] || from=https://github.com/$REPOSITORY/releases/download/v$version
  target=$(target_here)
  choose_tools
  trap 'rm -rf ${work:+"$work"}; remove_made_folders' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  make_folder "$prefix/bin"
  remove_leftovers
  work=$(mktemp -d "$prefix/bin/.perfmon-install.XXXXXX")
  archive=perfmon-$version-$target
  say "Downloading $archive.tar.gz from $from"
  download "$from/SHA256SUMS" "$work/SHA256SUMS"
  download "$from/$archive.tar.gz" "$work/$archive.tar.gz"
  check_sum "$archive.tar.gz"
  check_attestation "$work/$archive.tar.gz"
  tar -xzf "$work/$archive.tar.gz" -C "$work" || fail "Cannot unpack \"$archive.tar.gz\""
  check_files "$work/$archive"
  printed=$("$work/$archive/perfmon" --version) ||
    fail "The binary does not run here: \"$archive/perfmon --version\" failed"
  put_in_place "$work/$archive"
  say "Installed $printed"
  say "  $bin, its man page and completions of bash, zsh and fish below $prefix/share"
  say_how_to_begin
}

# Prints the triple of this machine, or says why there is no build for it.
target_here() {
  system=$(uname -s) machine=$(uname -m)
  case $system in
    Linux) check_glibc ;;
    Darwin)
      # Under Rosetta an arm64 processor calls itself x86_64.
      [ "$(sysctl -n sysctl.proc_translated 2>/dev/null)" = 1 ] && machine=arm64
      check_macos
      ;;
    *) fail "There is no build for $system, only for Linux and macOS" ;;
  esac
  case $machine in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) fail "There is no build for $machine, only for x86_64 and arm64" ;;
  esac
  case $system in
    Linux) say "$machine-unknown-linux-gnu" ;;
    Darwin) say "$machine-apple-darwin" ;;
  esac
}

check_glibc() {
  libc=$(getconf GNU_LIBC_VERSION 2>/dev/null ||
    ldd --version 2>&1 | sed -n -e '1s/^ldd (.*) /glibc /p' -e '/musl/p')
  case $libc in
    glibc*) is_at_least "${libc#glibc }" "$GLIBC" ||
      fail "This system has $libc, and perfmon needs $GLIBC or later" ;;
    *musl*) fail "This system has musl in place of glibc, and perfmon needs glibc $GLIBC or later" ;;
    *) fail "Cannot find glibc on this system, and perfmon needs version $GLIBC or later" ;;
  esac
}

check_macos() {
  macos=$(sw_vers -productVersion)
  is_at_least "$macos" "$MACOS.0" || fail "This is macOS $macos, and perfmon needs $MACOS or later"
}

# Whether a version, 2.31 or 14.6.1, is not before another by its first two numbers.
is_at_least() {
  major=${1%%.*} minor=${1#*.}
  [ "$minor" = "$1" ] && minor=0
  minor=${minor%%.*}
  [ "$major" -gt "${2%%.*}" ] || { [ "$major" -eq "${2%%.*}" ] && [ "$minor" -ge "${2#*.}" ]; }
}

choose_tools() {
  if has curl; then get() { curl -fsSL --retry 2 -o "$2" "$1"; }
  elif has wget; then get() { wget -q -O "$2" "$1"; }
  else fail "Cannot download: install curl or wget first"; fi
  if has sha256sum; then sum() { sha256sum "$1"; }
  elif has shasum; then sum() { shasum -a 256 "$1"; }
  elif has openssl; then sum() { openssl dgst -sha256 -r "$1"; }
  else fail "Cannot check what is downloaded: install sha256sum, shasum or openssl first"; fi
  has tar || fail "Cannot unpack what is downloaded: install tar first"
}

make_folder() {
  folder=$1 missing=''
  while [ -n "$folder" ] && [ ! -e "$folder" ]; do
    missing=$missing$folder$NEWLINE
    folder=${folder%/*}
  done
  made=$missing$made # the deepest first
  mkdir -p "$1" 2>/dev/null && [ -w "$1" ] ||
    fail "Cannot write into \"$1\": give another folder with --prefix"
}

made=''
NEWLINE='
'

# Of an installation that failed: folders that were there before stay, also empty ones.
remove_made_folders() {
  printf %s "$made" | while IFS= read -r folder; do rmdir "$folder" 2>/dev/null || true; done
}

# What killed runs of this user left. Another run that goes on is younger than a day.
remove_leftovers() {
  user=$(id -u 2>/dev/null) && has find || return 0
  find "$prefix/bin" -maxdepth 1 -type d -name '.perfmon-install.*' -user "$user" -mtime +0 \
    -exec rm -rf {} + 2>/dev/null || true
  for file in "$bin" "$man" "$bash" "$zsh" "$fish"; do
    [ -d "${file%/*}" ] || continue
    find "${file%/*}" -maxdepth 1 -type f -name "${file##*/}.new[0-9]*" -user "$user" -mtime +0 \
      -exec rm -f {} + 2>/dev/null || true
  done
}

remove_empty_folders() {
  for file in "$bin" "$man" "$bash" "$zsh" "$fish"; do
    folder=${file%/*}
    while [ "$folder" != "$prefix" ] && rmdir "$folder" 2>/dev/null; do folder=${folder%/*}; done
  done
  rmdir "$prefix" 2>/dev/null || true
}

download() {
  get "$1" "$2" || fail "Downloading \"$1\" failed: nothing was changed"
}

check_sum() {
  expected=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$1\$/\1/p" "$work/SHA256SUMS")
  [ -n "$expected" ] || fail "SHA256SUMS has no line for \"$1\": nothing was changed"
  found=$(sum "$work/$1")
  found=${found%% *}
  [ "$found" = "$expected" ] ||
    fail "\"$1\" is not what was published: its SHA-256 is $found, not $expected; nothing was changed"
}

# What gh can't tell, because nobody is logged in, does not stop the installation: the sum was checked.
check_attestation() {
  has gh && gh auth status >/dev/null 2>&1 || return 0
  gh attestation verify "$1" --repo "$REPOSITORY" >/dev/null ||
    fail "gh finds no attestation of $REPOSITORY for the archive: nothing was changed"
  say "Its attestation is that of $REPOSITORY"
}

# A link in the archive would make a file of this machine, which others may not read, one of perfmon's.
check_files() {
  for file in "$1" "$1/completions" "$1/perfmon" "$1/perfmon.1" "$1/completions/perfmon.bash" \
    "$1/completions/_perfmon" "$1/completions/perfmon.fish"; do
    [ ! -L "$file" ] && [ -e "$file" ] ||
      fail "\"${file#"$work/"}\" of the archive is a link, or missing: nothing was changed"
  done
}

# Each file is renamed to its place from beside it, the binary last: hooks that run go on with the old one.
put_in_place() {
  for file in "$bin" "$man" "$bash" "$zsh" "$fish"; do make_folder "${file%/*}"; done
  trap '' INT TERM HUP
  put "$1/perfmon.1" "$man"
  put "$1/completions/perfmon.bash" "$bash"
  put "$1/completions/_perfmon" "$zsh"
  put "$1/completions/perfmon.fish" "$fish"
  put "$1/perfmon" "$bin"
}

put() {
  cp "$1" "$2.new$$" && mv -f "$2.new$$" "$2" || {
    rm -f "$2.new$$"
    fail "Cannot write \"$2\""
  }
}

say_how_to_begin() {
  command=perfmon
  case :$PATH: in
    *:"$prefix/bin":*) ;;
    *)
      command=$bin
      say "  $prefix/bin is not on your PATH: add it in your shell's profile"
      ;;
  esac
  say "See what your newest sessions did: $command"
  say "Record from now on:                $command hooks install"
}

uninstall() {
  [ -f "$bin" ] || fail "There is no perfmon in \"$prefix/bin\": name its folder with --prefix"
  case $("$bin" --version </dev/null 2>/dev/null || true) in
    "perfmon "*" (Deno "*) ;;
    *) fail "\"$bin\" is another program, by what its --version prints: nothing was removed" ;;
  esac
  report=$("$bin" status --json) || fail "\"$bin status\" failed: nothing was removed"
  log=$(field log) segments=$(field history_folder)
  beside=${segments%/history} # the folder of all else
  "$bin" hooks remove --everywhere || fail "The hooks could not be removed, so perfmon stays"
  rm -f "$bin" "$man" "$bash" "$zsh" "$fish" || fail "Cannot remove all of perfmon in \"$prefix\""
  remove_empty_folders
  say "Removed perfmon from $prefix"
  if [ -n "$purges" ]; then purge; else say_what_stays; fi
}

# Prints a text of perfmon's status, which is one JSON object with a line for each.
field() {
  printf '%s\n' "$report" | sed -n "s/^ *\"$1\": \"\(.*\)\",\{0,1\}\$/\1/p"
}

purge() {
  # What JSON had to escape does not come out as it is: then the two don't belong together, or lie nowhere.
  case $log$beside in *\\* | '') log='' ;; esac
  case $beside in
    /?*/?*) [ "$beside" = "${log%.csv}.d" ] || [ "$beside" = "$log.perfmon.d" ] || log='' ;;
    *) log='' ;;
  esac
  [ -n "$log" ] || fail "Cannot tell which files are the log's: remove them by hand"
  if is_log "$log"; then rm -f "$log" || true; fi
  purge_folder
  left=''
  for kept in "$log" "$beside"; do
    [ -e "$kept" ] || [ -L "$kept" ] || continue
    left=yes
    say "Stays, as it is not all perfmon's or can't be removed: $kept"
  done
  [ -n "$left" ] || say "Removed the log $log and $beside"
}

# Whether a file begins as a log does: with its header, or with a row of one that has none.
is_log() {
  [ -f "$1" ] && [ -r "$1" ] || return 1
  first=''
  IFS= read -r first <"$1" 2>/dev/null || [ -n "$first" ] || return 1
  case $first in timestamp,cpu_percent,memory_rss,tool_name,event*) return 0 ;; esac
  number='[0-9]+(\.[0-9]+)?'
  printf '%s\n' "$first" | LC_ALL=C grep -Eq \
    "^[0-9]{9,}(\.[0-9]+)?, *($number)?, *($number)?,(\"([^\"]|\"\")*\"|[^,\"]*),(start|end|prompt|stop|permission|done|peak)(,|.?\$)"
}

# What perfmon makes beside the log, as ARCHITECTURE.md lists it; all else stays, and the folder with it.
purge_folder() {
  [ ! -L "$beside" ] || return 0
  digits='[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]'
  remove_in "$beside/history" "$digits.csv" "$digits.csv.gz" "$digits-$digits.*rows.csv.gz"
  remove_in "$beside/profiles" '*.json'
  for spool in "$beside/spool" "$beside/spool.closed"; do
    remove_in "$spool" '*.[1-9].start' '*.[1-9].end' '*.[1-9].start.bad' '*.[1-9].end.bad'
  done
  [ ! -L "$beside/perfmon" ] || rm -f "$beside/perfmon" || true
  remove_in "$beside" lock imported.csv 'sampler-*.lock' state.json state.lock alerts.json cost.json \
    hooks.json errors.log errors.old.log rotation.tmp
}

# Removes the files of a folder that have such names, then the folder where it is empty.
remove_in() {
  folder=$1
  [ -d "$folder" ] && [ ! -L "$folder" ] || return 0
  shift
  for pattern in "$@" '.????????????????????????????????.perfmon-tmp'; do
    for file in "$folder"/$pattern; do
      [ -d "$file" ] || rm -f "$file" || true
    done
  done
  rmdir "$folder" 2>/dev/null || true
}

say_what_stays() {
  for kept in "$log" "$beside"; do
    [ -e "$kept" ] || continue
    say "What was recorded stays: $kept"
  done
}

main "$@"
