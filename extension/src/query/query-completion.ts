import { QUERY_FIELDS, queryField } from '../../../proxy-server/src/domain/query-fields.ts';
import { quoteQueryValue } from '../../../proxy-server/src/domain/query.ts';

/** One way to go on: the text that replaces what was typed of the word under the caret. */
export interface Completion {
  readonly text: string;
  readonly note: string;
  readonly from: number;
  readonly to: number;
}

/** What is known of the fleet's own words. */
export interface KnownWords {
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly connectors: readonly string[];
  readonly products: readonly string[];
  readonly versions: Readonly<Record<string, readonly string[]>>;
}

const MAX_COMPLETIONS = 9;

/** The word under the caret: up to the caret, back to a space outside quotes. */
export function wordAt(query: string, caret: number): { readonly text: string; readonly from: number } {
  let from = 0;
  let quoted = false;
  for (let index = 0; index < caret; index += 1) {
    const character = query.charAt(index);
    if (character === '"') quoted = !quoted;
    if (/\s/.test(character) && !quoted) from = index + 1;
  }
  return { text: query.slice(from, caret), from };
}

function valuesFor(field: string, known: KnownWords): readonly string[] {
  const [name = '', argument] = field.toLowerCase().split(':');
  const byName: Readonly<Record<string, readonly string[] | undefined>> = {
    version: known.versions[argument ?? ''],
    label: known.labels[argument ?? ''],
    connector: known.connectors,
    product: known.products,
  };
  return byName[name] ?? queryField(field)?.values ?? known.labels[field] ?? [];
}

function fields(known: KnownWords): readonly { readonly text: string; readonly note: string }[] {
  const own = QUERY_FIELDS.filter(({ argument }) => argument === undefined).map(({ name, kind, title }) => ({
    text: kind === 'number' || kind === 'duration' ? `${name}>` : `${name}:`,
    note: title,
  }));
  const version = queryField('version')?.title ?? '';
  const label = queryField('label')?.title ?? '';
  return [
    ...Object.keys(known.labels).map((key) => ({ text: `${key}:`, note: label })),
    ...own,
    ...known.products.map((product) => ({ text: `version:${product}`, note: version })),
  ];
}

const ranked = <T>(items: readonly T[], typed: string, textOf: (item: T) => string): readonly T[] => {
  const lower = typed.toLowerCase();
  const starts = items.filter((item) => textOf(item).toLowerCase().startsWith(lower));
  const has = items.filter((item) => !starts.includes(item) && textOf(item).toLowerCase().includes(lower));
  return [...starts, ...has].slice(0, MAX_COMPLETIONS);
};

const VALUE = /^(!?)(version:[^:<>=\s]+|label:[^:<>=\s]+|[^:<>=\s"]+)(:|<=|>=|<|>|=)(.*)$/su;

/** Fields while a field is typed, values after its colon; nothing inside a finished word. */
export function completions(query: string, caret: number, known: KnownWords): readonly Completion[] {
  const word = wordAt(query, caret);
  const value = VALUE.exec(word.text);
  if (value !== null) {
    const [, , field = '', , list = ''] = value;
    const typed = list.split(',').at(-1) ?? '';
    const from = caret - typed.length;
    const found = ranked(valuesFor(field, known), typed.replace(/^"/, ''), (text) => text);
    return found.map((text) => ({ text: quoteQueryValue(text), note: '', from, to: caret })).filter(({ text }) => text !== typed);
  }
  const typed = word.text.replace(/^!/, '');
  const from = caret - typed.length;
  if (typed === '' && word.text !== '!' && query !== '') return [];
  return ranked(fields(known), typed, ({ text }) => text).map(({ text, note }) => ({ text, note, from, to: caret }));
}

/** True while the word under the caret may still become a field: it is not searched for as text until it cannot, or Enter is pressed. */
export function isHalfField(query: string, caret: number, known: KnownWords): boolean {
  const typed = wordAt(query, caret).text.replace(/^!/, '').toLowerCase();
  return typed !== '' && !/[:<>="]/.test(typed) && fields(known).some(({ text }) => text.toLowerCase().startsWith(typed));
}
