// Versions: what is written in the lock file, and what is recent enough.

/** The version of a package in the text of a Cargo.lock. */
export function lockedVersion(lock, name) {
  for (const entry of lock.split('[[package]]')) {
    if (entry.includes(`\nname = "${name}"\n`)) return /\nversion = "([^"]+)"/.exec(entry)?.[1];
  }
  return undefined;
}

/** Whether Vite runs on this Node: 20.19 and its successors, 22.12 and everything newer. */
export function nodeIsSupported(version) {
  const [major, minor] = version.split('.').map(Number);
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
}

/** The major number in what `chromium --version` or `chromedriver --version` prints. */
export function browserMajor(output) {
  const found = /(?:Chrom\w*|Chrome for Testing)\s+(\d+)\./.exec(output);
  return found ? Number(found[1]) : undefined;
}
