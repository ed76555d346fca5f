import { describe, expect, jest, test } from '@jest/globals';
import { lineOf, onOwnFault } from './own-faults.ts';

const CHROME = 'Error: x\n    at press (https://hub/argocd/extensions.js:3:812)\n    at https://hub/main.js:1:2';
const FIREFOX = 'press@https://hub/argocd/extensions.js:3:812\n@https://hub/main.js:1:2';
const OURS = 'https://hub/argocd/extensions.js:3';

describe('a fault outside of rendering', () => {
  test.each([['Chromium', CHROME], ['Firefox', FIREFOX]])('is placed by the first line of a stack of %s', (_browser, stack) => {
    expect(lineOf(stack)).toBe(OURS);
  }); // prettier-ignore

  test('is told when it is ours, thrown or rejected; a neighbour’s, one without a stack, and any after the end are not', () => {
    const page = new EventTarget() as unknown as Window;
    const tell = jest.fn();
    const throwing = (thrown: unknown): boolean => page.dispatchEvent(Object.assign(new Event('error'), { error: thrown }));
    const end = onOwnFault(page, tell, OURS);
    throwing({ stack: CHROME });
    page.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason: { stack: FIREFOX } }));
    throwing({ stack: CHROME.replace(':3:', ':4:') });
    throwing('a word');
    throwing(null);
    end();
    throwing({ stack: CHROME });
    expect(tell.mock.calls).toEqual([[CHROME], [FIREFOX]]);
  });
});
