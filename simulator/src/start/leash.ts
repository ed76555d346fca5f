/**
 * Loaded into each child of `npm start` before its own program: when the pipe to its parent closes, the child ends itself as on SIGTERM.
 * So nothing is left behind even when the parent is killed outright. Workers of the child load it too, and hold no pipe.
 */
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.stdin.once('close', () => process.kill(process.pid, 'SIGTERM'));
  process.stdin.resume();
}
