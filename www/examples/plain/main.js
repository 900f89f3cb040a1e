import { init, town } from './node_modules/noriai/index.js';
import { NoriaiWorker } from './node_modules/noriai/worker.js';
import './node_modules/noriai/element.js';

const worker = new NoriaiWorker({ source: init() });

async function main() {
  const { report } = await worker.run(await town('namie'));
  worker.dispose();
  document.querySelector('output').textContent = report.log_hash;
}

main();
