/** Stands for an imported style sheet where no bundler runs: in the bundle it is one string. */
const css = '';
export { css as default };
