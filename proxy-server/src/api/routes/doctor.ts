/** Doctor from the page: the same checks as on the command line, for who may see and ask about every edge. */
import express, { Router, type Request } from 'express';
import { AskedThrough, type DoctorAnswer, type DoctorResultAnswer, type ThroughChecks } from '../../contract/doctor.ts';
import { throughChecks } from '../../domain/doctor-through.ts';
import type { DoctorCheck } from '../../domain/doctor.ts';
import { byEdge } from '../../domain/doctor-order.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { DoctorResult, DoctorRuns } from '../../ports/doctor-runs.ts';
import type { Rights } from '../../ports/rights.ts';
import { mayRunDoctor } from '../doctor-right.ts';
import { parse, RequestProblem } from '../problem.ts';
import type { Asker, RequestContexts } from '../request-context.ts';
import { sendJson } from '../send-json.ts';
import { needJson } from '../need-json.ts';

/** Edges whose checks are sent, problems first; the others are counted. */
const MAX_EDGES = 200;

export interface DoctorRouteOptions {
  readonly runs: DoctorRuns;
  readonly rights: Rights;
  readonly contexts: RequestContexts;
  readonly audit: AuditLog;
  readonly now: () => number;
}

function toResult({ checks, ...about }: DoctorResult): DoctorResultAnswer {
  const edges = byEdge(checks);
  const shown = edges.slice(0, MAX_EDGES);
  const count = (result: DoctorCheck['result']): number => edges.filter(({ worst }) => worst === result).length;
  return {
    ...about,
    checks: [...checks.filter(({ edge }) => edge === undefined), ...shown.flatMap((one) => one.checks)],
    edges: edges.length,
    shownEdges: shown.length,
    edgesBy: { ok: count('ok'), warning: count('warning'), failed: count('failed'), notChecked: count('notChecked') },
  };
}

export function doctorRoutes({ runs, rights, contexts, audit, now }: DoctorRouteOptions): Router {
  const write = (
    { identity: { subject, username, claimedGroups } }: Asker,
    outcome: 'asked' | 'refused',
    message: string,
  ): Promise<void> => {
    const entry: AuditEntry = {
      at: now(), outcome, subject, username, claimedGroups, action: 'doctor', edge: '', namespace: '', application: '', project: '', reason: '', run: '', message,
    }; // prettier-ignore
    return audit.record([entry]);
  };
  const allowed = (req: Request): Asker => {
    const asker = contexts.asker(req);
    const decision = mayRunDoctor(rights, asker);
    if (!decision.allowed)
      throw new RequestProblem('NotAllowed', decision.reason, decision.missingLine === '' ? {} : { missingLine: decision.missingLine });
    return asker;
  };
  const answer = (): DoctorAnswer => {
    const { running, latest } = runs;
    return { now: now(), ...(running === undefined ? {} : { running }), ...(latest === undefined ? {} : { latest: toResult(latest) }) };
  };
  return Router()
    .post('/doctor/through', express.json({ limit: '64kb' }), (req, res) => {
      needJson(req);
      return sendJson(req, res, { checks: throughChecks(parse(AskedThrough, req.body)) } satisfies ThroughChecks);
    })
    .get('/doctor', (req, res) => {
      allowed(req);
      return sendJson(req, res, answer());
    })
    .post('/doctor', express.json({ limit: '1kb' }), async (req, res) => {
      needJson(req);
      const decision = mayRunDoctor(rights, contexts.asker(req));
      await write(contexts.asker(req), decision.allowed ? 'asked' : 'refused', decision.allowed ? '' : decision.reason);
      const { identity } = allowed(req);
      runs.start(identity.username, { hubNamespace: identity.anchor.namespace, anchor: identity.anchor.name });
      return sendJson(req, res, answer());
    });
}
