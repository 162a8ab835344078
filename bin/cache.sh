# shellcheck shell=sh
# Sourced by justw and bin/*, which hand it their own arguments: how they fail, the folder of what is fetched or built
# once, and what makes it safe when several processes arrive first at the same time, or one is killed. A result appears by
# a rename, whole or not at all; the lock only saves work.

# What is removed at the end must not come from the environment.
cache='' home='' staging='' unfinished='' me='' ticker='' names=''
proxies='' above='Its own message is above'

# What a user has set for his own eyes would change what ls and tar say here.
unset TIME_STYLE BLOCK_SIZE LS_BLOCK_SIZE TAR_OPTIONS

case " $* " in *" --json "*) json=yes ;; *) json=no ;; esac

# fail MESSAGE HINT [CODE]: ends the script as the scripts in Java end, with --json on stdout too.
fail() {
    be_quiet
    echo "${0##*/}: $1. $2" >&2
    code=${3:-69}
    case $code in 2) name=usage ;; 78) name=config ;; *) name=unavailable ;; esac
    [ "$json" = no ] ||
        printf '{"error":{"stage":null,"code":"%s","message":%s,"hint":%s,"exit_code":%s,"resume":null}}\n' \
            "$name" "$(quoted "$1")" "$(quoted "$2")" "$code"
    exit "$code"
}

# quoted TEXT: TEXT as a JSON string.
quoted() {
    printf '"%s"' "$(printf %s "$1" | LC_ALL=C tr '\001-\037' ' ' | LC_ALL=C sed 's/["\\]/\\&/g')"
}

# SHA-256, to be used unquoted: one line a file, the hash before its name. macOS has shasum.
# shellcheck disable=SC2034
if command -v sha256sum >/dev/null; then sha256sum=sha256sum; else sha256sum="shasum -a 256"; fi

# find_java: sets $java; $collector, the one that starts soonest, unless the user chose another, since two are an error; and
# $one_compiler, by which the first compiler has one thread, unless the user chose compilers, since the second needs another.
# Without a locale Java can neither find a file nor take a word that is not ASCII, so it gets one. A user's own stays.
# shellcheck disable=SC2034
find_java() {
    if [ -n "${JAVA_HOME:-}" ]; then
        java=$JAVA_HOME/bin/java
        [ -x "$java" ] || fail "JAVA_HOME is $JAVA_HOME, where there is no bin/java" "Unset it, or set it to a JDK, 17 or later"
    else
        java=$(command -v java) || fail "Java is missing" "Install a JDK, 17 or later"
    fi
    collector=-XX:+UseSerialGC one_compiler=-XX:CICompilerCount=1
    options="${JDK_JAVA_OPTIONS:-} ${JAVA_TOOL_OPTIONS:-} ${_JAVA_OPTIONS:-}"
    case "$options ${JBANG_JAVA_OPTIONS:-}" in
    *@* | *-XX:Flags=* | *-XX:VMOptionsFile=*) collector='' one_compiler='' ;;
    *-XX:+Use*GC*) collector='' ;;
    esac
    case $options in *Tiered* | *Compiler*) one_compiler='' ;; esac
    check_options
    case $(locale charmap 2>/dev/null) in ANSI_X3.4-1968 | US-ASCII | '') export LC_ALL=C.UTF-8 ;; esac
}

# check_options: whether $java starts at all, where a variable has options for it or its memory is limited: it would say why not
# on stdout. A debugger's agent says there where it listens, and may wait for the debugger.
check_options() {
    # shellcheck disable=SC3045 # where it is not known, nothing is limited
    names=$(ulimit -v 2>/dev/null) || names=unlimited
    case $names in unlimited) names='' ;; *) names=" ulimit -v" ;; esac
    for name in JDK_JAVA_OPTIONS JAVA_TOOL_OPTIONS _JAVA_OPTIONS; do
        eval "said=\${$name:-}"
        [ -z "$said" ] || names="$names $name"
        case $said in *jdwp=*) export "$name=${said%%jdwp=*}jdwp=quiet=y,${said#*jdwp=}" ;; esac
    done
    case "$names,$options" in ,* | *jdwp=*) ;; *) check_java ;; esac
}

# check_java: whether $java is new enough, which costs too much to be asked at each start.
check_java() {
    said=$("$java" -version 2>&1) || {
        printf '%s\n' "$said" >&2
        fail "$java does not start" "$above${names:+; look at$names}"
    }
    number=$(printf '%s\n' "$said" | sed -n 's/.* version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p')
    [ "${number:-17}" -lt 17 ] || return 0
    if [ -n "${JAVA_HOME:-}" ]; then
        fail "JAVA_HOME is $JAVA_HOME, which is Java $number" "Unset it, or set it to a JDK, 17 or later"
    fi
    fail "$java is Java $number" "Install a JDK, 17 or later"
}

# find_proxies: sets $proxies to the options by which Java takes what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say, for Maven and
# JBang. A password would stand among the processes for all to read, so it goes no such way.
find_proxies() {
    for scheme in https http; do
        case $scheme in
        https) proxy=${https_proxy:-${HTTPS_PROXY:-}} ;;
        http) proxy=${http_proxy:-${HTTP_PROXY:-}} ;;
        esac
        proxy=${proxy#*://} proxy=${proxy%%/*}
        case $proxy in
        *@*) above="$above. A proxy that asks for a password must be in ~/.m2/settings.xml" ;;
        '' | *[!A-Za-z0-9.:_-]*) ;;
        *:*) proxies="$proxies -D$scheme.proxyHost=${proxy%:*} -D$scheme.proxyPort=${proxy##*:}" ;;
        *) proxies="$proxies -D$scheme.proxyHost=$proxy -D$scheme.proxyPort=80" ;;
        esac
    done
    [ -n "$proxies" ] || return 0
    direct=$(printf %s "${no_proxy:-${NO_PROXY:-}}" | tr -s ', ' '\n' |
        sed -n 's/^\*\{0,1\}\.\{0,1\}\([A-Za-z0-9._-]\{1,\}\)$/|\1|*.\1/p' | tr -d '\n')
    proxies="$proxies -Dhttp.nonProxyHosts=localhost|127.*$direct -Daether.connector.http.useSystemProperties=true"
}

# ours PATH...: whether each is a file or folder of this user that nobody else can write, and no link. Each recipe asks,
# so it costs one process; every sh has -O.
ours() {
    for each in "$@"; do
        # shellcheck disable=SC3067
        [ -O "$each" ] || return 1
    done
    # What the loader has to say on stderr, of a variable such as LD_PRELOAD, is no file's mode.
    each=$(ls -ld "$@" 2>/dev/null) || return 1
    case $newline$each in *"$newline"[!d-]* | *"$newline"?????w* | *"$newline"????????w*) return 1 ;; esac
}
newline='
'

# Sets $cache. A user without a home gets one in the folder for temporary files. A relative XDG_CACHE_HOME would be another
# folder in each project, one that came with it. What is run from there, and $cache itself, must be `ours`.
open_cache() {
    case ${XDG_CACHE_HOME:-},${HOME:-} in
    /*) cache=$XDG_CACHE_HOME/systemprompt-deploy ;;
    *,/*) cache=$HOME/.cache/systemprompt-deploy ;;
    *) cache= ;;
    esac
    if ! make_cache; then
        case ${XDG_CACHE_HOME:-} in
        /*) fail "Cannot make the folder $cache" "Name another one with XDG_CACHE_HOME" ;;
        esac
        case ${TMPDIR:-} in /*) home=$TMPDIR ;; *) home=/tmp ;; esac
        home=$home/systemprompt-deploy-$(id -u)
        cache=$home/.cache/systemprompt-deploy
        if ! make_cache || ! ours "$home"; then
            fail "There is no HOME to keep things in, and $home is not this user's own" \
                "Name a folder with XDG_CACHE_HOME"
        fi
    fi
}

make_cache() {
    [ -d "$cache" ] || (umask 077 && mkdir -p "$cache") 2>/dev/null
}

# lock NAME WHAT: waits until no other process does WHAT, and makes $staging, a private folder beside the results.
lock() {
    ours "$cache" || fail "$cache belongs to another user, can be written by others or is a link, so nothing in it is run" \
        "Remove it, or name another folder with XDG_CACHE_HOME"
    staging=$(mktemp -d "$cache/.staging.XXXXXX" 2>/dev/null) || cannot_write
    held=$cache/.lock-$1
    [ ! -e "$held" ] || [ -w "$held" ] || fail "Cannot write $held" "Delete it"
    tries=0
    until take; do
        tries=$((tries + 1))
        [ "$tries" -ne 20 ] || echo "${0##*/}: waiting for another process that $2 ..." >&2
        [ "$tries" -lt $((time_limit * 10)) ] ||
            fail "Another process that $2 has not ended within $time_limit seconds" "End it, or delete $held"
        sleep 0.1
    done
    # A full disk is told now, and not by a tool in the middle of its work.
    dd if=/dev/zero of="$staging/room" bs=1048576 count=48 2>/dev/null || cannot_write
    rm -f "$staging/room"
    find "$cache" -maxdepth 1 -name '.staging.*' -mtime +1 -exec rm -rf {} + 2>/dev/null || : # of who was killed
}
time_limit=600

cannot_write() {
    fail "Cannot write to the folder $cache" \
        "See that it is not read-only and its disk has 50 MB free, or name another one with XDG_CACHE_HOME"
}

# Tries once. Where there is `flock` the kernel ends a lock with its process. Elsewhere (macOS) it is a link that names its
# holder, which is made in one step. One whose holder is gone is removed by one process at a time, after another look.
take() {
    if command -v flock >/dev/null; then
        exec 9>>"$held"
        flock -n 9
        return
    fi
    me=$(uname -n):$$:$(started $$)
    ln -s "$me" "$held" 2>/dev/null && return
    holder=$(readlink "$held") && is_gone "$holder" && ln -s "$me" "$held.gone" 2>/dev/null || return 1
    [ "$(readlink "$held")" != "$holder" ] || rm -f "$held"
    rm -f "$held.gone"
    return 1
}

# A process of another machine, or in another container, is not seen from here.
is_gone() {
    pid=${1#*:}
    [ "${1%%:*}" = "$(uname -n)" ] || return 1
    ! kill -0 "${pid%%:*}" 2>/dev/null || [ "${pid#*:}" != "$(started "${pid%%:*}")" ]
}

# started PID: when it started, which tells it from a later process of the same number.
started() {
    if [ -r "/proc/$1/stat" ]; then
        sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 20
    else
        TZ=UTC0 LC_ALL=C ps -o lstart= -p "$1"
    fi 2>/dev/null | tr -cd '[:alnum:]'
}

# tool COMMAND...: runs what fetches or builds. It gets neither the API token nor the lock, and a home where there is none.
tool() (
    unset SYSTEMPROMPT_API_TOKEN
    umask 077
    if is_homeless; then set -- env HOME="${home:-$cache}" "$@"; fi
    exec "$@" 9>&-
)

# Whether this user has no home that can be written, or no account, which is where Java looks for it. Then JBang and Maven
# keep in the cache what they fetch.
is_homeless() {
    if [ -d "${HOME:-}" ] && [ -w "$HOME" ] && id -un >/dev/null 2>&1; then return 1; fi
    export JBANG_DIR="$cache/jbang" JBANG_REPO="$cache/repository"
}

# announce TEXT: says what takes long, and where a person watches, how long it has taken.
announce() {
    case ${TERM:-dumb} in dumb) watched=no ;; *) if [ -t 2 ]; then watched=yes; else watched=no; fi ;; esac
    if [ "$watched" = no ]; then
        echo "$1 ..." >&2
        return
    fi
    (
        trap 'exit 0' TERM
        seconds=0
        while kill -0 $$ 2>/dev/null; do
            printf '\r%s ... %s s ' "$1" "$seconds" >&2
            sleep 1
            seconds=$((seconds + 1))
        done
    ) 9>&- &
    ticker=$!
}

be_quiet() {
    [ -z "${ticker:-}" ] || { kill "$ticker" 2>/dev/null && echo >&2; }
    ticker=
}

# Gives up what the functions above took; also at exit and on signals, and needed before an exec, which runs no trap.
release() {
    be_quiet
    rm -rf "${staging:-}" "${unfinished:-}"
    if [ -n "${me:-}" ] && [ "$(readlink "$held")" = "$me" ]; then rm -f "$held"; fi
    exec 9>&-
    staging='' unfinished='' me=''
}
trap release EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
