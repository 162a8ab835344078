# shellcheck shell=sh
# Sourced by justw and bin/*: the folder of what is fetched or built once, and the steps that make it safe when several
# processes arrive first at the same time. A result appears by a rename, whole or not at all; the lock only saves work.

cache=${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/systemprompt-deploy

# lock NAME: waits until no other process holds NAME. The lock is a symbolic link that names its holder: one atomic
# step that every system has (macOS has no flock), and a holder that is gone gives way.
lock() {
    mkdir -p "$cache"
    until ln -s "$$" "$cache/.$1.lock" 2>/dev/null; do
        holder=$(readlink "$cache/.$1.lock") || continue
        if kill -0 "$holder" 2>/dev/null; then sleep 0.1; else rm -f "$cache/.$1.lock"; fi
    done
    lock=$cache/.$1.lock
}

# stage: makes $staging, a private folder beside the finished results.
stage() {
    staging=$(mktemp -d "$cache/.staging.XXXXXX")
}

# Gives up what `lock` and `stage` took; also at exit and on signals, and needed before an exec, which runs no trap.
release() {
    rm -rf "${staging:-}"
    rm -f "${lock:-}"
}
trap release EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# SHA-256, to be used unquoted: one line a file, the hash before its name. macOS has shasum.
# shellcheck disable=SC2034
if command -v sha256sum >/dev/null; then sha256sum=sha256sum; else sha256sum="shasum -a 256"; fi
