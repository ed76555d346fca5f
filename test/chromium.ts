/** The Chromium that browser tests and the screenshot drive: CHROMIUM_PATH, or where Debian and others put it. */
import { existsSync } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Its path, or undefined where the machine has none. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM_PATH'];
  return named !== undefined && named !== '' ? named : PLACES.find((path) => existsSync(path));
}
