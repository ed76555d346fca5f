import { setFlagsFromString } from 'node:v8';

/**
 * Has new objects always begin in the young generation. At a start 200,000 Applications wait to be written, from which V8 learns that what is
 * made for an Application lives long, and puts it among what it seldom looks at. From then on each change leaves garbage there that keeps
 * more garbage alive: collections of the young generation take four times as long, and the process twice the memory. To be called before
 * anything is loaded.
 */
export function keepNewObjectsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/**
 * Has the memory that sockets hold outside the heap weighed together with the heap. By itself V8 collects everything whenever another 64 MB of
 * it have come, and TLS holds some 80 kB for each edge: a start of ten thousand would be thirty full collections of a heap that only grows.
 */
export function weighAllMemory(): void {
  setFlagsFromString('--external-memory-accounted-in-global-limit');
}
