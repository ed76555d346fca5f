import * as React from 'react';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { installHub } from '../../../test/fakes/page-host.ts';
import { Age } from './Age.tsx';
import { CheckRow } from './CheckRow.tsx';
import { createFormats, FormatsContext } from './Formats.tsx';
import { Menu } from './Menu.tsx';
import { StatusBadge } from './StatusBadge.tsx';
import { VirtualTable } from './VirtualTable.tsx';

beforeEach(() => void installHub([]));
afterEach(cleanup);

const AT = Date.UTC(2026, 10, 23, 13, 32);

describe('an age', () => {
  const at = (now: number, value: number | undefined) => (
    <FormatsContext.Provider value={createFormats({ locale: 'en-GB', zone: 'UTC', now: () => now })}>
      <Age at={value} never="never" />
    </FormatsContext.Provider>
  );
  test('is relative on show, absolute in the title and for machines', () => {
    const { container } = render(at(AT + 31 * 60_000, AT));
    const time = container.querySelector('time')!;
    expect(time.textContent).toBe('31 minutes ago');
    expect(time.getAttribute('datetime')).toBe('2026-11-23T13:32:00.000Z');
    expect(time.title).toContain('23 Nov 2026');
  });
  test('without a time says the word for it', () => {
    render(at(AT, undefined));
    expect(screen.getByText('never')).toBeTruthy();
  });
});

describe('a badge', () => {
  test('of a last known state is hatched and not in the colour it had', () => {
    const { container } = render(<StatusBadge word="was healthy" tone="healthy" icon="fa-heart" lastKnown />);
    expect(container.querySelector('.ef-hatch')).not.toBeNull();
    expect(container.querySelector('.ef-badge--healthy')).toBeNull();
    expect(container.textContent).toBe('was healthy');
  });
  test('hides its glyph from screen readers and keeps its word', () => {
    const { container } = render(<StatusBadge word="Degraded" tone="degraded" icon="fa-heart-broken" />);
    expect(container.querySelector('i')?.getAttribute('aria-hidden')).toBe('true');
  });
});

test('a check row: the label belongs to the box, the press is told', () => {
  let pressed = 0;
  render(<CheckRow id="x" label="north" count={2840} checked={false} onChange={() => (pressed += 1)} />);
  fireEvent.click(screen.getByRole('checkbox', { name: /north/ }));
  expect(pressed).toBe(1);
});

describe('a menu', () => {
  const picked: string[] = [];
  const items = ['a', 'b', 'c'].map((key) => ({ key, label: key, checked: key === 'b', onPick: () => void picked.push(key) }));
  const open = (): HTMLElement => {
    render(<Menu label="Colour by" items={items}>x</Menu>); // prettier-ignore
    fireEvent.click(screen.getByRole('button', { name: 'Colour by' }));
    return screen.getByRole('menu', { name: 'Colour by' });
  };

  test('opens on what holds, arrows move around, Escape closes and gives focus back', () => {
    const menu = open();
    expect(document.activeElement?.textContent).toBe('b');
    fireEvent.keyDown(menu, { key: 'ArrowDown' });
    fireEvent.keyDown(menu, { key: 'ArrowDown' });
    expect(document.activeElement?.textContent).toBe('a');
    fireEvent.keyDown(menu, { key: 'Escape' });
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Colour by' }));
  });

  test('says which of several holds, and closes after a pick', () => {
    open();
    expect(screen.getByRole('menuitemcheckbox', { name: 'b' }).getAttribute('aria-checked')).toBe('true');
    fireEvent.click(screen.getByRole('menuitemcheckbox', { name: 'c' }));
    expect(picked).toEqual(['c']);
    expect(screen.queryByRole('menu')).toBeNull();
  });

  test('a press outside closes it', () => {
    open();
    fireEvent.pointerDown(document.body);
    expect(screen.queryByRole('menu')).toBeNull();
  });
});

describe('a table of ten thousand rows', () => {
  const rows = Array.from({ length: 10_000 }, (_unused, index) => `row-${index}`);
  const sorted: string[] = [];
  const table = (): HTMLElement => {
    render(
      <VirtualTable
        label="Rows"
        columns={[{ key: 'name', title: 'Name', sortable: true, cell: (row: string) => row }]}
        rows={rows}
        rowKey={(row) => row}
        total={12_345}
        rowHeight={44}
        sort={{ key: 'name', descending: true }}
        onSort={(key) => void sorted.push(key)}
      />,
    );
    return screen.getByRole('table', { name: 'Rows' });
  };

  test('has only the rows in sight in the page, and says how many there are and where it is', () => {
    const found = table();
    expect(found.getAttribute('aria-rowcount')).toBe('12346');
    const shown = within(found).getAllByText(/^row-/);
    expect(shown.length).toBeLessThan(60);
    expect(shown[0]?.closest('tr')?.getAttribute('aria-rowindex')).toBe('2');
  });

  test('says how it is sorted, and asks for another order', () => {
    const head = within(table()).getByRole('columnheader', { name: 'Name' });
    expect(head.getAttribute('aria-sort')).toBe('descending');
    fireEvent.click(within(head).getByRole('button'));
    expect(sorted).toEqual(['name']);
  });
});
