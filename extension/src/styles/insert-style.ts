import css from './edge-fleet.scss';

const MARK = 'data-edge-fleet';

/** Our one style sheet, once per document: there is no hook for styles, and a second copy would only cost. */
export function insertStyle(page: Document): void {
  if (page.head.querySelector(`style[${MARK}]`) !== null) return;
  const style = page.createElement('style');
  style.setAttribute(MARK, '');
  style.textContent = css;
  page.head.append(style);
}
