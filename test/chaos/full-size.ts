/**
 * The two troubles of many edges at the size they are meant for, too long for `npm test`:
 *
 *   node --expose-gc test/chaos/full-size.ts flapping [edges] [speed]
 *   node --expose-gc test/chaos/full-size.ts outage [edges] [speed]
 */
import { flap, outage, startTroubledFleet } from './troubled-fleet.ts';

const MINUTE = 60_000;
const [what = 'flapping', edges = what === 'flapping' ? '3000' : '10000', speed = '1'] = process.argv.slice(2);
const troubled = await startTroubledFleet(Number(edges), Number(speed));
const result =
  what === 'flapping' ? await flap(troubled, 0.3, 5 * MINUTE) : await outage(troubled, Math.round(Number(edges) / 10), 2 * MINUTE);
process.stdout.write(`${JSON.stringify({ what, edges, speed, ...result })}\n`);
process.exit(0);
