/** One program of ours as a child process: started on the same Node, its output kept, its end noticed, stopped without leaving anything. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from './config.ts';

export interface ChildProgram {
  readonly name: string;
  /** The program, and its arguments. */
  readonly script: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Where all that it prints is written. */
  readonly logFile: string;
}

export interface Child {
  readonly name: string;
  /** Undefined where it could not be started at all. */
  readonly pid: number | undefined;
  /** Resolves with the first line that matches; rejects when the program ends before, with its last words. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves with its last words when it ends by itself or by a stop. */
  readonly ended: Promise<string>;
  /** SIGTERM, and SIGKILL for a program that does not heed it. */
  stop(): Promise<void>;
}

/** A little more than proxy-server grants itself for a graceful stop. */
const GRACE_MS = 22_000;
const LAST_LINES = 25;
const KEPT_LINES = 200;

/** Starts the program in a process group of its own: Ctrl-C reaches us alone, and we stop our children in order. */
export function startChild({ name, script, args, environment, logFile }: ChildProgram): Child {
  const leash = join(import.meta.dirname, 'leash.ts');
  const child = spawn(process.execPath, ['--import', leash, script, ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: childEnvironment(environment),
  });
  const log = createWriteStream(logFile);
  const lines: string[] = [];
  const watchers = new Set<(line: string) => void>();
  const lastWords = (): string => lines.slice(-LAST_LINES).join('\n');

  let partial = '';
  const onOutput = (chunk: Buffer): void => {
    log.write(chunk);
    const parts = `${partial}${chunk.toString('utf8')}`.split('\n');
    partial = parts.pop() ?? '';
    for (const line of parts) {
      lines.push(line);
      for (const watcher of watchers) watcher(line);
    }
    lines.splice(0, lines.length - KEPT_LINES);
  };
  child.stdout.on('data', onOutput);
  child.stderr.on('data', onOutput);

  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', () => {
      log.end();
      resolve(lastWords());
    });
  });
  return {
    name,
    pid: child.pid,
    ended,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const watcher = (line: string): void => {
          const found = pattern.exec(line);
          if (found === null) return;
          watchers.delete(watcher);
          resolve(found);
        };
        watchers.add(watcher);
        lines.forEach(watcher);
        void ended.then((words) => reject(new Error(`${name} ended before it was ready\n${words}`)));
      }),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const impatience = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await ended;
      clearTimeout(impatience);
    },
  };
}
