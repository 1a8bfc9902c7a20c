/** What the gateway itself can speak to people; agents speak what they like. */
export const LANGUAGES = ['en', 'zh'] as const;

export type Language = (typeof LANGUAGES)[number];

/** A text for people, in each of them. */
export type InEachLanguage = Readonly<Record<Language, string>>;
