#!/bin/sh
# Installs Porras from this folder, without network and compiler; --help tells what may be said.
set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
for python in ${PORRAS_PYTHON:-python3.14 python3.13 python3.12 python3.11 python3}; do
    if "$python" -Ic 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
        exec "$python" -IB "$here/install.py" "$@"
    fi
done
found=$(python3 --version 2>&1) || found='no python3'
cat >&2 <<END
Porras was not installed: it needs Python 3.11, 3.12, 3.13 or 3.14, and here is $found.
Nothing was changed. Do one of these:
- install Python from your system (Debian 12 and newer: apt install python3), and run this again;
- say which Python to use: PORRAS_PYTHON=/path/to/python3 $0
- take the package that needs no Python: porras-…-linux-….tar.gz, .deb or .rpm.
END
exit 1
