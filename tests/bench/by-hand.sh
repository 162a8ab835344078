#!/bin/sh
# A deploy as one would type it: what ours is measured against. It checks nothing, and leaves the password in
# ~/.docker/config.json. by-hand.sh deploy|push|token TENANT REPOSITORY TAG; `push` is for an image that was built.
set -eu

verb=$1 tenant=$2 repository=$3 tag=$4
field() {
    sed -n "s/.*\"$2\" *: *\"\([^\"]*\)\".*/\1/p" "$1" | head -n 1
}
credentials=.systemprompt/credentials.json
bearer=$(field $credentials api_token)
api=$(field $credentials api_url)/api/v1/tenants/$tenant

local=by-hand/app:$tag
[ "$verb" != deploy ] || docker build --quiet --file .systemprompt/Dockerfile --tag "$local" . >/dev/null

answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
curl --silent --fail --header "Authorization: Bearer $bearer" "$api/registry-token" >"$answer"
[ "$verb" != token ] || exit 0
registry=$(field "$answer" registry)
password=$(field "$answer" password)
image=$registry/$repository:$tag

printf '%s' "$password" | docker login --username "$(field "$answer" username)" --password-stdin "$registry" \
    >/dev/null 2>&1
docker tag "$local" "$image"
docker push --quiet "$image" >/dev/null
[ "$verb" = push ] || curl --silent --fail --header "Authorization: Bearer $bearer" \
    --header 'Content-Type: application/json' --data "{\"image\":\"$image\"}" "$api/deploy" >/dev/null
