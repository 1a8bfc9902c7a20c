import {
  aesDecryptGCM,
  aesEncryptGCM,
  type BinaryNode,
  Curve,
  decodeBinaryNode,
  encodeBinaryNode,
  hkdf,
  NOISE_MODE,
  NOISE_WA_HEADER,
  proto,
  sha256,
} from '@whiskeysockets/baileys';
import type { WebSocket } from 'ws';

const root = Curve.generateKeyPair();
const intermediate = Curve.generateKeyPair();
const serverKey = Curve.generateKeyPair();
/** What a client must trust, in hexadecimal. */
export const ROOT = Buffer.from(root.public).toString('hex');

const NONE = Buffer.alloc(0);

function certificate(): Uint8Array {
  const { Details } = proto.CertChain.NoiseCertificate;
  const leaf = Details.encode({ serial: 1, issuerSerial: 0, key: serverKey.public }).finish();
  const issuer = Details.encode({ serial: 0, issuerSerial: 0, key: intermediate.public }).finish();
  return proto.CertChain.encode({
    leaf: { details: leaf, signature: Curve.sign(intermediate.private, leaf) },
    intermediate: { details: issuer, signature: Curve.sign(root.private, issuer) },
  }).finish();
}

function nonce(counter: number): Buffer {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(counter, 8);
  return iv;
}

/** One client's connection: Noise_XX_25519_AESGCM_SHA256 of WhatsApp, the server's side; then nodes both ways. */
export class NoiseConnection {
  readonly #socket: WebSocket;
  readonly #ephemeral = Curve.generateKeyPair();
  #hash: Buffer = Buffer.from(NOISE_MODE);
  #salt = this.#hash;
  #key = this.#hash;
  #counter = 0;
  #transport: { read: Buffer; write: Buffer; reads: number; writes: number } | undefined;
  #input: Buffer = NONE;
  #sawHeader = false;

  constructor(
    socket: WebSocket,
    onLogin: (payload: proto.IClientPayload) => void,
    onNode: (node: BinaryNode) => void,
  ) {
    this.#socket = socket;
    let work = Promise.resolve();
    socket.on('message', (data: Buffer) => {
      this.#input = Buffer.concat([this.#input, data]);
      for (const frame of this.#frames()) {
        work = work.then(async () => {
          const transport = this.#transport;
          if (transport) {
            const bytes = aesDecryptGCM(frame, transport.read, nonce(transport.reads++), NONE);
            onNode(await decodeBinaryNode(bytes));
          } else this.#shakeHands(proto.HandshakeMessage.decode(frame), onLogin);
        });
        work = work.catch(() => socket.terminate());
      }
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  send(node: BinaryNode): void {
    const transport = this.#transport;
    if (!transport || !this.isOpen) return;
    this.#sendFrame(aesEncryptGCM(encodeBinaryNode(node), transport.write, nonce(transport.writes++), NONE));
  }

  cut(): void {
    this.#socket.terminate();
  }

  *#frames(): Generator<Buffer> {
    if (!this.#sawHeader) {
      if (this.#input.length < NOISE_WA_HEADER.length) return;
      this.#input = this.#input.subarray(NOISE_WA_HEADER.length);
      this.#sawHeader = true;
    }
    while (this.#input.length >= 3) {
      const size = this.#input.readUIntBE(0, 3);
      if (this.#input.length < 3 + size) return;
      const frame = this.#input.subarray(3, 3 + size);
      this.#input = this.#input.subarray(3 + size);
      yield frame;
    }
  }

  #shakeHands(
    { clientHello, clientFinish }: proto.IHandshakeMessage,
    onLogin: (payload: proto.IClientPayload) => void,
  ): void {
    if (clientHello?.ephemeral) {
      this.#authenticate(NOISE_WA_HEADER);
      this.#authenticate(clientHello.ephemeral);
      this.#authenticate(this.#ephemeral.public);
      this.#mix(Curve.sharedKey(this.#ephemeral.private, clientHello.ephemeral));
      const encryptedKey = this.#encrypt(serverKey.public);
      this.#mix(Curve.sharedKey(serverKey.private, clientHello.ephemeral));
      const payload = this.#encrypt(certificate());
      const serverHello = { ephemeral: this.#ephemeral.public, static: encryptedKey, payload };
      this.#sendFrame(proto.HandshakeMessage.encode({ serverHello }).finish());
    } else if (clientFinish?.static && clientFinish.payload) {
      const clientKey = this.#decrypt(clientFinish.static);
      this.#mix(Curve.sharedKey(this.#ephemeral.private, clientKey));
      const payload = this.#decrypt(clientFinish.payload);
      const [read, write] = this.#derive(NONE);
      this.#transport = { read, write, reads: 0, writes: 0 };
      onLogin(proto.ClientPayload.decode(payload));
    }
  }

  #sendFrame(frame: Uint8Array): void {
    const head = Buffer.alloc(3);
    head.writeUIntBE(frame.length, 0, 3);
    this.#socket.send(Buffer.concat([head, frame]));
  }

  #authenticate(data: Uint8Array): void {
    this.#hash = sha256(Buffer.concat([this.#hash, data]));
  }

  #derive(secret: Uint8Array): [Buffer, Buffer] {
    const bytes = Buffer.from(hkdf(Buffer.from(secret), 64, { salt: this.#salt, info: '' }));
    return [bytes.subarray(0, 32), bytes.subarray(32)];
  }

  #mix(secret: Uint8Array): void {
    [this.#salt, this.#key] = this.#derive(secret);
    this.#counter = 0;
  }

  #encrypt(plaintext: Uint8Array): Uint8Array {
    const sealed = aesEncryptGCM(plaintext, this.#key, nonce(this.#counter++), this.#hash);
    this.#authenticate(sealed);
    return sealed;
  }

  #decrypt(sealed: Uint8Array): Uint8Array {
    const plaintext = aesDecryptGCM(sealed, this.#key, nonce(this.#counter++), this.#hash);
    this.#authenticate(sealed);
    return plaintext;
  }
}
