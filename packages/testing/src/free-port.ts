import { createServer } from 'node:net';

const lowest = 20_000;
const count = 10_000;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * Ports of the loopback interface that nobody listens on, below the range from which systems take the ports of outgoing
 * connections: a server that is restarted finds its port again.
 */
export async function freePorts(howMany: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < howMany) {
    const port = lowest + Math.floor(Math.random() * count);
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
}
