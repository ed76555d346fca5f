import { describe, expect, test } from '@jest/globals';
import { createFakeFleetReader, anEdgeDetail } from '../../../test/fakes/fake-fleet-reader.ts';
import { createSteppedRuntime } from '../../../test/fakes/stepped-runtime.ts';
import { COUNTERS, createMetrics, TIMINGS } from './metrics.ts';

describe('metrics', () => {
  test('carry the prefix, base units, help, and never a label that grows with users, paths or texts', () => {
    for (const definition of [...Object.values(COUNTERS), ...Object.values(TIMINGS)]) {
      expect(definition.name).toMatch(/^edge_fleet_[a-z_]+_(total|seconds)$/);
      expect(definition.help.length).toBeGreaterThan(10);
      for (const label of definition.labels) expect(label).not.toMatch(/user|path|revision|error|message|^edge$/);
    }
  });

  test('count and observe what their definition names, and bear labels they do not know', async () => {
    const metrics = createMetrics('1.2.3');
    metrics.count('edge_requests', { operation: 'list', outcome: 'ok', unheard: 'of' }, 2);
    metrics.observe('edge_request', {}, 0.3);
    metrics.watch('edge_fleet_stream_clients', 'Open streams', () => 7);
    const { text, contentType } = await metrics.scrape();
    expect(contentType).toContain('text/plain');
    expect(text).toContain('edge_fleet_edge_requests_total{operation="list",outcome="ok"} 2');
    expect(text).toContain('edge_fleet_edge_request_duration_seconds_count{operation=""} 1');
    expect(text).toContain('edge_fleet_build_info{version="1.2.3"} 1');
    expect(text).toContain('edge_fleet_stream_clients 7');
  });

  test('that alerts count the growth of are there from the start, at zero', async () => {
    const { text } = await createMetrics('1.2.3').scrape();
    expect(text).toContain('edge_fleet_config_problems_total{severity="error"} 0');
    expect(text).toContain('edge_fleet_reconcile_total{controller="kind-status",outcome="failed"} 0');
    expect(text).toContain('edge_fleet_actions_total{action="sync",outcome="failed"} 0');
  });

  test('of the fleet are read page by page when somebody scrapes, and a removed edge leaves no series', async () => {
    const metrics = createMetrics('test');
    const fleet = createFakeFleetReader();
    const { clock } = createSteppedRuntime();
    metrics.watchFleet(fleet, clock);
    fleet.putEdges(
      Array.from({ length: 1_201 }, (_unused, index) =>
        anEdgeDetail(`e-${index}`, { readAt: clock.now() - 5_000, connection: index === 0 ? 'Refused' : 'Reachable' }),
      ),
    );
    const [first, second] = await Promise.all([metrics.scrape(), metrics.scrape()]); // at the same time: they share one collection
    expect(second.text).toBe(first.text);
    expect(first.text).toContain('edge_fleet_edges{connection="Reachable"} 1200');
    expect(first.text).toContain('edge_fleet_edges{connection="Refused"} 1');
    expect(first.text).toContain('edge_fleet_edges{connection="NeverReached"} 0');
    expect(first.text).toContain('edge_fleet_edge_reachable{edge="e-0"} 0');
    expect(first.text).toContain('edge_fleet_edge_read_age_seconds{edge="e-1200"} 5');
    fleet.putEdges([anEdgeDetail('e-1')]);
    const { text } = await metrics.scrape();
    expect(text.match(/edge_fleet_edge_reachable\{/g)).toHaveLength(1);
  });
});
