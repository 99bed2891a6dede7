#!/bin/sh
# Builds the CPython of the packages: build.sh SOURCE OUT x86_64|aarch64 …
# All of its modules, and of the libraries that they need, go into its one program, so that it runs
# from any folder on every Linux whose glibc is as new as the one here. README.md tells the rest.
set -eu
export LC_ALL=C SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-1750000000}"

source=$1 out=$2
shift 2
here=$(uname -m)

# Not built: compression that nothing here reads, TLS (there is no network), and windows.
for module in _bz2 _lzma _ssl _hashlib _tkinter _gdbm _dbm readline nis _uuid _curses_panel _crypt; do
    export "py_cv_module_$module=n/a"
done

part() { # name, package of Debian with the library, licence, cpe
    # The version of the library, without what the packagers count.
    version=$(dpkg-query -W -f '${Version}' "$2:$debian")
    version=${version#*:}
    printf '%s\t%s\t%s\t%s\n' "$1" "$(printf %s "${version%%[-+]*}" | sed "s/\.dfsg.*//")" "$3" "$4"
    mkdir -p "$made/licences/$1"
    cp "/usr/share/doc/$2/copyright" "$made/licences/$1/copyright"
}

for machine in "$@"; do
    host=$machine-linux-gnu
    lib=/usr/lib/$host
    work=$(mktemp -d)
    made=$out/.new-linux-$machine
    rm -rf "$made"
    mkdir -p "$made"
    debian=amd64 CC=gcc cross=
    [ "$machine" = x86_64 ] || debian=arm64
    if [ "$machine" != "$here" ]; then
        CC=$host-gcc
        cross="--with-build-python=$out/linux-$here/bin/python3.13 ac_cv_file__dev_ptmx=yes
            ac_cv_file__dev_ptc=no ac_cv_buggy_getaddrinfo=no"
    fi
    (
        cd "$work"
        export CC MODULE_BUILDTYPE=static
        export ZLIB_CFLAGS=' ' ZLIB_LIBS="$lib/libz.a"
        export LIBFFI_CFLAGS="-I/usr/include/$host" LIBFFI_LIBS="$lib/libffi.a"
        export LIBSQLITE3_CFLAGS=' ' LIBSQLITE3_LIBS="$lib/libsqlite3.a -lm -ldl -lpthread"
        export CURSES_CFLAGS=' ' CURSES_LIBS="$lib/libncursesw.a $lib/libtinfo.a"
        # shellcheck disable=SC2086
        "$source/configure" --quiet --host="$host" --build="$here-linux-gnu" $cross --prefix=/python \
            --disable-test-modules --without-ensurepip --with-system-libmpdec=no --without-readline \
            --without-static-libpython CFLAGS="-O2 -g0 -ffile-prefix-map=$work=. -ffile-prefix-map=$source=." \
            LDFLAGS="-Wl,-s -Wl,--exclude-libs,libsqlite3.a:libz.a:libffi.a:libncursesw.a:libtinfo.a"
        make -s -j"$(nproc)"
        make -s install DESTDIR="$work/installed"
    ) >&2
    mv "$work/installed/python"/* "$made"
    rm -rf "$work"
    ln -sf python3.13 "$made/bin/python3"
    mkdir -p "$made/licences/CPython"
    cp "$source/LICENSE" "$made/licences/CPython/LICENSE"
    {
        version=$(sed -n 's/^#define PY_VERSION  *"\(.*\)"/\1/p' "$source/Include/patchlevel.h")
        printf 'CPython\t%s\tPSF-2.0\tpython:python\n' "$version"
        part zlib zlib1g-dev Zlib zlib:zlib
        part libffi libffi-dev MIT libffi_project:libffi
        part SQLite libsqlite3-dev blessing sqlite:sqlite
        part ncurses libncurses-dev X11 gnu:ncurses
    } >"$made/parts"
    mv "$made/parts" "$made/parts.tsv"
    rm -rf "$out/linux-$machine"
    mv "$made" "$out/linux-$machine"
done
