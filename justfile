# Deploys a tenant: `just deploy`. Bare `just` lists the recipes.
#
# Another project's justfile may `import` this file or take it as a `mod`: the recipes act on the project in the
# directory where the user is, and the scripts are found beside this file.

set allow-duplicate-recipes

# What justw knows a wrapper by; a recipe may start justw anew
unexport JUSTW

systemprompt := quote(source_directory() / 'bin/run')

[private]
default:
    @{{ quote(just_executable()) }} --justfile {{ quote(source_file()) }} --list --unsorted

# Build, push and deploy the tenant's image
[group('deploy')]
[no-cd]
[no-exit-message]
[positional-arguments]
deploy *args:
    @exec {{ systemprompt }} deploy.java "$@"

# Find everything that would stop a deploy, and change nothing
[group('deploy')]
[no-cd]
[no-exit-message]
[positional-arguments]
doctor *args:
    @exec {{ systemprompt }} deploy.java --check "$@"

# Fetch a registry token and show what it is, masked
[group('deploy')]
[no-cd]
[no-exit-message]
[positional-arguments]
token *args:
    @exec {{ systemprompt }} registry_token.java "$@"

# Log in to the tenant's registry and push one local image
[group('deploy')]
[no-cd]
[no-exit-message]
[positional-arguments]
push *args:
    @exec {{ systemprompt }} docker_push.java "$@"

# Log in to the cloud: `just login [production|sandbox]`
[group('account')]
[no-cd]
[no-exit-message]
[positional-arguments]
login *args:
    @exec {{ systemprompt }} login.java "$@"

# Forget the credentials of this project
[group('account')]
[no-cd]
[no-exit-message]
[positional-arguments]
logout *args:
    @exec {{ systemprompt }} login.java logout "$@"

# Show who is logged in
[group('account')]
[no-cd]
[no-exit-message]
[positional-arguments]
whoami *args:
    @exec {{ systemprompt }} login.java whoami "$@"

# Choose the tenant and write the cloud profile: `just tenant [list|use ID|status]`
[group('account')]
[no-cd]
[no-exit-message]
[positional-arguments]
tenant *args:
    @exec {{ systemprompt }} tenant.java "$@"

# Deploy a sample project to a cloud on this machine
[group('try')]
[no-cd]
[no-exit-message]
[positional-arguments]
demo *args:
    @exec {{ systemprompt }} sandbox/demo.java "$@"

# Run a cloud on this machine, for development
[group('try')]
[no-cd]
[no-exit-message]
[positional-arguments]
sandbox *args:
    @exec {{ systemprompt }} sandbox/serve.java "$@"

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

_java-format:
    @{{ quote(source_directory() / 'bin/format') }} --check

_java-lint:
    @{{ quote(source_directory() / 'bin/lint') }}

# Outside CI a machine without shellcheck may skip it, visibly
_shell-lint:
    @cd {{ quote(source_directory()) }} && if command -v shellcheck >/dev/null || [ -n "${CI:-}" ]; then \
        shellcheck -x justw $(ls bin/* .ci/* examples/*.sh tests/bench/*.sh | grep -v java$); else echo "lint: no shellcheck here, shell scripts not checked" >&2; fi
