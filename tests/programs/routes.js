// SPDX-License-Identifier: Apache-2.0
/*
 * routes.js - each way in which node starts processes and threads.
 *
 *	node routes.js ROUTE WHERE LOG
 *
 * Prints what is the same in every run. All of ROUTE is in the function of that name.
 */
'use strict';
const cluster = require('cluster');
const { once } = require('events');
const child = require('child_process');
const util = require('util');
const threads = require('worker_threads');

const [route, where, log] = threads.workerData || process.argv.slice(2);
const command = (label) => `${where} ${log} ${label}`;

// Resolves when the child has ended and its streams are closed.
async function ended(started) {
	let text = '';
	started.stdout?.on('data', (data) => (text += data));
	started.stderr?.on('data', (data) => (text += data));
	console.log(...(await once(started, 'close')), text);
}

function clear() {
	for (const name in process.env) delete process.env[name];
}

const routes = {
	sync() {
		console.log(child.execSync(command('execSync') + '; echo out', { env: {} }).toString());
		console.log(child.execFileSync(where, [log, 'execFileSync'], { env: {} }).toString());
		console.log(child.spawnSync(where, [log, 'spawnSync'], { env: {} }).status);
		const input = { env: {}, shell: '/bin/bash', input: 'in', encoding: 'utf8' };
		const { status, stdout, stderr } = child.spawnSync(
			`${command('shell')}; cat; echo err >&2; exit 3`, input);
		console.log(status, stdout, stderr);
	},

	async asynchronous() {
		await ended(child.exec(command('exec') + '; echo out; exit 3', { env: {} }));
		await ended(child.execFile(where, [log, 'execFile'], { env: {} }));
		await ended(child.spawn(where, [log, 'spawn'], { env: {} }));
		await ended(child.spawn(command('spawn') + '; kill -TERM $$', { env: {}, shell: true }));
		await ended(child.spawn(where, [log, 'inherit'], { env: {}, stdio: 'inherit' }));
		await ended(child.spawn('sh', ['-c', command('argv0')], { env: {}, argv0: 'other' }));
		const promised = util.promisify(child.exec);
		console.log((await promised(command('promise') + '; echo out', { env: {} })).stdout);
	},

	async cleared() {
		clear();
		await ended(child.spawn(where, [log, 'spawn']));
		await ended(child.exec(command('exec') + '; echo out'));
		console.log(child.spawnSync(where, [log, 'spawnSync']).status);
	},

	async concurrent() {
		const started = [];
		for (let i = 0; i < 30; i++)
			started.push(once(child.spawn(where, [log, 'concurrent'], { env: {} }), 'close'));
		console.log((await Promise.all(started)).join());
	},

	async detached() {
		const started = child.spawn('setsid', ['-w', where, log, 'detached'],
			{ env: { PATH: process.env.PATH }, detached: true, stdio: 'ignore' });
		await ended(started);
	},

	async failures() {
		for (const name of ['/nowhere/at/all', 'no_such_command_here', '/etc/passwd'])
			console.log(child.spawnSync(name, { env: {} }).error.code);
		const killed = child.spawn('sleep', ['60'], { env: {} });
		killed.kill('SIGKILL');
		await ended(killed);
		console.log(child.spawnSync('sh', ['-c', 'exit 143']).status);
		const slow = child.spawnSync('sleep', ['60'], { env: {}, timeout: 100 });
		console.log(slow.status, slow.signal, slow.error.code);
	},

	// Of node itself, with a channel for messages.
	async fork() {
		const started = child.fork(__filename, ['forked', where, log], { env: {}, silent: true });
		started.once('message', (message) => started.send(message + 1));
		await ended(started);
	},

	async forked() {
		process.send(child.spawnSync(where, [log, 'forked'], { env: {} }).status);
		console.log((await once(process, 'message'))[0]);
		process.disconnect();
	},

	async cluster() {
		if (cluster.isPrimary) {
			clear();
			cluster.setupPrimary({ args: ['cluster', where, log] });
			const started = [cluster.fork(), cluster.fork()];
			console.log((await Promise.all(started.map((one) => once(one, 'exit')))).join());
		} else {
			const { status } = child.spawnSync(where, [log, 'cluster'], { env: {} });
			process.exit(status + 4);
		}
	},

	// Workers in different environments, and one below each of them.
	async workers() {
		const started = [{}, { A: '1' }, threads.SHARE_ENV].map((env) =>
			new threads.Worker(__filename, { env, workerData: ['worker', where, log] }));
		console.log((await Promise.all(started.map((one) => once(one, 'exit')))).join());
	},

	// Says nothing, since others run at the same time; its status is 5 where all went well.
	async worker() {
		const { status } = child.spawnSync(where, [log, 'worker']);
		const [code] = await once(child.spawn(where, [log, 'worker'], { env: {} }), 'close');
		const below = new threads.Worker(__filename, { workerData: ['deepest', where, log] });
		process.exitCode = (await once(below, 'exit'))[0] + status + code + 5;
	},

	deepest() {
		child.execSync(command('deepest'), { env: {} });
	},
};

routes[route]();
