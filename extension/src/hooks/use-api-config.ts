import type { ApiConfig } from '../../../proxy-server/src/contract/api.ts';
import { useQuery } from './use-query.ts';

/** The API this bundle was written against; the server's grows when an answer changes in a way that we would misread. */
export const SUPPORTED_API_REVISION = 1;
/** A bundle that stays open over an upgrade of the service learns of it within this time. */
const REFRESH_MS = 10 * 60_000;

/** What the service says of itself; undefined until it has. */
export function useApiConfig(): ApiConfig | undefined {
  return useQuery<ApiConfig>('config', { refreshMs: REFRESH_MS }).data;
}

/** True where page and service would misread each other, and loading the page again gets the matching one. */
export const isOtherVersion = (config: ApiConfig | undefined): boolean =>
  config !== undefined && config.apiRevision !== SUPPORTED_API_REVISION;
