/** Lets a module whose JSX was compiled to `efH()` have that function; thousands of `React.createElement` are a tenth of a bundle. */
import { join } from 'node:path';

const CREATE_ELEMENT = join(import.meta.dirname, 'extension/src/create-element.ts');

export const JSX_FACTORY = 'efH';

export default function importFactory(source) {
  const uses = this.resourcePath.endsWith('.tsx') && source.includes(`${JSX_FACTORY}(`);
  return uses ? `import { createElement as ${JSX_FACTORY} } from ${JSON.stringify(CREATE_ELEMENT)};\n${source}` : source;
}
