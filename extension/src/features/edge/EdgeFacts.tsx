import * as React from 'react';
import type { EdgeDetail } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { edgeWords } from '../../messages/edge.ts';
import { shellWords } from '../../messages/shell.ts';
import { connectionWords } from '../../messages/states.ts';
import { Age } from '../../ui/Age.tsx';
import { Figure } from '../../ui/Figure.tsx';
import { useFormats } from '../../ui/Formats.tsx';

const words = edgeWords.facts;

function Facts({ title, children }: { readonly title: string; readonly children: React.ReactNode }): React.ReactElement {
  return (
    <section className="ef-facts__group">
      <h2 className="ef-facts__title">{title}</h2>
      {children}
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }): React.ReactElement {
  return (
    <div className="ef-facts__row">
      <dt dir="auto">{name}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}

/** What else is to know: contact, what is expected of it, windows, Products, clock, what its version cannot do. */
export function EdgeFacts({ edge, children }: { readonly edge: EdgeDetail; readonly children: React.ReactNode }): React.ReactElement {
  const formats = useFormats();
  const products = Object.entries(edge.versions);
  const labels = Object.entries(edge.labels);
  const skew = edge.clockSkewMs === undefined ? words.noSkew : words.skewOf(formats.signed(Math.round(edge.clockSkewMs / 1000)));
  return (
    <aside className="ef-card ef-facts" aria-label={words.label}>
      <Facts title={words.contact}>
        <dl>
          <Fact name={words.lastHeard}>
            <Age at={edge.readAt} never={shellWords.never} zone={edge.timeZone} />
          </Fact>
          <Fact name={words.connection}>{connectionWords[edge.connection]}</Fact>
          <Fact name={words.since}>
            <Age at={edge.connectionSince} never={'\u2013'} zone={edge.timeZone} />
          </Fact>
          <Fact name={words.lifecycle}>{edge.lifecycle}</Fact>
          <Fact name={words.requests}>
            <Figure value={edge.requestsLastMinute} />
          </Fact>
        </dl>
      </Facts>
      {children}
      <Facts title={words.expected}>
        <dl>
          <Fact name={words.stale}>{formats.duration(edge.contact.staleAfterMs)}</Fact>
          <Fact name={words.silent}>{formats.duration(edge.contact.silentAfterMs)}</Fact>
          <Fact name={words.outage}>{formats.duration(edge.contact.maxExpectedOutageMs)}</Fact>
        </dl>
      </Facts>
      <Facts title={words.windows}>
        {edge.windows.length === 0 ? <p>{words.noWindow}</p> : null}
        {edge.windows.map((window) => (
          <p key={window.cron}>
            <code>{words.window(window.cron, formats.duration(window.durationMs))}</code>
            {window.nextStart === undefined ? null : (
              <span className="ef-facts__note">{words.nextWindow(formats.absolute(window.nextStart, edge.timeZone))}</span>
            )}
          </p>
        ))}
      </Facts>
      {products.length === 0 ? null : (
        <Facts title={words.products}>
          <dl>
            {products.map(([product, version]) => {
              const pin = edge.pins.find((one) => one.product === product);
              return (
                <Fact key={product} name={product}>
                  <code>{version}</code>
                  {pin === undefined ? null : <span className="ef-facts__note">{words.pinned(pin.version, pin.reason)}</span>}
                </Fact>
              );
            })}
          </dl>
        </Facts>
      )}
      <Facts title={words.clock}>
        <dl>
          <Fact name={words.skew}>{skew}</Fact>
        </dl>
      </Facts>
      {edge.argocdVersion === undefined ? null : (
        <Facts title={words.missing(edge.argocdVersion)}>
          {edge.missingCapabilities.length === 0 ? <p>{words.nothingMissing}</p> : null}
          {edge.missingCapabilities.map((capability) => (
            <p key={capability}>{capability}</p>
          ))}
        </Facts>
      )}
      {labels.length === 0 ? null : (
        <details className="ef-facts__group">
          <summary className="ef-facts__title">{words.labels}</summary>
          <dl>
            {labels.map(([key, value]) => (
              <Fact key={key} name={key}>
                {value}
              </Fact>
            ))}
          </dl>
        </details>
      )}
      {edge.yaml === undefined ? null : (
        <details className="ef-facts__group">
          <summary className="ef-facts__title">{words.yaml}</summary>
          <pre className="ef-yaml" dir="ltr" tabIndex={0}>
            {edge.yaml}
          </pre>
        </details>
      )}
    </aside>
  );
}
