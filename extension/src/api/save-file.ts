import type { HubClient } from './hub-client.ts';
import type { HubProblem } from './hub-problem.ts';

/** A plain link cannot carry the headers that the hub demands, so the file is fetched and handed to the browser. Undefined: it is saved. */
export async function saveFile(client: HubClient, path: string, type: string, name: string): Promise<HubProblem | undefined> {
  const answer = await client.request(path, { accept: type });
  if (!answer.ok) return answer.error;
  const url = URL.createObjectURL(await answer.value.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
  return undefined;
}
