#!/bin/sh
# Starts this version of Porras with the Python beside it; links to this file are followed.
me=$0
case $me in
*/*) ;;
*) me=$(command -v -- "$me") ;;
esac
while [ -L "$me" ]; do
    to=$(readlink "$me") || break
    case $to in
    /*) me=$to ;;
    *) me=${me%/*}/$to ;;
    esac
done
exec "${me%/*}/bin/python3" -IB -m tui "$@"
