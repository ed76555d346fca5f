import { describe, expect, test } from '@jest/globals';
import type { DoctorCheck } from './doctor.ts';
import { byEdge, worstResult } from './doctor-order.ts';

const check = (edge: string | undefined, result: DoctorCheck['result'], id = 'dns'): DoctorCheck => ({
  id, result, message: 'x', ...(edge === undefined ? {} : { edge }),
}); // prettier-ignore

describe('checks by edge', () => {
  test('put the worst edge first, keep the order of equals and of the checks of one edge, and leave out the hub', () => {
    const groups = byEdge([
      check(undefined, 'failed'), check('a', 'ok'), check('b', 'notChecked'), check('c', 'warning'), check('d', 'ok'), check('d', 'failed', 'tls'), check('e', 'ok'),
    ]); // prettier-ignore
    expect(groups.map(({ edge, worst }) => [edge, worst])).toEqual([['d', 'failed'], ['c', 'warning'], ['b', 'notChecked'], ['a', 'ok'], ['e', 'ok']]); // prettier-ignore
    expect(groups[0]?.checks.map(({ id }) => id)).toEqual(['dns', 'tls']);
  });

  test('none at all is well', () => {
    expect(worstResult([])).toBe('ok');
  });
});
