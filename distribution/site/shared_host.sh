#!/bin/sh
# Prepares a host that several nurses share: one account owns the store, everybody else only starts Porras by it.
#
#   sh shared_host.sh --group nurses --check       tells what would be done, and changes nothing
#   sh shared_host.sh --group nurses               makes it; a second run changes nothing
#   sh shared_host.sh --remove                     takes wrapper and rule away; the data stays
#
#   --program FILE    the program (/usr/bin/porras, or /usr/local/bin/porras where that one is not there)
#   --account NAME    the account that owns the store (porras)
#   --home FOLDER     its folder (/var/lib/ACCOUNT)
#
# Exit status 0: done, or nothing to do. 1: refused, and nothing was changed. 2: wrong usage.
set -u
umask 077
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
LC_ALL=C
export LC_ALL

WRAPPER=/usr/local/bin/porras-work
RULES=/etc/sudoers.d
MARK='# Written by shared_host.sh of Porras.'
account=porras
group=
program=
home=
deed='make'

refuse() {
    printf 'shared_host: %s\nNothing was changed.\n' "$1" >&2
    exit "${2:-1}"
}

# A name of an account or a group: nothing that sudo, the shell or a path could take otherwise.
check_name() {
    case $2 in
    '' | [!a-z_]* | *[!a-z0-9_-]*) refuse "$1 '$2' is no name: letters from a to z, digits, _ and -, at most 31." 2 ;;
    esac
    [ "${#2}" -le 31 ] || refuse "$1 '$2' is longer than 31 characters." 2
}

check_path() {
    case $2 in
    /*) ;;
    *) refuse "$1 '$2' does not begin with /." 2 ;;
    esac
    case $2 in
    *[!A-Za-z0-9/._-]* | *//* | */../* | */.. | */./* | */. | */)
        refuse "$1 '$2' has characters or parts that a rule of sudo may not have." 2 ;;
    esac
}

# Refuse a path on which somebody but root could put something else: any folder, any link, and the end of each link.
check_owner() {
    way=$(namei -om -- "$1") || refuse "$1 does not lead to a file: namei -om $1"
    open=$(printf '%s\n' "$way" | sed 1d | grep -Ev '^ *(l.{9}|.{5}-.{2}-.) root ' | head -n 1)
    [ -z "$open" ] || refuse "others than root may change the way to $1, here:$open. Mend its owner or rights: namei -om $1"
}

failed() {
    printf 'shared_host: %s\nRun this again once that is mended; --remove takes away what was made.\n' "$1" >&2
    exit 1
}

need_value() { [ "$1" -ge 2 ] || refuse "$2 needs a value." 2; }

while [ $# -gt 0 ]; do
    case $1 in
    --group | --account | --program | --home)
        need_value $# "$1"
        case $1 in
        --group) group=$2 ;;
        --account) account=$2 ;;
        --program) program=$2 ;;
        --home) home=$2 ;;
        esac
        shift
        ;;
    --check) deed=check ;;
    --remove) deed=remove ;;
    -h | --help)
        sed -n '2,/^# Exit/s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    *) refuse "'$1' is no option here; --help lists them." 2 ;;
    esac
    shift
done

check_name --account "$account"
[ -n "$home" ] || home=/var/lib/$account
check_path --home "$home"
rule=$RULES/$account
if [ "$deed" != remove ]; then
    check_name --group "$group"
    if [ -z "$program" ]; then
        program=/usr/bin/porras
        [ -e "$program" ] || program=/usr/local/bin/porras
    fi
    check_path --program "$program"
fi
[ "$(id -u)" = 0 ] || refuse "only root may do this: sudo sh $0 …"
for tool in sudo visudo useradd getent namei; do
    command -v "$tool" >/dev/null 2>&1 || refuse "$tool is missing here. Install the packages sudo, passwd and util-linux first."
done

# The file is ours, or is not there.
check_ours() {
    if [ -L "$1" ]; then refuse "$1 is a link. Look at it, and remove it if it is not needed."; fi
    [ ! -e "$1" ] || grep -qxF "$MARK" "$1" || refuse "$1 was not written by this script. Look at it, and move it away."
}
check_ours "$WRAPPER"
check_ours "$rule"

# One rule at a time: a second one would stay in force when "the rule" is taken away.
check_alone() {
    for other in "$RULES"/*; do
        if [ "$other" != "$rule" ] && [ -f "$other" ] && grep -qxF "$MARK" "$other"; then
            refuse "the rule $other lets people in by another account. Take it away first: --remove --account ${other##*/}"
        fi
    done
}
if [ "$deed" != remove ] || [ ! -e "$rule" ]; then check_alone; fi

if [ "$deed" = remove ]; then
    rm -f -- "$rule" "$WRAPPER" || refuse "$rule or $WRAPPER could not be removed."
    echo "The rule and the wrapper are gone. Nobody starts Porras through sudo any more."
    if [ -d "$home" ] && [ -n "$(ls -A "$home")" ]; then
        echo "The account $account and its folder $home stay, since there is data in it."
        echo "Once that is in a backup elsewhere: userdel $account && rm -r $home"
    elif getent passwd "$account" >/dev/null && [ "$(getent passwd "$account" | cut -d: -f6)" = "$home" ]; then
        userdel "$account" || failed "the account $account could not be taken away: does somebody still work by it?"
        [ ! -d "$home" ] || rmdir -- "$home" || failed "the empty folder $home could not be taken away."
        echo "The account $account is gone too: its folder was empty."
    fi
    exit 0
fi

if [ ! -f "$program" ] || [ ! -x "$program" ]; then
    refuse "there is no program $program. Install Porras for all users first, or name it by --program."
fi
check_owner "$program"
getent group "$group" >/dev/null || refuse "there is no group $group. Make it, and put the nurses into it: groupadd $group"
if entry=$(getent passwd "$account"); then
    [ "$(printf %s "$entry" | cut -d: -f3)" != 0 ] || refuse "the account $account is root itself."
    [ "$(printf %s "$entry" | cut -d: -f6)" = "$home" ] ||
        refuse "the account $account is there already, with another folder than $home. Name it by --home, or another account."
else
    if [ -e "$home" ]; then refuse "$home is there already, and no account $account. Look at it, or name another --home."; fi
fi

wrapper_text() {
    cat <<END
#!/bin/sh
$MARK
if [ \$# -gt 0 ]; then
    echo "porras-work takes no arguments: the rule of sudo allows none." >&2
    exit 2
fi
# Whatever ends the program, nothing of a client stays on the terminal: marks of pastes and mouse off,
# page and scrollback wiped, the first screen back, single keys off.
tidy() {
    printf '\\033[m\\033[H\\033[2J\\033[3J\\033[?2004l\\033[?1000l\\033[?1002l\\033[?1003l\\033[?1006l\\033[?1049l\\033[?25h'
    stty sane
}
sudo --user=$account --set-home -- $program
status=\$?
[ "\$status" -lt 128 ] || tidy
exit "\$status"
END
}

# The empty quotes allow no argument: neither another database nor another folder of pathways.
rule_text() {
    cat <<END
$MARK
Defaults>$account env_reset, umask=0077
Defaults>$account env_keep += "TERM LANG LC_ALL LC_CTYPE SSH_CONNECTION"
%$group ALL=($account) NOPASSWD: $program ""
END
}

# Where the folder of the store would be: nobody else's, and nobody else may put another in its place.
check_home() {
    if [ -L "$home" ]; then refuse "$home is a link. Name the folder itself by --home."; fi
    case $(stat -c '%U %a' -- "$home" 2>/dev/null)$(ls -A -- "$home" 2>/dev/null) in
    '' | "$account "* | 'root 700') ;; # the last one was made here, and cut short
    *) refuse "$home is there and belongs to another than $account. Name another --home or --account." ;;
    esac
    above=$(dirname -- "$home")
    until [ -e "$above" ]; do above=$(dirname -- "$above"); done
    check_owner "$above"
}
check_home
check_owner "$(dirname -- "$WRAPPER")"

# The rule is looked at by visudo before it counts: sudo passes over names with a dot.
new_rule=$RULES/.$account.new
trap 'rm -f -- "$new_rule" "$WRAPPER.new"' EXIT
trap 'exit 1' HUP INT TERM
visudo -cq >/dev/null 2>&1 || refuse "the rules of sudo do not hold as they are: visudo -c"
grep -Eq "^[#@]includedir[[:space:]]+$RULES/?[[:space:]]*\$" /etc/sudoers ||
    refuse "sudo does not look into $RULES here. Add to /etc/sudoers by visudo: @includedir $RULES"
if ! { rule_text >"$new_rule" && chmod 440 "$new_rule"; }; then refuse "$new_rule could not be written."; fi
visudo -cqf "$new_rule" || refuse "visudo does not take the rule for group $group and program $program."

to_do() { printf '%s\n' "$1"; changes=yes; }
changes=
getent passwd "$account" >/dev/null || to_do "account $account, with the folder $home (700)"
wrapper_text | cmp -s - "$WRAPPER" || to_do "wrapper $WRAPPER, which starts $program as $account"
cmp -s "$new_rule" "$rule" || to_do "rule $rule, for the group $group"
if [ -d "$home" ] && [ "$(stat -c '%U %a' "$home")" != "$account 700" ]; then to_do "rights of $home: $account alone (700)"; fi
if [ -z "$changes" ]; then
    echo "Everything is there already. Nothing was changed."
    exit 0
fi
if [ "$deed" = check ]; then
    echo "That would be made or mended. Nothing was changed."
    exit 0
fi

getent passwd "$account" >/dev/null ||
    useradd --system --user-group --no-create-home --home-dir "$home" --shell /usr/sbin/nologin "$account" ||
    failed "the account $account could not be made."
[ -d "$home" ] || mkdir -p -- "$home" || failed "the folder $home could not be made."
if ! { chown "$account:" "$home" && chmod 700 "$home"; }; then failed "$home could not be given to $account."; fi
if ! { wrapper_text >"$WRAPPER.new" && chmod 755 "$WRAPPER.new" && mv -f -- "$WRAPPER.new" "$WRAPPER"; }; then
    failed "$WRAPPER could not be written."
fi
# The rule comes last: before it nobody is let in.
mv -f -- "$new_rule" "$rule" || failed "$rule could not be written."
if ! visudo -cq >/dev/null 2>&1; then
    rm -f -- "$rule"
    failed "with the rule the others do not hold any more, so it was taken away: visudo -c"
fi
echo "Made. Whoever is in the group $group starts Porras by: porras-work"
