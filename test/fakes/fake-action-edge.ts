import { makeFailure } from '../../proxy-server/src/domain/classify.ts';
import { err, ok, type Result } from '../../proxy-server/src/domain/result.ts';
import type { EdgeAnswer, EdgeApi, EdgeCall } from '../../proxy-server/src/ports/edge-api.ts';

interface Operation {
  readonly info: readonly { readonly name: string; readonly value: string }[];
  readonly revision: string;
  readonly dryRun: boolean;
  readonly by: string;
}

interface World {
  automated: object | undefined;
  queued: Operation | undefined;
  state: { operation: Operation; phase: string; startedAt: string } | undefined;
  history: { id: number; revision: string }[];
  starts: number;
}

interface Body {
  readonly infos?: Operation['info'];
  readonly id?: number;
  readonly dryRun?: boolean;
  readonly revision?: string;
  readonly patch?: string;
}

type Answer = Awaited<ReturnType<EdgeApi['call']>>;
const OURS = 'edge-fleet-ops';

/** One Application's operations as Argo CD carries them out: a queue of one, infos kept, a history entry per success, auto-sync that forbids rollbacks. */
export class FakeActionEdge {
  readonly calls: EdgeCall[] = [];
  readonly world: World = {
    automated: undefined, queued: undefined, state: undefined, starts: 0,
    history: [{ id: 0, revision: 'aaa' }, { id: 1, revision: 'bbb' }],
  }; // prettier-ignore
  /** Called around every request; throwing from `before` loses it on the way, from `after` loses the answer alone. */
  before: (call: EdgeCall) => void = () => undefined;
  after: (call: EdgeCall) => void = () => undefined;
  fails = false;
  #clock = 0;

  /** The controller of the edge does one step of what is asked of it. */
  step(): void {
    const { world } = this;
    if (world.queued !== undefined) this.#begin(world.queued);
    else if (world.state?.phase === 'Running') this.#finish(world.state);
    else if (world.state?.phase === 'Terminating') world.state.phase = 'Failed';
  }

  #begin(operation: Operation): void {
    this.#clock += 1;
    this.world.state = { operation, phase: 'Running', startedAt: new Date(this.#clock * 1_000).toISOString() };
    this.world.queued = undefined;
    this.world.starts += 1;
  }

  #finish(state: NonNullable<World['state']>): void {
    state.phase = this.fails ? 'Failed' : 'Succeeded';
    const { revision, dryRun } = state.operation;
    const { history } = this.world;
    if (!this.fails && !dryRun) history.push({ id: (history.at(-1)?.id ?? -1) + 1, revision });
  }

  /** Somebody else starts something. */
  other(revision = 'zzz'): void {
    this.world.queued = { info: [], revision, dryRun: false, by: 'jane' };
    this.world.state = undefined;
  }

  application(): object {
    const { world } = this;
    const wire = ({ info, revision, dryRun, by }: Operation): object => ({
      info,
      sync: { revision, dryRun },
      initiatedBy: { username: by },
    });
    return {
      metadata: { name: 'pos', namespace: 'argocd', uid: 'u1' },
      spec: { project: 'default', syncPolicy: world.automated === undefined ? {} : { automated: world.automated } },
      ...(world.queued === undefined ? {} : { operation: wire(world.queued) }),
      status: {
        sync: { status: 'Synced' },
        health: { status: 'Healthy' },
        history: world.history,
        ...(world.state === undefined
          ? {}
          : { operationState: { operation: wire(world.state.operation), phase: world.state.phase, startedAt: world.state.startedAt } }),
      },
    };
  }

  readonly api: EdgeApi = {
    call: async (_edge, call) => {
      this.calls.push(call);
      try {
        this.before(call);
        const answer = this.#answer(call);
        this.after(call);
        return await Promise.resolve(answer);
      } catch (thrown) {
        if (String(thrown).endsWith('crash')) throw thrown;
        return err(makeFailure(37, { sign: 'lost' }));
      }
    },
    target: () => undefined,
    probeNow: () => true,
    requestsLastMinute: () => 0,
  };

  #refuse(message: string): Answer {
    return err({ ...makeFailure(36, { sign: '400' }), kind: 'argocdError', status: 400, argocdMessage: message });
  }

  #done(): Result<EdgeAnswer, never> {
    return ok({ status: 200, headers: {}, body: this.application() });
  }

  #answer(call: EdgeCall): Answer {
    const body = (call.body ?? {}) as Body;
    switch (call.method) {
      case 'GET':
        return this.#done();
      case 'PATCH': {
        const patch = JSON.parse(body.patch!) as { spec: { syncPolicy: { automated: object | null } } };
        this.world.automated = patch.spec.syncPolicy.automated ?? undefined;
        return this.#done();
      }
      case 'DELETE':
        return this.#terminate();
      default:
        return this.#operate(call.path, body);
    }
  }

  #terminate(): Answer {
    const { state } = this.world;
    if (state?.phase !== 'Running') return this.#refuse('Unable to terminate operation. No operation is in progress');
    state.phase = 'Terminating';
    return ok({ status: 200, headers: {}, body: {} });
  }

  #operate(path: string, body: Body): Answer {
    const { world } = this;
    const isBusy = world.queued !== undefined || ['Running', 'Terminating'].includes(world.state?.phase ?? '');
    if (isBusy) return this.#refuse('another operation is already in progress');
    return path.includes('/rollback') ? this.#rollback(body) : this.#sync(body);
  }

  #rollback(body: Body): Answer {
    const { world } = this;
    if (world.automated !== undefined) return this.#refuse('rollback cannot be initiated when auto-sync is enabled');
    const entry = world.history.find(({ id }) => id === body.id);
    return entry === undefined ? this.#refuse('unknown id') : this.#queue({ info: [], revision: entry.revision, dryRun: false, by: OURS });
  }

  #sync({ infos = [], revision = 'ccc', dryRun = false }: Body): Answer {
    return this.#queue({ info: infos, revision, dryRun, by: OURS });
  }

  /** As `SetAppOperation` does: the state of the operation before is gone at once. */
  #queue(operation: Operation): Answer {
    this.world.queued = operation;
    this.world.state = undefined;
    return this.#done();
  }
}
