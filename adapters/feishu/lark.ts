/** What we use of Feishu's SDK, so that what is built holds no more of it. */
export type { Cache, HttpInstance, Logger } from '@larksuiteoapi/node-sdk';
export { Client, Domain, defaultHttpInstance, EventDispatcher, WSClient } from '@larksuiteoapi/node-sdk';
