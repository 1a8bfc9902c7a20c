import type { Texts } from '../../texts/index.ts';

const YAML = `\`\`\`yaml
agents:
  default:
    type: llm
    provider: anthropic
    model: claude-sonnet-5-5
    api_key: \${ANTHROPIC_API_KEY}
\`\`\`

`;

/** What the echo agent says first: what it is, and how to get a real answerer. */
export function introduction(texts: Texts['echo']): string {
  return texts.introduction(YAML);
}
