/** What differs between the versions of the hub Argo CD that this page plays, in one place. */

/** The hub versions that are played, oldest first. */
export const HUB_VERSIONS = ['2.14', '3.4', '3.5'] as const;
export type HubVersion = (typeof HUB_VERSIONS)[number];

export interface HubProfile {
  readonly version: HubVersion;
  /** What GET /api/version says. */
  readonly argocd: string;
  /** The React of its web UI: 16.14 up to 3.4, 19 from 3.5 on. */
  readonly react: 16 | 19;
  /** `Argocd-User-Id` is set by the proxy from 3.2 on; before, a client's own value passes (argo-cd#24356). */
  readonly sendsUserId: boolean;
  /** Each file of extensions.js stands in its own try/catch from 3.5 on (argo-cd#27513). */
  readonly wrapsExtensions: boolean;
}

const PROFILES: Readonly<Record<HubVersion, HubProfile>> = {
  '2.14': { version: '2.14', argocd: 'v2.14.21', react: 16, sendsUserId: false, wrapsExtensions: false },
  '3.4': { version: '3.4', argocd: 'v3.4.7', react: 16, sendsUserId: true, wrapsExtensions: false },
  '3.5': { version: '3.5', argocd: 'v3.5.1', react: 19, sendsUserId: true, wrapsExtensions: true },
};

/** The profile of one version. */
export function hubProfile(version: HubVersion): HubProfile {
  return PROFILES[version];
}

/** The newest version whose page runs on this React. */
export function hubVersionOfReact(react: 16 | 19): HubVersion {
  return react === 19 ? '3.5' : '3.4';
}
