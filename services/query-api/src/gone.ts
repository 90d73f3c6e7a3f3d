import type { FastifyReply } from 'fastify';

/** A signal that fires when the connection ends before the answer: whoever asked has gone. */
export function goneSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableEnded) controller.abort();
  });
  return controller.signal;
}
