import { parseArgs } from 'node:util';
import type { SimulatorOptions } from './simulator.ts';

export interface SimulatorConfig {
  readonly simulator: SimulatorOptions;
  /** Where to write the matching folder for proxy-server. */
  readonly configFolder: string | undefined;
  /** Files of the key and the certificate, where the edges speak TLS. */
  readonly tlsFiles: { readonly key: string; readonly cert: string } | undefined;
  /** An ordinary day with its troubles, instead of a world where only small things happen. */
  readonly story: boolean;
}

/** Reads the command line. Throws on an unknown option and on a number that is none. */
export function readConfig(args: readonly string[]): SimulatorConfig {
  const { values } = parseArgs({
    args: [...args],
    options: {
      edges: { type: 'string', default: '600' },
      seed: { type: 'string', default: '1' },
      port: { type: 'string', default: '0' },
      'control-port': { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      applications: { type: 'string' },
      speed: { type: 'string', default: '1' },
      events: { type: 'string', default: '2' },
      story: { type: 'boolean', default: false },
      'write-config': { type: 'string' },
      'tls-key': { type: 'string' },
      'tls-cert': { type: 'string' },
    },
  });
  const number = (name: string, text: string): number => {
    const value = Number(text);
    if (text === '' || !Number.isFinite(value) || value < 0) throw new Error(`--${name} wants a number, not ${JSON.stringify(text)}`);
    return value;
  };
  return {
    simulator: {
      edges: number('edges', values.edges),
      seed: number('seed', values.seed),
      port: number('port', values.port),
      controlPort: number('control-port', values['control-port']),
      host: values.host,
      speed: number('speed', values.speed),
      eventsPerSecond: number('events', values.events),
      ...(values.applications === undefined ? {} : { applications: number('applications', values.applications) }),
    },
    configFolder: values['write-config'],
    story: values.story,
    tlsFiles: tlsFilesOf(values['tls-key'], values['tls-cert']),
  };
}

function tlsFilesOf(key: string | undefined, cert: string | undefined): SimulatorConfig['tlsFiles'] {
  if (key === undefined && cert === undefined) return undefined;
  if (key === undefined || cert === undefined) throw new Error('--tls-key and --tls-cert go together');
  return { key, cert };
}
