# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# lib.sh - what the suites share. A suite is called `SUITE BUILD sample|full`; it sources this file,
# says what `version` of the tests it has, hands a function that runs them to `both`, and ends with
# `finish`.
#
# The function is called twice: with $kind "plain", and "shim" for a run with a context and the
# preload. It starts the tests by `enter`, and calls `result NAME RESULT` for each. What tests print
# goes to $outputs. Every result has
# to be the same in both runs (SPEC 3.12). The processes in which the tests run start
# `where`, or are looked at from here, so that a run without the preload can't pass for one with it.

set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
build=$(cd "${1:-build}" && pwd) || exit 1
size=${2:-sample}
suite=${0##*/}
# shellcheck source=tests/tools/tap.sh
. "$here/../tools/tap.sh"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir "$work/bin" "$work/logs" "$build/suites" 2>/dev/null
cp "$build/libflytectx.so" "$build/programs/where" "$work/bin/" || exit 1

# The action a0, the custom context increment=1.
carrier=1.26.an-a0.kv-increment~-1.m-r.
context=increment=1

# Foreign suites leave tests out for root, or ask not to be run by it.
as_user=()
((EUID)) || as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)

# For the user of the tests: own FILE...
own() {
	((EUID)) || chown -R 65534:65534 "$@"
}
own "$work/logs"

# Says that the suite can't run here, and why.
leave() {
	skip "$suite" "$1"
	tap_end
}

# The source of an installed Debian package, in $source; unpacked once, by lists of our own.
debian_source() { # PACKAGE
	local version upstream lists=$build/suites/lists
	version=$(dpkg-query -W -f '${source:Version}' "$1") || leave "$1 is not installed"
	upstream=${version%-*}
	source=$build/suites/source/$1-${upstream#*:}
	[[ ! -e $source ]] || return 0
	mkdir -p "$lists/partial" "${source%/*}"
	# The release itself: it has the sources of what security updates patch, of the same version.
	# shellcheck disable=SC2016 # of apt-get
	apt-get indextargets --format 'deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Component: main' \
		"Codename: $(. /etc/os-release && echo "$VERSION_CODENAME")" 2>/dev/null |
		sort -u >"$lists.$1"
	local apt=(apt-get -q -y -o "Dir::Etc::sourcelist=$lists.$1" -o Dir::Etc::sourceparts=/dev/null
		-o "Dir::State::lists=$lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
		-o APT::Sandbox::User=root)
	{
		flock 9
		"${apt[@]}" update
		cd "${source%/*}" && { "${apt[@]}" source --download-only "$1=$version" ||
			"${apt[@]}" source --download-only "$1"; } &&
			dpkg-source --no-check -x "$1_${upstream#*:}"-*.dsc "$source.new.$$" &&
			mv "$source.new.$$" "$source"
	} 9>"$lists.lock" >"$lists.$1.log" 2>&1
	[[ -e $source ]] || leave "no source of $1 $version: $(tail -n 1 "$lists.$1.log")"
}

result() { # NAME RESULT
	printf '%s\t%s\n' "$1" "$2" >>"$work/$kind.results"
}

# Runs a command of the suite. LOG gets the line that `where` and `reports` want first.
enter() { # SECONDS LOG [VARIABLE=VALUE...] COMMAND...
	local limit=$1 log=$2 setting=()
	shift 2
	[[ $kind == plain ]] ||
		setting=("FLYTE_CTX=$carrier" "LD_PRELOAD=$work/bin/libflytectx.so")
	# shellcheck disable=SC2016
	timeout -k 1 "$limit" "${as_user[@]}" env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin \
		HOME="$place" TMPDIR="$place" LANG=C.UTF-8 SHELL=/bin/bash TERM=dumb bash -c \
		'printf "root\t%s\ta0\t%s\n" $$ "$2" >"$1"; shift 2; exec env "$@"' \
		enter "$log" "$context" "${setting[@]}" "$@" </dev/null
}

# Both runs, each in a directory $place of its own: at once, or in turn where tests name files
# in /tmp.
both() { # FUNCTION [in_turn]
	for kind in plain shim; do
		place=$work/$kind
		mkdir "$place"
		own "$place"
		: >"$work/$kind.results"
		outputs=$build/suites/$suite/$kind
		rm -rf "$outputs"
		mkdir -p "$outputs"
		"$1" &
		[[ ${2-} != in_turn ]] || wait
	done
	wait
}

# The log of a process that starts `where` once.
log_of() { # NAME
	echo "$work/logs/$kind.${1//\//_}"
}

check_logs() {
	local log
	shopt -s nullglob
	for log in "$work"/logs/shim.*; do
		"$here/../programs/reports" --check 1 "$log" 2>&1 | sed "s/^/${log##*/}: /"
	done
	for log in "$work"/logs/plain.*; do
		! grep -q '|yes' "$log" || echo "${log##*/} has the preload"
	done
}

finish() {
	cp "$work"/*.results "$build/suites/$suite/"
	is "$suite: the tests ran with the preload, and in the context" '' "$(check_logs)"
	tap_run "$suite" "$here/compare" "$suite" "$size" "${version:?}" "$work" "$build/suites"
	tap_end
}
