import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/** The connections of a server, each with the requests on it that have not been answered. */
export interface Connections {
  opened(socket: Socket): void;
  began(request: IncomingMessage, response: ServerResponse): void;
  /** In the order in which they came; several at a time if the client pipelines. */
  unanswered(socket: Socket): readonly Exchange[];
  /** Ends every connection without an unanswered request, also those on which no request ever came. */
  endIdle(): void;
}

export function createConnections(): Connections {
  const exchanges = new Map<Socket, Set<Exchange>>();
  return {
    opened(socket) {
      exchanges.set(socket, new Set());
      socket.once('close', () => exchanges.delete(socket));
    },
    began(request, response) {
      const open = exchanges.get(request.socket);
      if (open === undefined) return;
      const exchange = { request, response };
      open.add(exchange);
      response.once('close', () => open.delete(exchange));
    },
    unanswered: (socket) => [...(exchanges.get(socket) ?? [])],
    endIdle() {
      for (const [socket, open] of exchanges) if (open.size === 0) socket.destroySoon();
    },
  };
}
