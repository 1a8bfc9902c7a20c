/** Tells what became of a message, in words and with the rules behind it. */
export { latestQuestion, latestStory, type Story, storyOf, told } from './story.ts';
export { moment, shortened } from './words.ts';
