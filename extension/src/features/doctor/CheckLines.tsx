import * as React from 'react';
import { DOCTOR_RESULTS } from '../../../../proxy-server/src/domain/doctor-order.ts';
import type { DoctorCheck } from '../../../../proxy-server/src/domain/doctor.ts';
import { doctorWords as words, resultWords } from '../../messages/doctor.ts';
import { shellWords } from '../../messages/shell.ts';
import { CopyLine } from '../../ui/CopyLine.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.tsx';

const LOOKS: Readonly<Record<DoctorCheck['result'], readonly [tone: Tone, icon: string]>> = {
  ok: ['healthy', 'fa-check-circle'],
  warning: ['attention', 'fa-exclamation-triangle'],
  failed: ['degraded', 'fa-times-circle'],
  notChecked: ['unknown', 'fa-question-circle'],
};

/** What is wrong first, each with its remedy to copy; what is well folds into one line. */
export function CheckLines({ checks }: { readonly checks: readonly DoctorCheck[] }): React.ReactElement {
  const wrong = DOCTOR_RESULTS.filter((result) => result !== 'ok').flatMap((result) => checks.filter((check) => check.result === result));
  const well = checks.filter(({ result }) => result === 'ok');
  return (
    <>
      <ul className="ef-checks">
        {wrong.map((check, index) => (
          <Line key={`${check.id} ${index}`} check={check} />
        ))}
      </ul>
      {well.length === 0 ? null : (
        <details>
          <summary className="ef-link">{words.well(well.length)}</summary>
          <ul className="ef-checks">
            {well.map((check, index) => (
              <Line key={`${check.id} ${index}`} check={check} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Line({ check: { id, result, message, remedy } }: { readonly check: DoctorCheck }): React.ReactElement {
  const [tone, icon] = LOOKS[result];
  return (
    <li className="ef-checks__line">
      <StatusBadge tone={tone} icon={icon} word={resultWords[result]} />
      <code>{id}</code>
      <span className="ef-two" dir="auto">
        <span>{message}</span>
        <Remedy text={remedy} />
      </span>
    </li>
  );
}

/** A line or a command to paste gets its button; advice is read. */
const PASTED = /^p, |kubectl |openssl |npm run |: "/;

function Remedy({ text }: { readonly text: string | undefined }): React.ReactElement | null {
  if (text === undefined) return null;
  if (PASTED.test(text)) return <CopyLine text={text} copyLabel={shellWords.copy} copiedLabel={shellWords.copied} />;
  return (
    <span className="ef-checks__remedy">
      <Icon name="fa-wrench" /> {text}
    </span>
  );
}
