import { describe, expect, test } from '@jest/globals';
import { API_REVISION } from '../../../proxy-server/src/contract/api.ts';
import { isOtherVersion, SUPPORTED_API_REVISION } from './use-api-config.ts';
import { isBroken } from './use-away.ts';
import { readShortcut } from './use-shortcuts.ts';
import { pathOf, searchOf, withChange } from './use-url-state.ts';
import { parseSettings } from '../stores/settings.ts';

test('this bundle reads the API of this tree', () => {
  expect(SUPPORTED_API_REVISION).toBe(API_REVISION);
  expect(isOtherVersion(undefined)).toBe(false);
});

describe('shortcuts', () => {
  const calls: string[] = [];
  const keys = { j: () => calls.push('j'), 'g f': () => calls.push('gf'), '?': () => calls.push('?') };

  test('a single key acts, a chord waits for its second', () => {
    expect(readShortcut(keys, '', 'j').action).toBe(keys.j);
    expect(readShortcut(keys, '', 'g')).toEqual({ pending: 'g' });
    expect(readShortcut(keys, 'g', 'f').action).toBe(keys['g f']);
  });

  test('a chord that comes to nothing is forgotten, its second key counts for itself', () => {
    expect(readShortcut(keys, 'g', 'j').action).toBe(keys.j);
    expect(readShortcut(keys, 'g', 'x')).toEqual({ pending: '' });
  });
});

describe('the query of the address', () => {
  test('changes one key and keeps those it does not know', () => {
    expect(withChange('mine=1&q=a', { q: 'b c' })).toBe('mine=1&q=b+c');
    expect(withChange('mine=1&q=a', { q: undefined, view: '' })).toBe('mine=1');
  });

  test('path and query are told apart', () => {
    expect([pathOf('/edges/a?x=1'), searchOf('/edges/a?x=1'), searchOf('/')]).toEqual(['/edges/a', 'x=1', '']);
  });
});

test('the page is away when neither stream nor polling works, and not when it is paused', () => {
  const problem = { kind: 'backendAway' as const, status: 502 };
  expect(isBroken({ stream: { kind: 'waiting', until: 0 } })).toBe(true);
  expect(isBroken({ stream: { kind: 'connecting' }, problem })).toBe(true);
  expect(isBroken({ stream: { kind: 'connecting' } })).toBe(false);
  expect(isBroken({ stream: { kind: 'polling', until: 0 } })).toBe(false);
  expect(isBroken({ stream: { kind: 'polling', until: 0 }, problem })).toBe(true);
  expect(isBroken({ stream: { kind: 'paused' }, problem })).toBe(false);
});

test.each([['{"shortcuts":false,"utc":true}', false, true], ['nonsense', true, false], [null, true, false], ['7', true, false]])('settings from %j', (raw, shortcuts, utc) => {
  expect(parseSettings(raw)).toEqual({ shortcuts, utc });
}); // prettier-ignore
