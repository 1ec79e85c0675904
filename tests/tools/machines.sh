# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
#
# machines - one C file, built and run for each machine that the preload is built for. A script
# sources this behind tap.sh, with the folder of the build in `build`.

# compile_for MACHINE FILE OPTION...: FILE.c as $work/FILE-MACHINE; false where there is no compiler.
compile_for()
{
	local machine=$1 file=$2 root=/usr/aarch64-linux-gnu
	shift 2
	case $machine in
	native) ${CC:-gcc} -Icore -D_GNU_SOURCE "$work/$file.c" -o "$work/$file-$machine" "$@" ;;
	i386) gcc -m32 -Icore -D_GNU_SOURCE "$work/$file.c" -o "$work/$file-$machine" "$@" ;;
	aarch64) clang --target=aarch64-linux-gnu -fuse-ld=lld -Icore -D_GNU_SOURCE "$work/$file.c" \
		-o "$work/$file-$machine" -Wl,--dynamic-linker=$root/lib/ld-linux-aarch64.so.1,-rpath,$root/lib "$@" ;;
	esac 2>/dev/null
}

# run_for MACHINE FILE ARGUMENT...: with the preload of that machine, and FLYTE_CTX as it is.
run_for()
{
	local machine=$1 file=$2
	shift 2
	case $machine in
	native) timeout 60 env LD_PRELOAD="$build/libflytectx.so" "$work/$file-$machine" "$@" ;;
	i386) timeout 60 env LD_PRELOAD="$build/flytectx-i386/libflytectx.so" "$work/$file-$machine" "$@" ;;
	aarch64) timeout 60 qemu-aarch64-static -E LD_PRELOAD="$build/flytectx-aarch64/libflytectx.so" "$work/$file-$machine" "$@" ;;
	esac
}

# can_run MACHINE: is there a preload of it, and a processor or an emulator for it?
can_run()
{
	case $1 in
	native) ;;
	i386) [ -e "$build/flytectx-i386/libflytectx.so" ] ;;
	aarch64) [ -e "$build/flytectx-aarch64/libflytectx.so" ] && command -v qemu-aarch64-static >/dev/null ;;
	esac
}

# compiler_of MACHINE: the compiler of its programs, as words.
compiler_of()
{
	local root=/usr/aarch64-linux-gnu
	case $1 in
	i386) echo "${I386_CC:-gcc -m32}" ;;
	aarch64) echo "${AARCH64_CC:-clang --target=aarch64-linux-gnu -fuse-ld=lld -Wno-unused-command-line-argument}" \
		"-Wl,--dynamic-linker=$root/lib/ld-linux-aarch64.so.1,-rpath,$root/lib" ;;
	esac
}

# run_all_of MACHINE COMMAND...: where programs of that machine run, those that they start too. aarch64 is
# emulated in a namespace with a binfmt_misc of its own, so that this machine goes on as it was.
# shellcheck disable=SC2016 # for the inner shell
run_all_of()
{
	local magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
	local mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
	if [ "$1" != aarch64 ]; then
		"${@:2}"
		return
	fi
	shift
	unshare --user --map-root-user --mount sh -c '
		mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc &&
		printf %s "$0" >/proc/sys/fs/binfmt_misc/register && exec "$@"' \
		":aarch64:M::$magic:$mask:$(command -v qemu-aarch64-static):" "$@"
}
