import * as React from 'react';
import { fleetWords } from '../../messages/fleet.ts';
import { useValue } from '../../hooks/use-store.ts';
import { searchOf, type UrlState } from '../../hooks/use-url-state.ts';
import { useServices } from '../../services.ts';
import { useFormats } from '../../ui/Formats.tsx';
import type { MenuItem } from '../../ui/Menu.tsx';
import { exportEdges } from './export-edges.ts';
import type { FleetAddress } from './fleet-address.ts';
import { createViewsStore, withView } from './saved-views.ts';

export interface MoreItemsInput {
  readonly address: FleetAddress;
  readonly url: UrlState;
  readonly matching: number;
  readonly onSelectAll: () => void;
  readonly onArea: () => void;
}

export interface MoreItems {
  readonly items: readonly MenuItem[];
  readonly naming: boolean;
  readonly saveAs: (name: string) => void;
  readonly cancel: () => void;
}

/** What is behind the button with the dots: saved views, the link, exports of exactly what is filtered, ways to select without dragging. */
export function useMoreItems({ address, url, matching, onSelectAll, onArea }: MoreItemsInput): MoreItems {
  const { client, router, storage, announcement } = useServices();
  const formats = useFormats();
  const store = React.useMemo(() => createViewsStore(storage), [storage]);
  const views = useValue(store);
  const [naming, setNaming] = React.useState(false);
  const words = fleetWords.more;
  const say = announcement.set;
  const save = (format: 'csv' | 'json'): void => {
    say(words.exporting);
    void exportEdges(client, format, address.query).then((problem) => say(problem === undefined ? words.exported : words.exportFailed));
  };
  const copyLink = (): void => {
    const written: Promise<void> | undefined = navigator.clipboard?.writeText(window.location.href);
    void written?.then(
      () => say(words.linkCopied),
      () => undefined, // refused by the browser: the address bar has the link too
    );
  };
  const count = formats.number(matching);
  const items: readonly MenuItem[] = [
    ...views.map((view) => ({ key: `view-${view.name}`, label: view.name, onPick: () => router.setSearch(view.search, 'push') })),
    { key: 'save', label: words.save, onPick: () => setNaming(true) },
    ...views.map((view) => ({
      key: `remove-${view.name}`,
      label: words.remove(view.name),
      onPick: () => store.set(views.filter((other) => other.name !== view.name)),
    })),
    { key: 'link', label: words.link, onPick: copyLink },
    {
      key: 'others',
      label: words.others,
      checked: address.hideOthers,
      onPick: () => url.change({ others: address.hideOthers ? undefined : 'hide' }),
    },
    { key: 'select', label: words.select, onPick: onSelectAll },
    ...(address.view === 'map' ? [{ key: 'area', label: words.area, onPick: onArea }] : []),
    { key: 'csv', label: words.csv(count), onPick: () => save('csv') },
    { key: 'json', label: words.json(count), onPick: () => save('json') },
  ];
  return {
    items,
    naming,
    saveAs(name) {
      store.set(withView(views, name, searchOf(router.current())));
      setNaming(false);
      say(fleetWords.views.saved(name));
    },
    cancel: () => setNaming(false),
  };
}
