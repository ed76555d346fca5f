import { describe, expect, test } from '@jest/globals';
import { readConfig, settingWords, type Config } from './config.ts';

const configOf = (environment: Record<string, string>): Config => {
  const outcome = readConfig(environment);
  if (!outcome.ok) throw new Error(outcome.problems.join('\n'));
  return outcome.config;
};
const problemsOf = (environment: Record<string, string>): readonly string[] => {
  const outcome = readConfig(environment);
  return outcome.ok ? [] : outcome.problems;
};

describe('the environment', () => {
  test('that says nothing gives the defaults', () => {
    expect(configOf({})).toMatchObject({
      source: 'folder',
      listen: { host: '127.0.0.1', port: 8080 },
      logLevel: 'info',
      connectsPerSecond: 200,
      firstConnectsPerSecond: 1_500,
    });
  });

  test('an empty variable counts as absent', () => {
    expect(configOf({ EDGE_FLEET_LOG_LEVEL: '', EDGE_FLEET_LISTEN: '' })).toEqual(configOf({}));
  });

  test.each([
    ['127.0.0.1:9000', { host: '127.0.0.1', port: 9000 }],
    [':9000', { host: '0.0.0.0', port: 9000 }],
    ['[::1]:9000', { host: '::1', port: 9000 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
  ])('EDGE_FLEET_LISTEN=%s is read', (listen, wanted) => {
    expect(configOf({ EDGE_FLEET_LISTEN: listen }).listen).toEqual(wanted);
  });

  test.each([
    ['EDGE_FLEET_LISTEN', '8080'],
    ['EDGE_FLEET_LISTEN', 'localhost:99999'],
    ['EDGE_FLEET_LOG_LEVEL', 'loud'],
    ['EDGE_FLEET_SOURCE', 'git'],
    ['EDGE_FLEET_CONNECTS_PER_SECOND', 'many'],
    ['EDGE_FLEET_CONNECTS_PER_SECOND', '-1'],
    ['EDGE_FLEET_MAX_STREAM_CLIENTS', '0'],
    ['EDGE_FLEET_MAX_PAGE_SIZE', '1.5'],
    ['EDGE_FLEET_HUB_URL', 'argocd-server'],
  ])('%s=%s is one line that names variable, value and what to write', (name, value) => {
    const [line, ...more] = problemsOf({ [name]: value });
    expect(more).toEqual([]);
    expect(line).toMatch(new RegExp(`^${name}=${value.replace('.', '\\.')} cannot be used: write \\S.*$`));
  });

  test('every bad variable has its line', () => {
    expect(problemsOf({ EDGE_FLEET_LOG_LEVEL: 'loud', EDGE_FLEET_SOURCE: 'git' })).toHaveLength(2);
  });

  test('a name a little off is told its neighbour; what Kubernetes puts there is not ours', () => {
    const outcome = readConfig({
      EDGE_FLEET_CONFG_DIR: 'x',
      EDGE_FLEET_SERVICE_HOST: '10.0.0.1',
      EDGE_FLEET_PORT_8080_TCP: 'tcp://10.0.0.1:8080',
      HOME: '/',
    });
    expect(outcome).toMatchObject({ ok: true, warnings: ['EDGE_FLEET_CONFG_DIR is not a setting. Did you mean EDGE_FLEET_CONFIG_DIR?'] });
  });

  test('every setting has a name of its own, words, and a default that can be read', () => {
    const words = settingWords();
    expect(new Set(words.map((setting) => setting.name)).size).toBe(words.length);
    for (const setting of words) {
      expect(setting.name).toMatch(/^EDGE_FLEET_[A-Z_]+$/);
      expect(setting.words.length).toBeGreaterThan(10);
      if (setting.default !== undefined) expect(problemsOf({ [setting.name]: setting.default })).toEqual([]);
    }
  });
});
