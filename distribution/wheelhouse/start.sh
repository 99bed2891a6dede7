#!/bin/sh
# Starts this version of Porras with the Python that it was installed with, and with nothing else's modules.
here=${0%/*}
if [ -x "$here/python3" ]; then exec "$here/python3" -IB -m tui "$@"; fi
echo "porras: the Python with which Porras was installed is gone; install Porras again." \
    "/ Python, jolla Porras asennettiin, on poistettu. Asenna Porras uudelleen." >&2
exit 1
