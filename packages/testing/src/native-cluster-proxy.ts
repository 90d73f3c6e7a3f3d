import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A proxy in front of the nodes of a cluster. */
export interface ClusterProxy {
  readonly url: string;
  readonly spread: readonly string[];
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

const onCluster = / ON CLUSTER \w+/;

/** The statement as one node runs it without a Keeper. */
function plain(sql: string): string {
  return sql.replace(onCluster, '').replace(/\bReplicated(\w*MergeTree)\('[^']*', '[^']*'(?:, )?/g, '$1(');
}

function ask(node: string, from: IncomingMessage, body: Buffer): Promise<Answer> {
  const headers = { ...from.headers, host: new URL(node).host, 'content-length': String(body.length) };
  const { 'transfer-encoding': _, ...sent } = headers as Record<string, string | string[] | undefined>;
  return new Promise((resolve, reject) => {
    const call = request(new URL(from.url ?? '/', node), { method: from.method, headers: sent }, (answer) => {
      buffer(answer).then(
        (read) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: read }),
        reject,
      );
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** Listens on a free port, passes requests to the first node, and those with `ON CLUSTER` to all, one after the other. */
export async function startClusterProxy(nodes: readonly string[]): Promise<ClusterProxy> {
  const [first = ''] = nodes;
  const spread: string[] = [];

  async function answer(incoming: IncomingMessage): Promise<Answer> {
    const body = await buffer(incoming);
    const head = body.subarray(0, 10_000).toString();
    if (!onCluster.test(head)) return ask(first, incoming, body);
    const sql = body.toString();
    spread.push(sql);
    let last: Answer | undefined;
    for (const node of nodes) {
      last = await ask(node, incoming, Buffer.from(plain(sql)));
      if (last.status !== 200) break;
    }
    if (last === undefined) throw new Error('a cluster has a node');
    return last;
  }

  const server = createServer((incoming, outgoing: ServerResponse) => {
    answer(incoming).then(
      ({ status, headers, body }) => {
        const { 'transfer-encoding': _, ...kept } = headers;
        outgoing.writeHead(status, { ...kept, 'content-length': String(body.length) }).end(body);
      },
      (error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spread,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
