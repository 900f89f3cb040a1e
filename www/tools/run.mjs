// Runs other programs and shows, in one line each, what is being done and for how long.
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository, and the folder of the page. */
export const root = fileURLToPath(new URL('../../', import.meta.url));
export const www = fileURLToPath(new URL('../', import.meta.url));

/** Something only the user can put right; its message is the one sentence that says how. */
export class Missing extends Error {}

export const seconds = (since) => (performance.now() - since) / 1000;

/** The full path of the first of these commands that exists, looked up as a shell would. */
export function findCommand(...names) {
  for (const name of names) {
    for (const folder of name.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        if (statSync(path).isFile()) return path;
      } catch {
        // Not here: try the next folder.
      }
    }
  }
  return undefined;
}

/** Runs a command to its end; resolves with its exit code and all it printed, and never rejects. */
export function run(command, args, { cwd = root, env, onOutput } = {}) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        onOutput?.(text);
      });
    }
    child.on('error', (error) => resolve({ code: 127, output: `${command}: ${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Does some work under a label. A terminal shows the newest line of output, a log a sign of life every 30 s. */
export async function task(label, work) {
  const start = performance.now();
  const live = process.stdout.isTTY;
  let newest = '';
  const show = () => {
    const text = `${label}  ${seconds(start).toFixed(0)} s  ${newest}`;
    if (live) process.stdout.write(`\r\x1b[2K${text.slice(0, process.stdout.columns - 1)}`);
    else console.log(`${label} …  ${seconds(start).toFixed(0)} s`);
  };
  const timer = setInterval(show, live ? 200 : 30_000);
  if (live) show();
  const finish = (end) => {
    clearInterval(timer);
    console.log(`${live ? '\r\x1b[2K' : ''}${label}  ${seconds(start).toFixed(1)} s${end}`);
  };
  try {
    const result = await work((text) => {
      newest = text.trim().split(/[\r\n]/).at(-1).trim() || newest;
    });
    finish('');
    return result;
  } catch (error) {
    finish('  failed');
    throw error;
  }
}

/** A command that has to succeed, shown as a task; what it printed is shown only if it fails. */
export function step(label, command, args, options) {
  return task(label, async (onOutput) => {
    const { code, output } = await run(command, args, { ...options, onOutput });
    if (code !== 0) throw new Error(`${command} ${args.join(' ')}\n${output.trim()}`);
    return output;
  });
}

/** Runs a program's main function; a missing prerequisite ends it with its sentence alone. */
export async function main(program) {
  try {
    await program();
  } catch (error) {
    console.error(error instanceof Missing ? error.message : `\n${error.message ?? error}`);
    process.exit(1);
  }
}
