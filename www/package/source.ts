// Where the engine comes from: an address, an answer, bytes, or a module that is compiled already. In Node, addresses may be files.

export type Source = string | URL | Request | Response | BufferSource | WebAssembly.Module;

/** Present in Node alone, and no import that a bundler would follow. */
const node = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process;

async function read(address: string | URL | Request): Promise<Response> {
  const text = address instanceof Request ? address.url : String(address);
  const files = text.startsWith('file:') && (node?.getBuiltinModule?.('node:fs/promises') as typeof import('node:fs/promises') | undefined);
  const type = text.endsWith('.wasm') ? 'application/wasm' : 'application/json';
  if (files) return new Response(new Uint8Array(await files.readFile(new URL(text))), { headers: { 'content-type': type } });
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${text}: ${response.status}`);
  return response;
}

/** The compiled module of a source; without one, of the file beside this. */
export async function moduleOf(source?: Source | PromiseLike<Source>): Promise<WebAssembly.Module> {
  const given = (await source) ?? new URL('noriai_bg.wasm', import.meta.url);
  if (given instanceof WebAssembly.Module) return given;
  if (given instanceof ArrayBuffer || ArrayBuffer.isView(given)) return WebAssembly.compile(given);
  const response = given instanceof Response ? given : await read(given);
  // Some hosts send it as something else, and compiling while it comes is then refused.
  const isNamed = response.headers.get('content-type')?.startsWith('application/wasm');
  return isNamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** A JSON file of the package. */
export const jsonAt = async (address: string): Promise<unknown> => (await read(address)).json();
