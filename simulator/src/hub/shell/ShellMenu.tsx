/** Not of Argo CD: the small menu with which this page plays another hub version, sub-path, theme or user. */
import * as React from 'react';
import { readBasePath } from './facts.ts';
import type { HubFacts } from './facts.ts';
import { signIn } from './hub-client.ts';
import type { Preferences } from './preferences.ts';

interface ShellMenuProps {
  readonly facts: HubFacts;
  readonly preferences: Preferences;
  readonly onPreferences: (preferences: Preferences) => void;
  readonly username: string | undefined;
}

const SUB_PATH = '/argocd';
const THEMES = ['light', 'dark', 'auto'] as const;

/** Opens the same page in the shell of another version or under another base path. */
function openShell(facts: HubFacts, version: string, basePath: string): void {
  document.cookie = `${facts.shellCookie}=${encodeURIComponent(`${version}~${basePath}`)}; path=/; SameSite=lax`;
  const inside = location.pathname.slice(readBasePath(document).length);
  location.assign(`${location.origin}${basePath}${inside}${location.search}`);
}

async function becomeUser(username: string): Promise<void> {
  await signIn(username);
  location.reload();
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps): React.ReactElement {
  return (
    <label className="hub-shell-menu__choice">
      {label}
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

export function ShellMenu({ facts, preferences, onPreferences, username }: ShellMenuProps): React.ReactElement {
  const basePath = readBasePath(document);
  const versions = facts.versions.map((version) => [version, `${version} · React ${version === '3.5' ? '19' : '16.14'}`] as const);
  const changeTheme = (value: string): void => {
    const theme = THEMES.find((known) => known === value);
    if (theme !== undefined) onPreferences({ ...preferences, theme });
  };
  return (
    <details className="hub-shell-menu">
      <summary>Shell</summary>
      <Choice label="Argo CD" value={facts.version} options={versions} onChange={(version) => openShell(facts, version, basePath)} />
      <Choice
        label="Path"
        value={basePath}
        options={[
          ['', '/'],
          [SUB_PATH, `${SUB_PATH}/`],
        ]}
        onChange={(path) => openShell(facts, facts.version, path)}
      />
      <Choice label="Theme" value={preferences.theme} options={THEMES.map((theme) => [theme, theme])} onChange={changeTheme} />
      <Choice
        label="User"
        value={username ?? ''}
        options={facts.users.map((user) => [user, user])}
        onChange={(user) => void becomeUser(user)}
      />
    </details>
  );
}
