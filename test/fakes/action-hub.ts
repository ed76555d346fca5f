import { join } from 'node:path';
import { auditEntry, createActionController, type ActionController } from '../../proxy-server/src/controllers/action-controller.ts';
import type { ActionRun, ActionSpec, ActionTarget } from '../../proxy-server/src/domain/action.ts';
import { parseEdgeId } from '../../proxy-server/src/domain/ids.ts';
import { openSqliteJournal, type Journal } from '../../proxy-server/src/history/sqlite-journal.ts';
import type { ActionStore } from '../../proxy-server/src/ports/action-store.ts';
import { FakeActionEdge } from './fake-action-edge.ts';
import { createSteppedRuntime, type SteppedRuntime } from './stepped-runtime.ts';

export const SYNC: Extract<ActionSpec, { kind: 'sync' }> = { kind: 'sync', prune: false, dryRun: false, force: false, resources: [] };
export const ROLLBACK: Extract<ActionSpec, { kind: 'rollback' }> = { kind: 'rollback', to: 0, prune: false, turnAutoSyncOff: true };

/** A hub with a journal on disk and one edge per name; can be killed and started again over the same file. */
export class ActionHub {
  readonly runtime: SteppedRuntime = createSteppedRuntime();
  readonly edges = new Map<string, FakeActionEdge>();
  readonly away = new Set<string>();
  readonly file: string;
  refusal: string | undefined;
  journal: Journal;
  controller!: ActionController;
  #moved: (edges: readonly string[]) => void = () => undefined;
  #wrap: (store: ActionStore) => ActionStore = (store) => store;

  constructor(folder: string, name: string) {
    this.file = join(folder, `${name}.sqlite`);
    this.journal = openSqliteJournal(this.file, 0);
  }

  edge(name: string): FakeActionEdge {
    const known = this.edges.get(name) ?? new FakeActionEdge();
    this.edges.set(name, known);
    return known;
  }

  async start(wrap: (store: ActionStore) => ActionStore = (store) => store): Promise<void> {
    this.#wrap = wrap;
    this.controller = createActionController(
      {
        store: this.#wrap(this.journal.actions),
        edges: { ...new FakeActionEdge().api, call: (id, call) => this.edge(id).api.call(id, call) },
        edgeId: (edge) => parseEdgeId(edge),
        isReachable: (edge) => !this.away.has(edge),
        refusal: () => this.refusal,
        onEdges: (moved) => {
          this.#moved = moved;
          return () => undefined;
        },
      },
      this.runtime,
    );
    await this.controller.start();
  }

  /** The process is gone between two instructions: nothing of it runs any more, the file is as it was. */
  kill(): void {
    this.journal.close();
    this.journal = openSqliteJournal(this.file, 0);
  }

  comesBack(edge: string): void {
    this.away.delete(edge);
    this.#moved([edge]);
  }

  async ask(spec: ActionSpec, edges: readonly string[], over: Partial<ActionRun> = {}): Promise<readonly ActionTarget[]> {
    const createdAt = this.runtime.clock.now();
    const run: ActionRun = {
      id: 'run-1', spec, by: { subject: 'ann', username: 'ann@example.com', scopes: ['edge-fleet-ops'] }, reason: 'price rounding',
      createdAt, expiresAt: createdAt + 3_600_000, width: 10, ...over,
    }; // prettier-ignore
    const targets = edges.map((edge, index): ActionTarget => ({
      run: run.id, index, edge, namespace: 'argocd', name: 'pos', project: 'default', state: 'Waiting', message: 'Waiting for its turn', updatedAt: createdAt,
    })); // prettier-ignore
    const written = await this.journal.actions.create(run, targets, (target) =>
      auditEntry(run, target, target.state === 'Refused' ? 'refused' : 'asked', createdAt),
    );
    await this.controller.wake(run.id);
    return written;
  }

  /** A person gives one target up. */
  async giveUp(index: number, run = 'run-1'): Promise<void> {
    await this.journal.actions.cancel(run, [index], (found) => {
      const target: ActionTarget = { ...found, state: 'Stopped', message: 'Stopped by bob' };
      const asked = { spec: SYNC, by: { subject: 'ann', username: 'ann', scopes: [] }, reason: 'x', id: run } as unknown as ActionRun;
      return { target, audit: [auditEntry(asked, target, 'stopped', 5)] };
    });
    await this.controller.wake(run);
  }

  /** Time passes, sockets answer, edges work. */
  async settle(turns = 40): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) {
      for (const edge of this.edges.values()) edge.step();
      this.runtime.advance(6_000);
      for (let breath = 0; breath < 3; breath += 1) await new Promise(setImmediate);
    }
  }

  async target(index = 0, run = 'run-1'): Promise<ActionTarget> {
    return (await this.journal.actions.target(run, index))!;
  }
}
