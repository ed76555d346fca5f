import * as React from 'react';
import { applicationWords } from '../../messages/application.ts';
import { useFormats } from '../../ui/Formats.tsx';
import { parseLive } from './manifest-text.ts';
import type { ResourceNode } from './resource-nodes.ts';
import { rolloutProgress, type RolloutProgress } from './rollout-progress.ts';
import { usePart, usePartsOfEdge } from './use-part.ts';

const words = applicationWords.tree;

const parse = (answer: unknown): RolloutProgress | undefined => rolloutProgress(parseLive(answer));

function wordsOf(progress: RolloutProgress, percent: (share: number) => string): readonly string[] {
  return [
    ...(progress.strategy === 'blueGreen' ? [words.blueGreen] : []),
    ...(progress.step === undefined || progress.steps === undefined ? [] : [words.step(progress.step, progress.steps)]),
    ...(progress.weight === undefined ? [] : [words.weight(percent(progress.weight / 100))]),
    ...progress.paused.map(words.paused),
    ...(progress.aborted ? [words.aborted] : []),
  ];
}

/** How far a Rollout is. The tree does not say it: its live manifest is asked for once the line is in sight. */
export function RolloutLine({ node }: { readonly node: ResourceNode }): React.ReactElement | null {
  const { paths } = usePartsOfEdge();
  const formats = useFormats();
  const { data } = usePart<RolloutProgress>(paths.live(node, node.version), parse);
  if (data === undefined) return null;
  const tone = data.aborted ? 'degraded' : data.paused.length > 0 ? 'suspended' : 'progressing';
  return (
    <span className={`ef-tone--${tone}`} title={data.message}>
      {wordsOf(data, formats.percent).join(', ')}
    </span>
  );
}
