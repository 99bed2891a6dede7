#!/bin/sh
# Builds the Pythons of the packages in a Debian of its own, as root and with network: in_root.sh OUT
# The Debian is an old one, because what is built there runs on it and on all that came after.
set -eu
out=$(mkdir -p "$1" && cd "$1" && pwd)
suite=${SUITE:-bullseye}   # the C library: Debian 11 has glibc 2.31
sources=${SOURCES:-trixie} # of CPython 3.13, with the corrections that Debian makes there
here=$(cd "$(dirname "$0")" && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

debootstrap --variant=minbase "$suite" "$root" ${MIRROR:+"$MIRROR"}
sed -n "s/^deb \([^ ]*\) $suite main.*/deb-src \1 $sources main/p" "$root/etc/apt/sources.list" >"$root/sources"
cat "$root/sources" >>"$root/etc/apt/sources.list"
cp "$here/build.sh" "$root/build.sh"
mkdir "$root/out"
cat >"$root/all.sh" <<'END'
set -eu
export DEBIAN_FRONTEND=noninteractive
dpkg --add-architecture arm64
apt-get update -qq
libraries='zlib1g-dev libffi-dev libsqlite3-dev libncurses-dev'
apt-get install -y -qq --no-install-recommends gcc libc6-dev make pkg-config dpkg-dev xz-utils $libraries \
    gcc-aarch64-linux-gnu libc6-dev-arm64-cross $(printf '%s:arm64 ' $libraries)
mkdir /source
cd /source
apt-get source -qq python3.13
sh /build.sh /source/python3.13-3* /out x86_64 aarch64
END
chroot "$root" sh /all.sh
cp -a "$root"/out/linux-* "$out"
echo "The Pythons are in $out."
