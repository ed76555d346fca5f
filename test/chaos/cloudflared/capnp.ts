/**
 * As much of Cap'n Proto as the registration of a cloudflared connection needs (cloudflare/cloudflared tunnelrpc/proto/tunnelrpc.capnp @ 2026.8.2):
 * standard framing, unpacked, structs, bytes and single far pointers.
 */

/** A struct of a message that came. */
export interface Reader {
  u16(at: number): number;
  u32(at: number): number;
  struct(index: number): Reader | undefined;
  bytes(index: number): Buffer;
}

type Pointer = Reader | Buffer | undefined;

/** Cuts a stream of bytes into messages. */
export function messagesOf(onMessage: (message: Reader) => void): (chunk: Buffer) => void {
  let pending = Buffer.alloc(0);
  const next = (): Buffer[] | undefined => {
    if (pending.length < 8) return undefined;
    const count = pending.readUInt32LE(0) + 1;
    let at = (4 + 4 * count + 7) & ~7;
    if (pending.length < at) return undefined;
    const sizes = Array.from({ length: count }, (_segment, index) => pending.readUInt32LE(4 + 4 * index) * 8);
    if (pending.length < at + sizes.reduce((sum, size) => sum + size, 0)) return undefined;
    const segments = sizes.map((size) => pending.subarray(at, (at += size)));
    pending = pending.subarray(at);
    return segments;
  };
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (let segments = next(); segments !== undefined; segments = next()) {
      const root = follow(segments, 0, 0);
      if (root !== undefined && !Buffer.isBuffer(root)) onMessage(root);
    }
  };
}

function follow(segments: readonly Buffer[], segment: number, at: number): Pointer {
  const bytes = segments[segment];
  if (bytes === undefined || at + 8 > bytes.length) return undefined;
  const low = bytes.readUInt32LE(at);
  const high = bytes.readUInt32LE(at + 4);
  if (low === 0 && high === 0) return undefined;
  if ((low & 3) === 2) return follow(segments, high, (low >>> 3) * 8);
  const base = at + 8 + (bytes.readInt32LE(at) >> 2) * 8;
  if ((low & 3) === 1) return (high & 7) === 2 ? bytes.subarray(base, base + (high >>> 3)) : undefined;
  const dataBytes = (high & 0xffff) * 8;
  const pointers = high >>> 16;
  const pointer = (index: number): Pointer => (index < pointers ? follow(segments, segment, base + dataBytes + index * 8) : undefined);
  return {
    u16: (offset) => (offset < dataBytes ? bytes.readUInt16LE(base + offset) : 0),
    u32: (offset) => (offset < dataBytes ? bytes.readUInt32LE(base + offset) : 0),
    struct(index) {
      const found = pointer(index);
      return Buffer.isBuffer(found) ? undefined : found;
    },
    bytes(index) {
      const found = pointer(index);
      return Buffer.isBuffer(found) ? found : Buffer.alloc(0);
    },
  };
}

/** Where a struct was put: its data, and its pointers. */
export interface Place {
  readonly data: number;
  pointer(index: number): number;
}

/** Builds one message in one segment. */
export class MessageWriter {
  readonly #bytes = Buffer.alloc(1_024);
  #end = 8;

  u16(at: number, value: number): void {
    this.#bytes.writeUInt16LE(value, at);
  }

  u32(at: number, value: number): void {
    this.#bytes.writeUInt32LE(value, at);
  }

  struct(pointer: number, dataWords: number, pointers: number): Place {
    const data = this.#point(pointer, (dataWords + pointers) * 8, 0, dataWords | (pointers << 16));
    return { data, pointer: (index) => data + dataWords * 8 + index * 8 };
  }

  put(pointer: number, bytes: Buffer): void {
    bytes.copy(this.#bytes, this.#point(pointer, bytes.length, 1, (bytes.length << 3) | 2));
  }

  /** A list of one struct of one data word and one pointer: the table of capabilities that a bootstrap answers with. */
  capabilities(pointer: number): void {
    const tag = this.#point(pointer, 24, 1, (2 << 3) | 7);
    this.u32(tag, 1 << 2);
    this.u32(tag + 4, 1 | (1 << 16));
    this.u16(tag + 8, 1);
  }

  framed(): Buffer {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(this.#end / 8, 4);
    return Buffer.concat([head, this.#bytes.subarray(0, this.#end)]);
  }

  #point(pointer: number, length: number, kind: number, high: number): number {
    const at = this.#end;
    this.#end += (length + 7) & ~7;
    this.#bytes.writeInt32LE((((at - pointer - 8) / 8) << 2) | kind, pointer);
    this.#bytes.writeUInt32LE(high >>> 0, pointer + 4);
    return at;
  }
}

/** `Message.return` of a call; `fill` is given its payload: pointer 0 is the content, pointer 1 the capabilities. */
export function returned(answerId: number, fill: (writer: MessageWriter, payload: Place) => void): Buffer {
  const writer = new MessageWriter();
  const message = writer.struct(0, 1, 1);
  writer.u16(message.data, 3);
  const result = writer.struct(message.pointer(0), 2, 1);
  writer.u32(result.data, answerId);
  fill(writer, writer.struct(result.pointer(0), 0, 2));
  return writer.framed();
}
