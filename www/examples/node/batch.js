// The same day with one van, with two, and with all of the town, as a table: node batch.js [town]
import { init, run, town } from 'noriai';

await init();
const scenario = await town(process.argv[2] ?? 'namie');
console.log('vans\tserved\tlog');
const { vehicles } = scenario.fleet;
for (const vans of [1, 2, vehicles.length]) {
  const { report } = run({ ...scenario, fleet: { ...scenario.fleet, vehicles: vehicles.slice(0, vans) } });
  console.log([vans, `${report.served}/${report.requests}`, report.log_hash].join('\t'));
}
