import type { IncomingMessage } from 'node:http';
import { RequestProblem } from './problem.ts';

/** Not under /api/ of the hub, so its guard against forged forms does not hold here (argo-cd server/server.go @ v3.5.1). */
export function needJson(req: IncomingMessage): void {
  if (!/^application\/json\s*(;|$)/i.test(req.headers['content-type'] ?? '')) {
    throw new RequestProblem('WrongMediaType', 'Send Content-Type: application/json');
  }
}
