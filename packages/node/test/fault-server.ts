import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A real server on the loopback interface; each test says how it misbehaves. */
export interface FaultServer {
  readonly port: number;
  readonly origin: string;
  /** Paths asked for, in order. */
  readonly asked: string[];
  /** Connections accepted. */
  connections(): number;
  on(path: string, answer: (request: IncomingMessage, response: ServerResponse, socket: Socket) => void): void;
  close(): Promise<void>;
}

export async function faultServer(): Promise<FaultServer> {
  const answers = new Map<string, (request: IncomingMessage, response: ServerResponse, socket: Socket) => void>();
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const answer = answers.get(path);
    if (answer !== undefined) answer(request, response, request.socket);
    else response.writeHead(404).end('no such file');
  });
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    asked,
    connections: () => connections,
    on: (path, answer) => void answers.set(path, answer),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
