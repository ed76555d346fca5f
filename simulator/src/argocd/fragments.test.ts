import { describe, expect, test } from '@jest/globals';
import { startSimulator } from '../simulator.ts';
import { trouble } from '../world/operations.ts';
import { createFragments } from './fragments.ts';
import { goJson } from './go-json.ts';
import { PROFILES, profileOf } from './profiles.ts';
import { parseFields, project } from './projection.ts';

const FIELDS = parseFields(
  'error,result.type,result.application.metadata.name,result.application.status.history.id,result.application.status.operationState',
);

describe('rendering by fragments', () => {
  test('writes for every Application of a world and every version what building it whole would write', async () => {
    const { world, close } = await startSimulator({ edges: 14, recordedEdges: true, speed: 0 });
    for (const profile of PROFILES) {
      const fragments = createFragments(world, profile);
      const whole = fragments.renderer('', 'inferred', (object) => object);
      const part = fragments.renderer('part', 'stored', (application) => project({ result: { type: 'ADDED', application } }, FIELDS));
      for (const application of world.edges.flatMap((edge) => edge.applications).filter(({ component }) => component.name !== 'big')) {
        expect(whole.render(application)).toBe(goJson(fragments.object(application, 'inferred')));
        expect(part.render(application)).toBe(
          goJson(project({ result: { type: 'ADDED', application: fragments.object(application, 'stored') } }, FIELDS)),
        );
      }
    }
    await close();
  });

  test('shows a change in words that were rendered before', async () => {
    const { world, close } = await startSimulator({ edges: 1, speed: 0 });
    const renderer = createFragments(world, profileOf('3.5')).renderer('', 'stored', (object) => object);
    const application = world.edges[0]!.applications[0]!;
    const before = renderer.render(application);
    trouble(world, application, 'crash');
    const after: unknown = JSON.parse(renderer.render(application));
    expect(after).toMatchObject({ status: { health: { status: 'Degraded' } } });
    trouble(world, application, 'none');
    expect(JSON.parse(before)).toMatchObject({ status: { health: { status: 'Healthy' } } });
    await close();
  });

  test('refuses a line that no profile describes', () => {
    expect(() => profileOf('9.9')).toThrow('No profile for Argo CD 9.9');
  });
});
