# The recipes of this repository; bare `just` lists them. Another project's justfile imports deploy.just.

import 'deploy.just'

# What justw knows a wrapper by, and what it tells deploy.just; a recipe may start justw anew
unexport JUSTW
unexport SYSTEMPROMPT_JUSTW

[private]
default:
    @{{ quote(just_executable()) }} --justfile {{ quote(source_file()) }} --list --unsorted

# Deploy a sample project to a cloud on this machine
[group('try')]
[no-cd]
[no-exit-message]
[positional-arguments]
demo *args:
    @{{ _systemprompt_run }} sandbox/demo.java "$@"

# Run a cloud on this machine, for development
[group('try')]
[no-cd]
[no-exit-message]
[positional-arguments]
sandbox *args:
    @{{ _systemprompt_run }} sandbox/serve.java "$@"

# Copy scripts and what they need into another repository: `just vendor [--tests] DIR [SCRIPT...]`
[group('share')]
[no-cd]
[no-exit-message]
[positional-arguments]
vendor *args:
    @exec {{ quote(source_directory() / 'bin/vendor') }} "$@"

# Print a shell's completions of the scripts: `just completions bash|zsh|fish`
[group('share')]
[no-exit-message]
[positional-arguments]
completions shell='':
    @cd {{ quote(source_directory()) }} && jbang=$(command -v jbang) || jbang=bin/jbang; \
        exec "$jbang" --quiet bin/completions.java "$@"

# Run the tests, or those whose class name holds a word: `just test Retry`
[group('develop')]
[no-exit-message]
[positional-arguments]
test *args:
    @exec {{ quote(source_directory() / 'bin/test') }} "$@"

# Draw the README's pictures from a real run against the sandbox
[group('develop')]
[no-exit-message]
pictures:
    @exec {{ quote(source_directory() / 'bin/pictures') }}

# Check formatting and lint, then run the tests
[group('develop')]
check: lint test

# Check formatting, compile with all warnings, check the shell scripts
[group('develop')]
lint: _justfile-format _java-format _java-lint _shell-lint

# Format the sources
[group('develop')]
format:
    @{{ quote(just_executable()) }} --justfile {{ quote(source_file()) }} --fmt
    @{{ quote(just_executable()) }} --justfile {{ quote(source_directory() / 'deploy.just') }} --fmt
    @{{ quote(source_directory() / 'bin/format') }}

# Measure ours beside what one would write by hand: `just bench [--quick] [--write]`
[group('develop')]
[no-exit-message]
[positional-arguments]
bench *args:
    @exec {{ quote(source_directory() / 'bin/bench') }} "$@"

# Lock the dependencies: write the SHA-256 of each, as the repositories have it today
[group('develop')]
lock:
    @{{ quote(source_directory() / 'bin/lock') }}

_justfile-format:
    @{{ quote(just_executable()) }} --justfile {{ quote(source_file()) }} --fmt --check
    @{{ quote(just_executable()) }} --justfile {{ quote(source_directory() / 'deploy.just') }} --fmt --check

_java-format:
    @{{ quote(source_directory() / 'bin/format') }} --check

_java-lint:
    @{{ quote(source_directory() / 'bin/lint') }}

# Outside CI a machine without shellcheck may skip it, visibly
_shell-lint:
    @cd {{ quote(source_directory()) }} && if command -v shellcheck >/dev/null || [ -n "${CI:-}" ]; then \
        shellcheck -x justw $(find bin .ci examples/*.sh tests/bench/*.sh -type f ! -name '*.java'); else echo "lint: no shellcheck here, shell scripts not checked" >&2; fi
