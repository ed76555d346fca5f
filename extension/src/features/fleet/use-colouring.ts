import * as React from 'react';
import type { DictionaryColumn } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { toValueColumn } from '../../stores/fleet-columns.ts';
import { useFormats } from '../../ui/Formats.tsx';
import { colouringOf, versions, type Colouring } from './map/cell-kinds.ts';

const REFRESH_MS = 3_000;
const VERSION = 'version:';

/** The colouring of a name; that of a Product's versions needs a column of its own, and is health until that is here. */
export function useColouring(name: string, rows: number): Colouring {
  const { compare } = useFormats();
  const isVersion = name.startsWith(VERSION);
  const { data } = useQuery<DictionaryColumn>(isVersion ? `overview/columns/${encodeURIComponent(name)}` : undefined, {
    refreshMs: REFRESH_MS,
  });
  return React.useMemo(() => {
    if (!isVersion || data === undefined || data.codes.length !== rows) return colouringOf(isVersion ? 'health' : name);
    return versions(name, toValueColumn(data), compare);
  }, [isVersion, name, data, rows, compare]);
}
