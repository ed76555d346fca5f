import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { quotable, redact } from './redact.ts';

describe('redaction', () => {
  const jwt = `eyJhbGciOiJIUzI1NiJ9.${'a'.repeat(40)}.${'b'.repeat(43)}`;
  const hex = '0123456789abcdef'.repeat(4);
  test.each([
    ['a token of Argo CD', `failed with ${jwt}.`],
    ['a service token', `secret cfast_${'A1'.repeat(24)} refused`],
    ['an older service token beside its header', `CF-Access-Client-Secret: ${hex}`],
    ['an older service token alone', `got ${hex}`],
    ['an authorization header', 'Authorization: Bearer abc.def.ghi'],
    ['a cookie in JSON', '{"cookie":"argocd.token=abcdefgh"}'],
    ['a password in a URL form', 'password=hunter22&x=1'],
  ])('takes out %s', (_what, text) => {
    const clean = redact(text);
    expect(clean).toContain('[redacted]');
    expect(clean).not.toMatch(/eyJ|cfast_|0123456789abcdef|abc\.def|abcdefgh|hunter22/);
  });

  test.each([
    ['an image digest', `registry.example.com/pos@sha256:${hex}`],
    ['a revision', '9c0ffee0123456789c0ffee0123456789c0ffee0'],
    ['words about tokens', 'invalid session: token is expired'],
  ])('leaves %s', (_what, text) => {
    expect(redact(text)).toBe(text);
  });

  test('what is quoted is one line, bounded, and free of control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), fc.nat(300), (text, limit) => {
        const quoted = quotable(text, limit);
        expect(quoted.length).toBeLessThanOrEqual(limit);
        expect(quoted).not.toMatch(/[\u0000-\u001f\u007f\u2028\u2029]/);
      }),
    );
  });
});
