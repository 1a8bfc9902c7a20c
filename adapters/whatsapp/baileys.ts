/** What we use of Baileys, so that what is built holds no more of it; and whom it trusts, which tests replace by their own server. */
export {
  addTransactionCapability,
  BufferJSON,
  DEFAULT_CONNECTION_CONFIG,
  decodeMessageNode,
  generateWAMessageContent,
  generateWAMessageFromContent,
  initAuthCreds,
  jidNormalizedUser,
  makeWASocket,
  proto,
  unpadRandomMax16,
  WA_CERT_DETAILS,
} from '@whiskeysockets/baileys';
