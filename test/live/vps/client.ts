/** HTTP and WebSocket clients without a package. */
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** GET; a connection that breaks rejects. */
export function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? secure : plain;
    request(url, { headers, agent: false, rejectUnauthorized: false } as object, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (data) => {
        body += data;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

/** Sends one text over a WebSocket and gives the answer, or the status of a refused upgrade. RFC 6455 */
export function echo(url: string, text: string): Promise<string | number> {
  return new Promise((resolve, reject) => {
    const headers = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': Buffer.alloc(16, 7).toString('base64'),
    };
    const request = plain(url, { headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('upgrade', (_, socket, head) => {
      const payload = Buffer.from(text);
      // A mask of zeros leaves the payload as it is.
      socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]));
      let received = head;
      const look = () => {
        const length = (received[1] ?? 0) & 0x7f;
        if (received.length < 2 || received.length < 2 + length) return;
        resolve(received.subarray(2, 2 + length).toString());
        socket.destroy();
      };
      socket.on('data', (data: Buffer) => {
        received = Buffer.concat([received, data]);
        look();
      });
      socket.on('error', reject);
      look();
    });
    request.on('error', reject);
    request.end();
  });
}
