import { init, town } from 'noriai';
import { NoriaiWorker } from 'noriai/worker';
import 'noriai/element';

const worker = new NoriaiWorker({ source: init() });

async function main() {
  const { report } = await worker.run(await town('namie'));
  worker.dispose();
  document.querySelector('output').textContent = report.log_hash;
}

main();
