# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# lib.sh - what the families of programs share. A family is run with the build directory as its
# argument; it sources this file, calls `check` for each case and ends with `finish`.
#
# A case is one command that is run twice: as it is, and with a context and the preload. Both have
# to give the same stdout, stderr and exit status (SPEC 3, transparency). Where it starts `where`,
# every report of the second run has to be there, with the right context and the preload mapped in
# all processes on the way (SPEC 3, propagation); `reports` judges that.

set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
build=$(cd "${1:-build}" && pwd) || exit 1
programs=$build/programs
shim=$build/libflytectx.so

[[ -e $shim ]] || { echo "Bail out! no $shim: run make"; exit 1; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# What commands under test write reports with: "$w LABEL [EXPECTED]".
log=$work/log
where=$programs/where
# shellcheck disable=SC2034
w="$where $log"

# action a0, custom context increment=1
carrier=1.26.an-a0.kv-increment~-1.m-r.
context=increment=1

failures=0

pass() {
	echo "ok - $1"
}

# $1 the name of the case; standard input says why.
fail() {
	echo "not ok - $1"
	sed 's/^/# /'
	failures=$((failures + 1))
}

skip() {
	echo "ok - $1 # SKIP $2"
}

# False, with a skipped case, where a program is missing: have NAME PROGRAM...
have() {
	local program
	for program in "${@:2}"; do
		if ! command -v "$program" >/dev/null; then
			skip "$1" "no ${program##*/}"
			return 1
		fi
	done
}

# Runs a command with $1 ("plain" or "shim") for the name of its results. The log's first line
# names the process that the command begins as.
run() {
	local kind=$1 status setting=(-u FLYTE_CTX -u LD_PRELOAD)
	shift
	[[ $kind == plain ]] || setting=("FLYTE_CTX=$carrier" "LD_PRELOAD=$shim")
	# The outer redirection is for what this shell says of a command that a signal ended.
	# shellcheck disable=SC2016
	{
		timeout -k 1 60 bash -c \
			'printf "root\t%s\ta0\t%s\n" $$ "$2" >"$1"; shift 2; exec env "$@"' \
			run "$log" "$context" "${setting[@]}" "$@" \
			</dev/null >"$work/$kind.out" 2>"$work/$kind.err"
		status=$?
	} 2>/dev/null
	echo $status >"$work/$kind.status"
}

# Some commands leave their children behind: waits until there are $1 reports, but not for long.
settle() {
	local tries=100
	while (($(wc -l <"$log") <= $1 && tries--)); do
		sleep 0.05
	done
}

# check NAME COUNT COMMAND...: COUNT is how many reports the command makes.
check() {
	local name=$1 count=$2 kind
	shift 2
	{
		run plain "$@"
		settle "$count"
		(($(wc -l <"$log") == count + 1)) || echo "$(($(wc -l <"$log") - 1)) reports" \
			"without the preload, not $count: $(head -c 300 "$work/plain.err")"
		run shim "$@"
		settle "$count"
		"$here/reports" --check "$count" "$log"
		for kind in out err status; do
			cmp -s "$work/plain.$kind" "$work/shim.$kind" ||
				diff "$work/plain.$kind" "$work/shim.$kind" | head -10 | cut -c 1-300 |
				sed "s/^/$kind: /"
		done
	} >"$work/faults" 2>&1
	if [[ -s $work/faults ]]; then
		fail "$name" <"$work/faults"
	else
		pass "$name"
	fi
}

finish() {
	exit $((failures != 0))
}
