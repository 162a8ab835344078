#!/bin/sh
# Continuous integration, anywhere: deploys, with the token from the CI's secret store and the result as JSON. Needs jbang
# and a JDK, 17 or later.
#
#   SYSTEMPROMPT_API_TOKEN  from the secret store; an environment variable is the only place where it is
#   SYSTEMPROMPT_PROFILE    the cloud profile, if there are several
#
# The exit codes tell what to do: 69 try again later, 75 look before trying again, 77 renew the token, 78 mend the project.
set -eu

scripts=${SCRIPTS:-.} # where deploy.java lies: this repository, or the folder that `just vendor` made

# JBang and Maven, which fetch and build, get no token; the script alone does.
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
(unset SYSTEMPROMPT_API_TOKEN && jbang export portable -O "$built/deploy.jar" "$scripts/deploy.java") >&2 || exit 69

status=0
result=$(java -jar "$built/deploy.jar" --json --wait "$@") || status=$?
printf '%s\n' "$result"
case $status in
75) echo "ci: whether this was deployed is unknown; see 'tenant status' before another try" >&2 ;;
esac
exit "$status"
