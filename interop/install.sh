#!/bin/sh
# Puts the oracles of the interop tests in place: openssl, a JDK, Bouncy Castle's bcprov, bcutil and bcpkix; SoftHSM2 and
# the PKCS #11 addon.
# Debian packages where this may install them, else Maven artefacts in interop/.cache. Ends with what is still missing.
# With --firefox also Firefox and puppeteer-core, which drives it.
# With --python also a Python with pyHanko and certomancer-csc-dummy, for the CSC API; optional, since nothing else needs it.
set -u
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
cache="$here/.cache"
bouncy_castle=1.78.1

has() { command -v "$1" > /dev/null 2>&1; }

# The tests run single Java files, which needs a JDK (11 or later), not only a runtime.
has_jdk() { has java && java --list-modules 2> /dev/null | grep -q '^jdk.compiler'; }

has_jars() {
  for folder in "${HEFU_BC_JARS:-}" /usr/share/java "$cache"; do
    [ -n "$folder" ] || continue
    all=yes
    for artefact in bcprov bcutil bcpkix; do
      set -- "$folder/$artefact"*.jar
      [ -e "$1" ] || all=no
    done
    [ "$all" = yes ] && return 0
  done
  return 1
}

has_softhsm() { has softhsm2-util; }

# An optional peer: npm puts it there, and it is compiled only where PKCS #11 is wanted.
addon="$here/../packages/node/node_modules/pkcs11js"
has_addon() { [ -e "$addon/build/Release/pkcs11.node" ]; }

missing() {
  has openssl || echo openssl
  has_softhsm || echo softhsm2
  has_addon || echo pkcs11js
  has_jdk || echo jdk
  has_jars || echo bouncy-castle
}

if ! has_addon && [ -d "$addon" ] && has npx; then
  (cd "$addon" && npx -y node-gyp@11.4.2 rebuild > /dev/null 2>&1) || echo 'pkcs11js could not be built: a C++ compiler, make and Python are needed' >&2
fi

if [ -n "$(missing)" ] && [ "$(id -u)" = 0 ] && has apt-get; then
  packages=
  has openssl || packages="$packages openssl"
  has_jdk || packages="$packages default-jdk-headless"
  has_jars || packages="$packages libbcpkix-java"
  has_softhsm || packages="$packages softhsm2"
  echo "apt-get install$packages"
  # shellcheck disable=SC2086
  apt-get install -y --no-install-recommends $packages || echo "apt-get could not install$packages" >&2
fi

if ! has_jars && has mvn; then
  mkdir -p "$cache"
  for artefact in bcprov bcutil bcpkix; do
    mvn -q -B dependency:copy "-Dartifact=org.bouncycastle:$artefact-jdk18on:$bouncy_castle" "-DoutputDirectory=$cache" ||
      echo "mvn could not fetch $artefact-jdk18on $bouncy_castle" >&2
  done
fi

if [ "${1:-}" = --python ]; then
  { python3 -m venv "$cache/python" && "$cache/python/bin/pip" install --quiet pyHanko==0.38.0 aiohttp==3.14.5 certomancer==0.16.0 certomancer-csc-dummy==0.4.2; } ||
    echo 'pip could not fetch pyHanko and certomancer-csc-dummy' >&2
fi

if [ "${1:-}" = --firefox ]; then
  if ! has firefox-esr && ! has firefox && [ "$(id -u)" = 0 ] && has apt-get; then
    apt-get install -y --no-install-recommends firefox-esr || echo 'apt-get could not install firefox-esr' >&2
  fi
  mkdir -p "$cache/firefox"
  npm install --silent --no-fund --no-audit --ignore-scripts --prefix "$cache/firefox" puppeteer-core@24.43.1 || echo 'npm could not fetch puppeteer-core' >&2
fi

still=$(missing)
if [ -n "$still" ]; then
  {
    echo
    echo "MISSING: $(echo "$still" | tr '\n' ' ')"
    echo 'The interop tests that need them will be skipped, and say so.'
    echo 'As root on Debian: apt-get install openssl default-jdk-headless libbcpkix-java softhsm2'
    echo 'Elsewhere: a JDK of 11 or later, and bcprov, bcutil and bcpkix of one version in interop/.cache or the folder HEFU_BC_JARS.'
  } >&2
  exit 1
fi
echo "openssl: $(openssl version)"
echo "java: $(java -version 2>&1 | head -n 1)"
echo 'Bouncy Castle: bcprov, bcutil, bcpkix found'
echo 'SoftHSM2 and pkcs11js found'
