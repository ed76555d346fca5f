/** What the Dockerfile puts into the image, put together here as far as a machine without a container builder can: it starts, answers and stops. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROOT } from './source-tree.ts';

const PROCESS_MS = 60_000;
const DOCKERFILE = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').replaceAll('\\\n', ' ');

interface Stage {
  readonly base: string;
  readonly name: string | undefined;
  readonly lines: readonly string[];
}
const stages: readonly Stage[] = DOCKERFILE.split(/^FROM /m)
  .slice(1)
  .map((text) => {
    const [head = '', ...lines] = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
    const [base = '', , name] = head.split(/\s+/);
    return { base, name, lines };
  });
const image = stages.at(-1)!;
const sourcesOf = (line: string): readonly string[] => line.split(/\s+/).filter((word) => !word.startsWith('--')).slice(1, -1); // prettier-ignore

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean; readonly optional?: boolean }>>;
}
/** What `npm ci --omit=dev` installs. */
const production = Object.entries((JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock).packages)
  .filter(([path, { dev, devOptional }]) => path.startsWith('node_modules/') && dev !== true && devOptional !== true)
  .map(([path]) => path)
  .filter((path) => existsSync(join(ROOT, path)));

let app: string;
beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), 'ef-image-'));
  cpSync(join(ROOT, 'proxy-server'), join(app, 'proxy-server'), { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
  cpSync(join(ROOT, 'package.json'), join(app, 'package.json'));
  for (const path of production.filter((one) => !one.slice('node_modules/'.length).includes('node_modules/'))) {
    mkdirSync(dirname(join(app, path)), { recursive: true });
    symlinkSync(realpathSync(join(ROOT, path)), join(app, path));
  }
});
afterAll(() => rmSync(app, { recursive: true }));

describe('the image', () => {
  test('is what this test puts together', () => {
    const copies = image.lines.filter((line) => line.startsWith('COPY '));
    expect(copies).toEqual([
      'COPY --from=packages /app/node_modules node_modules',
      'COPY --from=packages /app/package.json /app/sbom.cdx.json ./',
      'COPY --from=bundle /app/dist/resources/extension-edge-fleet.js /extension',
      'COPY proxy-server proxy-server',
    ]);
    expect(image.base).toBe('${BASE}');
    expect(image.lines.some((line) => line.startsWith('RUN '))).toBe(false);
  });

  test('takes from its stages only what they make, and these from the repository only what is there', () => {
    const copies = stages.flatMap(({ lines }) => lines).filter((line) => line.startsWith('COPY '));
    for (const line of copies) {
      const from = /--from=(\S+)/.exec(line)?.[1];
      if (from !== undefined) expect(stages.map(({ name }) => name)).toContain(from);
      else expect(sourcesOf(line).filter((source) => !existsSync(join(ROOT, source)))).toEqual([]);
    }
  });

  test('has every file that its bundle is made from', () => {
    const copied = stages.find(({ name }) => name === 'bundle')!.lines.filter((line) => line.startsWith('COPY ')).flatMap(sourcesOf); // prettier-ignore
    const config = ['webpack.config.js', 'webpack.archive.js', 'webpack.jsx.js']
      .map((name) => readFileSync(join(ROOT, name), 'utf8'))
      .join('\n');
    const local = [...config.matchAll(/from '\.\/([\w.-]+)'/g)].map(([, name]) => name);
    for (const name of [...local, 'setup.mjs', 'tsconfig.json', 'package-lock.json', 'extension']) expect(copied).toContain(name);
  });

  test('runs as nobody in particular, from the first stage that npm ci made', () => {
    expect(image.lines).toEqual(
      expect.arrayContaining(['USER 65532:65532', 'ENTRYPOINT ["/app/node_modules/.bin/node", "proxy-server/src/main.ts"]']),
    );
    expect(stages.find(({ name }) => name === 'packages')!.lines.join()).toMatch(/npm ci --omit=dev.*npm sbom --omit dev/);
  });

  test(
    'starts with production packages alone, answers, and stops when told',
    async () => {
      mkdirSync(join(app, 'config'));
      const child = spawn(join(ROOT, 'node_modules/.bin/node'), ['proxy-server/src/main.ts'], {
        cwd: app,
        env: {
          EDGE_FLEET_CONFIG_DIR: join(app, 'config'),
          EDGE_FLEET_STATE_FILE: join(app, 'state.sqlite'),
          EDGE_FLEET_LISTEN: '127.0.0.1:0',
        },
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
      const port = await new Promise<number>((resolve, reject) => {
        child.stdout.on('data', () => {
          const found = /"port":(\d+).*Started proxy-server/.exec(said)?.[1];
          if (found !== undefined) resolve(Number(found));
        });
        void ended.then((code) => reject(new Error(`ended with ${String(code)}: ${said}`)));
      });
      expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
      expect((await fetch(`http://127.0.0.1:${port}/api/v1/overview`)).status).toBe(401);
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    },
    PROCESS_MS,
  );
});
