/** The shell up to Argo CD 3.4: React 16.14, rendered in the same task as the script, so extensions find a listener. */
import * as ReactDOM from 'react-dom';
import { prepare } from './mount.tsx';

const { element, container } = prepare({ ReactDOM });
ReactDOM.render(element, container);
