import * as React from 'react';
import { afterEach, describe, expect, test } from '@jest/globals';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { whenShellIsUp } from './registration.ts';
import { basePath, createRouter } from './router.ts';
import { ErrorBoundary } from './ui/ErrorBoundary.tsx';

afterEach(() => {
  cleanup();
  document.head.innerHTML = '';
  document.body.innerHTML = '';
});

describe('the registration', () => {
  test('is made at once where the shell has rendered, as up to Argo CD 3.4', () => {
    document.body.innerHTML = '<div id="app"><p></p></div>';
    let made = 0;
    whenShellIsUp(document, () => (made += 1));
    expect(made).toBe(1);
  });

  test('waits for the first child of the shell, as from 3.5 on, and is made once', async () => {
    document.body.innerHTML = '<div id="app"></div>';
    let made = 0;
    whenShellIsUp(document, () => (made += 1));
    expect(made).toBe(0);
    const app = document.getElementById('app')!;
    app.append(document.createElement('p'));
    await Promise.resolve();
    app.append(document.createElement('p'));
    await Promise.resolve();
    expect(made).toBe(1);
  });
});

describe('the router', () => {
  const under = (base: string): ReturnType<typeof createRouter> => {
    document.head.innerHTML = `<base href="${base}">`;
    return createRouter(window);
  };

  test.each([['/', '/fleet'], ['/argocd/', '/argocd/fleet'], ['/a/b', '/a/b/fleet']])('below %s', (base, root) => {
    const router = under(base);
    window.history.replaceState(null, '', `${root}/edges/store-1?x=1`);
    expect(router.current()).toBe('/edges/store-1?x=1');
    expect(router.hrefOf('/')).toBe(root);
    expect(router.hrefOf('/?q=a')).toBe(`${root}?q=a`);
    expect(router.hrefOf('/edges/a')).toBe(`${root}/edges/a`);
  }); // prettier-ignore

  test('navigating tells the host with a state of null, which its router does not ignore', () => {
    const router = under('/');
    const states: unknown[] = [];
    const listen = (event: PopStateEvent): void => void states.push(event.state);
    window.addEventListener('popstate', listen);
    router.navigate('/edges/a');
    window.removeEventListener('popstate', listen);
    expect(states).toEqual([null]);
    expect(window.location.pathname).toBe('/fleet/edges/a');
  });

  test('a change of the query tells us and not the host', () => {
    const router = under('/');
    window.history.replaceState(null, '', '/fleet');
    let told = 0;
    let popped = 0;
    const stop = router.subscribe(() => (told += 1));
    const listen = (): void => void (popped += 1);
    window.addEventListener('popstate', listen);
    router.setSearch('q=a', 'push');
    window.removeEventListener('popstate', listen);
    stop();
    expect([told, popped, router.current()]).toEqual([1, 0, '/?q=a']);
  });

  test('a page without a base is at the root', () => {
    expect(basePath(document)).toBe('');
  });
});

describe('a fault while rendering', () => {
  test('ends in our own boundary, with details, and can be tried again', () => {
    let broken = true;
    const Part = (): React.ReactElement => {
      if (broken) throw new Error('boom');
      return <p>fine</p>;
    };
    render(
      <ErrorBoundary fallback={(details, again) => <button onClick={again}>{details.split('\n')[0]}</button>}>
        <Part />
      </ErrorBoundary>,
    );
    const button = screen.getByRole('button', { name: /boom/ });
    broken = false;
    fireEvent.click(button);
    expect(screen.getByText('fine')).toBeTruthy();
  });
});
