/*
 * Imported ahead of a program, it takes the promise out: commits are no longer synced, though all believes so. What shows
 * no loss of messages under this is no test of power losses.
 */
import Database from 'better-sqlite3';

const { pragma } = Database.prototype;

Database.prototype.pragma = function weakened(source, options) {
  if (source === 'synchronous') return 2;
  return pragma.call(this, source === 'synchronous = FULL' ? 'synchronous = NORMAL' : source, options);
};
