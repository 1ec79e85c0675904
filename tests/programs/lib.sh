# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# lib.sh - what the families of programs share. A family is run with the build directory as its
# argument; it sources this file and calls `check` for each case.
#
# A case is one command that is run twice: as it is, and with a context and the preload. Both have
# to give the same stdout, stderr and wait status, that is, exit status or signal (SPEC 3.12,
# transparency). Where it starts `where`, every report of the second run has to be there, with the
# right context and the preload mapped in all processes on the way (SPEC 3.1); `reports`
# judges that. Where it starts none, the preload has to be mapped in the command itself.
#
# Each case gives one line, also where it can't run here: `needs` and `lacks` say why, and it is
# skipped by its name. So all machines have the same number of cases, that of checks.list, and a
# family that ends with another number fails.

set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
build=$(cd "${1:-build}" && pwd) || exit 1
programs=$build/programs
shim=$build/libflytectx.so

[[ -e $shim ]] || { echo "Bail out! no $shim: run make"; exit 1; }
work=$(mktemp -d) || exit 1
trap finish EXIT
cd "$work" || exit 1

# The interpreter itself: `python3` may be a script that looks for it.
python=$(python3 -c 'import sys; print(sys.executable)') || exit 1

# What commands under test write reports with: "$w LABEL [EXPECTED]".
log=$work/log
where=$programs/where
# shellcheck disable=SC2034
w="$where $log"

# action a0, custom context increment=1
carrier=1.26.an-a0.kv-increment~-1.m-r.
context=increment=1

cases=0 failures=0 skipped=0
# Why the cases that come next can't run here; empty where they can.
lacking=

pass() {
	echo "ok - $1"
	cases=$((cases + 1))
}

# $1 the name of the case; standard input says why.
fail() {
	echo "not ok - $1"
	sed 's/^/# /'
	cases=$((cases + 1)) failures=$((failures + 1))
}

# False, with a skipped case, where something is lacking: possible NAME
possible() {
	[[ $lacking ]] || return 0
	echo "ok - $1 # SKIP $lacking"
	cases=$((cases + 1)) skipped=$((skipped + 1))
	return 1
}

lacks() {
	lacking=$1
	return 1
}

# The cases up to the next `needs` are for machines that have these programs; false where this one
# has not.
needs() {
	local program
	lacking=
	for program; do
		command -v "$program" >/dev/null || lacks "no ${program##*/}" || return
	done
}

needs_terminal() {
	needs script && { script -qec true /dev/null >/dev/null 2>&1 || lacks "no pseudo-terminals here"; }
}

# Runs a command with $1 ("plain", "shim" or "witness") for the name of its results. The log's first line
# names the process that the command begins as.
run() {
	local kind=$1 setting=("FLYTE_CTX=$carrier" "LD_PRELOAD=$shim")
	shift
	case $kind in
	plain) setting=(-u FLYTE_CTX -u LD_PRELOAD) ;;
	witness) setting=("FLYTE_CTX=$carrier" "LD_PRELOAD=$shim:$programs/libwitness.so"
		"WITNESS=$work/witness") ;;
	esac
	rm -f "$work/$kind.status"
	# perl, because a shell can't tell the exit status 143 from SIGTERM.
	# shellcheck disable=SC2016
	timeout -k 1 600 perl -e 'my $file = shift; system(@ARGV);
		open(my $out, ">", $file) or die; print $out "$?\n"' "$work/$kind.status" \
		bash -c 'printf "root\t%s\ta0\t%s\n" $$ "$2" >"$1"; shift 2; exec env "$@"' \
		run "$log" "$context" "${setting[@]}" "$@" \
		</dev/null >"$work/$kind.out" 2>"$work/$kind.err"
}

# Some commands leave their children behind: waits until there are $1 reports, or a minute.
settle() {
	local tries=1200
	while (($(wc -l <"$log") <= $1 && tries--)); do
		sleep 0.05
	done
}

# Where nothing reports: the process that the command begins as has the preload mapped, says another
# preload.
witness() {
	local root
	: >"$work/witness"
	run witness "$@"
	read -r _ root _ <"$log"
	grep -qx "$root" "$work/witness" || echo "libflytectx.so is not mapped in the command"
}

# Both runs of a case, and what is wrong with the second: COUNT COMMAND...
compare() {
	local count=$1 kind
	shift
	run plain "$@"
	if [[ $count == same ]]; then
		count=$(($(wc -l <"$log") - 1))
		((count)) || echo "no reports"
	fi
	settle "$count"
	(($(wc -l <"$log") == count + 1)) || echo "$(($(wc -l <"$log") - 1)) reports" \
		"without the preload, not $count: $(cat "$work/plain.err" "$work/plain.out" | head -c 300)"
	run shim "$@"
	settle "$count"
	"$python" "$here/reports" --check "$count" "$log"
	for kind in out err status; do
		cmp -s "$work/plain.$kind" "$work/shim.$kind" ||
			diff "$work/plain.$kind" "$work/shim.$kind" | head -10 | cut -c 1-300 |
			sed "s/^/$kind: /"
	done
	((count)) || witness "$@"
}

# check NAME COUNT COMMAND...: COUNT is how many reports the command makes; `same`, where that depends
# on the versions of programs, as many as without the preload. What a program says on stderr may be
# chance, such as which of its processes is first: where that alone differs, both runs are made again.
check() {
	local name=$1 tries=3
	shift
	possible "$name" || return
	while ((tries--)); do
		compare "$@" >"$work/faults" 2>&1
		grep -qv '^err: ' "$work/faults" && break
		[[ -s $work/faults ]] || break
	done
	judge "$name"
}

# A case of the limits in README.md, where the preload can't be everywhere:
# limit NAME OUTPUT COMMAND..., with what the command prints in a task.
limit() {
	local name=$1 output=$2
	shift 2
	possible "$name" || return
	run shim "$@"
	{
		diff <(printf '%s\n' "$output") "$work/shim.out"
		cat "$work/shim.err"
	} >"$work/faults" 2>&1
	judge "$name"
}

# Passes where no fault was found: judge NAME
judge() {
	if [[ -s $work/faults ]]; then
		fail "$1" <"$work/faults"
	else
		pass "$1"
	fi
}

# Holds the number of cases against checks.list, however the family came to its end.
finish() {
	local family=${0##*/} recorded
	recorded=$(awk -v family="$family" '$1 == family { print $2 }' "$here/checks.list")
	rm -rf "$work"
	if ((cases == ${recorded:-0})); then
		pass "$family: $cases cases, $skipped of them skipped"
	else
		fail "$family: $cases cases, $skipped of them skipped" <<<"recorded: ${recorded:-none}"
	fi
	echo "1..$cases"
	exit $((failures != 0))
}
