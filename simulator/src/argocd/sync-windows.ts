import type { Application } from '../world/edge.ts';
import type { World } from '../world/world.ts';
import { sendJson } from './answer.ts';
import { findApplication, namedBy } from './find-application.ts';
import { type Call, sessionOf } from './call.ts';

/** A window of an AppProject; the schedule is "minute hour * * *". */
export interface SyncWindow {
  readonly kind: 'allow' | 'deny';
  readonly schedule: string;
  readonly duration: string;
  readonly applications: readonly string[];
  readonly timeZone?: string;
}

export interface Project {
  readonly name: string;
  readonly description?: string;
  readonly namespaces: readonly string[];
  readonly windows: readonly SyncWindow[];
}

/** The projects of every edge. Hospitals change nothing in visiting hours; team-b is frozen all day. */
export const PROJECTS: readonly Project[] = [
  { name: 'default', namespaces: ['*'], windows: [] },
  {
    name: 'health',
    description: 'Clinical systems',
    namespaces: ['*'],
    windows: [{ kind: 'deny', schedule: '0 10 * * *', duration: '8h', applications: ['imaging', 'ward-board'], timeZone: 'Europe/Oslo' }],
  },
  { name: 'platform', namespaces: ['*'], windows: [] },
  { name: 'retail', namespaces: ['*'], windows: [] },
  { name: 'ships', namespaces: ['*'], windows: [] },
  {
    name: 'team-b',
    description: 'Team B',
    namespaces: ['team-b'],
    windows: [{ kind: 'deny', schedule: '0 0 * * *', duration: '24h', applications: ['frozen'], timeZone: 'Europe/Oslo' }],
  },
  { name: 'telecom', namespaces: ['*'], windows: [] },
];

const MINUTES_OF_DAY = 1440;

function minuteOfDay(now: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(now).split(':');
  return Number(parts[0]) * 60 + Number(parts[1]);
}

/** True while a window that opens daily is open. */
export function isOpen(window: SyncWindow, now: number): boolean {
  const [minute, hour] = window.schedule.split(' ').map(Number);
  const since = (minuteOfDay(now, window.timeZone ?? 'UTC') - ((hour ?? 0) * 60 + (minute ?? 0)) + MINUTES_OF_DAY) % MINUTES_OF_DAY;
  return since < Number.parseInt(window.duration, 10) * 60;
}

function windowsOf(application: Application): readonly SyncWindow[] {
  const project = PROJECTS.find(({ name }) => name === application.component.project);
  return project?.windows.filter((window) => window.applications.includes(application.component.name)) ?? [];
}

/** Whether a person may sync now. */
export function canSync(world: World, application: Application): boolean {
  const windows = windowsOf(application);
  const now = world.clock.now() + application.edge.skewMs;
  if (windows.some((window) => window.kind === 'deny' && isOpen(window, now))) return false;
  const allowing = windows.filter((window) => window.kind === 'allow');
  return allowing.length === 0 || allowing.some((window) => isOpen(window, now));
}

const shown = ({ kind, schedule, duration }: SyncWindow): unknown => ({ kind, schedule, duration, manualSync: false });

/** GET /{name}/syncwindows. */
export function answerSyncWindows(call: Call): void {
  const application = findApplication(call, sessionOf(call), namedBy(call));
  const assigned = windowsOf(application);
  const active = assigned.filter((window) => isOpen(window, call.world.clock.now() + call.edge.skewMs));
  sendJson(call, {
    ...(active.length > 0 ? { activeWindows: active.map(shown) } : {}),
    ...(assigned.length > 0 ? { assignedWindows: assigned.map(shown) } : {}),
    canSync: canSync(call.world, application),
  });
}
