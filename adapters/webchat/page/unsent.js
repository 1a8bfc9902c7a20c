import { stored } from './storage.js';

/**
 * What the person wrote and the gateway has not confirmed. It outlives the page: whichever page of this browser is
 * connected next sends it, under the same id, so that it arrives once however many pages try.
 *
 * @typedef {object} Unsent
 * @property {string} id
 * @property {string} text
 * @property {number} at
 * @property {readonly UploadedFile[]} [files] They are with the gateway already.
 * @property {string} [of] The line whose button was pressed.
 *
 * @typedef {NonNullable<Extract<import('../protocol.ts').FromPage, { type: 'message' }>['files']>[number]} UploadedFile
 */

/** @param {string} owner What tells this chat of this browser from every other. */
export function createUnsent(owner) {
  const prefix = `openclaw.unsent:${owner}:`;
  /** For browsers that keep nothing for us. @type {Map<string, Unsent>} */
  const here = new Map();

  return {
    /** @param {Unsent} message */
    keep(message) {
      here.set(message.id, message);
      // A key for each message: two pages never overwrite each other's.
      stored((storage) => storage.setItem(prefix + message.id, JSON.stringify(message)));
    },

    /** @param {string} id */
    drop(id) {
      here.delete(id);
      stored((storage) => storage.removeItem(prefix + id));
    },

    /** Oldest first. @returns {Unsent[]} */
    list() {
      const all = new Map(here);
      stored((storage) => {
        for (const key of Object.keys(storage)) {
          const message = key.startsWith(prefix) ? JSON.parse(storage.getItem(key) ?? 'null') : null;
          if (message !== null) all.set(message.id, message);
        }
      });
      return [...all.values()].sort((a, b) => a.at - b.at);
    },
  };
}
