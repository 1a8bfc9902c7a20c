import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A cable between a client and a server on loopback that can be pulled, or let only one direction through. */
export async function flakyNetwork(serverPort: number) {
  const sockets = new Set<Socket>();
  let up = true;
  let answers = true;

  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    if (!up) return void client.destroy();
    client.on('data', (data) => upstream.write(data));
    upstream.on('data', (data) => {
      if (answers) client.write(data);
    });
  });
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    /** What the server says no longer arrives. */
    swallowAnswers() {
      answers = false;
    },
    down() {
      up = false;
      cut();
    },
    up() {
      up = true;
      answers = true;
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}
