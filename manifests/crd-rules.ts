/**
 * What the schemas of our kinds check with code, said again in CEL, so that the Kubernetes API refuses the same objects with the same words.
 * Every check of `contract/kinds.ts` that is code must be here, by the beginning of its message: a new one stops the generation of the CRDs.
 */

import { KIND_LIMITS } from '../proxy-server/src/contract/kinds.ts';

interface CelRule {
  readonly rule: string;
  /** What only proxy-server can tell. Such an object is taken by the Kubernetes API and named in the Ready condition. */
  readonly leftToProxyServer?: string;
}

const BAD_PORT = '(0+|6553[6-9]|655[4-9][0-9]|65[6-9][0-9][0-9]|6[6-9][0-9][0-9][0-9]|[7-9][0-9][0-9][0-9][0-9])';
const LOOPBACK = String.raw`([^:]*[.])?[Ll][Oo][Cc][Aa][Ll][Hh][Oo][Ss][Tt]|\[::1\]|127([.][0-9]{1,3}){3}`;
const CRON_WORD = '[-A-Za-z0-9*/,?#]+';
const DAYS_31 = '(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])';
const DAYS_30 = '(0[469]|11)-(0[1-9]|[12][0-9]|30)';
const LEAP = '(int(self.substring(0, 4)) % 4 == 0 && (int(self.substring(0, 4)) % 100 != 0 || int(self.substring(0, 4)) % 400 == 0))';

/** A regular expression as a literal of CEL. */
export const celText = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const matches = (pattern: string, subject = 'self'): string => `${subject}.matches(${celText(pattern)})`;

export const CEL_RULES: Readonly<Record<string, CelRule>> = {
  'Use a name of the IANA time zone database': {
    rule: matches('^[A-Za-z][A-Za-z0-9_+/-]*$'),
    leftToProxyServer: 'whether a time zone of that name exists',
  },
  'Write a cron line of five fields': {
    rule: matches(String.raw`^\s*${CRON_WORD}(\s+${CRON_WORD}){4}\s*$`),
    leftToProxyServer: 'whether the numbers of a cron line are in their ranges',
  },
  'Write a date that exists': {
    rule: `${matches(`^[0-9]{4}-(${DAYS_31}|${DAYS_30}|02-(0[1-9]|1[0-9]|2[0-8]))$`)} || (${matches('^[0-9]{4}-02-29$')} && ${LEAP})`,
  },
  'Write a host and a port (1 to 65535) that exist': {
    rule: `!${matches(`^https?://[^/]*:${BAD_PORT}(/.*)?$`)}`,
    leftToProxyServer: 'whether a host that is an IP address is a good one',
  },
  'Use a port from 1 to 65535': { rule: `!${matches(`:${BAD_PORT}$`)}` },
  'Name at least one label': { rule: 'size(self) > 0' },
  'Use at most': { rule: 'size(self) <= 400' },
  ...Object.fromEntries(
    [KIND_LIMITS.textChars, KIND_LIMITS.pathChars, KIND_LIMITS.prefixChars].map((chars) => [
      `Use no more than ${chars} `,
      { rule: `size(self) <= ${chars}` },
    ]),
  ),
  'Remove it, or connect to a loopback host': {
    rule: `!has(self.insecureSkipVerify) || !self.insecureSkipVerify || !has(self.address) || ${matches(`^(${LOOPBACK}):[0-9]+$`, 'self.address')}`,
  },
  'Write exactly one of cloudflare and direct': { rule: 'has(self.cloudflare) != has(self.direct)' },
  'Write exactly one of image, chart: true and revision: true': {
    rule: '[has(self.image), has(self.chart), has(self.revision)].exists_one(given, given)',
  },
  'Write annotation, selector, or both': { rule: 'has(self.annotation) || has(self.selector)' },
};

/** Names of our objects are DNS labels, where Kubernetes by itself allows dots and 253 characters. */
export const NAME_RULE = {
  rule: `size(self.metadata.name) <= 63 && ${matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', 'self.metadata.name')}`,
  message: 'Use a DNS label as the name: 1 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit',
} as const;

export const patternRule = (pattern: RegExp): string => matches(pattern.source.replaceAll(String.raw`\/`, '/'));
export const keysRule = (pattern: RegExp): string => `self.all(key, ${matches(pattern.source.replaceAll(String.raw`\/`, '/'), 'key')})`;
