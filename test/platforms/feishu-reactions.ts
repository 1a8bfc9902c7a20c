import { Refused } from './feishu-refused.ts';

/** What can be put under a message, of the about 180 that there are (im-v1/message-reaction/emojis-introduce). */
const EMOJI_TYPES = new Set(
  (
    'OK THUMBSUP THANKS MUSCLE FINGERHEART APPLAUSE FISTBUMP JIAYI DONE SMILE BLUSH LAUGH SMIRK LOL FACEPALM LOVE WINK ' +
    'PROUD WITTY SMART SCOWL THINKING SOB CRY ERROR NOSEPICK HAUGHTY SLAP SPITBLOOD TOASTED GLANCE DULL INNOCENTSMILE ' +
    'JOYFUL WOW TRICK YEAH ENOUGH TEARS EMBARRASSED KISS SMOOCH DROOL OBSESSED MONEY TEASE SHOWOFF COMFORT CLAP PRAISE ' +
    'STRIVE XBLUSH SILENT WAVE WHAT FROWN SHY DIZZY LOOKDOWN CHUCKLE WAIL CRAZY WHIMPER HUG BLUBBER WRONGED HUSKY SHHH ' +
    'SMUG ANGRY HAMMER SHOCKED TERROR PETRIFIED SKULL SWEAT SPEECHLESS SLEEP DROWSY YAWN SICK PUKE BETRAYED HEADSET ' +
    'EatingFood MeMeMe Sigh Typing Lemon Get LGTM OnIt OneSecond VRHeadset YouAreTheBest SALUTE SHAKE HIGHFIVE UPPERLEFT ' +
    'ThumbsDown SLIGHT TONGUE EYESCLOSED RoarForYou CALF BEAR BULL RAINBOWPUKE ROSE HEART PARTY LIPS BEER CAKE GIFT ' +
    'CUCUMBER Drumstick Pepper CANDIEDHAWS BubbleTea Coffee Yes No OKR CheckMark CrossMark MinusOne Hundred AWESOMEN Pin ' +
    'Alarm Loudspeaker Trophy Fire BOMB Music XmasTree Snowman XmasHat FIREWORKS REDPACKET FORTUNE LUCK FIRECRACKER ' +
    'StickyRiceBalls HEARTBROKEN POOP StatusFlashOfInspiration CLEAVER Soccer Basketball BeamingFace Delighted ColdSweat ' +
    'FullMoonFace Partying GoGoGo ThanksFace SaluteFace Shrug ClownFace HappyDragon'
  ).split(' '),
);

export interface Reaction {
  readonly id: string;
  readonly message: string;
  readonly emoji: string;
  readonly by: string;
}

/** What stands under the messages of a FakeFeishu. */
export class FeishuReactions {
  #count = 0;
  #standing: Reaction[] = [];

  /** The same twice is the same as once. */
  add(message: string, emoji: string, by: string): { reaction: Reaction; isNew: boolean } {
    if (!EMOJI_TYPES.has(emoji)) throw new Refused(231001, 'reaction type is invalid.');
    const before = this.under(message).find((one) => one.emoji === emoji && one.by === by);
    if (before !== undefined) return { reaction: before, isNew: false };
    const reaction = { id: `reaction-${++this.#count}`, message, emoji, by };
    this.#standing.push(reaction);
    return { reaction, isNew: true };
  }

  remove(message: string, id: string, by: string): Reaction {
    const reaction = this.#standing.find((one) => one.id === id);
    if (reaction === undefined) throw new Refused(231011, 'The request has an invalid reaction_id.');
    if (reaction.message !== message) throw new Refused(231010, 'not a reaction to this message');
    if (reaction.by !== by)
      throw new Refused(231007, 'The operator has no permission to delete this reaction.');
    this.#standing = this.#standing.filter((one) => one !== reaction);
    return reaction;
  }

  under(message: string): readonly Reaction[] {
    return this.#standing.filter((one) => one.message === message);
  }
}
