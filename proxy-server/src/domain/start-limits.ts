/**
 * What a machine allows, in words, and how large a fleet that is. Estimates on the safe side: a fleet beyond them is served all the same, with
 * a warning that names the limit to raise.
 */

/** What was found at the start; absent where this system does not tell. */
export interface StartFacts {
  /** Soft limit of open files. */
  readonly openFiles?: number;
  /** Ports that outgoing connections may take. */
  readonly localPorts?: number;
  /** Most that the heap may grow to. */
  readonly heapBytes: number;
  readonly now: number;
}

export interface StartLimits {
  /** The fleet that all limits together allow. */
  readonly fleetSize: number;
  readonly warnings: readonly string[];
}

/** An edge holds one stream, and now and then a second connection for questions; browsers, files and the database take the rest. */
const FILES_PER_EDGE = 1.5;
const FILES_APART = 1_500;
const PORTS_PER_EDGE = 1.5;
/** A stream with TLS and its parser, and twenty Applications in columns. */
const HEAP_PER_EDGE_BYTES = 60_000;
const HEAP_APART_BYTES = 200_000_000;
const USABLE_HEAP = 0.7;

/** Before the first release of what we read there were no edges; a clock beyond the other end is as wrong. */
const EARLIEST = Date.UTC(2025, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

interface Limit {
  readonly fleetSize: number;
  readonly remedy: string;
}

function limitsOf({ openFiles, localPorts, heapBytes }: StartFacts): readonly Limit[] {
  const limits: Limit[] = [
    {
      fleetSize: (heapBytes * USABLE_HEAP - HEAP_APART_BYTES) / HEAP_PER_EDGE_BYTES,
      remedy: `The heap may grow to ${Math.round(heapBytes / 1_000_000)} MB: raise it with NODE_OPTIONS=--max-old-space-size=<MB>`,
    },
  ];
  if (openFiles !== undefined) {
    limits.push({
      fleetSize: (openFiles - FILES_APART) / FILES_PER_EDGE,
      remedy: `${openFiles} files may be open: raise the limit with ulimit -n or LimitNOFILE`,
    });
  }
  if (localPorts !== undefined) {
    limits.push({
      fleetSize: localPorts / PORTS_PER_EDGE,
      remedy: `${localPorts} ports are there for outgoing connections: widen net.ipv4.ip_local_port_range`,
    });
  }
  return limits;
}

const clockWarning = (now: number): readonly string[] =>
  now >= EARLIEST && now <= LATEST
    ? []
    : [`The clock says ${new Date(now).toISOString().slice(0, 10)}: set it, or every age that is shown is wrong`];

/** Which fleet fits, and a warning for each limit that this one is beyond. */
export function startLimits(facts: StartFacts, edges: number): StartLimits {
  const limits = limitsOf(facts).map((limit) => ({ ...limit, fleetSize: Math.max(0, Math.floor(limit.fleetSize)) }));
  const warnings = limits
    .filter((limit) => limit.fleetSize < edges)
    .map((limit) => `${limit.remedy}. It is enough for about ${limit.fleetSize} edges, and there are ${edges}`);
  return { fleetSize: Math.min(...limits.map((limit) => limit.fleetSize)), warnings: [...warnings, ...clockWarning(facts.now)] };
}
