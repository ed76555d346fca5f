import * as React from 'react';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { applicationWords } from '../../messages/application.ts';
import { useFormats } from '../../ui/Formats.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { parseApplicationObject, type ApplicationObject } from './application-object.ts';
import { LIST_FIELDS, parseManagedResources, type ManagedResource, type ManagedResources } from './managed-resources.ts';
import { PartFrame } from './PartFrame.tsx';
import { ResourceDiff } from './ResourceDiff.tsx';
import { usePart, usePartsOfEdge, type Part } from './use-part.ts';

const words = applicationWords.diff;

/** Two steps: which resources differ, then the manifests of one. All at once would be megabytes through a thin line. */
export function DiffTab(): React.ReactElement {
  const { paths } = usePartsOfEdge();
  const { compare } = useFormats();
  const { search, change } = useUrlState();
  const whole = usePart<ApplicationObject>(paths.whole, parseApplicationObject);
  const resources = whole.data?.resources;
  const parse = React.useCallback((answer: unknown) => parseManagedResources(answer, resources, compare), [resources, compare]);
  const list = usePart<ManagedResources>(paths.managed({ fields: LIST_FIELDS }), parse);
  const items = list.data?.kind === 'known' ? list.data.items : [];
  const chosen = items.find(({ key }) => key === search.get('resource')) ?? items.find(({ modified }) => modified);
  return (
    <div className="ef-app__split ef-app__split--diff">
      <ManagedList list={list} chosen={chosen} onChoose={(key) => change({ resource: key }, 'replace')} />
      {chosen === undefined ? (
        <p className="ef-card ef-part__none">{words.pick}</p>
      ) : (
        <ResourceDiff
          key={chosen.key}
          resource={chosen}
          view={search.get('show') ?? 'diff'}
          onView={(show) => change({ show: show === 'diff' ? undefined : show }, 'replace')}
        />
      )}
    </div>
  );
}

interface ManagedListProps {
  readonly list: Part<ManagedResources>;
  readonly chosen: ManagedResource | undefined;
  readonly onChoose: (key: string) => void;
}

function ManagedList({ list, chosen, onChoose }: ManagedListProps): React.ReactElement {
  return (
    <PartFrame title={words.title} part={list} className="ef-part--fill">
      {(known) =>
        known.kind === 'unknown' ? (
          <p className="ef-part__none">{words.unknown}</p>
        ) : known.items.length === 0 ? (
          <p className="ef-part__none">{words.none}</p>
        ) : (
          <>
            <p className="ef-part__line ef-muted">
              {words.count(known.items.filter(({ modified }) => modified).length, known.items.length)}
            </p>
            <ul className="ef-pick-list" aria-label={words.list}>
              {known.items.map((item) => (
                <li key={item.key}>
                  <button
                    type="button"
                    className="ef-pick-list__item"
                    aria-current={item.key === chosen?.key}
                    onClick={() => onChoose(item.key)}
                  >
                    <span dir="auto">
                      <span className="ef-tree__kind">{item.kind}</span> {item.name}
                    </span>
                    <span className={item.modified ? 'ef-tone--attention' : 'ef-muted'}>
                      {item.modified ? <Icon name="fa-arrow-alt-circle-up" /> : null} {item.modified ? words.modified : words.same}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )
      }
    </PartFrame>
  );
}
