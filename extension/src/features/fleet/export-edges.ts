import type { HubClient } from '../../api/hub-client.ts';
import type { HubProblem } from '../../api/hub-problem.ts';
import { saveFile } from '../../api/save-file.ts';

/** Exactly what the query selects, as a file. Undefined: it is saved. */
export const exportEdges = (client: HubClient, format: 'csv' | 'json', query: string): Promise<HubProblem | undefined> =>
  saveFile(
    client,
    `export/edges?format=${format}&query=${encodeURIComponent(query)}`,
    format === 'csv' ? 'text/csv' : 'application/json',
    `edges.${format}`,
  );
