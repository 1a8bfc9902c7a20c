/** The set-up: asks what a first configuration needs, tries it out, and writes it with the secrets beside it. */
export { type Asker, askNobody, askTerminal } from './asker.ts';
export { type InterviewOptions, interview } from './interview.ts';
export { settingsFrom } from './settings.ts';
export { type Written, writeSetup } from './write.ts';
