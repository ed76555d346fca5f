import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { readRecording } from '../../test/contracts/argocd-recordings-client.ts';
import { startSimulator, type Simulator } from './simulator.ts';

describe('a door with TLS', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    const keys = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
    simulator = await startSimulator({ edges: 0, recordedEdges: true, tls: { key: keys.private, cert: keys.cert } });
  });
  afterAll(() => simulator.close());

  const ask = (
    request: typeof plainRequest,
    path: string,
  ): Promise<{ status: number | undefined; headers: Record<string, unknown>; body: string }> =>
    new Promise((resolve, reject) => {
      const headers = { host: 'recorded-3-5.edge.test' };
      const outgoing = request(
        { host: '127.0.0.1', port: simulator.port, path, headers, agent: false, rejectUnauthorized: false } as object,
        (incoming) => {
          let body = '';
          incoming.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
          incoming.on('end', () => resolve({ status: incoming.statusCode, headers: incoming.headers, body }));
        },
      );
      outgoing.on('error', reject).end();
    });

  test('answers who speaks TLS', async () => {
    expect((await ask(tlsRequest, '/api/version')).body).toBe('{"Version":"v3.5.1+unknown"}');
  });

  test.each(['plain-http-to-tls-server', 'plain-http-to-tls-server-stream'])('sends who speaks plain HTTP to https as %s', async (name) => {
    const { request, response } = readRecording('3.5.1', name);
    const here = (text: string): string => text.replaceAll('argocd.store-0417.example.com', 'recorded-3-5.edge.test');
    const answer = await ask(plainRequest, request.path);
    expect(answer.status).toBe(response!.status);
    expect(answer.body).toBe(here(response!.body!));
    expect(answer.headers['location']).toBe(here(response!.headers['Location']!));
    expect(answer.headers['content-type']).toBe(response!.headers['Content-Type']);
  });
});
