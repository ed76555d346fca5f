import type { ActionSight } from '../../../../proxy-server/src/domain/action.ts';
import { auditWords as words } from '../../messages/audit.ts';

/** A commit is known by its first characters; a chart's version is written out. */
const shortRevision = (revision: string): string => (/^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision);

function partsOf(sight: ActionSight): readonly (readonly [name: string, value: string])[] {
  const latest = sight.history.at(-1);
  const { operation } = sight;
  return [
    [words.parts.sync, sight.sync],
    [words.parts.health, sight.health],
    [words.parts.autoSync, sight.autoSync ? words.parts.on : words.parts.off],
    [words.parts.history, latest === undefined ? '' : `${latest.id} (${latest.revisions.map(shortRevision).join(' ')})`],
    [words.parts.operation, operation === undefined ? '' : operation.queued ? words.parts.queued : operation.phase],
  ];
}

/** What an action changed, one part a line: `auto-sync on → off`. A part that stayed as it was says nothing; all of them, "unchanged". */
export function sightChange(before: ActionSight | undefined, after: ActionSight | undefined): readonly string[] {
  if (before === undefined || after === undefined) return [];
  const then = partsOf(before);
  const changed = partsOf(after).flatMap(([name, value], index) => {
    const was = then[index]?.[1] ?? '';
    return was === value ? [] : [`${name} ${was === '' ? words.parts.none : was} \u2192 ${value === '' ? words.parts.none : value}`];
  });
  return changed.length === 0 ? [words.parts.unchanged] : changed;
}
