// SPDX-License-Identifier: Apache-2.0
//
// context.js - who sees a scope in Node.js: children, worker threads, other async functions.
//
//	node context.js FLYTE.NODE FLYTECTX
const { execFileSync, spawn } = require('child_process');
const { Worker } = require('worker_threads');

const [addon, flytectx] = process.argv.slice(2);
const flyte = require(addon);
const command = ['get', 'custom_context.increment'];

function child() {
	return execFileSync(flytectx, command, { env: {} }).toString().trim();
}

function laterChild() {
	return new Promise((resolve) => {
		const started = spawn(flytectx, command, { env: {} });
		let output = '';
		started.stdout.on('data', (data) => { output += data; });
		started.on('close', () => resolve(output.trim()));
	});
}

function worker() {
	const code = `const flyte = require(${JSON.stringify(addon)});
		require('worker_threads').parentPort.postMessage(flyte.get('increment'));`;
	return new Promise((resolve) => new Worker(code, { eval: true }).on('message', resolve));
}

async function show(place) {
	console.log(`${place}: ${flyte.get('increment')}, a worker ${await worker()}, `
		+ `children ${child()} ${await laterChild()}`);
}

// A scope that is open across an await is seen by whatever runs meanwhile.
async function open() {
	const token = flyte.enter('increment', '3');
	await new Promise((resolve) => setTimeout(resolve, 20));
	flyte.exit(token);
}

async function meanwhile() {
	console.log(`another async function: ${flyte.get('increment')}`);
}

// So keep it to what is synchronous: all that is started in here has it.
function inScope(key, value, work) {
	const token = flyte.enter(key, value);
	try {
		return work();
	} finally {
		flyte.exit(token);
	}
}

async function main() {
	if (flyte.get('increment') === null) {
		console.log('outside a task');
		return;
	}
	await show('outside');
	const token = flyte.enter('increment', '2');
	await show('inside');
	flyte.exit(token);
	await show('after');
	await Promise.all([open(), meanwhile()]);
	const started = inScope('increment', '4', () => laterChild());
	console.log(`kept to what is synchronous: ${flyte.get('increment')}, a child ${await started}`);
	try {
		flyte.enter('increment', 'x'.repeat(100000));
	} catch (error) {
		console.log(`too large: ${error.message}`);
	}
}

main();
