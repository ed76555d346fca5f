/** What the hub serves to show its page: index.html, the bundle of the shell, icons and fonts. */
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { decoded } from './proxy-headers.ts';
import type { HubProfile, HubVersion } from './profile.ts';
import { HUB_VERSIONS } from './profile.ts';

/** The cookie with which a browser chooses another version or sub-path than the hub was started with: `<version>~<base path>`. */
export const SHELL_COOKIE = 'hub-shell';

const require = createRequire(import.meta.url);
const packageFolder = (name: string): string => dirname(require.resolve(`${name}/package.json`));

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  woff2: 'font/woff2',
  woff: 'font/woff',
  ttf: 'font/ttf',
  png: 'image/png',
};

/** Prefix below /assets/, the npm package that has the files, and where in it. */
const ASSETS = [
  { prefix: 'fontawesome/', package: '@fortawesome/fontawesome-free', folder: '.' },
  { prefix: 'argo-ui/', package: '@argoproj/argo-ui', folder: 'src/assets' },
] as const;

/** `<base href>`, the main bundle in the head, extensions.js after the body: both deferred, so they run in this order. */
export function indexHtml(profile: HubProfile, basePath: string, users: readonly string[]): string {
  const facts = JSON.stringify({
    version: profile.version,
    versions: HUB_VERSIONS,
    argocd: profile.argocd,
    users,
    shellCookie: SHELL_COOKIE,
  });
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="UTF-8">
  <title>Argo CD</title>
  <base href="${basePath}/">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="hub" content="${facts.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">
  <link rel="icon" type="image/png" href="assets/argo-ui/favicon/favicon-32x32.png" sizes="32x32">
  <link rel="stylesheet" href="assets/fontawesome/css/all.min.css">
  <script defer src="shell-${profile.react}.js"></script>
</head>
<body>
  <noscript>Argo CD needs JavaScript.</noscript>
  <div id="app"></div>
</body>
<script defer src="extensions.js"></script>
</html>
`;
}

/** Sends one file below /assets/; false when there is none of that name. */
export function sendAsset(res: ServerResponse, name: string): boolean {
  const source = ASSETS.find(({ prefix }) => name.startsWith(prefix));
  const type = TYPES[name.split('.').at(-1) ?? ''];
  if (source === undefined || type === undefined || name.includes('..')) return false;
  try {
    const content = readFileSync(join(packageFolder(source.package), source.folder, name.slice(source.prefix.length)));
    res.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'max-age=3600' }).end(content);
    return true;
  } catch {
    return false; // not a file of that package
  }
}

/** The choice that a browser's cookie makes; undefined when it makes none that is known. */
export function parseShellChoice(raw: string | undefined): { readonly version: HubVersion; readonly basePath: string } | undefined {
  const [versionPart, basePath = ''] = (decoded(raw ?? '') ?? '').split('~');
  const version = HUB_VERSIONS.find((known) => known === versionPart);
  return version === undefined || !/^(\/[a-z0-9-]+)*$/.test(basePath) ? undefined : { version, basePath };
}
