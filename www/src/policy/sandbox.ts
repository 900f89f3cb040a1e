// The page's side of policy.html: opens the frame when it is first needed, starts and stops the workers in it, and finds out
// why it is not to be had.
import type { FromFrame, ToFrame } from './protocol';

/**
 * Why no policy can run here: the content policy forbids the frame; its script did not run, be it that policy.html is absent or
 * sent with a policy that forbids it; the script runs, but may start no worker or evaluate nothing.
 */
export type Forbidden = 'frame' | 'silence' | 'worker';

/** Once loaded, the frame speaks within a moment; this long is for a busy machine. */
const GRACE_MS = 2_000;

/** A frame that is neither loaded nor forbidden by now will not come. */
const PATIENCE_MS = 15_000;

export class Sandbox {
  #frame?: HTMLIFrameElement;
  #opened?: Promise<Forbidden | undefined>;

  /** Opens the frame, the first time it is asked; resolves with what stands in the way, if anything does. */
  open(): Promise<Forbidden | undefined> {
    this.#opened ??= new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.setAttribute('sandbox', 'allow-scripts');
      frame.hidden = true;
      frame.title = 'policy';
      const listening = new AbortController();
      const { signal } = listening;
      const end = (forbidden?: Forbidden) => {
        listening.abort();
        clearTimeout(patience);
        resolve(forbidden);
      };
      let patience = setTimeout(() => end('silence'), PATIENCE_MS);
      let here = false;
      const heard = ({ source, data }: MessageEvent<FromFrame>) => {
        if (source !== frame.contentWindow) return;
        if (data.kind === 'here') here = true;
        else end(data.kind === 'ready' ? undefined : 'worker');
      };
      addEventListener('message', heard, { signal });
      document.addEventListener(
        'securitypolicyviolation',
        ({ effectiveDirective }) => {
          if (effectiveDirective === 'frame-src' || effectiveDirective === 'child-src') end('frame');
        },
        { signal },
      );
      frame.addEventListener(
        'load',
        () => {
          clearTimeout(patience);
          patience = setTimeout(() => end(here ? 'worker' : 'silence'), GRACE_MS);
        },
        { signal },
      );
      frame.src = './policy.html';
      document.body.append(frame);
      this.#frame = frame;
    });
    return this.#opened;
  }

  /** Starts a worker for a policy in the place of the one before; the port leads there. The sandbox has to be open. */
  start(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#tell({ kind: 'start' }, [port2]);
    return port1;
  }

  /** Ends the worker, whatever its code is doing. */
  stop(): void {
    if (this.#frame) this.#tell({ kind: 'stop' });
  }

  /** The frame's origin is one of its own and has no name: so any. What goes there is no secret. */
  #tell(message: ToFrame, transfer: Transferable[] = []): void {
    this.#frame!.contentWindow!.postMessage(message, '*', transfer);
  }
}
