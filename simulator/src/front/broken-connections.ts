/** Connections that break before an answer. What is broken here is the socket; the HTTP layer of Node is left behind. */
import type { Socket } from 'node:net';
import type { Fault } from './faults.ts';
import type { Play } from './play.ts';

type BreakingFault = Extract<Fault, { kind: 'network' | 'staleSocket' | 'reset' | 'garbage' }>;

/** Breaks the connection of a request; a stale socket breaks only when it is used again. */
export function breakConnection(fault: BreakingFault, play: Play): void {
  const { socket } = play.request;
  switch (fault.kind) {
    case 'staleSocket': return play.isReusedSocket ? resetSocket(socket) : play.next();
    case 'network': case 'reset': return resetSocket(socket);
    case 'garbage': return void socket.end('\u0016\u0003\u0001 this is not the protocol that was asked for\r\n\r\n', 'latin1');
    default: return fault satisfies never;
  } // prettier-ignore
}

/** RST where the transport can (plain TCP), else a close: TLS sockets hide their handle. */
export function resetSocket(socket: Socket): void {
  if ('encrypted' in socket) socket.destroy();
  else socket.resetAndDestroy();
}
