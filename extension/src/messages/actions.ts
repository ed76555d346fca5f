import type { ActionKind, TargetState } from '../../../proxy-server/src/domain/action.ts';
import { plural } from './plural.ts';

/** The verbs, as buttons name them and as runs are called. */
export const kindWords: Readonly<Record<ActionKind, string>> = {
  refresh: 'Refresh',
  hardRefresh: 'Hard refresh',
  sync: 'Sync',
  terminate: 'Terminate',
  rollback: 'Roll back',
  autoSyncOn: 'Turn auto-sync on',
};

/** What each does, said before it is asked for. */
export const kindTexts: Readonly<Record<ActionKind, string>> = {
  refresh: 'Argo CD on the edge compares again with Git. Nothing is deployed by it, unless auto-sync finds something new.',
  hardRefresh:
    'Argo CD on the edge renders everything anew, without its manifest cache, and compares again. It costs the edge more than a refresh.',
  sync: 'The edge is made as Git wants it.',
  terminate: 'The operation under way is ended. What it has applied so far stays.',
  rollback:
    'The edge deploys an entry of its history again. Auto-sync would undo that, so it must be off, and it stays off until somebody turns it on.',
  autoSyncOn:
    'Auto-sync is turned on again, and the edge syncs forward: what Git wants now is deployed at once, and whatever was rolled back comes back.',
};

export const targetWords: Readonly<Record<TargetState, string>> = {
  Waiting: 'Waiting',
  Deferred: 'Deferred',
  Sent: 'Asked',
  Running: 'Under way',
  Succeeded: 'Done',
  Failed: 'Failed',
  Refused: 'Refused',
  Stopped: 'Stopped',
  Expired: 'Expired',
};

const applications = (count: number): string => plural(count, '# Application', '# Applications');

/** The words of acting: buttons, the sheet that asks, and the progress of what was asked for. */
export const actionWords = {
  bar: 'Actions on this Application',
  more: 'More actions',
  dots: (title: string) => `${title}\u2026`,
  whyNot: 'Why not?',
  asking: 'Asking what you may do here',
  away: 'The edge is out of reach. It compares by itself; ask again when it answers.',
  noOperation: 'No operation is under way.',
  autoSyncIsOn: 'Auto-sync is on.',
  onPage: 'Asked for on the page of the Application',
  started: (what: string) => `${what}: asked for`,
  off: {
    title: 'Auto-sync is off since a rollback',
    by: (who: string, why: string) => `${who} rolled back (${why}) and it stays off until somebody turns it on. Last change `,
    manual: 'It does not sync by itself.',
  },
  roll: { column: 'Roll back', here: 'Roll back to this', current: 'runs now', to: (id: string) => `Roll back to ${id}` },
  mark: {
    add: 'Mark for a sync',
    remove: 'Unmark',
    sync: (count: number) => plural(count, 'Sync # marked resource\u2026', 'Sync # marked resources\u2026'),
    outOfSync: (count: number) => plural(count, 'Mark the # out of sync', 'Mark the # out of sync'),
  },
  sheet: {
    title: (kind: string, what: string) => `${kind}: ${what}`,
    cancel: 'Cancel',
    previous: 'the entry before the latest of each',
    touches: (count: number, edges: number) => `${applications(count)} on ${plural(edges, '# edge', '# edges')}`,
    counting: 'Counting what this touches',
    away: (count: number) =>
      `${plural(count, '# Application is', '# Applications are')} on edges that are out of reach. They are deferred, not failed: each waits for its edge until the time below, and can be stopped before. `,
    refused: (count: number) => plural(count, '# may not be acted on and is left out:', '# may not be acted on and are left out:'),
    others: (count: number) => plural(count, 'and # more', 'and # more'),
    reason: 'Reason',
    reasonNote: 'Goes into the audit, and with a sync to the edge',
    revision: 'Revision',
    revisionNote: 'Empty: the target revision',
    flags: 'Options',
    prune: 'Prune: delete what Git no longer has',
    dryRun: 'Dry run: nothing changes',
    force: 'Force: delete and create again where a change is refused',
    ownOptions: 'The sync options of the Application itself',
    options: 'Sync options instead of its own',
    resources: (count: number) => (count === 0 ? 'All resources' : plural(count, 'Only # resource', 'Only # resources')),
    partial: 'A sync of some resources leaves no entry in the history.',
    dryFirst: 'Dry run first: nothing changes, and you decide when you have seen it',
    noDryRun: 'Without a dry run: every edge is changed at once',
    turnOff: 'Turn auto-sync off first. It stays off until somebody turns it on',
    mustTurnOff: 'Auto-sync is on and would undo the rollback.',
    width: 'At once',
    expires: 'Wait for edges that are away, at most',
    confirm: (count: number) => `Type ${count} to say that this many are meant`,
    needs: {
      preview: 'It is still counted what this touches.',
      nothing: 'Nothing is left to act on.',
      reason: 'Give a reason.',
      confirm: 'Type the number.',
      off: 'Say that auto-sync is turned off.',
    },
  },
  hours: (hours: number) => (hours < 48 ? plural(hours, '# hour', '# hours') : plural(hours / 24, '# day', '# days')),
  menu: (what: string) => `Act on ${what}`,
  act: 'Act',
  selected: (count: number) => `${applications(count)} selected`,
  clear: 'Clear the selection',
  select: (name: string) => `Select ${name}`,
  matching: (count: number) => `all ${applications(count)} that match`,
  applicationsOf: (edges: number) => plural(edges, 'the Applications of # edge', 'the Applications of # edges'),
  page: {
    title: 'Actions',
    loading: 'Loading the actions',
    empty: 'No actions yet',
    emptyText:
      'Nobody has asked for an action on an Application that you may see. Actions start on an Application, on a selection of Applications or on selected edges.',
    when: 'When',
    who: 'Who',
    what: 'What',
    why: 'Why',
    touches: 'Touches',
    state: 'State',
    earlier: 'Earlier ones',
    all: 'All actions',
    dry: 'dry run',
    of: (what: string, count: number) => `${what} on ${applications(count)}`,
    by: (who: string) => `by ${who}, `,
    done: (done: number, all: number) => `${done.toLocaleString()} of ${all.toLocaleString()} ended`,
    filter: 'Targets by state',
    every: 'All',
    application: 'Application',
    edge: 'Edge',
    says: 'Says',
    changed: 'Changed',
    none: 'No target is in this state.',
    more: 'More targets',
    stop: 'Stop the rest',
    cancelDeferred: (count: number) => plural(count, 'Give up # deferred', 'Give up # deferred'),
    stopNote: 'What has not begun is left; what an edge has taken goes on to its end.',
    stopped: (who: string) => `Stopped by ${who}`,
    ended: 'It had ended already',
    expires: 'What is deferred is given up ',
    forReal: (count: number) => plural(count, 'Sync # for real\u2026', 'Sync these # for real\u2026'),
    again: (count: number) => plural(count, 'Ask again for # that did not work\u2026', 'Ask again for # that did not work\u2026'),
    details: 'The whole action',
    hide: 'Hide',
    audit: 'In the audit',
    collecting: 'Collecting the targets',
  },
} as const;
