import * as React from 'react';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { applicationWords } from '../../messages/application.ts';
import { useFormats } from '../../ui/Formats.tsx';
import { LogView } from './LogView.tsx';
import { parseLive } from './manifest-text.ts';
import { PartFrame } from './PartFrame.tsx';
import { parseTree, type ResourceNode, type ResourceTree } from './resource-nodes.ts';
import { containersOf } from './rollout-progress.ts';
import { usePart, usePartsOfEdge } from './use-part.ts';

const words = applicationWords.logs;
const TAILS = ['100', '1000', '5000'] as const;

const podKey = ({ namespace, name }: ResourceNode): string => `${namespace}/${name}`;
const parseContainers = (answer: unknown): readonly string[] => containersOf(parseLive(answer));

/** Logs of one Pod. Which Pods there are is the tree's to say; who may read logs is a right of its own. */
export function LogsTab(): React.ReactElement {
  const { paths } = usePartsOfEdge();
  const { compare } = useFormats();
  const { search, change } = useUrlState();
  const tree = usePart<ResourceTree>(paths.tree, parseTree);
  const pods = React.useMemo(
    () =>
      (tree.data?.nodes ?? [])
        .filter(({ group, kind }) => group === '' && kind === 'Pod')
        .sort((left, right) => compare(left.name, right.name)),
    [tree.data, compare],
  );
  const pod = pods.find((one) => podKey(one) === search.get('pod')) ?? pods[0];
  return (
    <PartFrame title={words.title} part={tree} className="ef-part--fill">
      {() =>
        pod === undefined ? (
          <p className="ef-part__none">{words.noPods}</p>
        ) : (
          <PodLogs key={podKey(pod)} pod={pod} pods={pods} onPod={(key) => change({ pod: key, container: undefined }, 'replace')} />
        )
      }
    </PartFrame>
  );
}

interface PodLogsProps {
  readonly pod: ResourceNode;
  readonly pods: readonly ResourceNode[];
  readonly onPod: (key: string) => void;
}

function PodLogs({ pod, pods, onPod }: PodLogsProps): React.ReactElement {
  const { paths } = usePartsOfEdge();
  const { search, change } = useUrlState();
  const { data: containers = [] } = usePart<readonly string[]>(paths.live(pod, pod.version), parseContainers);
  const container = search.get('container') ?? containers[0];
  const tail = TAILS.find((one) => one === search.get('lines')) ?? TAILS[0];
  const follow = search.get('follow') === 'true';
  const previous = search.get('previous') === 'true';
  const path = paths.logs(pod.name, pod.namespace, {
    tailLines: tail,
    follow: String(follow),
    ...(container === undefined ? {} : { container }),
    ...(previous ? { previous: 'true' } : {}),
  });
  const set = (key: string, value: string | undefined): void => change({ [key]: value }, 'replace');
  return (
    <>
      <div className="ef-part__line">
        <Choice label={words.pod} value={podKey(pod)} options={pods.map((one) => [podKey(one), one.name])} onChange={onPod} />
        {containers.length > 1 ? (
          <Choice
            label={words.container}
            value={container ?? ''}
            options={containers.map((one) => [one, one])}
            onChange={(next) => set('container', next)}
          />
        ) : null}
        <Choice label={words.lines} value={tail} options={TAILS.map((one) => [one, one])} onChange={(next) => set('lines', next)} />
        <Toggle label={words.follow} on={follow} onChange={(on) => set('follow', on ? 'true' : undefined)} />
        <Toggle label={words.previous} on={previous} onChange={(on) => set('previous', on ? 'true' : undefined)} />
      </div>
      <LogView path={path} follow={follow} />
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, title: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps): React.ReactElement {
  return (
    <label className="ef-choice">
      <span className="ef-muted">{label}</span>{' '}
      <select className="ef-input" value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([key, title]) => (
          <option key={key} value={key}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

function Toggle({
  label,
  on,
  onChange,
}: {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}): React.ReactElement {
  return (
    <button type="button" className="ef-button" aria-pressed={on} onClick={() => onChange(!on)}>
      {label}
    </button>
  );
}
