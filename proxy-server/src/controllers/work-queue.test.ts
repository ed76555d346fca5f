import { expect, test } from '@jest/globals';
import { createSteppedRuntime } from '../../../test/fakes/stepped-runtime.ts';
import { createWorkQueue, timedRun } from './work-queue.ts';

test('a run is timed whether it goes well or not, and fails as it would', async () => {
  const runtime = createSteppedRuntime();
  const run = timedRun('actions', runtime, async (key: string) => {
    runtime.advance(250);
    if (key === 'bad') throw new Error('no');
    return Promise.resolve();
  });
  await run('good');
  await expect(run('bad')).rejects.toThrow('no');
  expect(runtime.observed.get('reconcile actions')).toEqual([0.25, 0.25]);
});

test('each run of a queue is timed once', async () => {
  const runtime = createSteppedRuntime();
  const queue = createWorkQueue(timedRun('kind-status', runtime, () => Promise.resolve()), 2); // prettier-ignore
  for (const key of ['a', 'b', 'c']) queue.add(key);
  await queue.idle();
  expect(runtime.observed.get('reconcile kind-status')).toHaveLength(3);
});
