// Works without a network, and can be installed: only where the page is by itself, on a server, and built.

/** Begins to keep the page's files. They are fetched now, so it waits for everything that is to be seen. */
export async function keepOffline(): Promise<void> {
  const byItself = window.parent === window && location.protocol.startsWith('http');
  if (!import.meta.env.PROD || !byItself || !('serviceWorker' in navigator)) return;
  // Not in the document: a page within another asks for none.
  const manifest = document.createElement('link');
  manifest.rel = 'manifest';
  manifest.href = './manifest.webmanifest';
  document.head.append(manifest);
  try {
    await navigator.serviceWorker.register('./service-worker.js', { updateViaCache: 'none' });
  } catch (error) {
    // A browser that keeps nothing for the page, or a policy that forbids it: everything else works.
    console.warn(error);
  }
}
