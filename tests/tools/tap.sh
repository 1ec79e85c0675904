# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# tap - what test scripts share: TAP lines on stdout, counted by scripts/test. A script sources
# this, and ends with `tap_end`.

tap_failed=0

ok() # NAME
{
	printf 'ok - %s\n' "$1"
}

not_ok() # NAME [DIAGNOSTICS]
{
	tap_failed=1
	printf 'not ok - %s\n' "$1"
	[ -z "${2-}" ] || printf '%s\n' "$2" | sed 's/^/# /'
}

skip() # NAME REASON
{
	printf 'ok - %s # SKIP %s\n' "$1" "$2"
}

# Equal or not: NAME EXPECTED GOT
is()
{
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "expected: $2
got:      $3"
	fi
}

tap_end()
{
	exit "$tap_failed"
}

# The carrier with these fields: `carrier an-a0. kv-increment~-1.`
carrier()
{
	local body
	body=$(printf '%s' "$@")
	printf '1.%d.%s' "${#body}" "$body"
}
