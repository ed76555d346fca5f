import * as React from 'react';
import { fleetWords } from '../../messages/fleet.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Menu, type MenuItem } from '../../ui/Menu.tsx';
import { DEFAULT_COLOUR, GROUP_CONNECTOR, GROUP_NONE, type FleetAddress } from './fleet-address.ts';
import { columnChoices } from './edge-columns.tsx';

export interface FleetToolbarProps {
  readonly address: FleetAddress;
  readonly labels: readonly string[];
  readonly products: readonly string[];
  readonly columns: readonly string[];
  readonly more: readonly MenuItem[];
  readonly colourOpen: boolean;
  readonly onColourOpen: (open: boolean) => void;
  readonly onGroup: (group: string) => void;
  readonly onColour: (colour: string) => void;
  readonly onView: (view: 'map' | 'table') => void;
  readonly onColumns: (columns: readonly string[]) => void;
  readonly children: React.ReactNode;
}

const colourWord = (colour: string): string => {
  const fixed = new Map<string, string>([
    ['health', fleetWords.colour.health],
    ['sync', fleetWords.colour.sync],
    ['connection', fleetWords.colour.connection],
    ['contact', fleetWords.colour.contact],
  ]);
  return fixed.get(colour) ?? (colour.startsWith('version:') ? fleetWords.colour.version(colour.slice('version:'.length)) : colour);
};
export const groupWord = (group: string): string =>
  group === GROUP_NONE ? fleetWords.group.none : group === GROUP_CONNECTOR ? fleetWords.group.connector : group;

const choice = (key: string, label: string, chosen: string, onPick: (key: string) => void): MenuItem => ({
  key,
  label,
  checked: key === chosen,
  onPick: () => onPick(key),
});

/** Filter, group and colour as three independent choices; map or table; and the rest behind one button. */
export function FleetToolbar(props: FleetToolbarProps): React.ReactElement {
  const { address, labels, products, columns, onColumns } = props;
  const groups = [GROUP_NONE, GROUP_CONNECTOR, ...labels];
  const colours = [DEFAULT_COLOUR, 'sync', 'connection', 'contact', ...products.map((product) => `version:${product}`)];
  const toggleColumn = (key: string): void =>
    onColumns(columns.includes(key) ? columns.filter((other) => other !== key) : [...columns, key]);
  return (
    <div className="ef-toolbar">
      {props.children}
      <div className="ef-toolbar__choices">
        {address.view === 'map' ? (
          <>
            <Menu
              label={`${fleetWords.group.label} ${groupWord(address.group)}`}
              items={groups.map((key) => choice(key, groupWord(key), address.group, props.onGroup))}
            >
              <Icon name="fa-th-large" />
              <span className="ef-toolbar__prefix">{fleetWords.group.label}</span> <b dir="auto">{groupWord(address.group)}</b>{' '}
              <Icon name="fa-caret-down" />
            </Menu>
            <Menu
              label={`${fleetWords.colour.label} ${colourWord(address.colour)}`}
              items={colours.map((key) => choice(key, colourWord(key), address.colour, props.onColour))}
              open={props.colourOpen}
              onOpenChange={props.onColourOpen}
            >
              <Icon name="fa-palette" />
              <span className="ef-toolbar__prefix">{fleetWords.colour.label}</span> <b dir="auto">{colourWord(address.colour)}</b>{' '}
              <Icon name="fa-caret-down" />
            </Menu>
          </>
        ) : (
          <Menu
            label={fleetWords.table.columns}
            items={columnChoices({ products, labels }).map(({ key, title }) => ({
              key,
              label: title,
              checked: columns.includes(key),
              stays: true,
              onPick: () => toggleColumn(key),
            }))}
          >
            {fleetWords.table.columns} <Icon name="fa-caret-down" />
          </Menu>
        )}
        <div className="ef-segments" role="group" aria-label={fleetWords.view.label}>
          {(['map', 'table'] as const).map((view) => (
            <button
              key={view}
              type="button"
              className="ef-segments__one"
              aria-pressed={address.view === view}
              onClick={() => props.onView(view)}
            >
              {fleetWords.view[view]}
            </button>
          ))}
        </div>
        <Menu label={fleetWords.more.label} items={props.more} alignEnd>
          <Icon name="fa-ellipsis-h" />
          <span className="ef-hidden">{fleetWords.more.label}</span>
        </Menu>
      </div>
    </div>
  );
}
