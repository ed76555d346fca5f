/**
 * `npm run soak`: kill -9 of the real program at random points under load, 200 times or as `--times` says, and what was shown compared after
 * each. `--hours 1` watches it under the reference load for leaks instead. `--edges`, `--changes` and `--seed` change the load. Exit 1: a fault
 * was found. Reading and repeating: docs/performance.md.
 */
import { thrownWords } from '../../proxy-server/src/domain/thrown-words.ts';
import { readSoakCommand, type SoakCommand } from '../config.ts';
import { soakByKills } from './kills.ts';
import { seededRandom } from './seeded-random.ts';
import { soakSteadily, trendLine } from './steady.ts';

const say = (line: string): void => console.error(`${new Date().toISOString()}  ${line}`);

async function killAgainAndAgain({ edges, changesPerSecond, times, seed }: SoakCommand): Promise<boolean> {
  const outcome = await soakByKills({ edges, changesPerSecond, times, random: seededRandom(seed), say });
  const { kills, killsDuringStart, refusedStarts, compared, orders, faults } = outcome;
  console.log(`${kills} kills, ${killsDuringStart} of them during a start; ${refusedStarts} refused starts`);
  console.log(
    `${compared.toLocaleString('en-US')} comparisons of what had been shown, ${orders} versions ordered, ${faults.length} faults`,
  );
  for (const fault of faults) console.log(fault);
  return faults.length === 0 && refusedStarts === 0;
}

async function watchForLeaks({ edges, changesPerSecond, hours }: SoakCommand): Promise<boolean> {
  const { seconds, samples, changes, cpuShare, trends } = await soakSteadily({ edges, changesPerSecond, hours, say });
  const rate = Math.round(changes / seconds).toLocaleString('en-US');
  const cpu = cpuShare === undefined ? '' : `, ${Math.round(cpuShare * 100)} % of a core`;
  console.log(`${(seconds / 60).toFixed(1)} minutes, ${edges.toLocaleString('en-US')} edges, ${rate} changes/s, ${samples} samples${cpu}`);
  for (const trend of trends) console.log(trendLine(trend));
  return trends.every(({ flat }) => flat);
}

/** Homes go on exit, children with their pipe. */
function stopAt(signal: 'SIGINT' | 'SIGTERM'): void {
  process.once(signal, () => {
    console.error(`Stopped by ${signal}`);
    process.exit(130);
  });
}
stopAt('SIGINT');
stopAt('SIGTERM');
const command = readSoakCommand(process.argv.slice(2));
(command.hours > 0 ? watchForLeaks(command) : killAgainAndAgain(command)).then(
  (flawless) => process.exit(flawless ? 0 : 1),
  (thrown: unknown) => {
    console.error(thrownWords(thrown));
    process.exit(1);
  },
);
