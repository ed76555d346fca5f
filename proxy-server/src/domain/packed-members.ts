import type { FleetMembers, PackedMembers } from './fleet-view.ts';
import { firstNumbers, packTexts, unpackTexts } from './text-column.ts';

/** Names and display names as they travel. A display name that is the name is no text. */
export function packMembers({ names, displayNames, ...rest }: FleetMembers): PackedMembers {
  const shown = names.map((_name, row) => displayNames[row] ?? '');
  return { ...rest, count: names.length, names: packTexts(names), displayNames: packTexts(shown, firstNumbers(names)) };
}

/** The way back: what {@link packMembers} was given. */
export function unpackMembers({ count, names: packed, displayNames: packedShown, ...rest }: PackedMembers): FleetMembers {
  const names = unpackTexts(packed, count);
  const displayNames: Record<string, string> = {};
  for (const [row, shown] of unpackTexts(packedShown, count, firstNumbers(names)).entries()) if (shown !== '') displayNames[row] = shown;
  return { ...rest, names, displayNames };
}
