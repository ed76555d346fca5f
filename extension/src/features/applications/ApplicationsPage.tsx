import * as React from 'react';
import type { HubProblem } from '../../api/hub-problem.ts';
import { useFleet } from '../../hooks/use-store.ts';
import { useShortcuts } from '../../hooks/use-shortcuts.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { applicationsWords } from '../../messages/applications.ts';
import { knownWords } from '../../query/known-words.ts';
import { QueryLine, QUERY_INPUT_ID } from '../../query/QueryLine.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { ApplicationGroups } from './ApplicationGroups.tsx';
import { ApplicationsList } from './ApplicationsList.tsx';
import { GROUP_KEYS, parseApplicationsAddress, type GroupKey } from './applications-address.ts';

/** Search over every Application of the fleet, without knowing on which edge it is. */
export function ApplicationsPage(): React.ReactElement {
  const { picture } = useFleet();
  const { search, change, changeSoon } = useUrlState();
  const { query, group, sort } = parseApplicationsAddress(search);
  const { members, facets } = picture;
  const known = React.useMemo(() => knownWords(members, facets), [members, facets]);
  const labels = React.useMemo(() => (members === undefined ? undefined : new Set(Object.keys(members.labels))), [members]);
  const [refused, setRefused] = React.useState<HubProblem | undefined>(undefined);
  useShortcuts({ '/': () => document.getElementById(QUERY_INPUT_ID)?.focus() });
  const clear = React.useCallback(() => change({ q: undefined }), [change]);
  const openGroup = React.useCallback((q: string) => change({ q, group: undefined }), [change]);
  return (
    <div className="ef-applications">
      <div className="ef-toolbar ef-card">
        <QueryLine
          query={query}
          labels={labels}
          known={known}
          placeholder={applicationsWords.placeholder}
          onType={(q) => changeSoon({ q })}
          onSubmit={(q) => change({ q })}
          refused={refused?.detail}
        />
        <GroupMenu group={group} onGroup={(next) => change({ group: next })} />
      </div>
      <div className="ef-card ef-applications__view">
        {group === undefined ? (
          <ApplicationsList query={query} sort={sort} onSort={(next) => change({ sort: next })} onClear={clear} onRefused={setRefused} />
        ) : (
          <ApplicationGroups key={group} query={query} by={group} onOpen={openGroup} onClear={clear} onRefused={setRefused} />
        )}
      </div>
    </div>
  );
}

function GroupMenu({
  group,
  onGroup,
}: {
  readonly group: GroupKey | undefined;
  readonly onGroup: (group: GroupKey | undefined) => void;
}): React.ReactElement {
  const words = applicationsWords.group;
  const items = [undefined, ...GROUP_KEYS].map((key) => ({
    key: key ?? 'none',
    label: words[key ?? 'none'],
    checked: key === group,
    onPick: () => onGroup(key),
  }));
  return (
    <Menu label={`${words.label}: ${words[group ?? 'none']}`} items={items} alignEnd>
      {words.label} <b>{words[group ?? 'none']}</b>
    </Menu>
  );
}
