/**
 * What an adapter may serve over the gateway's own HTTP port, under `/channels/<channel id>/`.
 * The server owns the port, the checks of Host and Origin, and the token; the adapter owns what is said.
 */
export interface ChannelHttp {
  /**
   * - `visitor`: a page for people. The server admits only who holds the gateway's token (if one is set), gives each
   *   browser a visitor id, and refuses other sites.
   * - `public`: a webhook for a platform. Anyone reaches it, and the adapter verifies each request itself, failing closed.
   */
  readonly audience: 'visitor' | 'public';
  /** Answers one request; `request.url` has the path as sent. May be slow. A rejection becomes a plain 500. */
  fetch(request: Request, from: Visitor): Promise<Response> | Response;
  /** Called for each WebSocket that a visitor opened on `/channels/<channel id>/ws`. Must not block or throw. */
  connected?(socket: ChannelSocket, from: Visitor): void;
}

export interface Visitor {
  /** Stable for one browser, and not a secret: it is derived from one. Empty for `public`. */
  readonly id: string;
}

/** One open WebSocket. Text frames only; the server limits frame size and closes who does not read. */
export interface ChannelSocket {
  /** Never throws and never blocks; what is sent on a closed socket is dropped. */
  send(text: string): void;
  close(code: number, reason: string): void;
  onMessage(listener: (text: string) => void): void;
  onClose(listener: () => void): void;
}
