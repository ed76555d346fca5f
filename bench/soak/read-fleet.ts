/** The fleet as the API shows it, page by page. */
import { z } from 'zod';
import type { RunningProgram } from '../fleet/running-program.ts';
import type { ShownApplication, ShownFleet } from './shown.ts';

const PAGE = 500;
/** Versions that the soak orders; the number grows with each order. */
export const orderedVersion = (order: number): string => `9.0.${order}`;

const Page = z.looseObject({ items: z.array(z.unknown()), cursor: z.string().optional() });
const EdgeRow = z.looseObject({ name: z.string(), readAt: z.number().optional(), applications: z.number() });
const ApplicationRow = z.looseObject({
  edge: z.string(),
  namespace: z.string(),
  name: z.string(),
  health: z.string(),
  healthSince: z.number().optional(),
  version: z.string().optional(),
  operation: z.looseObject({ startedAt: z.number().optional(), finishedAt: z.number().optional() }),
});

/** Undefined where the version is none that can be compared: images are not always known. */
function orderOf(version: string): number | undefined {
  const [, order] = /^9\.0\.(\d+)$/.exec(version) ?? [];
  if (order !== undefined) return Number(order);
  return /^\d+\.\d+\.\d+$/.test(version) ? -1 : undefined;
}

function toShown({ edge, namespace, name, health, healthSince, version, operation }: z.infer<typeof ApplicationRow>): ShownApplication {
  const times = [operation.startedAt, operation.finishedAt].filter((time) => time !== undefined);
  return {
    key: `${edge}/${namespace}/${name}`,
    health,
    healthSince,
    operationAt: times.length === 0 ? undefined : Math.max(...times),
    ordered: orderOf(version ?? ''),
  };
}

/** Tells `onItems` each page as it comes. Rejects where the program is gone. */
async function readPages(program: RunningProgram, list: string, onItems: (items: readonly unknown[]) => void): Promise<void> {
  let cursor: string | undefined;
  do {
    const next = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await program.ask(`/api/v1/${list}?limit=${PAGE}&sort=name${next}`);
    if (status !== 200) throw new Error(`${list} was answered with ${status}: ${body.toString().slice(0, 200)}`);
    const page = Page.parse(JSON.parse(body.toString()));
    onItems(page.items);
    ({ cursor } = page);
  } while (cursor !== undefined);
}

/** Reads everything once. `onPart` is told what each page showed, at once: a crash may come before the next. Answers what came twice. */
export async function readFleet(program: RunningProgram, onPart: (part: ShownFleet) => void): Promise<readonly string[]> {
  const seen = new Set<string>();
  const doubled: string[] = [];
  const note = (key: string): void => {
    if (seen.has(key)) doubled.push(`${key} is there twice`);
    seen.add(key);
  };
  await readPages(program, 'edges', (items) => {
    const edges = z.array(EdgeRow).parse(items);
    for (const { name } of edges) note(name);
    onPart({ edges: new Map(edges.map(({ name, readAt = 0 }) => [name, { name, readAt }])), applications: new Map() });
  });
  await readPages(program, 'applications', (items) => {
    const applications = z.array(ApplicationRow).parse(items).map(toShown);
    for (const { key } of applications) note(key);
    onPart({ edges: new Map(), applications: new Map(applications.map((application) => [application.key, application])) });
  });
  return doubled;
}
