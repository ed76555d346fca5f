import type { HubClient } from '../../api/hub-client.ts';
import type { HubProblem } from '../../api/hub-problem.ts';

/** A plain link cannot carry the headers that the hub demands, so the file is fetched and handed to the browser. Undefined: it is saved. */
export async function exportEdges(client: HubClient, format: 'csv' | 'json', query: string): Promise<HubProblem | undefined> {
  const answer = await client.request(`export/edges?format=${format}&query=${encodeURIComponent(query)}`, {
    accept: format === 'csv' ? 'text/csv' : 'application/json',
  });
  if (!answer.ok) return answer.error;
  const url = URL.createObjectURL(await answer.value.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = `edges.${format}`;
  link.click();
  URL.revokeObjectURL(url);
  return undefined;
}
