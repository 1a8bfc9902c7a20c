import { emojiNames } from '../../src/adapter-kit/index.ts';

/** The reactions of iMessage by their names: `possibleReactions` in messageInterface.ts of BlueBubbles. */
export const TAPBACKS = emojiNames('❤️ love 👍 like 👎 dislike 😂 laugh ‼️ emphasize ❓ question');
