import * as React from 'react';
import type { ThroughChecks } from '../../../../proxy-server/src/contract/doctor.ts';
import type { DoctorCheck } from '../../../../proxy-server/src/domain/doctor.ts';
import { anchorOf } from '../../api/anchor.ts';
import { askThrough } from '../../api/ask-through.ts';
import { useServices } from '../../services.ts';
import { doctorWords as words } from '../../messages/doctor.ts';
import { CheckLines } from './CheckLines.tsx';

/** Asks the hub, and has proxy-server read what came: when the page opens, and again whenever `turn` moves. */
export function useThroughTheHub(turn: number): readonly DoctorCheck[] | undefined {
  const { client } = useServices();
  const [checks, setChecks] = React.useState<readonly DoctorCheck[] | undefined>(undefined);
  // Talks to the hub with the session of this browser.
  React.useEffect(() => {
    let gone = false;
    const deps = { fetch: window.fetch.bind(window), anchor: anchorOf(window.EDGE_FLEET_VARS) };
    void askThrough(deps)
      .then((facts) => client.post<ThroughChecks>('doctor/through', facts))
      .then((answer) => {
        if (!gone && answer.ok) setChecks(answer.value.checks);
      });
    return () => {
      gone = true;
    };
  }, [client, turn]);
  return checks;
}

/** What only this browser can tell: whether this user's own calls arrive, and as what. For everybody, with or without the right to run doctor. */
export function ThroughTheHub({ checks }: { readonly checks: readonly DoctorCheck[] | undefined }): React.ReactElement | null {
  if (checks === undefined) return null;
  return (
    <section className="ef-card ef-part" aria-label={words.through}>
      <h2 className="ef-heading">{words.through}</h2>
      <CheckLines checks={checks} />
    </section>
  );
}
