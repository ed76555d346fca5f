/** The size of everything on the heap, typed arrays included, added up from a heap snapshot as V8 writes it. */
import { getHeapSnapshot } from 'node:v8';

const NODES = '"nodes":[';

/** Position of `self_size` in a node, and the number of fields, as the snapshot itself says. */
function layoutOf(meta: string): { readonly fields: number; readonly size: number } {
  const names: unknown = JSON.parse(/"node_fields":(\[[^\]]*\])/.exec(meta)?.[1] ?? '[]');
  if (!Array.isArray(names) || !names.includes('self_size')) throw new Error('A heap snapshot of an unknown form');
  return { fields: names.length, size: names.indexOf('self_size') };
}

const [ZERO, NINE, COMMA, END] = [48, 57, 44, 93];

/** Adds up one field of the numbers that follow, in pieces as they come. */
function sizeSummer({ fields, size }: ReturnType<typeof layoutOf>): { add(text: string): void; total(): number } {
  let [field, number, total, done] = [0, 0, 0, false];
  const endOfNumber = (): void => {
    if (field === size) total += number;
    field = (field + 1) % fields;
    number = 0;
  };
  return {
    add: (text) => {
      for (let index = 0; index < text.length && !done; index += 1) {
        const code = text.charCodeAt(index);
        if (code >= ZERO && code <= NINE) number = number * 10 + code - ZERO;
        else if (code === COMMA || code === END) endOfNumber();
        done = code === END;
      }
    },
    total: () => total,
  };
}

/** Bytes alive now. Takes a full collection first, as every heap snapshot does. */
export async function heapSnapshotBytes(): Promise<number> {
  let head = '';
  let summer: ReturnType<typeof sizeSummer> | undefined;
  for await (const chunk of getHeapSnapshot()) {
    if (summer !== undefined) {
      summer.add(String(chunk));
      continue;
    }
    head += String(chunk);
    const start = head.indexOf(NODES);
    if (start < 0) continue;
    summer = sizeSummer(layoutOf(head.slice(0, start)));
    summer.add(head.slice(start + NODES.length));
  }
  if (summer === undefined) throw new Error('A heap snapshot without nodes');
  return summer.total();
}
