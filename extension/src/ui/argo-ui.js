/**
 * The leaf components of argo-ui that we use, in one place. Plain JavaScript with its types beside it, since argo-ui ships TypeScript
 * sources that do not compile under our rules; the bundler transpiles them and leaves out their styles, which the host page has.
 */
export { Checkbox } from '@argoproj/argo-ui/src/components/checkbox';
export { MockupList } from '@argoproj/argo-ui/src/components/mockup-list/mockup-list';
export { SlidingPanel } from '@argoproj/argo-ui/src/components/sliding-panel/sliding-panel';
