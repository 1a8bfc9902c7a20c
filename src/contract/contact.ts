/** Where somebody can be reached outside of their platform: personal data, which never goes into a log, an event or a metric. */
export interface Contact {
  /** In E.164: `+15550102`. */
  readonly phone?: string;
  /** In small letters. */
  readonly email?: string;
}

export type ContactKind = keyof Contact;
