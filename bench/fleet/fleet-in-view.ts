/** A whole fleet that has been read: edges, the program, and everything gone afterwards. */
import { withHome, type Home } from './home.ts';
import { startProgram, untilAsked, untilInView, type RunningProgram } from './running-program.ts';
import { startSimulatedEdges, type EdgesWanted, type SimulatedEdges } from './simulated-edges.ts';

export interface FleetInView {
  readonly home: Home;
  readonly simulated: SimulatedEdges;
  readonly program: RunningProgram;
  readonly edges: number;
  readonly applications: number;
}

const IN_VIEW_WITHIN_MS = 180_000;

/** Runs `run` once every edge is in view and has been asked everything that belongs to a start; nothing changes by itself until `simulated.setChanges` is called. */
export function withFleetInView<T>(wanted: EdgesWanted, run: (fleet: FleetInView) => Promise<T>): Promise<T> {
  return withHome(async (home) => {
    const simulated = await startSimulatedEdges(home, wanted);
    try {
      const { applications } = await simulated.summary();
      const program = await startProgram(home);
      try {
        const { edges } = wanted;
        await untilInView(program, { edges, applications }, IN_VIEW_WITHIN_MS);
        await untilAsked(program);
        return await run({ home, simulated, program, edges, applications });
      } finally {
        await program.stop();
      }
    } finally {
      await simulated.stop();
    }
  });
}
