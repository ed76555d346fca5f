/**
 * Loaded into each child of `npm start` before its own program: when the pipe to its parent closes, the child ends itself as on SIGTERM.
 * So nothing is left behind even when the parent is killed outright.
 */
process.stdin.once('close', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.resume();
