import * as React from 'react';

export interface TabItem {
  readonly key: string;
  readonly title: string;
}

export interface TabListProps {
  readonly label: string;
  readonly tabs: readonly TabItem[];
  readonly current: string;
  readonly onPick: (key: string) => void;
  /** Id of the panel that shows what was picked. */
  readonly panelId: string;
}

export const tabId = (panelId: string, key: string): string => `${panelId}-tab-${key}`;

/** Where an arrow leads from a tab, around the ends. */
function nextTab(tabs: readonly TabItem[], current: string, pressed: string): TabItem | undefined {
  const at = tabs.findIndex(({ key }) => key === current);
  const to = { ArrowRight: (at + 1) % tabs.length, ArrowLeft: (at - 1 + tabs.length) % tabs.length, Home: 0, End: tabs.length - 1 }[
    pressed
  ];
  return to === undefined ? undefined : tabs[to];
}

/** Tabs by the WAI-ARIA pattern: one of them in the order of Tab, arrows between them. */
export function TabList({ label, tabs, current, onPick, panelId }: TabListProps): React.ReactElement {
  const list = React.useRef<HTMLDivElement>(null);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const next = nextTab(tabs, current, event.key);
    if (next === undefined) return;
    event.preventDefault();
    onPick(next.key);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.key}"]`)?.focus();
  };
  return (
    <div ref={list} role="tablist" tabIndex={-1} aria-label={label} className="ef-tablist" onKeyDown={onKeyDown}>
      {tabs.map(({ key, title }) => (
        <button
          key={key}
          type="button"
          role="tab"
          id={tabId(panelId, key)}
          data-tab={key}
          aria-selected={key === current}
          aria-controls={key === current ? panelId : undefined}
          tabIndex={key === current ? 0 : -1}
          className="ef-tablist__tab"
          onClick={() => onPick(key)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
