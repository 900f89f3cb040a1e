// The script of policy.html: a room between the page and the user's code. It has an origin of its own (the page opens it with
// sandbox="allow-scripts") and starts the workers in which policies run; it never sees a policy itself.
import type { FromFrame, ToFrame } from './protocol';

/** The policy worker's script, put here when policy.html is built. */
declare const POLICY_WORKER: string;

const tell = (message: FromFrame) => parent.postMessage(message, '*');

function open(): void {
  const script = URL.createObjectURL(new Blob([POLICY_WORKER], { type: 'text/javascript' }));
  const spawn = () => {
    const worker = new Worker(script);
    worker.onmessage = ({ data }: MessageEvent<FromFrame>) => tell(data);
    worker.onerror = () => tell({ kind: 'forbidden' });
    return worker;
  };
  // One waits, so that no run has to wait for it; and starting it shows whether it may be started.
  let next = spawn();
  let running: Worker | undefined;
  addEventListener('message', ({ data, source, ports }: MessageEvent<ToFrame>) => {
    if (source !== parent) return;
    running?.terminate();
    running = undefined;
    if (data.kind === 'start') {
      running = next;
      running.onmessage = null;
      running.postMessage(undefined, [ports[0]!]);
      next = spawn();
    }
  });
}

// Opened by somebody else, or without its sandbox, it would run a stranger's code in the origin of the site: then it does nothing.
if (self.origin === 'null' && parent !== self) {
  tell({ kind: 'here' });
  try {
    open();
  } catch {
    tell({ kind: 'forbidden' });
  }
}
