import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DOCTOR_IDS, renderTroubleshooting } from '../../docs/troubleshooting.ts';
import { edgeChecks } from '../../proxy-server/src/domain/doctor-edge.ts';
import { hubChecks, unreadHub } from '../../proxy-server/src/domain/doctor-hub.ts';
import { throughChecks } from '../../proxy-server/src/domain/doctor-through.ts';
import { unknown } from '../../proxy-server/src/domain/doctor.ts';
import { FAILURE_TABLE, failureReason } from '../../proxy-server/src/domain/failure-table.ts';

const read = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const page = read('troubleshooting.md');

/** The anchor that a heading has on the forges that render it. */
const slug = (heading: string): string => heading.toLowerCase().replace(/[^a-z0-9 -]/g, '').replaceAll(' ', '-'); // prettier-ignore

const NOBODY = { 'edge-fleet': unknown('x'), 'edge-fleet-ops': unknown('x') };
const NOT_ASKED = { answers: NOBODY, mayInvoke: NOBODY, hubVersion: unknown('x'), username: unknown('x') };

describe('docs/troubleshooting.md', () => {
  test('is what is rendered; run `node docs/troubleshooting.ts` after a change', () => {
    expect(page).toBe(renderTroubleshooting());
  });

  test('has a line with reason and remedy for every row of the failure table', () => {
    for (const { kind, remedy } of FAILURE_TABLE) expect(page.split('\n').some((line) => line.includes(`\`${failureReason(kind)}\``) && line.includes(remedy.replaceAll('|', '\\|')))).toBe(true); // prettier-ignore
  });

  test('leads to rows that are there', () => {
    const anchors = [...read('failures.md').matchAll(/^## (.*)$/gm)].map(([, heading = '']) => slug(heading));
    const links = [...page.matchAll(/\(failures\.md#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(links.length).toBe(FAILURE_TABLE.length);
    for (const link of links) expect(anchors).toContain(link);
  });

  test('says what each check of doctor looks at', () => {
    const hub = hubChecks({ ...unreadHub('x'), policyVersion: undefined, scopes: unknown('x') });
    const edge = edgeChecks({ edge: 'e', access: 'Operate', direct: false, reached: undefined });
    const ids = ['config', 'policy', ...[...hub, ...throughChecks(NOT_ASKED), ...edge].map(({ id }) => id)];
    expect(Object.keys(DOCTOR_IDS)).toEqual(ids);
  });
});
