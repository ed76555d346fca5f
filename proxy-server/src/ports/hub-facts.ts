import type { HubFacts } from '../domain/doctor-hub.ts';

/** Reads what doctor wants to know of the hub. Never throws: what may not be read is said so, in place. */
export interface HubFactsReader {
  read(): Promise<Omit<HubFacts, 'policyVersion' | 'scopes'>>;
}
