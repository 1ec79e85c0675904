# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# tap - what test scripts share: TAP lines on stdout, read by tests/tools/harness. A script sources
# this, and ends with `tap_end`, which prints the plan: a script that ends before it has failed.
# `tap_run` takes over the results of other programs.

tap_failed=0 tap_count=0
# What subshells count, which can't change variables of the script.
tap_tally=${TMPDIR:-/tmp}/flytectx-tap.$$
[ ! -e "$tap_tally" ] || rm -f "$tap_tally"

# One more result: 0 where it is good, else 1.
tap_add()
{
	if [ "$BASHPID" = $$ ]; then
		tap_count=$((tap_count + 1)) tap_failed=$((tap_failed | $1))
	else
		echo "$1" >>"$tap_tally"
	fi
}

ok() # NAME
{
	tap_add 0
	printf 'ok - %s\n' "$1"
}

not_ok() # NAME [DIAGNOSTICS]
{
	tap_add 1
	printf 'not ok - %s\n' "$1"
	[ -z "${2-}" ] || printf '%s\n' "$2" | sed 's/^/# /'
}

skip() # NAME REASON
{
	tap_add 0
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

# One line of a program's TAP, as a result of this script.
tap_line() # LINE
{
	local result=''
	case $1 in
	ok | ok\ *) result=ok ;;
	not\ ok | not\ ok\ *) result='not ok' ;;
	'TAP version '*) return ;;
	1..[0-9]*)
		[[ ! $1 =~ ^1\.\.([0-9]+)(\ .*)?$ ]] || { tap_planned=$((${tap_planned:-0} + BASH_REMATCH[1])); return; }
		;;
	esac
	[ -n "$result" ] || { printf '%s\n' "$1"; return; }
	set -- "${1#"$result"}"
	[[ ! $1 =~ ^\ [0-9]+(.*) ]] || set -- "${BASH_REMATCH[1]}"
	# cmocka says `not ok 3 # SKIP name`.
	if [[ $1 =~ ^\ *\#\ SKIP\ ?(.*) ]]; then
		result=ok
		set -- " - ${BASH_REMATCH[1]} # SKIP the test says so"
	fi
	tap_got=$((tap_got + 1))
	if [ "$result" = ok ]; then
		tap_add 0
	else
		tap_add 1
		tap_bad=$((tap_bad + 1))
	fi
	printf '%s%s\n' "$result" "$1"
}

# Runs a program that prints TAP, and takes its results over. What it plans has to come, and where its
# exit status is not 0, a result has to say why.
tap_run() # NAME COMMAND...
{
	local name=$1 line tap_planned='' tap_got=0 tap_bad=0 status=
	shift
	while IFS= read -r line || [ -n "$line" ]; do
		case $line in
		'') ;;
		'tap_run: status '*) status=${line##* } ;;
		*) tap_line "$line" ;;
		esac
	done < <("$@" 2>&1 || status=$?; printf '\ntap_run: status %d\n' "${status:-0}")
	if [ "${tap_planned:-none}" != "$tap_got" ]; then
		not_ok "$name: as many results as planned" "planned: ${tap_planned:-nothing}
got:     $tap_got"
	elif [ "$status" != 0 ] && [ "$tap_bad" = 0 ]; then
		not_ok "$name: ended with status $status"
	fi
}

tap_end()
{
	local result
	if [ -e "$tap_tally" ]; then
		while read -r result; do
			tap_add "$result"
		done <"$tap_tally"
		rm -f "$tap_tally"
	fi
	printf '1..%d\n' "$tap_count"
	exit "$tap_failed"
}

# The carrier with these fields: `carrier an-a0. kv-increment~-1.`
carrier()
{
	local body
	body=$(printf '%s' "$@")
	printf '1.%d.%s' "${#body}" "$body"
}
