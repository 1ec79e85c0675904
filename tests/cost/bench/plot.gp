# SPDX-License-Identifier: Apache-2.0
#
# plot - docs/benchmarks/*.svg, from what `report data` writes: gnuplot -e "data='DIR'; folder='DIR'".
# A dot is a median, its bar the 95 % interval.

set encoding utf8
set border 3 linecolor rgb '#999999'
set tics nomirror scale 0.4 textcolor rgb '#333333'
set grid linecolor rgb '#e4e4e4' linetype 1 linewidth 1
grey = '#8a8a8a'
orange = '#d9822b'
blue = '#1f5fbf'
set style line 1 linecolor rgb grey pointtype 7 pointsize 0.5 linewidth 1.5
set style line 2 linecolor rgb orange pointtype 7 pointsize 0.5 linewidth 1.5
set style line 3 linecolor rgb blue pointtype 7 pointsize 0.5 linewidth 2

svg(width, height) = sprintf("set terminal svg size %d,%d font 'Helvetica,12' background '#ffffff'", width, height)
output(name) = sprintf("set output '%s/%s.svg'", folder, name)
file(name) = sprintf('%s/%s', data, name)

# Rows: what is nothing or nearly so, ours, peers.
colour(kind) = kind == 1 ? 0x1f5fbf : kind == 0 ? 0x8a8a8a : 0xd9822b

# --- what is preloaded, beside nothing -------------------------------------------------------

eval svg(1000, 330)
eval output('time')
unset key
set multiplot layout 1,5 margins 0.165,0.985,0.1,0.8 spacing 0.025,0 \
	title "{/:Bold Time beside nothing preloaded}  (glibc; 1 is no difference)" offset 0,0.3
set xtics rotate by 0
do for [name in 'exec fork spawn thread make'] {
	set title (name eq 'exec' ? 'exec of a short program' : name eq 'fork' ? 'fork and wait' : \
		name eq 'spawn' ? 'posix\_spawn and wait' : name eq 'thread' ? 'create and join' : \
		'make -j2') offset 0,-0.6
	set xrange [*:*]
	set yrange [*:*]
	stats file(name) using 5 nooutput
	least = STATS_min < 1 ? STATS_min : 1
	stats file(name) using 6 nooutput
	set yrange [9.5:-0.5]
	span = STATS_max - least
	set xrange [least - 0.08 * span : least + 1.08 * span]
	step = span > 2 ? 1 : span > 1 ? 0.5 : span > 0.6 ? 0.25 : span > 0.3 ? 0.1 : span > 0.1 ? 0.05 : span > 0.03 ? 0.02 : 0.01
	set xtics step
	set arrow 1 from 1, graph 0 to 1, graph 1 nohead linecolor rgb '#666666' dashtype 2
	# The names of all rows, which only the calls have; at the left panel.
	plot file('fork') using (1):2:ytic(name eq 'exec' ? strcol(1) : '') with points pointtype 0 \
		linecolor rgb '#ffffff', \
		file(name) using 4:2:5:6:(colour($3)) with xerrorbars \
		pointtype 7 pointsize 0.6 linewidth 1.5 linecolor rgb variable
}
unset multiplot
unset arrow 1
# --- memory ----------------------------------------------------------------------------------

eval svg(620, 300)
eval output('memory')
set title "{/:Bold Private memory of a process, above nothing}  (glibc; after a little of everything)"
set xlabel 'KiB'
set margins 24, 3, 3.5, 2.5
set yrange [9.5:-0.5]
set xrange [-10:70]
set xtics auto
set arrow 1 from 24, graph 0 to 24, graph 1 nohead linecolor rgb '#c03030' dashtype 2
set label 1 'limit' at 24.5, 0 textcolor rgb '#c03030'
plot file('memory') using 4:2:5:6:(colour($3)):ytic(1) with xerrorbars \
	pointtype 7 pointsize 0.7 linewidth 1.5 linecolor rgb variable
unset arrow 1
unset label 1
set margins -1, -1, -1, -1
set yrange [*:*]

# --- scaling ---------------------------------------------------------------------------------

eval svg(1000, 620)
eval output('scaling')
unset key
set bars 0.6
set ytics auto
set format y '%.2f'
# A key has no room in any panel; drawn with the first.
set label 1 '● nothing again: the noise' at screen 0.31, 0.925 textcolor rgb grey
set label 2 '● empty .so' at screen 0.52, 0.925 textcolor rgb orange
set label 3 '● flytectx' at screen 0.63, 0.925 textcolor rgb blue
set multiplot layout 2,2 margins 0.06,0.985,0.085,0.86 spacing 0.07,0.15 \
	title "{/:Bold How the cost grows: time beside nothing preloaded}  (glibc; 1 is no difference)"
do for [name in 'environment keys threads tree'] {
	set title (name eq 'environment' ? 'posix\_spawn and wait, with more variables in the environment' : \
		name eq 'keys' ? 'posix\_spawn and wait, by the keys of the context' : \
		name eq 'threads' ? 'create and join, by the threads that are alive' : \
		'a tree of processes, each of which starts two') offset 0,-0.6
	set xlabel (name eq 'environment' ? 'variables' : name eq 'tree' ? 'levels' : name) offset 0,0.5
	if (name eq 'tree') {
		unset logscale x
		set xrange [0.5:12.5]
		set xtics 2
	} else {
		set logscale x
		set xrange [(name eq 'environment' ? 7 : 0.7) : (name eq 'environment' ? 14000 : 1400)]
		set xtics auto
	}
	plot file('scaling-'.name) using 1:2:3:4 with yerrorlines linestyle 1, \
		'' using 1:5:6:7 with yerrorlines linestyle 2, \
		'' using 1:8:9:10 with yerrorlines linestyle 3
	unset label
}
unset multiplot

# --- scopes ----------------------------------------------------------------------------------

eval svg(620, 300)
eval output('scopes')
set key top left reverse Left samplen 1.5 noautotitle
set title "{/:Bold Scopes, by the keys of the context}  (glibc)"
set xlabel 'keys'
set ylabel 'ns'
set logscale xy
set xtics auto
set xrange [0.7:1400]
set yrange [5:3000]
set format y '%g'
plot file('scopes') using 1:2:3:4 with yerrorlines linestyle 3 title 'enter of one pair, and exit', \
	'' using 1:5:6:7 with yerrorlines linestyle 2 title 'lookup'
