#!/bin/sh
# Installs Porras from this folder, which brings its own Python; --help tells what may be said.
# What has to hold before that Python can run is checked here, in the shell that every system has.
set -u

refuse() {
    printf '\nPorras: %s Nothing was changed.\n' "$1" >&2
    exit 1
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
told() { sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" "$here/package.toml"; }

[ -r "$here/package.toml" ] && [ -r "$here/files.sha256" ] ||
    refuse "the package in $here is not whole. Copy it again and unpack it anew."

is=$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)
is_for=$(told system)
[ "$is" = "$is_for" ] || refuse "this package is for $is_for, and this computer is $is. Take the package for this computer."

glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null) || glibc=
glibc=${glibc#glibc }
needs=$(told glibc)
if [ -n "$glibc" ]; then
    major=${glibc%%.*} minor=${glibc#*.}
    [ "$major" -gt 2 ] || [ "${minor%%.*}" -ge "${needs#*.}" ] ||
        refuse "it needs glibc $needs or newer, and this system has $glibc. It is too old for this package."
fi

echo 'Porras: checking each file of the package …'
if command -v sha256sum >/dev/null; then
    wrong=$(cd -- "$here" && LC_ALL=C sha256sum -c files.sha256 2>/dev/null | grep -v ': OK$')
    [ -z "$wrong" ] || refuse "these files of the package are missing, or are not as files.sha256 says:
$(printf '%s\n' "$wrong" | head -n 5)
Copy the whole package again and unpack it anew."
fi
if [ ! -f "$here/files.sha256.sig" ]; then
    echo 'The package is not signed.'
elif ! command -v ssh-keygen >/dev/null; then
    echo 'There is no ssh-keygen here, so nobody has looked at the signature of the package yet.'
else
    read -r signer _ <"$here/allowed_signers"
    ssh-keygen -Y verify -f "$here/allowed_signers" -I "$signer" -n porras-package \
        -s "$here/files.sha256.sig" <"$here/files.sha256" ||
        refuse 'its list of files was changed after it was signed. Do not use this package.'
    echo 'Compare that fingerprint with the one that you were told by another way.'
fi

"$here/bin/python3" -IBc '' 2>/dev/null ||
    refuse "$here/bin/python3 does not start. Where $here is mounted noexec, unpack the package in another folder, such as your home. Where this is a system without glibc, this package does not run there."
exec "$here/bin/python3" -IB "$here/install.py" "$@"
