/**
 * Lints texts under the names of files of this project and prints what was found: a process of its own, because ESLint's type-aware rules
 * bring a compiler along that does not belong into a test's realm. Reads [{path, text}], prints [[rule, …], …] in the same order.
 */
import { text as readAll } from 'node:stream/consumers';
import { ESLint } from 'eslint';

interface Planted {
  readonly path: string;
  readonly text: string;
}

const planted = JSON.parse(await readAll(process.stdin)) as readonly Planted[];
const eslint = new ESLint();
const found: string[][] = [];
for (const { path, text } of planted) {
  const [result] = await eslint.lintText(text, { filePath: path });
  found.push((result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message));
}
process.stdout.write(JSON.stringify(found));
