import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserMajor, lockedVersion, nodeIsSupported } from './versions.mjs';

test('the lock file tells a package from those that begin with its name', () => {
  const lock = `version = 4

[[package]]
name = "wasm-bindgen-shared"
version = "0.2.9"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = [
 "wasm-bindgen-shared",
]
`;
  assert.equal(lockedVersion(lock, 'wasm-bindgen'), '0.2.130');
  assert.equal(lockedVersion(lock, 'wasm'), undefined);
});

test('the Node versions that Vite runs on', () => {
  const supported = ['18.20.0', '20.18.3', '20.19.0', '20.20.2', '21.7.0', '22.11.0', '22.12.0', '24.1.0'].filter(
    nodeIsSupported,
  );
  assert.deepEqual(supported, ['20.19.0', '20.20.2', '22.12.0', '24.1.0']);
});

test('the major version of browsers and drivers', () => {
  assert.equal(browserMajor('Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)'), 156);
  assert.equal(browserMajor('Google Chrome 141.0.7390.54'), 141);
  assert.equal(browserMajor('ChromeDriver 156.0.8078.79 (a21ce95c24ce)'), 156);
  assert.equal(browserMajor('sh: not found'), undefined);
});
